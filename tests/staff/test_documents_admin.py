"""Legal documents on the staff site, through the real admin."""

import datetime
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from content.changes.models import Change
from content.documents.models import LegalDocument
from content.documents.records import ArticleRecord, OriginalBytes
from content.editing import revisions
from content.editing import services as editing
from content.editing.models import Revision
from content.errors import RuleBroken
from content.people.models import AuditRow, Role
from content.publishing import heavy_notices, services
from tests.builders import A_LAW, a_document, a_draft, a_member_of_staff, a_record, justice, land
from tests.files import a_docx, a_pdf

pytestmark = pytest.mark.django_db
DOCUMENTS = "/staff/content/legaldocument/"
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "raw-samples"
NUMBER = "1/2019/QH14"
AN_ARTICLE = {  # of the codification
    "code": "11.1.NĐ.5.1", "topic": 11, "subtopic": "11.1", "title": "Phạm vi", "src_article": "1", "text": "Một.",
    "src_type": "Nghị định", "src_number": "12/2020/NĐ-CP", "src_title": None, "src_issued": "2020-02-03",
    "src_issuer": "Chính phủ", "src_effective": None, "amendments": None,
}  # fmt: skip


def staff(username, *roles):
    """A Client that is signed in as somebody of these roles, with `user` on it."""
    client = Client()
    client.user = a_member_of_staff(username, *roles)
    client.force_login(client.user)
    return client


@pytest.fixture
def lan():
    return staff("lan", Role.EDITOR)


@pytest.fixture
def hoa():
    return staff("hoa", Role.APPROVER)


@pytest.fixture
def minh():
    return staff("minh", Role.PUBLISHER)


def words(answer):
    """What a page says, without its tags."""
    page = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def said(answer):
    """The messages shown after a redirect was followed."""
    return [str(message) for message in answer.context["messages"]]


def brings(client, text=None, file=None):
    """Paste or upload; the page of the revision."""
    brought = {"text": text or ""} | ({"file": file} if file else {})
    return client.post(f"{DOCUMENTS}add/", brought, follow=True)


def described(answer, **changed):
    """What the revision's form holds, as a browser would send it."""
    form = answer.context["form"]
    values = {name: form[name].value() for name in form.fields if name != "file"}
    issuer = values["issuer"]
    values["issuer"] = getattr(issuer, "pk", issuer) or ""
    values["topics"] = [getattr(topic, "pk", topic) for topic in values["topics"] or []]
    values = {name: "" if value is None else value for name, value in values.items()}
    return {**values, **changed}


def keeps(client, answer, **changed):
    return client.post(answer.redirect_chain[-1][0], described(answer, **changed) | {"save_draft": "1"}, follow=True)


def confirm_transition(client, document, name, **given):
    """Open the page of a transition and confirm it."""
    path = f"{DOCUMENTS}{document.pk}/transition/{name}/"
    page = client.get(path)
    seen = page.context["form"]["seen"].value()
    return client.post(path, {"seen": seen} | given, follow=True)


def begins(client, document):
    return client.post(f"{DOCUMENTS}{document.pk}/revise/", follow=True)


def sees_changes(client, answer, **changed):
    """From the revision of a published document to what the correction changes."""
    return client.post(answer.redirect_chain[-1][0], described(answer, **changed) | {"correct": "1"}, follow=True)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample laws of ../shared are not here")
def test_a_real_law_from_its_file_to_its_withdrawal(lan, hoa, api):
    file = SAMPLES / "phapluatgovvn_9ed2a463-02ab-f500-2bad-cf5a424c7170.txt"
    page = brings(lan, file=SimpleUploadedFile("luat-ruou-bia.txt", file.read_bytes()))
    filled_in = page.context["form"].initial
    assert {name: str(filled_in[name]) for name in ("doc_type", "number", "title", "issuer", "issued_on")} == {
        "doc_type": "law",
        "number": "44/2019/QH14",
        "title": "Luật Phòng, chống tác hại của rượu, bia",
        "issuer": "Quốc hội",
        "issued_on": "2019-06-14",
    }
    assert "7 chương 36 điều" in words(page)
    page = keeps(lan, page, topics=[justice().pk])
    assert said(page) == ["Đã lưu bản nháp."]
    law = LegalDocument.objects.get()
    assert (law.key, law.status, law.original_files.get().name) == (
        "luat-2019-44-2019-qh14",
        "draft",
        "luat-ruou-bia.txt",
    )
    assert said(confirm_transition(lan, law, "submit_for_review")) == ["Đã gửi duyệt."]
    assert said(confirm_transition(hoa, law, "publish", reason="Đã đối chiếu Công báo.", notify="on")) == [
        "Đã công bố."
    ]
    assert api("get", f"documents/{law.key}").status_code == 200

    page = begins(lan, law)
    text = described(page)["text"].replace("biện pháp giảm mức tiêu thụ", "các biện pháp giảm mức tiêu thụ", 1)
    page = sees_changes(lan, page, text=text)
    assert [(unit["name"], unit["change"].kind) for unit in page.context["units"]] == [("Điều 1", "changed")]
    assert re.findall(r"<(ins|del)>\s*(\S+)\s*</", page.content.decode()) == [("ins", "các")]
    path = page.redirect_chain[-1][0]
    lan.post(path, {"propose": "1", "reason": "Thiếu chữ «các»."})
    assert api("get", f"documents/{law.key}/provisions/art_1").json()["text"].count("các biện pháp giảm mức") == 0
    shown = hoa.get(path)
    assert "Thiếu chữ «các»." in words(shown)
    given = {"confirm": "1", "seen": shown.context["form"]["seen"].value()}
    assert said(hoa.post(path, given, follow=True)) == ["Đã sửa."]
    assert api("get", f"documents/{law.key}/provisions/art_1").json()["text"].count("các biện pháp giảm mức") == 1

    assert said(confirm_transition(hoa, law, "withdraw", reason="Bản chép còn sai nhiều chỗ.")) == ["Đã thu hồi."]
    assert api("get", f"documents/{law.key}").status_code == 410
    assert list(AuditRow.objects.filter(subject=law.key).values_list("action", "by__username")) == [
        ("document.drafted", "lan"),
        ("document.submitted", "lan"),
        ("document.published", "hoa"),
        ("document.correction_proposed", "lan"),
        ("document.corrected", "hoa"),
        ("document.withdrawn", "hoa"),
    ]
    assert list(Change.objects.values_list("event_type", "notify")) == [
        ("document.published", True),
        ("document.corrected", False),
        ("document.withdrawn", False),
    ]
    history = words(lan.get(f"{DOCUMENTS}{law.pk}/change/"))
    for deed in (
        "lan Soạn bản nháp",
        "lan Gửi duyệt văn bản",
        "hoa Công bố văn bản",
        "lan Đề nghị sửa",
        "hoa Sửa bản đã công bố",
        "hoa Thu hồi văn bản",
    ):
        assert deed in history
    assert "Bản chép còn sai nhiều chỗ." in history


