"""What hostile staff and strangers may try: forged transitions, rows of others, bodies too large or malformed."""

import csv
import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from config.uploads.body_limits import STAFF_BODY_BYTES
from content.documents.models import LegalDocument
from content.editing import revisions
from content.editing import services as editing
from content.editing.admin import forms
from content.editing.models import Revision
from content.errors import RuleBroken
from content.importing import uploads
from content.people import audit_export
from content.people import services as people
from content.people.models import AuditRow, Role
from content.publishing import services, states
from tests.bombs import BOMBS
from tests.builders import A_LAW, a_document, a_draft, a_member_of_staff, a_record
from tests.builders_media import a_draft_material

pytestmark = pytest.mark.django_db
DOCUMENTS = "/staff/content/legaldocument/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
EVERY_ROLE = [Role.EDITOR, Role.PUBLISHER, Role.APPROVER, Role.ADMINISTRATOR]


def signed_in(username, *roles, **options):
    browser = Client(**options)
    browser.user = a_member_of_staff(username, *roles)
    browser.force_login(browser.user, BACKEND)
    return browser


def in_status(status):
    law = a_draft()
    if status in ("published", "withdrawn"):
        services.publish(law)
    if status == "in_review":
        editing.submit_for_review(law)
    if status == "withdrawn":
        editing.withdraw_document(law, reason="nhầm")
    return LegalDocument.objects.get(pk=law.pk)


@pytest.mark.parametrize("status", LegalDocument.Status.values)
def test_a_forged_transition_that_the_status_does_not_allow_changes_nothing(status):
    """Posted past the buttons, by somebody who may do everything."""
    browser, law = signed_in("lan", *EVERY_ROLE), in_status(status)
    given = {"seen": law.updated_at.isoformat(), "reason": "vì thế"}
    for name, transition in states.TABLE.items():
        start = transaction.savepoint()
        browser.post(f"{DOCUMENTS}{law.pk}/transition/{name}/", given)
        moved = LegalDocument.objects.get(pk=law.pk).status
        transaction.savepoint_rollback(start)
        on_its_page = name not in ("draft", "correct")
        is_made = status in transition.sources and on_its_page
        assert moved == (transition.targets[0] if is_made else status), name


def test_what_was_never_shown_is_not_decided_on():
    browser, law = signed_in("lan", Role.PUBLISHER), in_status("in_review")
    for seen in ({}, {"seen": "yesterday"}, {"seen": "2020-01-01T00:00:00+00:00"}):
        browser.post(f"{DOCUMENTS}{law.pk}/transition/publish/", seen)
    assert LegalDocument.objects.get(pk=law.pk).status == "in_review"


def a_proposal(law, by, signer):
    revision = revisions.start_revision(a_record(law.number, signer=signer), by=by, document=law)
    return revisions.propose_correction(revision, by=by, reason="thiếu")


def test_an_author_cannot_replace_the_correction_that_somebody_is_reading():
    """Returned, edited and proposed again while the page was open: the button of that page confirms nothing."""
    lan, hoa, law = signed_in("lan", Role.EDITOR), signed_in("hoa", Role.APPROVER), a_document()
    revision = a_proposal(law, lan.user, "Chủ tịch Quốc hội")
    path = f"{DOCUMENTS}corrections/{revision.pk}/"
    seen = hoa.get(path).context["form"]["seen"].value()
    lan.post(path, {"return_to_author": "1", "reason": "quên"})
    revisions.save_revision(revision, a_record(law.number, signer="Kẻ xấu"), topics=[])
    revisions.propose_correction(revision, by=lan.user, reason="thiếu")
    hoa.post(path, {"confirm": "1", "seen": seen})
    hoa.post(path, {"confirm": "1"})
    assert LegalDocument.objects.get(pk=law.pk).signer == ""
    hoa.post(path, {"confirm": "1", "seen": hoa.get(path).context["form"]["seen"].value()})
    assert LegalDocument.objects.get(pk=law.pk).signer == "Kẻ xấu"


def test_a_proposed_correction_is_not_changed_through_a_page_opened_before():
    lan, law = a_member_of_staff("lan", Role.EDITOR), a_document()
    revision = a_proposal(law, lan, "Ai")
    stale = Revision.objects.get(pk=revision.pk)
    stale.proposed_at = None
    with pytest.raises(RuleBroken, match="đã được lưu"):
        revisions.save_revision(stale, a_record(law.number, signer="Kẻ xấu"), topics=[])
    assert Revision.objects.get(pk=revision.pk).columns["signer"] == "Ai"


