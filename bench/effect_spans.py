"""What a status costs a list when the library grows: pages, facets, and the writing of the spans.

.venv/bin/python bench/effect_spans.py [--documents 230] [--times 150] [--repeats 7]

A made-up library of so many documents, then of so many times as many: issued from 1950 on, a third expired, some
expired in part, a few suspended (none «no longer suitable»), two in a hundred doubtful. Each figure is the median of
the whole read in this process: milliseconds, a page being the ids of the first 21 documents of the list.

The last line is for programs; the exit code is 1 where a page costs more than PAGE_MS in the large library, the facets
more than FACETS_MS, or a page of the large one differs from what the rules give.
"""

import argparse
import datetime
import random
import statistics
import sys
import time

import psycopg
import throwaway

PAGE, PAGE_MS, FACETS_MS = 21, 15, 400
TODAY, LONG_AGO = datetime.date(2026, 11, 1), datetime.date(1990, 1, 1)
YEARS = range(1950, 2026)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=230)
    options.add_argument("--times", type=int, default=150)
    options.add_argument("--repeats", type=int, default=7)
    asked = options.parse_args()
    throwaway.start()
    small, _seconds = library(asked.documents), None
    before = measured(asked.repeats)
    seconds = library(asked.documents * (asked.times - 1), first=asked.documents)
    after = measured(asked.repeats)
    print(f"{'':24} {'1 ×':>8} {asked.times:>6} ×")
    for name, milliseconds in after.items():
        print(f"{name:24} {before[name]:8.2f} {milliseconds:8.2f}")
    for marked, milliseconds in with_marks((1, 500, 1_000), asked.repeats).items():
        print(f"{marked:6} documents not written: in force {milliseconds['in force']:.2f}, "
              f"facets {milliseconds['facets']:.2f}")  # fmt: skip
    dead = with_dead_marks(asked.repeats)
    print(f"   all written while another session keeps an old snapshot: in force {dead['in force']:.2f}, "
          f"suspended {dead['suspended']:.2f}")  # fmt: skip
    wrong = pages_that_differ()
    dear = [name for name, value in after.items() if value > (FACETS_MS if "facets" in name else PAGE_MS)]
    worst = max(value for name, value in after.items() if "facets" not in name)
    print(
        f"effect_spans: documents={asked.documents * asked.times} page_ms={worst:.1f} facets_ms={after['facets']:.0f} "
        f"written_per_second={asked.documents * (asked.times - 1) / seconds:.0f} differ={wrong} small_s={small:.1f}"
    )
    sys.exit(1 if dear or wrong else 0)


def library(count, first=0):
    """Publish so many made-up documents. Returns the seconds that writing their spans took."""
    from django.db import connection
    from django.utils import timezone

    from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
    from content.topics.models import Topic

    draw = random.Random(first)
    rows = [
        LegalDocument(
            key=f"d-{place}", number=f"{place}/2020/ND", number_key=f"d-{place}", doc_type="decree", title="Mẫu",
            search_key=f"d-{place}", issued_on=datetime.date(draw.choice(YEARS), draw.randint(1, 12), 1),
            content_hash="0" * 64, status="published", published_at=timezone.now(),
        )
        for place in range(first, first + count)
    ]  # fmt: skip
    documents = LegalDocument.objects.bulk_create(rows, batch_size=2000)
    topics = list(Topic.objects.all()[:20])
    through = LegalDocument.topics.through
    through.objects.bulk_create(
        (through(legaldocument_id=each.pk, topic_id=draw.choice(topics).pk) for each in documents), batch_size=5000
    )
    events, doubts = [], []
    for each in documents:
        events += events_of(each, draw, StatusEvent)
        if draw.random() < 0.02:
            doubts.append(EffectDoubt(document=each, act=documents[0], source_eid=f"art_{each.pk}", kind="ends",
                                      scope="whole", from_on=each.issued_on, words="…"))  # fmt: skip
    StatusEvent.objects.bulk_create(events, batch_size=5000)
    EffectDoubt.objects.bulk_create(doubts, batch_size=5000)
    began = time.monotonic()
    write_spans()
    seconds = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return seconds


