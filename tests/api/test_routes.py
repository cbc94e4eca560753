"""Every route of the API is public or somebody's; those that are somebody's are tried by a stranger.

A new route fails here until it says which it is.
"""

import contextlib
import datetime
import gzip
import json

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from rest_framework.views import APIView

from api.authentication import DeviceAuthentication
from api.v1 import urls
from api.v1.dissemination.authentication import OutletAuthentication
from api.v1.sync import bulk_export
from content.changes.models import Change
from content.contests.models import Attempt, Contest, Entry
from content.documents.records import OriginalBytes
from content.events.models import Event, ReaderCalendar, Registration
from content.events.queries import secret_hash
from content.organisations.models import Province
from content.plans.services import FileBytes
from content.qa.models import Question, Rating
from notifications.deliveries.models import Notification
from notifications.devices.models import Device
from notifications.follows import event_registrations, fcm_topics
from notifications.follows.models import FcmSubscription, Follow
from notifications.inbox.models import ReadMark
from tests.builders import (
    a_device,
    a_document,
    a_follower,
    a_member_of_staff,
    a_question,
    an_answered_question,
    an_event,
    land,
)
from tests.builders_contests import a_result, a_running_contest, an_entry, close, round_of, started
from tests.builders_media import a_channel, a_layer, a_material
from tests.builders_plans import A_PDF, a_public_plan, programme
from tests.sync import a_peer