def test_a_text_without_a_title_is_called_so(lan):
    assert brings(lan, "Một dòng.").context["title"] == "Văn bản chưa có tên"


def test_a_pasted_text_is_read_and_what_its_number_says_is_filled_in(lan):
    page = brings(lan, "Số: 15/2025/TT-BTP\nmột dòng gì đó\nĐiều 1. Một\nĐiều 3. Ba\n")
    filled_in = page.context["form"].initial
    assert [str(filled_in[name]) for name in ("doc_type", "number", "issuer", "title")] == [
        "circular",
        "15/2025/TT-BTP",
        "Bộ Tư pháp",
        "",
    ]
    content = page.content.decode()
    assert '<a href="#L4">Dòng 4</a>: Điều 3 không nối tiếp Điều 1.' in content
    assert '<p id="L4" class="article warned">' in content
    assert LegalDocument.objects.count() == 0


def test_the_preview_shows_the_tree_beside_the_text_with_its_counts(lan):
    page = brings(lan, A_LAW.format(number=NUMBER))
    assert "2 chương 3 điều 2 khoản 5 điểm" in words(page)
    assert '<a href="#L13">Điều 2</a>' not in page.content.decode()
    assert re.search(r'<a href="#L10">Điều 2</a> Giải thích từ ngữ', page.content.decode())
    assert "Không có cảnh báo: cấu trúc và các ngày khớp nhau." in words(page)


NO_DAY = "Chưa có ngày: bạn đọc được báo là chưa rõ hiệu lực."


def test_a_draft_without_a_day_of_effect_says_so_until_it_is_published(lan, hoa):
    text = A_LAW.format(number=NUMBER).replace("có hiệu lực thi hành từ ngày", "có hiệu lực sau ngày")
    page = brings(lan, text)
    assert NO_DAY in words(page)
    keeps(lan, page, title="Luật Mẫu", issued_on="01/07/2025")
    law = LegalDocument.objects.get()
    path = f"{DOCUMENTS}{law.pk}"
    for client, name in ((lan, "submit_for_review"), (hoa, "publish")):
        assert NO_DAY in words(client.get(f"{path}/change/"))
        assert NO_DAY in words(client.get(f"{path}/transition/{name}/"))
        confirm_transition(client, law, name, reason="Đã đối chiếu.")
    law.refresh_from_db()
    assert law.status == "published"


def test_what_the_address_will_say_for_ever_is_shown_until_a_text_without_a_number_is_published(lan, hoa):
    page = brings(lan, A_LAW.format(number=NUMBER))
    changed = {"number": "", "title": "Quy chế về Kibunuma", "doc_type": "decision", "issued_on": "01/07/2025"}
    draft = keeps(lan, page, **changed, effective_on="15/07/2025")
    said_before = "địa chỉ sẽ mang mãi các chữ «quy-che-ve-kibunuma»"
    assert said_before in words(draft)
    law = LegalDocument.objects.get()
    path = f"{DOCUMENTS}{law.pk}"
    for client, name in ((lan, "submit_for_review"), (hoa, "publish")):
        assert said_before in words(client.get(f"{path}/transition/{name}/"))
        confirm_transition(client, law, name, reason="Đã đối chiếu.")
    law.refresh_from_db()
    assert law.status == "published"
    assert "địa chỉ sẽ mang mãi" not in words(hoa.get(f"{path}/change/"))


def test_what_cannot_be_undone_has_a_button_of_its_own_kind(hoa):
    law = a_document("1/2019/QH14")
    page = hoa.get(f"{DOCUMENTS}{law.pk}/transition/withdraw/").content.decode()
    assert '<input type="submit" class="grave" value="Thu hồi">' in page
    draft = a_draft("2/2019/QH14")
    page = hoa.get(f"{DOCUMENTS}{draft.pk}/transition/submit_for_review/").content.decode()
    assert 'class="grave"' not in page


def test_nothing_is_called_consistent_beside_an_error(lan):
    page = brings(lan, A_LAW.format(number=NUMBER))
    page = keeps(lan, page, issued_on="hôm qua")
    assert page.context["form"].errors
    assert "khớp nhau" not in words(page)


def test_an_early_day_of_effect_is_a_warning_and_does_not_stop_anybody(lan):
    page = brings(lan, A_LAW.format(number="1/2025/QH15"))
    page = keeps(lan, page, issued_on="01/07/2025", effective_on="02/07/2025", title="Luật Mẫu")
    assert "Điều 53 Luật số 64/2025/QH15 yêu cầu 45 ngày" in words(page)
    assert LegalDocument.objects.get().status == "draft"


