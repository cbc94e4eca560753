"""What 50,000 open cases cost readers: lists, search and facets by HTTP, beside the same library without them.

    .venv/bin/python bench/doubts.py [--documents 100000] [--cases 50000] [--rounds 40] [--only NAME …]

Two copies of one made-up library stand behind two web servers, as `manage.py up` starts them. The one has FEW open
cases, so that a list of doubtful documents fills a page there too; the other has 50,000 more. Half of the cases end a
whole document, which then is `unknown`; half amend an article. Requests go to both in turn, each the first every other
time. The first round warms up and is not counted.

Prints the medians in milliseconds and their ratio. The last line is for programs; the exit code is 1 where a ratio is
above 1.1, the goal of the design.
"""

import argparse
import base64
import datetime
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

import requests
import throwaway
from statuses import connect, copy_of, query

MAX_RATIO = 1.1
FEW = 50
FIRST, ISSUED_EVERY = datetime.date(2000, 1, 1), 12  # documents of a day
SECONDS_PER_REQUEST = 25  # spent on one kind of request, at most
STARTS, ENDS = (
    ("b", "c", "d", "g", "h", "k", "l", "m", "n", "ph", "qu", "s", "t", "th", "tr"),
    ("an", "ai", "ông", "ươi"),
)
SYLLABLES = [start + end for start in STARTS for end in ENDS]
WRITTEN_AT_ONCE = 5_000


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--cases", type=int, default=50_000)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--only", nargs="*", default=[], help="requests to make, by their names")
    asked = options.parse_args()
    if throwaway.start() is None:
        sys.exit("This bench copies its database: leave DATABASE_URL unset.")
    create_library(asked.documents)
    create_cases(FEW, 0)
    without = copy_of(os.environ["DATABASE_URL"], "without")
    create_cases(asked.cases, FEW)
    urls = [without, copy_of(os.environ["DATABASE_URL"], "with")]
    for url in urls:
        with connect(url.rpartition("/")[2]) as database:
            database.execute("VACUUM ANALYZE")
    places = query(without, "SELECT list_order FROM content_legaldocument ORDER BY 1")
    deep = places[asked.documents // 5][0]
    with server(urls[0]) as first, server(urls[1]) as second:
        found = {
            name: compare(first, second, paths, asked.rounds)
            for name, paths in requests_of(deep, asked.rounds).items()
            if not asked.only or name in asked.only
        }
    for name, (before, after, count) in found.items():
        print(f"{name:22} without {before:8.1f} ms  with {after:8.1f} ms  ratio {after / before:.2f}  (n={count})")
    worst = max(found, key=lambda name: found[name][1] / found[name][0])
    ratio = found[worst][1] / found[worst][0]
    print(
        f"doubts: documents={asked.documents} cases={asked.cases} worst={ratio:.2f} worst_is={worst.replace(' ', '_')}"
    )
    sys.exit(0 if ratio <= MAX_RATIO else 1)


def requests_of(deep, rounds):
    """{name: paths}, of each a path a round and one to warm up."""
    cursor = base64.b64encode(f"p={deep}".encode()).decode()
    lists = {
        "list": "documents",
        "deep page": f"documents?cursor={cursor}",
        "in force": "documents?status=in_force",
        "in force, deep page": f"documents?status=in_force&cursor={cursor}",
        "unknown": "documents?status=unknown",
        "doubtful": "documents?doubt=true",
        "not doubtful": "documents?doubt=false",
        "facets": "documents/facets",
        "facets of a type": "documents/facets?type=circular",
    }
    draw = random.Random(2)
    words = [" ".join(draw.sample(SYLLABLES, 2)) for _ in range(rounds + 1)]
    numbers = [number_of(draw.randrange(10_000)) for _ in range(rounds + 1)]
    searches = {
        "search": [f"search?q={each}" for each in words],
        "search of a number": [f"search?q={each}" for each in numbers],
        "search in force": [f"search?q={each}&status=in_force" for each in words],
    }
    return {name: [path] * (rounds + 1) for name, path in lists.items()} | searches


def compare(first, second, paths, rounds):
    """(median of the first in milliseconds, of the second, how many of each)."""
    taken, sessions = ([], []), (requests.Session(), requests.Session())
    began = time.monotonic()
    for place, path in enumerate(paths[: rounds + 1]):
        for side in (0, 1) if place % 2 else (1, 0):
            before = time.perf_counter()
            answer = sessions[side].get(f"{(first, second)[side]}/api/v1/{path}", timeout=120)
            spent = (time.perf_counter() - before) * 1000
            if answer.status_code != 200:
                sys.exit(f"{path}: {answer.status_code} {answer.text[:300]}")
            if place:
                taken[side].append(spent)
        if time.monotonic() - began > SECONDS_PER_REQUEST and len(taken[0]) >= 5:
            break
    return statistics.median(taken[0]), statistics.median(taken[1]), len(taken[0])


@contextmanager
def server(url):
    """The address of a web server over that database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = str(throwaway.ROOT)
    environment = os.environ | {
        "DATABASE_URL": url, "PORT": str(port), "PYTHONPATH": here, "END_WITH_PARENT": str(os.getpid()),
        "WEB_PROCESSES": "1", "READS_PER_MINUTE": "1000000", "NO_PROXY": "127.0.0.1",
        "READ_CACHE_MEBIBYTES": "0",  # what an answer costs, not what it costs to have it
    }  # fmt: skip
    os.environ["NO_PROXY"] = "127.0.0.1"
    command = [sys.executable, "-m", "gunicorn", "-c", f"{here}/config/gunicorn.conf.py", "config.wsgi"]
    process = subprocess.Popen(command, cwd=here, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = f"http://127.0.0.1:{port}"
    try:
        give_up_at = time.monotonic() + 60
        while not answers(f"{base}/health/ready"):
            if process.poll() is not None or time.monotonic() > give_up_at:
                sys.exit("The web server did not start.")
            time.sleep(0.1)
        yield base
    finally:
        process.terminate()
        process.wait()


def answers(address):
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


def number_of(place):
    return f"{place + 1}/{2000 + place % 25}/TT-BTC"


def create_library(count):
    """Public circulars and decrees, each with one article, two words of a title and forty of a text."""
    from django.db import connection
    from django.utils import timezone

    from content.documents.models import LegalDocument
    from content.law.official_numbers import number_key
    from content.organisations.models import Organisation
    from content.passages.services import PassageText
    from content.search.index import services
    from content.text.vietnamese import fold
    from content.topics.models import Topic

    draw, issuers, topics = random.Random(1), list(Organisation.objects.all()[:20]), list(Topic.objects.all()[:40])
    titles = [" ".join(draw.choices(SYLLABLES, k=4)) for _ in range(count)]

    def a_document(place):
        number, title = number_of(place), f"Thông tư về {titles[place]}"
        return LegalDocument(
            key=f"thong-tu-{place}", number=number, number_key=number_key(number), title=title,
            search_key=fold(f"{number} {title}"), doc_type="circular" if place % 3 else "decree",
            issuer=issuers[place % len(issuers)], issued_on=FIRST + datetime.timedelta(place // ISSUED_EVERY),
            content_hash="0" * 64, status="published", published_at=timezone.now(),
        )  # fmt: skip

    documents = []
    for start in range(0, count, WRITTEN_AT_ONCE):
        places = range(start, min(start + WRITTEN_AT_ONCE, count))
        documents += [each.pk for each in LegalDocument.objects.bulk_create(a_document(place) for place in places)]
    with connection.cursor() as cursor:
        for statement in ROWS:
            cursor.execute(statement)
        cursor.execute("SELECT document_id, id FROM content_provision")
        articles = dict(cursor.fetchall())
        through = LegalDocument.topics.through._meta.db_table
        with cursor.copy(f"COPY {through} (legaldocument_id, topic_id) FROM STDIN") as rows:
            for place, pk in enumerate(documents):
                rows.write_row((pk, topics[place % len(topics)].pk))
        columns = "document_id, provision_id, search_words, search_codes, digest"
        with cursor.copy(f"COPY content_passage ({columns}) FROM STDIN") as rows:
            for place, pk in enumerate(documents):
                name = f"Thông tư {number_of(place)} về {titles[place]}"
                text = " ".join(draw.choices(SYLLABLES, k=40))
                for article, fields in ((None, ("", "", name, "")), (articles[pk], (name, "", "Phạm vi", text))):
                    made = PassageText(article, None, None, fields).passage(LegalDocument(pk=pk))
                    rows.write_row((pk, article, made.search_words, made.search_codes, made.digest))
    services.rebuild_index()


ROWS = (
    "INSERT INTO content_statusevent (document_id, kind, scope, \"on\", stated_on, eids, cause) "
    "SELECT id, 'takes_effect', 'whole', issued_on + 45, issued_on, '{}', '' FROM content_legaldocument",
    "INSERT INTO content_statusevent (document_id, kind, scope, \"on\", stated_on, eids, cause) "
    "SELECT id, 'expires', 'whole', issued_on + 2000, issued_on, '{}', '' FROM content_legaldocument WHERE id % 3 = 0",
    "INSERT INTO content_provision (document_id, eid, kind, number, position) "
    "SELECT id, 'art_1', 'article', '1', 0 FROM content_legaldocument",
    "INSERT INTO content_provisionversion (provision_id, heading, text, text_hash) "
    "SELECT id, 'Phạm vi', 'Điều 1. Phạm vi', '' FROM content_provision",
)  # fmt: skip


def create_cases(count, seed):
    """Open cases about as many documents, drawn anew for each seed; an act says five things."""
    from django.utils import timezone

    from content.documents.models import EffectDoubt, LegalDocument
    from content.endings.models import EndingCase

    documents = list(LegalDocument.objects.order_by("pk").values_list("pk", "number_key", "issued_on"))
    draw = random.Random(seed)
    words = (
        "Bãi bỏ Thông tư số 1/2001/TT-BTC, trừ các quy định về phí tại khoản 2 Điều 9, từ ngày 01 tháng 01 năm 2002."
    )
    cases, doubts = [], []
    acts = [pk for pk, *_ in draw.sample(documents, max(count // 5, 1))]
    for place, (target, key, issued_on) in enumerate(draw.sample(documents, count)):
        act, is_whole = acts[place % len(acts)], place % 2 == 0
        source = f"art_{seed}_{place // len(acts) + 1}"
        on = issued_on + datetime.timedelta(draw.randrange(100, 3000))
        said = (
            {"kind": "ends", "scope": "whole"} if is_whole else {"kind": "amends", "scope": "part", "eids": ["art_1"]}
        )
        cases.append(
            EndingCase(act_id=act, source_eid=source, start=0, end=0, target_id=target, target_key=key, on=on,
                       day_is="acts_first", words=words, doubts=["exception"], state="open", **said)
        )  # fmt: skip
        doubts.append(
            EffectDoubt(document_id=target, act_id=act, source_eid=source, from_on=on, words=words,
                        reasons=["exception"], since=timezone.now(), **said)
        )  # fmt: skip
    EndingCase.objects.bulk_create(cases, batch_size=WRITTEN_AT_ONCE)
    EffectDoubt.objects.bulk_create(doubts, batch_size=WRITTEN_AT_ONCE)


if __name__ == "__main__":
    main()