pytestmark = pytest.mark.django_db
DEVICE_BODY = {
    "registration_id": "registration-of-hoa",
    "id_kind": "token",
    "platform": "android",
    "app_version": "6.6",
    "language": "en",
}
PUBLIC = {
    "root-slash", "topic-list", "topic-detail",
    "organisation-list", "organisation-detail", "province-list", "province-detail",
    "document-list", "document-detail", "document-text", "document-provision", "document-versions",
    "document-timeline", "document-diff", "document-files", "document-file", "document-relations", "effect-list",
    "effect-calendar", "question-list", "question-detail", "question-similar", "event-list",
    "event-detail", "event-calendar", "topic-calendar", "organisation-calendar", "reader-calendar", "openapi",
    "citations-resolve", "document-statuses", "document-lookup", "document-cited-by",
    "openapi-vi", "openapi-json", "search", "search-suggest", "glossary", "document-facets",
    "contest-list", "contest-detail", "contest-round", "contest-proof", "contest-proof-file", "contest-leaderboard",
    "certificate",
    "change-list", "change-head", "record", "record-list", "peer-list", "peer-detail",
    "document-feed", "event-feed", "question-feed",
    "programme-list", "programme-detail", "programme-coverage", "plan-list", "plan-detail", "plan-feed", "plan-file",
    "indicator-list", "indicator-detail", "measurement-list",
    "contest-feed", "material-list", "material-detail", "material-transcript", "material-feed", "file",
    "document-layers", "layer", "playlist-list", "playlist-detail", "playlist-feed", "channel-list", "channel-detail",
    "channel-now", "channel-schedule", "dissemination", "channel-calendar", "export-list",
    "export-detail", "export-file",
}  # fmt: skip
OF_AN_OUTLET = {"outlet-queue", "placement-claim", "placement-report"}  # tests/api/dissemination has a stranger
CONTEST, ATTEMPT = "ct-aaaaaaaaaa", "lt-aaaaaaaaaaaaaaaa"  # a contest Minh takes part in, and his open attempt
COMING, SECRET = "sk-aaaaaaaaaa", "a" * 43  # an event Minh comes to; of the address of his calendar
ASKED_WITH = {  # what answers nothing without a parameter
    "search": "?q=sang+ten", "search-suggest": "?q=sang+ten", "glossary": "?q=sang+ten",
    "document-lookup": "?number=1/2019/QH14", "record-list": "?object=document&keys=luat-1",
}  # fmt: skip
BY_POST = {"question-similar", "citations-resolve", "document-statuses"}  # what is public though it comes with a body
BY_BOTH = {"certificate"}  # read by its serial, asked with a name
ASKED, PUBLISHED = "hoi-aaaaaaaaaa", "hoi-bbbbbbbbbb"  # questions of Minh's
NOTIFICATION_ID = 4_713  # a notification in Minh's inbox, which he has read
# what Minh owns, as a stranger would ask for it: arguments, and of each method the body and what she is told
OWNED = {
    "device": (
        {"installation_key": "phone-of-minh"},
        {"get": (None, 404), "put": (DEVICE_BODY, 404), "delete": (None, 404)},
    ),
    # not an object of its own: the address is the same for everybody, and means the caller's follow
    "follow": (
        {"target": "topic", "key": "11-dat-dai"},
        {"get": (None, 404), "put": ({"kinds": ["new"]}, 201), "delete": (None, 204)},
    ),
    "follow-list": ({}, {"get": (None, 200)}),
    "inbox-list": ({}, {"get": (None, 200)}),
    "inbox-unread": ({}, {"get": (None, 200)}),
    "inbox-detail": ({"key": NOTIFICATION_ID}, {"get": (None, 404)}),
    "inbox-read": ({"key": NOTIFICATION_ID}, {"put": (None, 404), "delete": (None, 404)}),
    "inbox-read-up-to": ({}, {"put": ({"up_to": str(NOTIFICATION_ID)}, 404)}),
    "question-list": ({}, {"post": ({}, 400)}),  # to read it is everybody's
    "my-question-list": ({}, {"get": (None, 200)}),
    "my-question-detail": ({"key": ASKED}, {"get": (None, 404), "delete": (None, 404)}),
    "my-question-details": ({"key": ASKED}, {"post": ({"text": "Xe máy"}, 404)}),
    # a public question of Minh's: what Hoa thinks of it is hers
    "question-rating": ({"key": PUBLISHED}, {"put": ({"is_helpful": False}, 201), "delete": (None, 204)}),
    "question-report": ({"key": PUBLISHED, "kind": "wrong"}, {"put": ({}, 201)}),
    "my-event-list": ({}, {"get": (None, 200)}),
    "my-calendar": ({}, {"post": (None, 201), "delete": (None, 204)}),
    # the address is the same for everybody, and means the caller's registration
    "registration": (
        {"key": COMING},
        {"get": (None, 404), "put": ({}, 201), "delete": (None, 204)},
    ),
    "registration-code": ({"key": COMING}, {"get": (None, 404)}),
    "ask-ahead": ({"key": COMING}, {"post": ({}, 400)}),
    # these two too: they mean the caller's entry
    "contest-entry": (
        {"key": CONTEST},
        {"get": (None, 404), "put": ({"age_band": "adult", "consent": True}, 201), "delete": (None, 204)},
    ),
    "contest-objection": ({"key": CONTEST}, {"put": ({"text": "Sai"}, 404)}),
    "contest-identity": ({"key": CONTEST}, {"put": ({"name": "Hoa"}, 404)}),
    "contest-naming": ({"key": CONTEST}, {"delete": (None, 404)}),
    "contest-standing": ({"key": CONTEST}, {"get": (None, 404)}),
    "contest-attempts": ({"key": CONTEST, "number": 1}, {"post": ({"nonce": "a" * 32}, 409)}),  # she has not entered
    "contest-attempt": ({"key": ATTEMPT}, {"get": (None, 404)}),
    "contest-answers": ({"key": ATTEMPT}, {"put": ({"seq": 9, "answers": {"1": "a"}}, 404)}),
    "contest-submission": ({"key": ATTEMPT}, {"post": ({"seq": 9, "answers": {"1": "a"}}, 404)}),
    "attempt-certificate": ({"key": ATTEMPT}, {"post": ({"name": "Hoa"}, 404)}),
    "me": ({}, {"delete": (None, 204)}),
    "me-export": ({}, {"get": (None, 200)}),
}
METHODS = ("get", "post", "put", "patch", "delete")


def routes(patterns=urls.urlpatterns):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from routes(each.url_patterns)


def methods_of(route):
    """Those the view behind a route answers, HEAD and OPTIONS left out."""
    view = route.callback
    answered = getattr(view, "actions", None) or [name for name in METHODS if hasattr(view.cls, name)]
    return {name for name in answered if name in METHODS}


def methods_owned(name):
    return set(OWNED[name][1]) if name in OWNED else set()


def views():
    return {route.name: route for route in routes()}