ENGLISH = re.compile(
    r"\b(?:the|has|is|are|of|than|more|not|no|cannot|could|read|file|line|list|object|text|type|unknown|save|wrong|at|"
    r"expecting|value|archive|damaged|empty|article|document|page|error|stream|start|tag)\b",
    re.IGNORECASE,
)
A_PORTAL_OBJECT = {"docIdentity": "1/2024/QH15", "docType": {"docTypeName": "Luật"}}
A_ROW = {"number": "1/2024/QH15", "type": "Luật", "title": "Luật Mẫu"}
IN_TCVN3 = "LuËt nµy quy ®Þnh vÒ mÉu\n§iÒu 1. Ph¹m vi ®iÒu chØnh\n§iÒu 2. Gi¶i thÝch tõ ng÷"


def a_zip_without_a_body():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "Luật")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "tệp là .doc của Word đời trước 2007. Hãy lưu lại thành .docx.",
        ),
        ("a.docx", b"{\\rtf1 }", "tệp là RTF. Hãy lưu lại thành .docx."),
        ("a.pdf", b"\x1f\x8b", "Chỉ JSON Lines mới được nén"),
        ("a.docx", b"PK\x03\x04 broken", "tệp DOCX bị hỏng"),
        ("a.docx", a_zip_without_a_body(), "tệp không phải DOCX"),
        ("a.docx", a_docx(b"<w:p><w:r>"), "tệp DOCX có phần XML không đọc được"),
        ("a.docx", a_docx(IN_TCVN3), "gõ bằng TCVN3 (ABC), không phải Unicode"),
        ("a.docx", a_docx("Một câu."), "không dòng nào nêu loại văn bản"),
        ("a.pdf", b"%PDF-1.7\nbroken", "tệp PDF bị hỏng hoặc sai chuẩn"),
        ("a.pdf", a_pdf("\n"), "tệp PDF là bản quét, không có lớp chữ"),
        ("a.html", b"<html></html>", "tệp trống. Hãy chọn tệp khác."),
        ("a.html", b"<html>" + b"<div>" * 200, "lồng hơn 100 phần tử"),
        ("a.html", b"\xff\xfe\x00", "không phải UTF-16"),
        ("a.json", b"{}", "không phải văn bản của cổng pháp luật quốc gia"),
        ("a.json", b"{not json", "không phải JSON, sai ở ký tự thứ 2"),
        ("a.json", b'{"a":' * 100_000, "JSON lồng quá nhiều tầng"),
        ("a.json", json.dumps(A_PORTAL_OBJECT).encode(), "không có nội dung văn bản"),
        ("a.json", json.dumps(A_PORTAL_OBJECT | {"docContent": "a", "organs": "x"}).encode(), "phải là danh sách"),
        ("a.json", json.dumps(A_PORTAL_OBJECT | {"docContent": "a", "organs": [1]}).encode(), "danh sách đối tượng"),
        (
            "a.json",
            json.dumps(A_PORTAL_OBJECT | {"docContent": "a", "docType": "Luật"}).encode(),
            "phải là một đối tượng",
        ),
        ("a.jsonl", b"[1]\n", "không phải đối tượng JSON"),
        ("a.jsonl", b'{"\xff": 1}\n', "không phải JSON bằng UTF-8"),
        ("a.jsonl", json.dumps(A_ROW | {"type": "Thơ"}).encode(), "không có loại văn bản «Thơ»"),
        ("a.jsonl", json.dumps(A_ROW | {"issued": "18/01/2024"}).encode(), "«18/01/2024» không phải ngày"),
        ("a.jsonl", json.dumps(A_ROW | {"articles": [1]}).encode(), "phải là danh sách đối tượng"),
        ("a.jsonl", json.dumps(A_ROW | {"preamble": [1]}).encode(), "phải là danh sách chuỗi"),
        ("a.jsonl", json.dumps(A_ROW | {"number": 31}).encode(), "trường «number» phải là chuỗi"),
        ("a.jsonl", json.dumps(A_ROW | {"status_official": "Có lẽ"}).encode(), "không có tình trạng hiệu lực «Có lẽ»"),
        ("a.jsonl", b'{"number": ' + b"9" * 10_000 + b"}", "JSON không đọc được"),
        ("a.jsonl", json.dumps(AN_ARTICLE | {"src_number": ""}).encode(), "ghi chú không nêu số hiệu văn bản"),
        ("a.jsonl", json.dumps(AN_ARTICLE | {"src_article": "x", "code": "x"}).encode(), "ghi chú không nêu điều nào"),
        ("a.exe", b"MZ", "Không đọc được loại tệp này."),
        ("a.txt", "Luật".encode("utf-16"), "Dòng 1 không phải UTF-8."),
        ("a.txt", b" \n", "Văn bản không có nội dung."),
        ("a.jsonl", b"{}\n", "Dòng 1 không đọc được thành văn bản"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 not gzip", "Tệp bị hỏng, không đọc được đến hết."),
        ("a.txt", "Điều 1. a\0b".encode(), "U+0000"),
        ("a.jsonl", json.dumps(AN_ARTICLE).encode(), "Tệp chỉ có một số điều, không phải toàn văn"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(lan, name, content, message):
    answer = brings(lan, file=SimpleUploadedFile(name, content))
    assert answer.status_code == 200
    assert message in words(answer)
    told = " ".join(each for errors in answer.context["form"].errors.values() for each in errors)
    assert ENGLISH.findall(re.sub(r"«[^»]*»", "", told)) == []
    assert Revision.objects.count() == 0


def test_neither_and_both_of_text_and_file_are_refused(lan):
    for brought in ({}, {"text": "Điều 1. Một", "file": SimpleUploadedFile("a.txt", b"x")}):
        answer = lan.post(f"{DOCUMENTS}add/", brought)
        assert "Hãy dán nội dung hoặc chọn tệp, chỉ một trong hai." in words(answer)


def test_a_text_too_long_for_a_form_is_refused_and_its_file_is_accepted(lan):
    text = A_LAW.format(number=NUMBER) + "Luật này dài. " * 80_000
    assert lan.post(f"{DOCUMENTS}add/", {"text": text}).status_code == 413
    page = brings(lan, file=SimpleUploadedFile("luat.txt", text.encode()))
    assert "text" not in page.context["form"].fields
    keeps(lan, page, title="Luật Mẫu")
    assert sum(map(len, LegalDocument.objects.get().provisions.values_list("versions__text", flat=True))) == len(text)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"title": ""}, "bắt buộc"),
        ({"doc_type": "poem"}, "poem"),
        ({"issued_on": "31/02/2019"}, "ngày"),
        ({"number": "2/2019/QH14", "issued_on": "2019-06-14"}, "Văn bản này đã có"),
    ],
)
def test_a_description_that_does_not_fit_is_refused_at_its_field_and_nothing_is_saved(lan, changed, message):
    a_draft("2/2019/QH14")
    page = brings(lan, A_LAW.format(number=NUMBER))
    answer = lan.post(page.redirect_chain[-1][0], described(page, title="Luật Mẫu") | changed | {"save_draft": "1"})
    assert answer.status_code == 200
    assert message in words(answer)
    assert (LegalDocument.objects.count(), Revision.objects.count()) == (1, 1)


