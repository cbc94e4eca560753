"""Importing documents and publishing them."""

import datetime
import hashlib
import unicodedata
from dataclasses import replace

import pytest

from content.changes.models import Change
from content.documents import provision_queries, queries
from content.documents.effect import effect_on
from content.documents.models import LegalDocument, Provision, ProvisionVersion
from content.documents.records import ArticleRecord, OriginalBytes
from content.errors import RuleBroken
from content.people.models import AuditRow
from content.publishing import original_files, services
from content.publishing.services import ImportOutcome
from content.vietnam_time import today
from tests.builders import A_LAW, a_document, a_draft, a_record, justice, land, publish_as_read

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2024, 1, 1)


def eids(document):
    return list(document.provisions.values_list("eid", flat=True))


def whole_text(document):
    return "".join(provision.text for provision in provision_queries.provisions_on(document, TODAY))


def test_a_document_taken_in_is_a_draft_with_its_whole_text_down_to_the_point():
    law = a_draft("31/2024/QH15")
    assert (law.key, law.status) == ("luat-2019-31-2024-qh15", "draft")
    assert whole_text(law) == A_LAW.format(number="31/2024/QH15")
    assert eids(law) == [
        "preamble",
        "chp_1",
        "art_1",
        "art_2",
        "art_2__clause_1",
        "art_2__clause_1__point_a",
        "art_2__clause_1__point_b",
        "art_2__clause_1__point_c",
        "art_2__clause_1__point_d",
        "art_2__clause_1__point_dd",
        "art_2__clause_2",
        "chp_2",
        "art_3",
    ]
    assert ProvisionVersion.objects.count() == Provision.objects.count()


def test_the_same_document_again_changes_nothing():
    record = a_record()
    law, first = services.import_document(record, topics=[land()])
    again, second = services.import_document(record, topics=[land()])
    assert (first, second) == (ImportOutcome.CREATED, ImportOutcome.UNCHANGED)
    assert (again.pk, LegalDocument.objects.count()) == (law.pk, 1)


def test_another_text_of_the_same_document_keeps_the_rows_of_its_eids():
    law = a_draft("1/2019/QH14")
    kept = dict(law.provisions.values_list("eid", "pk"))
    text = A_LAW.replace("2. Thử là xem có đúng không.", "2. Thử là thử.\n3. Đúng là đúng.").format(
        number="1/2019/QH14"
    )
    law, outcome = services.import_document(a_record("1/2019/QH14", text=text))
    assert outcome == ImportOutcome.UPDATED
    assert whole_text(law) == text
    now = dict(law.provisions.values_list("eid", "pk"))
    assert {eid: now[eid] for eid in kept} == kept
    assert now.keys() - kept.keys() == {"art_2__clause_3"}


def test_documents_that_share_a_number_are_two_documents_with_two_addresses():
    first = a_draft("15/2024/NQ", doc_type="resolution", issued_on=datetime.date(2024, 1, 5))
    later = a_draft("15/2024/NQ", doc_type="resolution", issued_on=datetime.date(2024, 9, 9))
    other = a_draft("15/2024/NQ", doc_type="resolution", issued_on=datetime.date(2024, 9, 9), issuer="Chính phủ")
    assert [law.key for law in (first, later, other)] == [
        "nghi-quyet-2024-15-2024-nq",
        "nghi-quyet-2024-09-09-15-2024-nq",
        "nghi-quyet-2024-09-09-15-2024-nq-cp",
    ]


def test_documents_without_a_number_are_told_apart_by_their_titles():
    one, _ = services.import_document(replace(a_record(), number="", title="Thông báo một", doc_type="notice"))
    other, _ = services.import_document(replace(a_record(), number="", title="Thông báo hai", doc_type="notice"))
    assert (one.key, other.key) == ("thong-bao-2019-thong-bao-mot", "thong-bao-2019-thong-bao-hai")