def test_every_route_is_said_to_be_public_or_somebodys_and_no_name_is_given_twice():
    names = [route.name for route in routes()]
    assert sorted(names) == sorted(PUBLIC | OWNED.keys() | OF_AN_OUTLET)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_a_public_route_only_reads_and_asks_nobody_who_they_are(name):
    route = views()[name]
    expected = {"get", "post"} if name in BY_BOTH else {"post"} if name in BY_POST else {"get"}
    assert methods_of(route) - methods_owned(name) == expected
    assert issubclass(route.callback.cls, APIView)
    assert route.callback.cls.authentication_classes == []


@pytest.mark.parametrize("name", sorted(OWNED))
def test_every_method_of_what_is_somebodys_is_tried(name):
    assert methods_of(views()[name]) - ({"get"} if name in PUBLIC else set()) == methods_owned(name)


def owned_by(reader):
    """All rows that are this reader's, with their present values."""
    return [
        list(rows.order_by("pk").values())
        for rows in (
            Device.objects.filter(reader=reader),
            Follow.objects.filter(reader=reader),
            FcmSubscription.objects.filter(device__reader=reader),
            ReadMark.objects.filter(reader=reader),
            Question.objects.filter(reader=reader),
            Registration.objects.filter(reader=reader),
            Entry.objects.filter(reader=reader),
            Attempt.objects.filter(entry__reader=reader),
            ReaderCalendar.objects.filter(reader=reader),
            Rating.objects.filter(reader=reader),
            Change.objects.filter(reader=reader),
        )
    ]


def a_reader_with_everything():
    minh = a_follower("minh", land())
    a_document(topics=[land()])
    audience = fcm_topics.inbox_audience("topic", land().pk, "new")
    told = Notification.objects.create(
        pk=NOTIFICATION_ID, dedupe_key="x", kind="moi", fcm_topics=[], audience=audience, change=Change.objects.get()
    )
    ReadMark.objects.create(reader=minh.reader, notification=told)
    for key, question in ((ASKED, a_question(minh.reader)), (PUBLISHED, an_answered_question(minh.reader))):
        Question.objects.filter(pk=question.pk).update(key=key)
    now, day = timezone.now(), datetime.timedelta(days=1)
    event = Event.objects.create(
        key=COMING, kind="talk", title="Toạ đàm", place="Hội trường", starts_at=now + day, ends_at=now + 2 * day,
        registration_opens_at=now, registration_closes_at=now + day, status="announced", announced_at=now,
        time_announced_at=now, changed_at=now,
    )  # fmt: skip
    Registration.objects.create(event=event, reader=minh.reader, status="seated")
    contest = a_running_contest()
    Contest.objects.filter(pk=contest.pk).update(key=CONTEST)
    attempt = started(round_of(contest), an_entry(contest, minh.reader).reader)
    Attempt.objects.filter(pk=attempt.pk).update(key=ATTEMPT)
    ReaderCalendar.objects.create(reader=minh.reader, secret_hash=secret_hash(SECRET), made_at=timezone.now())
    return minh


OWNED_METHODS = [(name, method) for name, (_arguments, methods) in sorted(OWNED.items()) for method in methods]


def asked_for():
    """(name of the route, method, path, body, what a stranger is told) of each method of what is somebody's."""
    for name, method in OWNED_METHODS:
        arguments, methods = OWNED[name]
        yield name, method, reverse(f"v1:{name}", kwargs=arguments), *methods[method]