def test_a_draft_is_replaced_and_keeps_what_the_form_does_not_contain(lan):
    law = editing.write_draft(a_record(NUMBER), topics=[land()], by=lan.user)
    rows = dict(law.provisions.values_list("eid", "pk"))
    page = begins(lan, law)
    assert described(page)["text"] == A_LAW.format(number=NUMBER)
    text = A_LAW.replace("c) Mẫu vừa;", "c) Mẫu vừa phải;").format(number=NUMBER).replace("\n", "\r\n")
    keeps(lan, page, text=text)
    law.refresh_from_db()
    assert dict(law.provisions.values_list("eid", "pk")) == rows
    assert law.provisions.get(eid="art_2__clause_1__point_c").versions.get().text == "c) Mẫu vừa phải;\n"
    assert (list(law.topics.all()), law.status_events.count()) == ([land()], 1)


def test_reading_a_draft_again_without_a_change_records_nothing(lan):
    law = editing.write_draft(a_record(NUMBER), topics=[land()], by=lan.user)
    keeps(lan, begins(lan, law))
    assert AuditRow.objects.filter(subject=law.key).count() == 1


def test_a_revision_is_its_authors_alone_and_can_be_discarded(lan, minh):
    page = brings(lan, A_LAW.format(number=NUMBER))
    path = page.redirect_chain[-1][0]
    assert minh.get(path).status_code == minh.post(f"{path}discard/").status_code == 403
    asked = lan.get(f"{path}discard/").content.decode()
    assert "Bỏ bản đang soạn" in asked
    assert re.search(r"\d+ từ sẽ mất hẳn", asked)
    assert Revision.objects.count() == 1
    lan.post(f"{path}discard/")
    assert Revision.objects.count() == 0


def test_the_author_does_not_publish_but_somebody_else_does(hoa):
    both = staff("bich", Role.EDITOR, Role.APPROVER)
    law = editing.submit_for_review(editing.write_draft(a_record(NUMBER), topics=[], by=both.user), by=both.user)
    assert said(confirm_transition(both, law, "publish")) == ["Bạn đã soạn văn bản này. Người khác phải công bố."]
    assert said(confirm_transition(hoa, law, "publish")) == ["Đã công bố."]


def test_of_two_approvers_with_the_page_open_the_second_sees_that_it_changed(lan, hoa):
    law = editing.submit_for_review(editing.write_draft(a_record(NUMBER), topics=[], by=lan.user), by=lan.user)
    bich = staff("bich", Role.APPROVER)
    page = bich.get(f"{DOCUMENTS}{law.pk}/transition/publish/")
    confirm_transition(hoa, law, "return_to_draft", reason="thiếu Điều 4")
    law = editing.submit_for_review(law, by=lan.user)
    seen = page.context["form"]["seen"].value()
    answer = bich.post(f"{DOCUMENTS}{law.pk}/transition/publish/", {"seen": seen}, follow=True)
    assert said(answer) == ["Văn bản đã thay đổi trong khi bạn đọc. Hãy đọc lại."]
    assert LegalDocument.objects.get().status == "in_review"


@pytest.mark.parametrize("name", ["return_to_draft", "withdraw"])
def test_a_transition_that_requires_a_reason_stays_on_its_page_without_one(minh, name):
    law = a_document(NUMBER) if name == "withdraw" else editing.submit_for_review(a_draft(NUMBER))
    path = f"{DOCUMENTS}{law.pk}/transition/{name}/"
    answer = minh.post(path, {"seen": law.updated_at.isoformat(), "reason": " "})
    assert (answer.status_code, "bắt buộc" in words(answer)) == (200, True)
    assert LegalDocument.objects.get().status == law.status


def test_a_transition_that_the_status_does_not_allow_is_refused_with_a_message(minh):
    law = a_draft(NUMBER)
    answer = minh.get(f"{DOCUMENTS}{law.pk}/transition/withdraw/", follow=True)
    assert said(answer) == ["Không thể «Thu hồi»: trạng thái đang là «Bản nháp»."]


def test_a_publisher_corrects_alone_and_followers_are_notified_when_asked(minh):
    law = a_document(NUMBER)
    page = sees_changes(minh, begins(minh, law), signer="Chủ tịch Quốc hội")
    assert [(field["label"], field["after"]) for field in page.context["fields"]] == [("Người ký", "Chủ tịch Quốc hội")]
    path = page.redirect_chain[-1][0]
    ticked = {"confirm_alone": "1", "reason": "thiếu", "notify": "on", "by_issuer": "on"}
    assert said(minh.post(path, ticked, follow=True)) == ["Đã sửa."]
    line = Change.objects.last()
    assert (line.event_type, line.nature, line.notify) == ("document.corrected", "correction", True)


