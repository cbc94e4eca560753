"""The staff pages of other installations: who may what, and what is said when something is refused."""

import datetime
import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from content.changes import services as changes
from content.copying import records
from content.copying.objects import OBJECTS
from content.people.models import AuditRow, User
from content.seals import services as seals
from content.sync.models import Conflict, Peer, Waiting
from tests.builders import a_document, a_member_of_staff

pytestmark = pytest.mark.django_db
LIST = "/staff/content/peer/"


def signed_in(name, role):
    browser = Client()
    browser.force_login(a_member_of_staff(name, role), "django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.fixture
def a_stored_peer():
    return Peer.objects.create(
        key="phapluat.example.gov.vn", url="https://phapluat.example.gov.vn", name="Cổng tỉnh Mẫu",
        keys={"a": {}}, offered_keys={"a": {}}, state="following", loaded_at=timezone.now(),
        last_ok_at=timezone.now(),
    )  # fmt: skip


def test_two_administrators_add_an_installation(ministry):
    lan, hoa = signed_in("lan", "administrator"), signed_in("hoa", "administrator")
    answer = lan.post(f"{LIST}add/", {"url": ministry.url})
    peer = Peer.objects.get()
    page = f"{LIST}{peer.pk}/change/"
    assert (answer.status_code, answer.url) == (302, page)
    fingerprint = next(iter(peer.offered_keys))
    assert 'name="confirm"' not in lan.get(page).content.decode()
    assert "Người khác phải xác nhận" in lan.post(page, {"confirm": "1", "fingerprint": fingerprint}).content.decode()
    assert "Đừng tiếp tục" in hoa.post(page, {"confirm": "1", "fingerprint": "x"}).content.decode()
    assert hoa.post(page, {"confirm": "1", "fingerprint": fingerprint}).status_code == 302
    peer.refresh_from_db()
    assert peer.state == "loading"
    shown = hoa.get(page).content.decode()
    assert fingerprint in shown and "Cổng bo" in shown
    assert [row.action for row in AuditRow.objects.filter(subject=peer.key).order_by("pk")] == [
        "peer.added", "peer.confirmed",
    ]  # fmt: skip


@pytest.mark.parametrize("address", ["http://phapluat.example.gov.vn", "https://127.0.0.1:1/", "abc"])
def test_an_address_where_nobody_answers_is_told_and_stored_nowhere(address):
    answer = signed_in("lan", "administrator").post(f"{LIST}add/", {"url": address})
    assert answer.status_code == 200
    assert 'class="errorlist' in answer.content.decode()
    assert address in answer.content.decode()  # nothing typed is lost
    assert not Peer.objects.exists()


@pytest.mark.parametrize(
    ("role", "may"), [("editor", False), ("approver", False), ("publisher", False), ("answerer", None)]
)
def test_only_an_administrator_manages_installations(role, may, a_stored_peer):
    browser, page = signed_in("minh", role), f"{LIST}{a_stored_peer.pk}/change/"
    if may is None:
        assert browser.get(LIST).status_code == 403
        return
    assert browser.get(page).status_code == browser.get(LIST).status_code == 200
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(page, {"pause": "1", "reason": "x"}).status_code == 403
    a_stored_peer.refresh_from_db()
    assert a_stored_peer.state == "following"


def test_a_stranger_is_asked_who_they_are(a_stored_peer):
    for path in (LIST, f"{LIST}add/", f"{LIST}{a_stored_peer.pk}/change/", "/staff/content/conflict/"):
        assert Client().get(path).status_code == 302


def test_pause_resume_wishes_and_a_new_beginning(a_stored_peer):
    browser, page = signed_in("lan", "administrator"), f"{LIST}{a_stored_peer.pk}/change/"
    assert browser.post(page, {"pause": "1", "reason": ""}).status_code == 200
    for name, state in (("pause", "paused"), ("resume", "following"), ("pause", "paused"), ("anew", "loading")):
        assert browser.post(page, {name: "1", "reason": "Bảo trì"}).status_code == 302
        a_stored_peer.refresh_from_db()
        assert a_stored_peer.state == state
    wishes = {"wishes": "1", "objects_wanted": ["document"], "scope": "quoc-hoi\nchinh-phu", "notifies": "on"}
    assert browser.post(page, wishes).status_code == 302
    a_stored_peer.refresh_from_db()
    assert (a_stored_peer.objects_wanted, a_stored_peer.scope) == (["document"], ["quoc-hoi", "chinh-phu"])
    assert (a_stored_peer.notifies, a_stored_peer.relays) == (True, False)


def test_an_installation_of_which_all_is_wanted_has_every_kind_ticked(a_stored_peer):
    browser, page = signed_in("lan", "administrator"), f"{LIST}{a_stored_peer.pk}/change/"
    shown = browser.get(page).content.decode()
    ticked = re.findall(r'name="objects_wanted" value="(\w+)"[^>]* checked', shown)
    assert ticked == [*OBJECTS]
    assert browser.post(page, {"wishes": "1", "objects_wanted": ticked}).status_code == 302
    assert Peer.objects.get().objects_wanted == []  # all, also what a later release copies
    refused = browser.post(page, {"wishes": "1"})
    assert refused.status_code == 200 and "Hãy chọn ít nhất một loại" in refused.content.decode()
    assert Peer.objects.get().objects_wanted == []


def test_a_scope_of_unknown_keys_is_refused_with_the_words_that_are_wrong(a_stored_peer):
    browser, page = signed_in("lan", "administrator"), f"{LIST}{a_stored_peer.pk}/change/"
    wishes = {"wishes": "1", "objects_wanted": ["document"], "scope": "quoc-hoi\nCao Bằng"}
    refused = browser.post(page, wishes)
    assert refused.status_code == 200
    assert "khóa «Cao Bằng»" in refused.content.decode() and "«quoc-hoi»" not in refused.content.decode()
    assert Peer.objects.get().scope == []


def test_the_list_has_the_fingerprint_that_our_office_reads_out():
    shown = signed_in("lan", "administrator").get(LIST).content.decode()
    spoken = re.search(r"<code>([\w -]+)</code>", shown)[1]
    assert spoken.replace(" ", "") == seals.signing_key_id()
    assert {len(group) for group in spoken.split(" ")[:-1]} == {4}


@pytest.mark.parametrize(
    ("state", "said"),
    [("new", "quản trị viên khác gọi điện"), ("away", "tự thử lại"), ("forked", "Nếu họ đã khôi phục bản sao lưu"),
     ("paused", "kể cả việc thu hồi")],
)  # fmt: skip
def test_the_page_says_what_comes_next(state, said, a_stored_peer):
    Peer.objects.update(state=state)
    assert said in signed_in("lan", "administrator").get(f"{LIST}{a_stored_peer.pk}/change/").content.decode()


def test_the_first_page_counts_what_waits_for_a_person(a_stored_peer):
    lan, hoa = signed_in("lan", "administrator"), signed_in("hoa", "publisher")
    assert "đã ngừng đọc" in lan.get("/staff/").content.decode()
    Peer.objects.update(state="forked")
    Conflict.objects.create(peer=a_stored_peer, object="document", subject="luat-1", kind="key", theirs="b" * 64)
    assert queue_counts(lan) == {"Hệ thống khác chờ xác nhận khóa": 0, "Hệ thống khác đã ngừng đọc": 1}
    assert queue_counts(hoa) == {"Mâu thuẫn giữa các hệ thống": 1}
    Peer.objects.update(state="new", added_by=User.objects.get(username="lan"))
    assert queue_counts(lan)["Hệ thống khác chờ xác nhận khóa"] == 0  # who added it does not confirm it
    Peer.objects.update(added_by=None)
    assert queue_counts(lan)["Hệ thống khác chờ xác nhận khóa"] == 1


def queue_counts(browser):
    queues = browser.get("/staff/").context["queues"]
    return {each.name: each.count for each in queues if "ệ thống" in each.name}


def test_lists_of_conflicts_and_of_what_waits_speak_vietnamese(a_stored_peer):
    columns = {"object": "document", "subject": "luat-1", "peer": a_stored_peer}
    Conflict.objects.create(kind="key", theirs="b" * 64, **columns)
    Waiting.objects.create(error="Thiếu văn bản sửa đổi", next_try_at=timezone.now(), **columns)
    browser = signed_in("hoa", "publisher")
    for path in ("/staff/content/waiting/", "/staff/content/conflict/", LIST):
        heads = re.findall(r'<div class="text">(.*?)</div>', browser.get(path).content.decode(), re.DOTALL)
        names = [re.sub(r"<[^>]+>", "", head).strip() for head in heads]
        assert names and not [name for name in names if re.fullmatch(r"[A-Za-z ]+", name) and name != "Host"], names


def test_a_conflict_is_shown_side_by_side_and_decided_by_a_publisher(a_stored_peer):
    law = a_document("1/2019/QH14")
    data = records.public_record("document", law.key)["data"] | {"title": "Luật của họ"}
    data["provisions"][0]["versions"][-1]["text"] += "Lời của họ"
    conflict = Conflict.objects.create(
        peer=a_stored_peer, object="document", subject=law.key, kind="words", record={"data": data}, theirs="b" * 64
    )
    page = f"/staff/content/conflict/{conflict.pk}/change/"
    assert signed_in("lan", "editor").post(page, {"ours": "1", "reason": "x"}).status_code == 403
    browser = signed_in("hoa", "publisher")
    shown = browser.get(page).content.decode()
    assert "<h3>Tên</h3>" in shown and "<ins>Luật của họ</ins>" in shown and "Mẫu lớn" in shown
    assert browser.post(page, {"ours": "1", "reason": ""}).status_code == 200
    assert browser.post(page, {"ours": "1", "reason": "Bản của ta đúng"}).status_code == 302
    conflict.refresh_from_db()
    assert (conflict.decision, conflict.reason, conflict.decided_by.username) == ("ours", "Bản của ta đúng", "hoa")
    assert AuditRow.objects.filter(action="peer_conflict.decided").get().reason == "Bản của ta đúng"


def test_what_a_new_history_lacks_is_kept_or_withdrawn_in_these_words(a_stored_peer):
    law = a_document("1/2019/QH14")
    conflict = Conflict.objects.create(peer=a_stored_peer, object="document", subject=law.key, kind="gone")
    shown = signed_in("hoa", "publisher").get(f"/staff/content/conflict/{conflict.pk}/change/").content.decode()
    assert 'name="theirs" value="Thu hồi ở đây"' in shown and 'value="Giữ bản sao"' in shown
    assert "Chỗ khác nhau" not in shown  # there is one side only


def test_the_page_shows_how_long_changes_took(a_stored_peer):
    now = timezone.now()
    for seconds, home in ((1, a_stored_peer.key), (2, a_stored_peer.key), (90, a_stored_peer.key), (5, "mot-bo.vn")):
        made = (now - datetime.timedelta(seconds=seconds)).isoformat()
        facts = {"title": "Luật", "origin": {"home": home, "key": "1", "changed_at": made}}
        with transaction.atomic():
            changes.record_change("document.published", "luat-1", nature="legal", facts=facts)
    shown = signed_in("lan", "editor").get(f"{LIST}{a_stored_peer.pk}/change/").content.decode()
    assert shown.count("<circle") == 3
    assert re.search(r"3 thay đổi gần nhất: một nửa đến trong 2,\d giây, 95 trên 100 đến trong 90,\d giây", shown)


def test_without_changes_there_is_no_picture(a_stored_peer):
    assert "<circle" not in signed_in("lan", "editor").get(f"{LIST}{a_stored_peer.pk}/change/").content.decode()


def test_what_waits_is_listed_with_its_reason(a_stored_peer):
    waiting = Waiting.objects.create(
        peer=a_stored_peer,
        object="document",
        subject="luat-1",
        error="Thiếu văn bản sửa đổi",
        next_try_at=datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.UTC),
    )
    browser = signed_in("lan", "editor")
    for path in ("/staff/content/waiting/", f"/staff/content/waiting/{waiting.pk}/change/"):
        shown = browser.get(path).content.decode()
        assert "Thiếu văn bản sửa đổi" in shown
        assert "02/01/2026 10:04:05" in shown  # Viet Nam time
        assert "document luat-1" not in shown


def test_the_keys_of_an_installation_that_waits_for_the_second_person_can_be_read_anew(a_stored_peer):
    Peer.objects.update(state="new")
    page = signed_in("lan", "administrator").get(f"{LIST}{a_stored_peer.pk}/change/").content.decode()
    assert 'name="key"' in page