def test_no_address_of_a_document_without_a_number_tells_who_its_title_names():
    draft, _ = services.import_document(
        replace(a_record(), number="", title="Về việc hỗ trợ ông Trần Văn Minh", doc_type="notice")
    )
    document = publish_as_read(draft)
    paths = [document.key, *document.permanent_addresses.values_list("path", flat=True)]
    assert len(paths) == 3
    assert not any("minh" in path or "ong" in path.split("-") for path in paths)


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("text_required", {"text": " \n"}),
        ("title_required", {"title": " "}),
        ("invalid_character", {"title": "Luật \u202eMẫu"}),
        ("invalid_character", {"text": "Điều 1. Mẫu \U0001f600"}),
        ("invalid_character", {"text": "Điều 1. a\0b"}),
        ("invalid_character", {"title": "nửa \ud800"}),
        ("unknown_issuer", {"issuer": "Bộ Không Có"}),
        ("invalid", {"signer": "x" * 201}),
    ],
)
def test_what_cannot_be_used_is_refused_and_changes_nothing(code, columns):
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_record(**columns))
    assert (refusal.value.code, LegalDocument.objects.count()) == (code, 0)


def test_decomposed_letters_and_windows_lines_are_stored_as_one_form():
    text = unicodedata.normalize("NFD", A_LAW).replace("\n", "\r\n")
    law = a_draft("1/2019/QH14", text=text.format(number="1/2019/QH14"))
    assert whole_text(law) == A_LAW.format(number="1/2019/QH14")


def test_publishing_records_one_change_and_a_repeat_none():
    law = a_draft("31/2024/QH15", topics=[land(), justice()])
    services.publish(law)
    services.publish(law)
    line = Change.objects.get()
    assert (line.event_type, line.nature, line.subject) == ("document.published", "legal", law.key)
    assert (sorted(line.topics), line.organisation, line.notify) == (
        ["11-dat-dai", "15-hanh-chinh-tu-phap"],
        "quoc-hoi",
        True,
    )
    assert line.hash_after == law.content_hash
    assert line.facts == {"number": "31/2024/QH15", "title": law.title, "doc_type": "law", "is_sample": False}


def test_a_published_document_is_corrected_only_on_purpose_and_then_says_so():
    law = a_document("1/2019/QH14")
    text = A_LAW.replace("về mẫu", "về mẫu thử").format(number="1/2019/QH14")
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_record("1/2019/QH14", text=text))
    assert refusal.value.code == "wrong_status"
    assert "về mẫu thử" not in whole_text(law)
    services.import_document(a_record("1/2019/QH14", text=text), correct=True)
    line = Change.objects.order_by("pk").last()
    assert (line.event_type, line.nature, line.eids, line.notify) == (
        "document.corrected",
        "editorial",
        ["art_1"],
        False,
    )
    assert line.hash_before == law.content_hash != line.hash_after


def test_topics_of_a_published_document_do_not_change_in_silence():
    a_document("1/2019/QH14")
    with pytest.raises(RuleBroken):
        services.import_document(a_record("1/2019/QH14"), topics=[land()])
    assert LegalDocument.objects.get().topics.count() == 0


def test_a_status_that_the_source_states_without_a_day_is_kept_with_the_day_we_learnt_it():
    law = a_draft(official_status="partly_expired")
    event = law.status_events.get(scope="part")
    assert (event.kind, event.on) == ("expires", None)
    assert law.effect_stated_on == event.stated_on


def test_documents_filed_under_a_heading_are_found_under_its_subject_and_not_under_another():
    heading = land().children.first()
    law = a_document(topics=[heading])
    topics = type(heading).objects
    public = queries.public_documents()
    assert list(queries.documents_under_topics(public, topics.filter(key="11-dat-dai"))) == [law]
    assert list(queries.documents_under_topics(public, topics.filter(pk=heading.pk))) == [law]
    assert list(queries.documents_under_topics(public, topics.filter(key="15-hanh-chinh-tu-phap"))) == []


def test_a_new_law_is_listed_first_whenever_it_was_imported():
    old = a_document(issued_on=datetime.date(1957, 5, 20))
    new = a_document(issued_on=datetime.date(2024, 1, 18))
    undated = a_document(issued_on=None)
    assert list(queries.public_documents()) == [new, old, undated]


def test_the_bytes_a_document_came_from_are_kept_once_with_their_hash():
    original = OriginalBytes("law.txt", "text/plain", b"whatever it was")
    for _ in range(2):
        law, _outcome = services.import_document(replace(a_record("1/2019/QH14"), original=original))
    kept = law.original_files.get()
    assert (bytes(kept.content), kept.size) == (b"whatever it was", 15)
    assert kept.sha256 == hashlib.sha256(b"whatever it was").hexdigest()