def with_a_file(number=NUMBER):
    return a_document(number, original=OriginalBytes("luat.txt", "text/plain", "Ông Minh ký.".encode()))


def test_a_correction_says_that_the_file_keeps_the_words_and_takes_it_out_when_ticked(minh, api):
    law = with_a_file()
    file = f"documents/{law.key}/files/{law.original_files.get().sha256}"
    page = sees_changes(minh, begins(minh, law), signer="Chủ tịch Quốc hội")
    assert "không đổi các tệp gốc của văn bản" in words(page)
    assert "luat.txt" in words(page)
    path = page.redirect_chain[-1][0]
    ticked = {"confirm_alone": "1", "reason": "có tên người dân", "delete_files": "on"}
    assert said(minh.post(path, ticked, follow=True)) == ["Đã sửa."]
    assert api("get", file).status_code == 404
    row = AuditRow.objects.get(action="document.files_deleted")
    assert (row.reason, [each[:8] for each in row.facts["files"]]) == ("có tên người dân", ["luat.txt"])


def test_a_saved_web_page_was_never_public_and_is_not_said_to_stay_so(minh):
    law = a_document(NUMBER, original=OriginalBytes("trang.html", "text/html", b"<p>"))
    page = sees_changes(minh, begins(minh, law), signer="Chủ tịch Quốc hội")
    assert page.context["files"] == []
    assert "trang.html" not in words(page)


def test_the_tick_waits_for_the_second_person_and_without_it_the_file_stays(lan, hoa):
    law, other = with_a_file(), with_a_file("9/2019/QH14")
    for document, ticks in ((law, {"delete_files": "on"}), (other, {})):
        page = sees_changes(lan, begins(lan, document), signer="Chủ tịch Quốc hội")
        path = page.redirect_chain[-1][0]
        lan.post(path, {"propose": "1", "reason": "có tên người dân"} | ticks)
        shown = hoa.get(path)
        assert ("các tệp sau bị bỏ hẳn" in words(shown)) == bool(ticks)
        hoa.post(path, {"confirm": "1", "seen": shown.context["form"]["seen"].value()})
    assert (law.original_files.count(), other.original_files.count()) == (0, 1)


def single_articles(**columns):
    """A published document of which only two articles are here."""
    articles = (ArticleRecord("1", "Phạm vi", "Một.", "11.1.LQ.1"), ArticleRecord("5", "Hiệu lực", "Hai."))
    return a_document(NUMBER, articles=articles, text="", **columns)


def settles(client, answer):
    return client.post(answer.redirect_chain[-1][0], {"confirm_alone": "1", "reason": "thiếu"}, follow=True)


def test_a_corrected_description_leaves_single_articles_what_they_are_and_a_whole_text_replaces_them(minh):
    law = single_articles()
    page = begins(minh, law)
    assert "Chỉ lưu một số điều của văn bản này." in words(page)
    page = sees_changes(minh, page, signer="Ai")
    assert (page.context["units"], len(page.context["fields"])) == ([], 1)
    settles(minh, page)
    law.refresh_from_db()
    assert (law.signer, law.completeness) == ("Ai", "partial")
    assert law.provisions.get(eid="art_1").codification_code == "11.1.LQ.1"

    page = sees_changes(minh, begins(minh, law), text=A_LAW.format(number=NUMBER), is_whole=True)
    assert "Toàn văn thay cho các điều đang lưu." in words(page)
    settles(minh, page)
    law.refresh_from_db()
    assert (law.completeness, law.provisions.filter(eid="chp_2").count()) == ("complete", 1)


def test_edited_single_articles_stay_single_articles(minh):
    law = single_articles()
    page = begins(minh, law)
    text = described(page)["text"].replace("Hai.", "1. Hai;\n2. Ba.")
    page = sees_changes(minh, page, text=text, title="Luật Mẫu một phần")
    assert [unit["name"] for unit in page.context["units"]] == ["Điều 5", "khoản 1 Điều 5", "khoản 2 Điều 5"]
    settles(minh, page)
    law.refresh_from_db()
    assert (law.completeness, law.title) == ("partial", "Luật Mẫu một phần")
    assert law.provisions.get(eid="art_1").codification_code == "11.1.LQ.1"
    assert law.provisions.filter(eid__in=["art_1", "art_5", "art_5__clause_2"]).count() == 3
    assert "2 điều" in words(minh.get(f"{DOCUMENTS}{law.pk}/change/"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Điều 1. Phạm vi\nMột.\n", "Thiếu Điều 5"),
        ("Lời đầu\nĐiều 1. Phạm vi\nMột.\nĐiều 5. Hiệu lực\nHai.\n", "Trước điều đầu tiên"),
        ("Điều 5. Hiệu lực\nHai.\nĐiều 1. Phạm vi\nMột.\n", "Thiếu Điều 5"),
    ],
)
def test_a_text_that_lost_an_article_is_said_to_be_the_whole_or_refused(minh, text, message):
    law = single_articles()
    page = sees_changes(minh, begins(minh, law), text=text)
    assert message in words(page)
    assert (page.redirect_chain, LegalDocument.objects.get(pk=law.pk).completeness) == ([], "partial")


@pytest.mark.parametrize(
    ("changed", "is_official"), [({"signer": "Ai"}, True), ({"source": "Báo"}, False), ({"text": A_LAW}, False)]
)
def test_an_official_copy_is_one_until_its_words_or_its_source_change(minh, changed, is_official):
    law = a_document(NUMBER, is_official_copy=True)
    page = sees_changes(minh, begins(minh, law), **changed)
    minh.post(page.redirect_chain[-1][0], {"confirm_alone": "1", "reason": "thiếu"})
    law.refresh_from_db()
    assert (law.is_official_copy, law.corrected_at is None) == (is_official, False)