def test_nobody_reads_discards_or_settles_the_revision_of_another():
    lan, minh = a_member_of_staff("lan", Role.EDITOR), signed_in("minh", *EVERY_ROLE)
    new = revisions.start_revision(a_record(), by=lan)
    own = revisions.start_revision_of(a_document(), by=lan)
    tried = [
        minh.get(f"{DOCUMENTS}revisions/{new.pk}/"),
        minh.post(f"{DOCUMENTS}revisions/{new.pk}/", {"save_draft": "1"}),
        minh.post(f"{DOCUMENTS}revisions/{new.pk}/discard/"),
        minh.get(f"{DOCUMENTS}corrections/{own.pk}/"),
        minh.post(f"{DOCUMENTS}corrections/{own.pk}/", {"confirm_alone": "1", "reason": "x"}),
    ]
    assert [answer.status_code for answer in tried] == [403] * 5
    assert Revision.objects.count() == 2


def test_no_form_of_the_staff_site_works_without_its_token():
    browser, law = signed_in("lan", *EVERY_ROLE, enforce_csrf_checks=True), in_status("published")
    own = revisions.start_revision(a_record(), by=browser.user)
    before = AuditRow.objects.count()
    for path in (
        f"{DOCUMENTS}add/",
        f"{DOCUMENTS}{law.pk}/revise/",
        f"{DOCUMENTS}{law.pk}/transition/withdraw/",
        f"{DOCUMENTS}revisions/{own.pk}/",
        f"{DOCUMENTS}revisions/{own.pk}/discard/",
        "/staff/content/amendment/add/",
        "/staff/content/amendment/legal-basis-reviews/",
        "/staff/content/relation/",
        "/staff/content/user/add/",
        "/staff/content/auditrow/export/",
        "/staff/second-factor/",
        "/staff/logout/",
        "/staff/password_change/",
    ):
        assert browser.post(path, {"reason": "x", "text": A_LAW}).status_code == 403, path
    assert (AuditRow.objects.count(), Revision.objects.count()) == (before, 1)


@pytest.mark.parametrize("path", ["code/", "second-factor/", "login/"])
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/staff/", "//evil.example", "/staff/\\\\evil.example", "/\t/e.vn"]
)
def test_no_redirect_leads_to_another_site(path, elsewhere):
    browser = signed_in("lan", Role.EDITOR)
    answer = browser.get(f"/staff/{path}", {"next": elsewhere})
    assert "evil.example" not in answer.get("Location", "")
    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("chosen", ["abc", "1;drop", "9" * 30, "-1"])
def test_a_chosen_row_that_is_no_number_is_no_500(chosen):
    browser = signed_in("minh", *EVERY_ROLE)
    for model, action in [
        ("content/relation", "reject"),
        ("content/user", "unlock"),
        ("notifications/delivery", "cancel"),
    ]:
        form_data = {"action": action, "_selected_action": chosen, "reason": "x"}
        assert browser.post(f"/staff/{model}/", form_data).status_code in (200, 302, 400), model


@pytest.mark.parametrize(
    "query",
    [
        "content/auditrow/?by__password__startswith=a", "notifications/delivery/?device__registration_id__startswith=a",
        "notifications/delivery/?device__reader__firebase_uid=a", "content/relation/?actor__authors__password__gt=a",
    ],
)  # fmt: skip
def test_no_filter_of_a_list_reveals_a_secret(query):
    browser = signed_in("minh", *EVERY_ROLE)
    assert browser.get(f"/staff/{query}").status_code in (302, 400)


def test_a_text_over_1_mib_is_refused_as_too_large():
    lan = signed_in("lan", Role.EDITOR)
    answer = lan.post(f"{DOCUMENTS}add/", "text=" + "x" * (2**20 + 1), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, "Văn bản lớn hơn 1 MiB" in answer.content.decode()) == (413, True)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_FILE", 10)
    form = forms.NewTextForm({"text": ""}, {"file": SimpleUploadedFile("luat.txt", b"x" * 11)})
    assert "file" in form.errors
    assert forms.NewTextForm({"text": ""}, {"file": SimpleUploadedFile("luat.txt", b"x" * 10)}).is_valid()


@pytest.mark.parametrize(
    ("length", "stranger", "staff"),
    [
        ("100", 200, 200),
        (str(2 * 2**20), 413, 200),
        (str(STAFF_BODY_BYTES + 1), 413, 413),
        ("9" * 50, 413, 413),
    ],
)
def test_the_size_of_a_body_is_checked_before_it_is_read(length, stranger, staff):
    lan = signed_in("lan", Role.EDITOR)
    for browser, expected in ((Client(), stranger), (lan, staff)):
        path = "/staff/login/" if expected == stranger and browser is not lan else f"{DOCUMENTS}add/"
        answer = browser.get(path, CONTENT_LENGTH=length)
        assert answer.status_code == expected
        assert answer.status_code == 200 or "Nội dung gửi lên quá lớn" in answer.content.decode()