def test_a_corrected_import_never_deletes_a_file_also_where_it_takes_words_out():
    number, text = "1/2019/QH14", A_LAW.format(number="1/2019/QH14")
    law = a_document(number, original=OriginalBytes("signed.pdf", "application/pdf", b"signed"))
    other = OriginalBytes("two.txt", "text/plain", b"two")
    services.import_document(a_record(number, text=text.replace("Mẫu lớn", "Mẫu"), original=other), correct=True)
    assert list(law.original_files.values_list("name", flat=True)) == ["signed.pdf", "two.txt"]


def test_files_deleted_with_a_correction_are_not_the_one_that_it_brings_also_of_single_articles():
    def record(text, name):
        original = OriginalBytes(name, "text/plain", name.encode())
        return a_record("1/2019/QH14", text="", articles=(ArticleRecord("1", "Một", text),), original=original)

    draft, _outcome = services.import_document(record("Ông Minh ký.", "one.txt"))
    law = services.publish(draft)
    services.correct_document(law, record("Ai đó ký.", "two.txt"), topics=[], reason="có tên", delete_files=True)
    assert list(law.original_files.values_list("name", flat=True)) == ["two.txt"]


def test_files_are_taken_out_with_a_reason_and_once():
    law = a_document(original=OriginalBytes("one.txt", "text/plain", b"one"))
    with pytest.raises(RuleBroken) as refused:
        original_files.delete_original_files(law, reason=" ")
    assert refused.value.code == "reason_required"
    assert [original_files.delete_original_files(law, reason="có tên người dân") for _ in range(2)] == [1, 0]
    assert AuditRow.objects.filter(action="document.files_deleted", subject=law.key).count() == 1


def test_a_text_that_lost_a_chapter_keeps_its_articles_and_their_rows():
    law = a_draft("1/2019/QH14")
    kept = dict(law.provisions.filter(kind="article").values_list("eid", "pk"))
    text = A_LAW.replace("Chương I\nQUY ĐỊNH CHUNG\n", "").format(number="1/2019/QH14")
    services.import_document(a_record("1/2019/QH14", text=text))
    assert dict(law.provisions.filter(kind="article").values_list("eid", "pk")) == kept
    assert "chp_1" not in eids(law)
    assert whole_text(law) == text


@pytest.mark.parametrize(
    ("stated", "shown"),
    [("expired", "expired"), ("suspended", "suspended"), ("no_longer_suitable", "no_longer_suitable")],
)
def test_an_official_status_without_a_day_is_what_we_show_from_today(stated, shown):
    law = a_draft(official_status=stated)
    assert effect_on(law.status_events.all(), today()).status == shown
    assert law.effect_stated_on == today()


def test_an_official_status_that_our_days_contradict_is_a_warning_and_vouches_for_nothing():
    law = a_draft(official_status="in_force", expires_on=datetime.date(2021, 1, 1))
    assert law.effect_stated_on is None
    assert [warning["code"] for warning in law.warnings] == ["status_differs"]


def test_unnumbered_documents_that_begin_alike_are_two():
    long = "Nghị quyết về việc thực hiện một chính sách rất dài và được gọi bằng nhiều chữ như nhau "
    for ending in ("thứ nhất", "thứ hai"):
        services.import_document(replace(a_record(), number="", title=long * 2 + ending, doc_type="resolution"))
    assert len(set(LegalDocument.objects.values_list("key", flat=True))) == 2


def test_an_unofficial_copy_does_not_replace_an_official_one():
    law = a_document("1/2019/QH14", is_official_copy=True, source="congbao.chinhphu.vn")
    same = a_record("1/2019/QH14", source="trang khác", title="Tên khác")
    assert services.import_document(same, correct=True) == (law, ImportOutcome.UNCHANGED)
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_record("1/2019/QH14", text="Điều 1. Khác\nMột."), correct=True)
    assert (refusal.value.code, law.key in refusal.value.message) == ("official_copy", True)
    law.refresh_from_db()
    assert (law.is_official_copy, law.source, law.title) == (True, "congbao.chinhphu.vn", "Luật Mẫu 1/2019/QH14")
    better = a_record("1/2019/QH14", text="Điều 1. Khác\nMột.", is_official_copy=True)
    assert services.import_document(better, correct=True)[1] == ImportOutcome.UPDATED