def test_what_an_importer_guessed_is_shown_and_stored(lan):
    page = brings(lan, file=SimpleUploadedFile("luat.pdf", a_pdf(A_LAW.format(number=NUMBER))))
    notes = [note.message for note in revisions.record_of_revision(Revision.objects.get()).notes]
    assert notes
    assert all(note in words(page) for note in notes)
    keeps(lan, page, title="Luật Mẫu")
    assert notes == [each["message"] for each in LegalDocument.objects.get().warnings[: len(notes)]]


def test_an_editor_can_neither_confirm_their_own_correction_nor_do_without_a_reason(lan):
    law = a_document(NUMBER)
    page = sees_changes(lan, begins(lan, law), signer="Chủ tịch Quốc hội")
    path = page.redirect_chain[-1][0]
    assert lan.post(path, {"confirm_alone": "1", "reason": "x"}).status_code == 403
    assert "bắt buộc" in words(lan.post(path, {"propose": "1", "reason": ""}))
    lan.post(path, {"propose": "1", "reason": "thiếu"})
    assert lan.post(path, {"confirm": "1"}).status_code == 403
    assert Change.objects.filter(event_type="document.corrected").count() == 0


def test_a_returned_correction_is_its_authors_revision_again(lan, hoa):
    law = a_document(NUMBER)
    page = sees_changes(lan, begins(lan, law), signer="Chủ tịch Quốc hội")
    path = page.redirect_chain[-1][0]
    lan.post(path, {"propose": "1", "reason": "thiếu"})
    assert "bắt buộc" in words(hoa.post(path, {"return_to_author": "1"}))
    assert said(hoa.post(path, {"return_to_author": "1", "reason": "tên chưa đủ"}, follow=True)) == [
        "Đã trả lại người soạn."
    ]
    assert begins(lan, law).context["form"]["signer"].value() == "Chủ tịch Quốc hội"
    assert AuditRow.objects.last().reason == "tên chưa đủ"


def test_what_is_typed_in_another_tab_stays_on_the_page_when_the_revision_was_proposed_meanwhile(lan, minh):
    law = a_document(NUMBER)
    other_tab = begins(lan, law)
    page = sees_changes(lan, begins(lan, law), signer="Chủ tịch Quốc hội")
    lan.post(page.redirect_chain[-1][0], {"propose": "1", "reason": "thiếu"})
    answer = sees_changes(lan, other_tab, signer="Phó Chủ tịch Quốc hội")
    assert answer.status_code == 200
    assert answer.context["form"]["signer"].value() == "Phó Chủ tịch Quốc hội"
    assert "Bản soạn này đã được lưu, đề nghị hoặc bỏ" in words(answer)
    path = other_tab.redirect_chain[-1][0]
    assert minh.post(path, {"signer": "x"}).status_code == 403
    assert lan.get(path).status_code == lan.post(f"{path}discard/").status_code == 404


def test_what_is_typed_in_another_tab_is_shown_when_the_revision_is_gone(lan, minh):
    law = a_document(NUMBER)
    path = begins(lan, law).redirect_chain[-1][0]
    lan.post(f"{path}discard/")
    answer = lan.post(path, {"signer": "Phó Chủ tịch Quốc hội", "text": "Điều 1. Gõ dở"})
    assert answer.status_code == 410
    shown = answer.content.decode()
    assert 'value="Phó Chủ tịch Quốc hội"' in shown
    assert "Điều 1. Gõ dở</textarea>" in shown
    assert "hãy chép phần cần giữ" in words(answer)
    assert lan.get(path).status_code == 404


def test_one_correction_of_a_document_is_proposed_at_a_time(lan, minh):
    law = a_document(NUMBER)
    for client in (lan, minh):
        page = sees_changes(client, begins(client, law), signer=client.user.username)
        answer = client.post(page.redirect_chain[-1][0], {"propose": "1", "reason": "x"}, follow=True)
    assert said(answer) == [
        "Đã có một bản sửa khác của văn bản này được đề nghị. Hãy xác nhận hoặc trả lại bản sửa đó trước."
    ]


def test_what_a_text_says_is_shown_and_never_run(lan):
    text = "QUỐC HỘI\nLuật số: 1/2019/QH14\nLUẬT\nMẪU\nĐiều 1. <script>alert(1)</script>\n"
    page = brings(lan, text)
    assert escape("<script>alert(1)</script>") in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def listed(client, **narrower):
    answer = client.get(DOCUMENTS, narrower)
    assert answer.status_code == 200
    return [document.number for document in answer.context["cl"].result_list]


def test_the_list_is_narrowed_by_status_issuer_type_and_topic_and_searched_without_accents(lan):
    a_draft("1/2019/QH14", title="Luật Đất đai", topics=[land().children.first()])
    editing.submit_for_review(a_draft("2/2019/NĐ-CP", doc_type="decree", issuer="Chính phủ", title="Nghị định Mẫu"))
    editing.withdraw_document(a_document("3/2019/QH14"), reason="nhầm")
    corrected = a_document("4/2019/QH14")
    services.correct_document(corrected, a_record("4/2019/QH14", signer="Ai"), topics=[], reason="sai")
    assert listed(lan) == ["4/2019/QH14", "3/2019/QH14", "2/2019/NĐ-CP", "1/2019/QH14"]
    assert listed(lan, status="draft") == ["1/2019/QH14"]
    assert listed(lan, status="in_review") == ["2/2019/NĐ-CP"]
    assert listed(lan, status="withdrawn") == ["3/2019/QH14"]
    assert listed(lan, status="corrected") == ["4/2019/QH14"]
    assert listed(lan, status="proposed") == []
    revisions.start_revision(a_record("4/2019/QH14"), by=lan.user, document=corrected)
    Revision.objects.update(seen_at=None)
    revisions.propose_correction(Revision.objects.get(), by=lan.user, reason="thiếu")
    assert listed(lan, status="proposed") == ["4/2019/QH14"]
    assert listed(lan, issuer="chinh-phu") == ["2/2019/NĐ-CP"]
    assert listed(lan, type="decree") == ["2/2019/NĐ-CP"]
    assert listed(lan, topic="11-dat-dai") == ["1/2019/QH14"]
    assert listed(lan, q="luat dat dai") == ["1/2019/QH14"]
    assert listed(lan, q="2/2019/nd-cp") == ["2/2019/NĐ-CP"]


