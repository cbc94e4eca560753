"""How many queries each public detail makes, as a literal number: one more query per request shows here."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from api.v1.sync import bulk_export
from content.documents.records import OriginalBytes
from content.events.models import ReaderCalendar
from content.events.queries import secret_hash
from content.organisations.models import Province
from content.plans.services import FileBytes
from tests.api.test_routes import BY_BOTH, PUBLIC, SECRET, views
from tests.builders import a_device, a_document, an_answered_question, an_event, land
from tests.builders_contests import a_closed_contest
from tests.builders_media import a_channel, a_layer, a_material
from tests.builders_plans import A_PDF, a_public_plan, programme
from tests.sync import a_peer

pytestmark = pytest.mark.django_db
QUERIES = {
    "contest-detail": 5,
    "contest-leaderboard": 5,
    "contest-proof": 6,
    "contest-proof-file": 5,
    "contest-round": 7,
    "document-cited-by": 5,
    "document-detail": 1,
    "document-diff": 6,
    "document-file": 6,
    "document-files": 5,
    "document-provision": 1,
    "document-relations": 5,
    "document-text": 8,
    "document-timeline": 5,
    "document-versions": 5,
    "event-calendar": 2,
    "event-detail": 6,
    "export-detail": 2,
    "export-file": 2,
    "file": 1,
    "channel-calendar": 2,
    "channel-detail": 1,
    "channel-now": 1,
    "channel-schedule": 2,
    "playlist-detail": 7,
    "playlist-feed": 7,
    "document-layers": 7,
    "layer": 3,
    "material-detail": 8,
    "material-transcript": 7,
    "organisation-calendar": 2,
    "organisation-detail": 1,
    "indicator-detail": 2,
    "peer-detail": 1,
    "plan-detail": 1,
    "plan-file": 2,
    "programme-coverage": 5,
    "programme-detail": 1,
    "province-detail": 1,
    "question-detail": 4,
    "reader-calendar": 2,
    "record": 3,
    "topic-calendar": 3,
    "topic-detail": 1,
}


@pytest.fixture
def arguments(settings, tmp_path):
    """Builds one object of each kind. Returns URL arguments by the first word of a URL name."""
    settings.EXPORTS_FOLDER = tmp_path
    minh = a_device("minh")
    document = a_document("1/2019/QH14", topics=[land()], original=OriginalBytes("1.txt", "text/plain", b"1"))
    ReaderCalendar.objects.create(reader=minh.reader, secret_hash=secret_hash(SECRET), made_at=timezone.now())
    question, event = an_answered_question(minh.reader), an_event(topics=[land()])
    material = a_material()
    channel = a_channel(material)
    stored = material.files.get(role="captions").stored
    return {
        "file": {"sha256": stored.sha256, "name": "a.vtt"},
        "channel": {"key": channel.key},
        "playlist": {"key": channel.filler.key, "feed_format": "rss"},
        "layer": {"key": a_layer(document).key},
        "material": {"key": material.key, "transcript_format": "txt"},
        "contest": {"key": a_closed_contest().key, "number": 1},
        "document": {"key": document.key, "eid": "art_1", "sha256": document.original_files.get().sha256},
        "event": {"key": event.key},
        "export": {"key": bulk_export.write_bulk_export()["key"], "name": "changes.jsonl.gz"},
        "indicator": {"key": "766-nguoi-dan-tiep-can"},
        "organisation": {"key": document.issuer.key},
        "peer": {"key": a_peer("https://cong.example", keys={"a": {}}).key},
        "record": {"objects": "documents", "key": document.key},
        "plan": {"key": a_public_plan(file=FileBytes("a.pdf", "application/pdf", A_PDF)).key},
        "programme": {"key": programme().key},
        "province": {"key": Province.objects.filter(successor=None)[0].key},
        "question": {"key": question.key},
        "reader": {"secret": SECRET},
        "topic": {"key": land().key},
    }


def names_of_public_details() -> set[str]:
    """URL names of public reads of one object or of a part of it."""
    public = PUBLIC - BY_BOTH  # tests/api/contests/test_certificates.py has the certificate
    return {name for name in public if set(views()[name].pattern.regex.groupindex) - {"feed_format"}}


def test_every_public_detail_has_a_number():
    assert QUERIES.keys() == names_of_public_details()


def test_each_detail_makes_that_many_queries(arguments):
    """One world for all of them, since none changes it."""
    asked, statuses, said = {}, set(), {}
    for name in QUERIES:
        known = arguments[name.partition("-")[0]]
        path = reverse(f"v1:{name}", kwargs={each: known[each] for each in views()[name].pattern.regex.groupindex})
        Client().get(path)  # fills the caches of the process
        with CaptureQueriesContext(connection) as queries:
            statuses.add(Client().get(path).status_code)
        asked[name] = len(queries)
        said |= {name: [each["sql"] for each in queries]} if asked[name] != QUERIES[name] else {}
    assert asked == QUERIES, said
    assert statuses == {200}