@contextlib.contextmanager
def undone():
    """What the block writes is rolled back at its end: the next one finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_stranger_changes_nothing_of_anothers_and_is_shown_nothing(api):
    minh, hoa = a_reader_with_everything(), a_device("hoa")
    before, wrong = owned_by(minh.reader), []
    for name, method, path, body, expected in asked_for():
        with undone():
            answer = api(method, path.removeprefix("/api/v1/"), body, device=hoa)
            said = answer.content.decode()
            shown = [secret for secret in (minh.secret, minh.registration_id, str(minh.reader.pk)) if secret in said]
            if (answer.status_code, owned_by(minh.reader), shown) != (expected, before, []):
                wrong.append((name, method, answer.status_code, shown))
    assert wrong == []


def test_without_a_secret_or_with_one_that_is_nobodys_it_is_401(api):
    minh = a_reader_with_everything()
    before, wrong = owned_by(minh.reader), []
    for name, method, path, body, _expected in asked_for():
        for secret in ("", "dvc_nobody", f"{minh.secret}x"):
            proof = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}
            with undone():
                answer = api(method, path.removeprefix("/api/v1/"), body, **proof)
                if (answer.status_code, owned_by(minh.reader)) != (401, before):
                    wrong.append((name, method, secret, answer.status_code))
    assert wrong == []


def test_a_cookie_proves_nobody(client):
    """So a page of another origin acts for nobody, whatever cookies the browser adds to its requests."""
    minh = a_reader_with_everything()
    client.force_login(a_member_of_staff("lan", "administrator"), "django.contrib.auth.backends.ModelBackend")
    for cookie in ("device", "secret", "Authorization"):
        client.cookies[cookie] = minh.secret
    before, wrong = owned_by(minh.reader), []
    for name, method, path, body, _expected in asked_for():
        with undone():
            text = "" if body is None else json.dumps(body)
            answer = client.generic(method.upper(), path, text, "application/json")
            if (answer.status_code, dict(answer.cookies), owned_by(minh.reader)) != (401, {}, before):
                wrong.append((name, method, answer.status_code, dict(answer.cookies)))
    assert wrong == []


def test_what_a_block_writes_is_taken_back():
    minh = a_reader_with_everything()
    before = owned_by(minh.reader)
    with undone():
        Follow.objects.filter(reader=minh.reader).delete()
        assert owned_by(minh.reader) != before
    assert owned_by(minh.reader) == before


def test_every_view_asks_for_the_secret_of_a_device_or_for_nothing():
    proofs = {tuple(route.callback.cls.authentication_classes) for route in routes()}
    assert proofs == {(), (DeviceAuthentication,), (OutletAuthentication,)}


def test_a_public_route_shows_no_row_of_a_reader(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path
    minh = a_follower("minh", land())
    document = a_document("1/2019/QH14", topics=[land()], original=OriginalBytes("1.txt", "text/plain", b"1"))
    sha256 = document.original_files.get().sha256
    event = an_event()
    event_registrations.register(event, minh.reader)
    contest = a_running_contest()
    a_result(contest, 3, reader=an_entry(contest, minh.reader).reader)
    close(contest)
    ReaderCalendar.objects.create(reader=minh.reader, secret_hash=secret_hash(SECRET), made_at=timezone.now())
    channel = a_channel()
    shown = {
        "event": event,
        "contest": contest,
        "material": a_material(),
        "layer": a_layer(document),
        "channel": channel,
        "playlist": channel.filler,
        "topic": land(),
        "organisation": document.issuer,
        "province": Province.objects.first(),
        "programme": programme(),
        "peer": a_peer("https://cong.example", keys={"a": {}}),
        "plan": a_public_plan(file=FileBytes("a.pdf", "application/pdf", A_PDF)),
        "document": document,
        "question": an_answered_question(minh.reader),
    }
    export = bulk_export.write_bulk_export()
    for name in sorted(PUBLIC - BY_POST - BY_BOTH):  # tests/api/contests/test_certificates.py has the certificate
        taken = {
            "key": getattr(shown.get(name.partition("-")[0]), "key", "766-nguoi-dan-tiep-can"),
            "eid": "art_1",
            "sha256": sha256,
            "secret": SECRET,
            "number": 1,
        }
        taken |= {"feed_format": "atom"} | (
            {"key": export["key"], "name": "changes.jsonl.gz"} if "export" in name else {}
        )
        taken |= {"transcript_format": "txt"}
        if name == "record":
            taken |= {"objects": "documents", "key": document.key}
        if name == "file":
            taken |= {"sha256": shown["material"].files.get(role="captions").stored.sha256, "name": "a.vtt"}
        wanted = views()[name].pattern.regex.groupindex.keys()
        address = reverse(f"v1:{name}", kwargs={each: taken[each] for each in wanted})
        answer = Client().get(f"{address}{ASKED_WITH.get(name, '')}", HTTP_AUTHORIZATION=f"Bearer {minh.secret}")
        assert answer.status_code == 200, name
        for secret in (minh.secret, minh.installation_key, minh.registration_id, str(minh.reader.pk)):
            assert secret not in text_of(answer), name


def text_of(answer):
    """What an answer says, unpacked where it is a bulk file."""
    if not answer.streaming:
        return answer.content.decode()
    content = b"".join(answer.streaming_content)
    return (gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content).decode()