def test_the_list_costs_the_same_however_many_it_shows(lan, django_assert_max_num_queries):
    a_draft("1/2019/QH14")
    listed(lan)  # what is only asked once for a session
    costs = []
    for count in (1, 4):
        for number in range(count):
            a_draft(f"{count}{number}/2019/QH14")
        with django_assert_max_num_queries(25) as queries:
            listed(lan)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_topics_are_found_by_their_names_without_accents(lan):
    where = {"app_label": "content", "model_name": "legaldocument", "field_name": "topics", "term": "dat dai"}
    found = lan.get("/staff/autocomplete/", where).json()["results"]
    assert "11 Đất đai" in [topic["text"] for topic in found]


# Every action on a document × every group. 200: a page; 302: done, or redirected; 403: not for this group.
ROLES = [Role.EDITOR, Role.ANSWERER, Role.APPROVER, Role.PUBLISHER, Role.ADMINISTRATOR]
MATRIX = {
    "list": [200, 200, 200, 200, 200],
    "read": [200, 200, 200, 200, 200],
    "draft": [302, 403, 403, 302, 403],
    "write on a draft": [302, 403, 403, 302, 403],
    "submit_for_review": [302, 403, 403, 302, 403],
    "return_to_draft": [403, 403, 302, 302, 403],
    "publish": [403, 403, 302, 302, 403],
    "withdraw": [403, 403, 302, 302, 403],
    "begin a correction": [302, 403, 403, 302, 403],
    "confirm a correction": [403, 403, 302, 302, 403],
    "hand a correction back": [403, 403, 302, 302, 403],
    "the stock form": [200, 200, 200, 200, 200],  # its POST writes nothing: see below
    "delete": [403, 403, 403, 403, 403],
}


def attempt(client, what, others):
    """Do it, in the status it starts from, with a document somebody else wrote; (status, did anything change)."""
    states = {"submit_for_review": "draft", "write on a draft": "draft", "return_to_draft": "in_review"}
    status = states.get(what, "in_review" if what == "publish" else "published")
    law = editing.write_draft(a_record(NUMBER), topics=[], by=others)
    law = law if status == "draft" else editing.submit_for_review(law, by=others)
    law = law if status != "published" else services.publish(law)
    path = f"{DOCUMENTS}{law.pk}/"
    if "a correction" in what and what != "begin a correction":
        revision = revisions.start_revision(a_record(NUMBER, signer="Ai"), by=others, document=law)
        seen = revisions.propose_correction(revision, by=others, reason="thiếu").proposed_at.isoformat()
        path = f"{DOCUMENTS}corrections/{revision.pk}/"
    given = {"seen": law.updated_at.isoformat(), "reason": "vì thế"}
    before = trace()
    answer = {
        "list": lambda: client.get(DOCUMENTS),
        "read": lambda: client.get(f"{path}change/"),
        "draft": lambda: client.post(f"{DOCUMENTS}add/", {"text": A_LAW}),
        "write on a draft": lambda: client.post(f"{path}revise/"),
        "begin a correction": lambda: client.post(f"{path}revise/"),
        "confirm a correction": lambda: client.post(path, {"confirm": "1", "seen": seen}),
        "hand a correction back": lambda: client.post(path, {"return_to_author": "1"} | given),
        "the stock form": lambda: client.post(f"{path}change/", {"title": "x", "status": "draft"}),
        "delete": lambda: client.post(f"{path}delete/", {"post": "yes"}),
    }.get(what, lambda: client.post(f"{path}transition/{what}/", given))()
    return answer.status_code, trace() != before


def trace():
    """What a request can leave: audit rows, revisions, the document itself."""
    law = LegalDocument.objects.values("status", "title", "signer", "updated_at").first()
    return AuditRow.objects.count(), Revision.objects.count(), law