def test_a_large_video_is_taken_where_files_of_materials_are_uploaded_and_nowhere_else():
    lan, draft = signed_in("lan", Role.EDITOR), a_draft_material("video")
    length = str(400 * 2**20)
    assert lan.get(f"/staff/content/material/{draft.pk}/files/", CONTENT_LENGTH=length).status_code == 200
    assert lan.get(f"/staff/content/material/{draft.pk}/write/", CONTENT_LENGTH=length).status_code == 413
    assert Client().get(f"/staff/content/material/{draft.pk}/files/", CONTENT_LENGTH=length).status_code == 413


@pytest.mark.parametrize("name", ["a" * 300 + ".txt", "../../etc/passwd.txt", "x\r\nSet-Cookie: a=b.txt", '"><b>.txt'])
def test_a_file_name_is_a_name_and_nothing_else(name):
    lan = signed_in("lan", Role.EDITOR)
    file = SimpleUploadedFile("x.txt", A_LAW.format(number="1/2019/QH14").encode())
    file.name = name
    answer = lan.post(f"{DOCUMENTS}add/", {"text": "", "file": file}, follow=True)
    kept = Revision.objects.values_list("file_name", flat=True)
    assert answer.status_code == 200
    assert all("/" not in each and "\n" not in each and len(each) <= 255 for each in kept)
    assert "<b>.txt" not in answer.content.decode()


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "01/01/1944", "31/02/2024"])
def test_an_implausible_date_is_refused(day):
    assert not forms.vietnamese_date_field("Từ ngày").widget.is_hidden
    with pytest.raises(forms.forms.ValidationError):
        forms.vietnamese_date_field("Từ ngày").clean(day)
    assert forms.vietnamese_date_field("Từ ngày").clean("07/05/2024") == datetime.date(2024, 5, 7)


def test_a_cell_is_one_cell_wherever_a_spreadsheet_splits():
    people.audit("document.withdrawn", "luat-1", reason='tốt;=HYPERLINK("http://x");\n=1+1', by=None)
    lines = "".join(audit_export.csv_lines(AuditRow.objects.all()))
    for delimiter in (",", ";"):
        rows = list(csv.reader(io.StringIO(lines.lstrip("\ufeff")), delimiter=delimiter))
        cells = [cell for row in rows for cell in row]
        assert not [cell for cell in cells if cell.startswith(audit_export.FORMULA_STARTS)], delimiter


def test_an_abandoned_revision_is_deleted_and_a_proposed_one_is_not():
    lan, law = a_member_of_staff("lan", Role.EDITOR), a_document()
    old, fresh = revisions.start_revision(a_record(), by=lan), revisions.start_revision(a_record(), by=lan)
    proposed = a_proposal(law, lan, "Ai")
    long_ago = old.touched_at - revisions.ABANDONED_AFTER - datetime.timedelta(hours=1)
    Revision.objects.exclude(pk=fresh.pk).update(touched_at=long_ago)
    assert revisions.delete_abandoned_revisions() == 1
    assert set(Revision.objects.all()) == {fresh, proposed}
    revisions.return_correction(proposed, by=lan, reason="thiếu")
    assert revisions.delete_abandoned_revisions() == 0


@pytest.mark.parametrize("page", ["calendarday/?day", "auditrow/?at"])
@pytest.mark.parametrize("year", ["99999999999", "9999", "0", "x", "2026&day__month=13"])
def test_a_year_that_is_none_is_no_error_of_ours(page, year):
    administrator = signed_in("hoa", Role.ADMINISTRATOR, raise_request_exception=False)
    assert administrator.get(f"/staff/content/{page}__year={year}").status_code in (200, 302, 400)


def test_a_file_that_is_refused_leaves_what_was_typed_in_the_form():
    lan = signed_in("lan", Role.EDITOR)
    revision = revisions.start_revision(a_record(), by=lan.user)
    file = SimpleUploadedFile("luat.jsonl.gz", BOMBS["eight million blank lines"].make())
    typed = {"doc_type": "law", "title": "Luật Mẫu", "text": "Điều 1. Chữ vừa gõ", "file": file}
    answer = lan.post(f"{DOCUMENTS}revisions/{revision.pk}/", typed)
    assert "dòng trống liên tiếp" in str(answer.context["form"].errors["file"])
    assert answer.context["form"]["text"].value() == "Điều 1. Chữ vừa gõ"
    assert Revision.objects.get(pk=revision.pk).text == revision.text
