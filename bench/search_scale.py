"""Fill a database that has the corpus with made-up articles of its own words, to time searches among 1.5 million.

    DATABASE_URL=… .venv/bin/python bench/search_scale.py [--passages 1500000]

Every document, article and status event is copied again and again under other numbers. A copy of an article has the
title of one article, the first half of the text of another, and the second half of a third, so that words occur
together as in law and no two texts are equal. It takes about an hour and 15 GB: give it a throw-away database.
"""

import argparse
import random
import sys

import search_corpus
import throwaway
from django.db import connection
from tqdm import tqdm

STEP = 10_000_000  # between the ids of one copy and the next
INDEXES = {
    "passages_search_words": "gin (search_words) WITH (fastupdate=on)",
    "passages_of_names": "gin (search_words) WITH (fastupdate=off) WHERE provision_id IS NULL",
}
TABLES = {  # {table: {column: its value in a copy}}; %(add)s: distance between the ids of two copies
    "content_legaldocument": {
        "key": "key || '-%(copy)s'",
        "number_key": "number_key || '-%(copy)s'",
        "number": "number || '-%(copy)s'",
    },
    "content_provision": {"document_id": "document_id + %(add)s", "parent_id": "NULL"},
    "content_statusevent": {"document_id": "document_id + %(add)s", "amendment_id": "NULL"},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=1_500_000)
    options = parser.parse_args()
    throwaway.start()
    search_corpus.import_corpus()
    from content.documents import span_writer
    from content.search.index import services

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # references are right by construction
        cursor.execute("SET maintenance_work_mem = '1GB'")
        cursor.execute("SELECT count(*) FROM content_passage")
        copies = -(-options.passages // cursor.fetchone()[0]) - 1
        for name in INDEXES:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
        made_up = Articles()
        for copy in tqdm(range(1, copies + 1), desc="copies"):
            for table, others in TABLES.items():
                cursor.execute(copied(cursor, table, others) % {"add": copy * STEP, "copy": copy})
            made_up.write(cursor, copy)
        for name, definition in tqdm(INDEXES.items(), desc="indexes"):
            cursor.execute(f"CREATE INDEX {name} ON content_passage USING {definition}")
        cursor.execute("RESET session_replication_role")
    span_writer.write_outdated_spans()  # no trigger saw the copies
    for table in (*TABLES, "content_passage"):
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM (ANALYZE) {table}")
    print(f"{services.rebuild_index()} articles")


def copied(cursor, table, others):
    """The statement that copies the first rows of a table, those below STEP."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    names = [f'"{name}"' for (name,) in cursor.fetchall()]
    values = [others.get(name.strip('"'), "id + %(add)s" if name == '"id"' else name) for name in names]
    kind = " AND kind = 'article'" if table == "content_provision" else ""
    given = f"SELECT {', '.join(values)} FROM {table} WHERE id < {STEP}{kind}"  # noqa: S608 (our own names)
    return f"INSERT INTO {table} ({', '.join(names)}) {given}"


class Articles:
    """The passages of the corpus, and new ones made of them."""

    def __init__(self):
        from content.passages.models import Passage
        from content.search.models import TermFrequency
        from content.text import lexemes

        words = TermFrequency.objects.exclude(lexeme__contains="_").values_list("lexeme", flat=True)
        self.lexemes, self.words = lexemes, {lexemes.word_code(word): word for word in words.iterator()}
        kept = Passage.objects.filter(pk__lt=STEP).exclude(search_codes=b"").order_by("pk")
        self.rows = list(
            kept.values_list("document", "provision", "valid_from", "valid_until", "search_codes").iterator()
        )
        self.fields = [self.split(codes) for *_, codes in self.rows]
        self.bodies = [
            fields[3] for (_, provision, *_), fields in zip(self.rows, self.fields, strict=True) if provision
        ]

    def split(self, codes):
        """The words of each field, without those that were never counted."""
        from content.text.code_arrays import flat_codes

        flat, _text, field = flat_codes([bytes(codes)])
        return [
            [self.words[code] for code in flat[field == number].tolist() if code in self.words]
            for number in range(len(self.lexemes.FIELDS))
        ]

    def write(self, cursor, copy):
        rng = random.Random(copy)
        columns = "document_id, provision_id, valid_from, valid_until, search_words, search_codes, digest"
        with cursor.copy(f"COPY content_passage ({columns}) FROM STDIN") as target:
            for (document, provision, since, until, _), fields in zip(self.rows, self.fields, strict=True):
                if provision:
                    first, second = rng.choice(self.bodies), rng.choice(self.bodies)
                    fields = [*fields[:3], first[: len(first) // 2] + second[len(second) // 2 :]]
                target.write_row((
                    document + copy * STEP,
                    provision and provision + copy * STEP,
                    since,
                    until,
                    self.lexemes.tsvector_text(*fields),
                    self.lexemes.word_codes(*fields),
                    b"made up",
                ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