def events_of(document, draw, made):
    begins = document.issued_on + datetime.timedelta(days=45)
    lasts = datetime.timedelta(days=draw.randint(365, 9000))
    kinds = [("takes_effect", "whole", begins, [])]
    chance = draw.random()
    if chance < 0.33:
        kinds.append(("expires", "whole", begins + lasts, []))
    elif chance < 0.45:
        kinds.append(("amended", "part", begins + lasts, ["art_1"]))
    elif chance < 0.451:
        kinds.append(("suspended", "whole", begins + lasts, []))
    return [made(document=document, kind=kind, scope=scope, on=on, eids=eids, stated_on=begins)
            for kind, scope, on, eids in kinds]  # fmt: skip


def write_spans():
    from content.documents import span_writer

    span_writer.write_outdated_spans()


def reads():
    """{name: a function that reads}."""
    from content.document_reads.facet_counts import facet_counts
    from content.documents import effect_queries, queries
    from content.topics.models import Topic

    def page(status, day, topic=None):
        found = queries.issued_by(queries.published_documents(), day)  # as `documents?as_of=` does
        if topic:
            found = queries.documents_under_topics(found, [topic])
        return list(effect_queries.documents_with_status(found, [status], day).values_list("pk", flat=True)[:PAGE])

    def doubted(narrow):
        return list(narrow(queries.published_documents(), TODAY).values_list("pk", flat=True)[:PAGE])

    topic = Topic.objects.all()[3]
    return {
        "no longer suitable": lambda: page("no_longer_suitable", TODAY),
        "suspended": lambda: page("suspended", TODAY),
        "expired": lambda: page("expired", TODAY),
        "in force": lambda: page("in_force", TODAY),
        "in force in 1990": lambda: page("in_force", LONG_AGO),
        "not yet effective, 1990": lambda: page("not_yet_effective", LONG_AGO),
        "topic, in force": lambda: page("in_force", TODAY, topic),
        "topic, suspended": lambda: page("suspended", TODAY, topic),
        "in doubt": lambda: doubted(effect_queries.documents_in_doubt),
        "not in doubt": lambda: doubted(effect_queries.documents_not_in_doubt),
        "facets": lambda: facet_counts(queries.published_documents(), TODAY),
        "facets of a topic": lambda: facet_counts(
            queries.documents_under_topics(queries.published_documents(), [topic]), TODAY
        ),
    }


def measured(repeats, names=()):
    found = {}
    for name, read in reads().items():
        if names and name not in names:
            continue
        read()
        took = []
        for _ in range(repeats):
            began = time.perf_counter()
            read()
            took.append((time.perf_counter() - began) * 1000)
        found[name] = statistics.median(took)
    return found


def with_marks(counts, repeats):
    """{so many documents whose spans are not written: {read: milliseconds}}; more than the last is refused."""
    from content.documents import span_writer
    from content.documents.models import LegalDocument

    found = {}
    for count in counts:
        span_writer.outdate_spans(LegalDocument.objects.order_by("pk").values_list("pk", flat=True)[:count])
        found[count] = measured(repeats, ("in force", "facets"))
        write_spans()
    return found


def with_dead_marks(repeats):
    """{read: milliseconds} after each document was marked and written while no mark can be vacuumed."""
    from django.db import connection

    from content import direct_sessions
    from content.documents import span_writer
    from content.documents.models import LegalDocument

    with psycopg.connect(**direct_sessions.parameters()) as holder:
        holder.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        holder.execute("SELECT 1 FROM content_outdatedspans LIMIT 1")
        span_writer.outdate_spans(LegalDocument.objects.values_list("pk", flat=True))
        write_spans()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM content_outdatedspans")
        return measured(repeats, ("in force", "suspended"))


def pages_that_differ():
    """How many pages are not those that the rules give."""
    from content.documents import effect, queries

    known = list(queries.public_documents())
    asked = {"expired": TODAY, "in force": TODAY, "suspended": TODAY, "in force in 1990": LONG_AGO}
    wrong = 0
    for name, day in asked.items():
        status = name.removesuffix(" in 1990").replace(" ", "_")
        wanted = {status, "partly_expired"} if status == "in_force" else {status}
        there = [each for each in known if queries.was_issued_by(each, day)]
        ruled = [each.pk for each in there if effect.effect_of(each, day).status in wanted][:PAGE]
        wrong += reads()[name]() != ruled
    return wrong


if __name__ == "__main__":
    main()