@pytest.mark.parametrize("what", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_every_action_is_for_its_roles_only(role, what):
    others = a_member_of_staff("ai-do", Role.EDITOR)
    expected = MATRIX[what][ROLES.index(role)]
    status, changed = attempt(staff("mot-nguoi", role), what, others)
    assert (status, changed) == (expected, expected == 302)


@pytest.mark.parametrize("what", MATRIX)
def test_nobody_does_anything_without_signing_in(what):
    others = a_member_of_staff("ai-do", Role.EDITOR)
    status, changed = attempt(Client(), what, others)
    assert (status, changed) == (302, False)


def test_a_pasted_text_in_tcvn3_is_told_and_kept_on_the_page(lan):
    answer = brings(lan, IN_TCVN3)
    assert "Không đọc được văn bản: nội dung gõ bằng TCVN3 (ABC), không phải Unicode" in words(answer)
    assert answer.context["form"]["text"].value() == IN_TCVN3
    assert Revision.objects.count() == 0


WITH_SWALLOWED = A_LAW.replace("b) Mẫu nhỏ;\nc)", "b) Mẫu nhỏ;c)")


def test_a_text_with_heavy_faults_is_published_only_with_a_tick_for_each_and_a_reason(minh):
    law = a_draft(NUMBER, text=WITH_SWALLOWED.format(number=NUMBER).replace("Điều 3.", "Điều 4."))
    path = f"{DOCUMENTS}{law.pk}/transition/publish/"
    page = minh.get(path)
    notices = page.context["heavy"]
    assert [notice.id.partition(":")[0] for notice in notices] == ["swallowed_units", "missing_article"]
    said_there = words(page)
    assert all(notice.message in said_there and f"Dòng {notice.line}" in said_there for notice in notices)
    seen = page.context["form"]["seen"].value()
    for ticked, reason in (
        ([], "Đã đối chiếu"),
        ([notices[0].id], "Đã đối chiếu"),
        ([each.id for each in notices], ""),
    ):
        answer = minh.post(path, {"seen": seen, "reason": reason, "accepted": ticked})
        assert (answer.status_code, LegalDocument.objects.get().status) == (200, "draft")
        assert ("Hãy đánh dấu từng lỗi nặng" in words(answer)) == (len(ticked) < 2)
    minh.post(path, {"seen": seen, "reason": "Đã đối chiếu", "accepted": [each.id for each in notices]})
    assert LegalDocument.objects.get().status == "published"
    row = AuditRow.objects.get(action="document.published")
    assert (row.by, row.reason) == (minh.user, "Đã đối chiếu")
    assert [each["message"] for each in row.facts["accepted"]] == [notice.message for notice in notices]


def test_the_service_refuses_heavy_faults_whatever_page_or_program_asks(lan, hoa):
    law = a_draft(NUMBER, text=WITH_SWALLOWED.format(number=NUMBER))
    with pytest.raises(RuleBroken) as refused:
        editing.submit_for_review(law, by=lan.user, reason="xong")
    assert refused.value.code == "heavy_notices"
    codes = {"swallowed_units"}
    law = editing.submit_for_review(law, by=lan.user, reason="xong", accepted=codes)
    for given, code in (
        ({"reason": "đã đọc"}, "heavy_notices"),
        ({"reason": "đã đọc", "accepted": {"no_article"}}, "heavy_notices"),
        ({"accepted": codes}, "reason_required"),
        ({"accepted": codes, "reason": "\u200b ."}, "reason_required"),
    ):
        with pytest.raises(RuleBroken) as refused:
            services.publish(law, by=hoa.user, **given)
        assert refused.value.code == code
    assert services.publish(law, by=hoa.user, reason="đã đọc", accepted=codes).is_published


def test_a_correction_that_brings_heavy_faults_needs_ticks_too(minh):
    law = a_document(NUMBER)
    page = sees_changes(minh, begins(minh, law), text=WITH_SWALLOWED.format(number=NUMBER))
    (notice,) = page.context["heavy"]
    path = page.redirect_chain[-1][0]
    answer = minh.post(path, {"reason": "In lại", "confirm_alone": "1"})
    assert (answer.status_code, AuditRow.objects.filter(action="document.corrected").count()) == (200, 0)
    assert "In lại" in answer.content.decode()  # what was typed is kept
    minh.post(path, {"reason": "In lại", "confirm_alone": "1", "accepted": [notice.id]})
    row = AuditRow.objects.get(action="document.corrected")
    assert [each["code"] for each in row.facts["accepted"]] == ["swallowed_units"]
    later = sees_changes(minh, begins(minh, law), title="Luật Mẫu khác")
    assert later.context["heavy"] == []  # accepted once; another correction does not bring it


def test_which_texts_need_articles_and_which_titles_are_absurd():
    no_articles = {"text": "Một văn bản không có điều nào."}

    def codes(**columns):
        return [each.code for each in heavy_notices.heavy_notices(a_draft(**(no_articles | columns)))]

    old, new = datetime.date(1998, 1, 5), datetime.date(2019, 1, 5)
    assert codes(doc_type="law") == codes(doc_type="decree") == ["no_article"]
    assert codes(doc_type="directive") == codes(doc_type="resolution") == []
    assert [codes(doc_type="circular", issued_on=day, effective_on=day) for day in (old, new)] == [[], ["no_article"]]
    assert codes(text=A_LAW, title="Luật " * 616) == ["absurd_title"]
    begins_late = "Điều 1. Việc\n1. Gồm:\nd) Bốn;\nđ) Năm."
    assert (codes(text=begins_late), codes(text=begins_late, doc_type="consolidated_text")) == (["lost_units"], [])


def test_a_draft_that_somebody_else_saved_meanwhile_is_shown_beside_and_not_overwritten_unseen(lan, minh):
    draft = a_draft(NUMBER, title="Luật Mẫu")
    of_lan, of_minh = begins(lan, draft), begins(minh, draft)
    saved = keeps(minh, of_minh, title="Luật của Minh")
    assert "Đã lưu" in said(saved)[0]
    refused = keeps(lan, of_lan, title="Luật của Lan", text=A_LAW.format(number=NUMBER).replace("Mẫu lớn", "Mẫu to"))
    assert LegalDocument.objects.get().title == "Luật của Minh"
    assert "Văn bản đã thay đổi trong khi bạn đọc" in words(refused)
    assert "Có người khác đã lưu một bản khác" in words(refused)
    beside = {field.name: field.value() for field in refused.context["saved_meanwhile"]}
    assert beside.keys() == {"title", "text"}
    assert (beside["title"], refused.context["form"]["title"].value()) == ("Luật của Minh", "Luật của Lan")
    assert "Mẫu lớn" in beside["text"] and "Mẫu to" in Revision.objects.get().text
    path = of_lan.redirect_chain[-1][0]
    reopened = lan.get(path)  # nothing is lost, and it is said again
    assert {field.name for field in reopened.context["saved_meanwhile"]} == {"title", "text"}
    both_seen = described(reopened) | {"seen": reopened.context["seen"], "save_draft": "1"}
    lan.post(path, both_seen)
    assert LegalDocument.objects.get().title == "Luật của Lan"
