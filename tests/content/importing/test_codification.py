"""The codification (Pháp điển): articles become partial documents, completed as they come, replaced by a whole text."""

import datetime
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.changes.models import Change
from content.documents import identity
from content.documents.models import LegalDocument, Provision
from content.documents.provision_queries import provisions_on
from content.documents.records import OriginalBytes
from content.errors import RuleBroken
from content.importing import codification_pages, reading
from content.publishing import services
from content.relations.models import Relation
from tests.builders import a_document, a_record
from tests.files import a_page

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]

A_ROW = {
    "code": "11.1.NĐ.5.1",
    "topic": 11,
    "subtopic": "11.1",
    "title": "Phạm vi",
    "src_article": "1",
    "src_type": "Nghị định",
    "src_number": "12/2020/NĐ-CP",
    "src_title": "Về mẫu",
    "src_issued": "2020-02-03",
    "src_issuer": "Chính phủ",
    "src_effective": "2020-03-01",
    "vbpl_item": "77",
    "amended_by": [],
    "files": [],
    "text": "1. Một.\na) Một a;\nb) Một b.\n2. Hai.",
}
WHOLE = (
    "CHÍNH PHỦ\nNGHỊ ĐỊNH\nVỀ MẪU\nChương I\nCHUNG\nĐiều 1. Phạm vi\n1. Một.\na) Một a;\nb) Một b.\n2. Hai.\n"
    "Điều 2. Đối tượng\nMọi người.\nĐiều 3. Hiệu lực\nTừ nay.\n"
)


def a_row(article, title="", text="", **columns):
    silent = {"src_title": None, "src_issued": None, "src_issuer": None}  # the source tells these at the first article
    code = f"11.1.NĐ.5.{article}"
    return A_ROW | silent | {"code": code, "title": title, "src_article": article, "text": text} | columns


def whole(**columns):
    facts = {"doc_type": "decree", "title": "Nghị định về mẫu", "issuer": "Chính phủ", "text": WHOLE}
    return a_record("12/2020/NĐ-CP", **(facts | {"issued_on": datetime.date(2020, 2, 3)} | columns))


@pytest.fixture
def rows(tmp_path):
    def write(*rows, name="phapdien.jsonl.gz"):
        file = tmp_path / name
        file.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
        return file

    return write


def import_documents(*arguments):
    output = io.StringIO()
    call_command("import_documents", *map(str, arguments), stdout=output)
    return output.getvalue()


def text_of(document):
    return "".join(provision.text for provision in provisions_on(document, datetime.date.fromisoformat("2026-01-01")))


def test_articles_of_one_document_from_anywhere_become_one_partial_document(rows):
    other = A_ROW | {
        "src_number": "9/2019/TT-BTP",
        "src_type": "Thông tư",
        "src_issuer": "Bộ Tư pháp",
        "vbpl_item": "8",
    }
    file = rows(a_row("7", "Hiệu lực", "Từ nay."), A_ROW, other, a_row("2a", "Đối tượng", "Mọi người."))
    report = import_documents(file, "--publish", "--notify")
    assert report == "Văn bản: 2 (2 mới, 0 sửa, 0 không đổi, 0 bỏ qua)\nĐiều của các văn bản chưa đủ toàn văn: 4\n"
    decree = LegalDocument.objects.get(doc_type="decree")
    assert (decree.key, decree.title, decree.completeness) == (
        "nghi-dinh-2020-12-2020-nd-cp",
        "Nghị định về mẫu",
        "partial",
    )
    assert (decree.issuer.code, str(decree.issued_on), decree.source) == ("CP", "2020-02-03", "phapdien")
    assert [topic.key for topic in decree.topics.all()] == ["11-1-dat-dai"]
    assert list(decree.provisions.values_list("eid", "codification_code")) == [
        ("art_1", "11.1.NĐ.5.1"),
        ("art_1__clause_1", ""),
        ("art_1__clause_1__point_a", ""),
        ("art_1__clause_1__point_b", ""),
        ("art_1__clause_2", ""),
        ("art_2a", "11.1.NĐ.5.2a"),
        ("art_7", "11.1.NĐ.5.7"),
    ]
    assert text_of(decree).startswith("Điều 1. Phạm vi\n1. Một.\n")
    assert set(Change.objects.values_list("notify", flat=True)) == {False}


def test_a_second_run_changes_nothing_and_articles_of_a_later_file_are_added(rows):
    first = rows(A_ROW, a_row("3", "Ba", "Ba."), name="a.jsonl.gz")
    later = rows(a_row("2", "Hai", "Hai.", src_number="12/2020/NĐ.CP"), name="b.jsonl.gz")  # the source is careless
    import_documents(first, later, "--publish")
    decree = LegalDocument.objects.get()
    assert decree.number == "12/2020/NĐ-CP"
    assert [line for line in text_of(decree).split("\n") if line[:4] == "Điều"] == [
        "Điều 1. Phạm vi",
        "Điều 2. Hai",
        "Điều 3. Ba",
    ]
    assert "(0 mới, 0 sửa, 2 không đổi" in import_documents(first, later, "--publish")
    assert Change.objects.count() == 2  # published, completed


def test_a_whole_text_replaces_the_partial_one_and_keeps_eids_and_codes(rows):
    import_documents(rows(A_ROW, a_row("3", "Hiệu lực", "Từ hôm nay.")), "--publish")
    before = dict(Provision.objects.values_list("eid", "pk"))
    decree, outcome = services.import_document(whole(), correct=True)
    assert (outcome, LegalDocument.objects.count(), decree.completeness) == ("updated", 1, "complete")
    after = dict(Provision.objects.values_list("eid", "pk"))
    assert {eid: pk for eid, pk in after.items() if eid in before} == before
    assert sorted(after.keys() - before.keys()) == ["art_2", "chp_1", "preamble"]
    assert decree.provisions.get(eid="art_3").codification_code == "11.1.NĐ.5.3"
    assert text_of(decree) == WHOLE


def test_a_partial_record_never_changes_a_whole_text_but_adds_codes(rows):
    services.publish(services.import_document(whole())[0], notify=False)
    import_documents(rows(A_ROW, a_row("3", "Khác", "Khác."), a_row("9", "Thừa", "Thừa.")), "--publish")
    decree = LegalDocument.objects.get()
    assert (decree.completeness, text_of(decree)) == ("complete", WHOLE)
    assert list(decree.provisions.exclude(codification_code="").values_list("eid", flat=True)) == ["art_1", "art_3"]


def test_a_record_that_adds_codes_is_not_the_source_of_a_whole_text(rows, api):
    law, _ = services.import_document(whole(original=OriginalBytes("luat.txt", "text/plain", b"Dieu 1.")))
    services.publish(law)
    import_documents(rows(A_ROW), "--publish")
    assert law.provisions.get(eid="art_1").codification_code
    assert api("get", f"documents/{law.key}").json()["provenance"]["size"] == len(b"Dieu 1.")


def test_another_title_does_not_make_a_partial_document_whole(rows):
    import_documents(rows(A_ROW), "--publish")
    decree = LegalDocument.objects.get()
    record = whole(text=text_of(decree), title="Nghị định khác")
    services.correct_document(decree, record, topics=[], reason="tên sai")
    decree.refresh_from_db()
    assert (decree.title, decree.completeness) == ("Nghị định khác", "partial")


def test_a_published_document_is_not_completed_without_saying_so(rows):
    import_documents(rows(A_ROW), "--publish")
    report = import_documents(rows(A_ROW, a_row("2", "Hai", "Hai.")), "--publish")
    assert "1 sửa" in report
    with pytest.raises(RuleBroken, match="publish"):
        services.import_document(whole())


def test_articles_are_added_to_a_partial_document_also_after_a_withdrawn_amendment(rows):
    import_documents(rows(a_row("2", "Hai", "1. Một.\n2. Hai.")), "--publish")
    decree = LegalDocument.objects.get()
    text = "Điều 1. Bổ sung\nBổ sung khoản 3 vào sau khoản 2 Điều 2 của Nghị định số {} như sau:\n“3. Ba.”.\n"
    act = a_document(text=text.format(decree.number), issued_on=datetime.date(2025, 1, 1))
    (amendment,) = amendments.apply_amendments(act, amendment_queries.recognised_instructions(act))
    assert amendment.eids == ["art_2__clause_3"]
    amendments.withdraw_amendment(amendment)
    import_documents(rows(a_row("3", "Ba", "Ba.")), "--publish")
    assert "Điều 3. Ba" in text_of(decree)
    assert "3. Ba." not in text_of(decree)


def test_an_unknown_day_of_issue_is_no_other_document_where_the_number_carries_its_year(rows):
    import_documents(rows(a_row("1", "Một", "Một.")))
    assert LegalDocument.objects.get().issued_on is None
    services.import_document(whole())
    services.import_document(whole(issued_on=datetime.date.fromisoformat("2020-09-09")))
    assert list(LegalDocument.objects.values_list("completeness", flat=True)) == ["complete", "complete"]


def test_one_number_of_a_law_and_a_resolution_makes_two_documents(rows):
    law = A_ROW | {"src_number": "18/2008/QH12", "src_type": "Luật", "src_issuer": "Quốc hội", "src_title": "Mẫu"}
    resolution = law | {"src_type": "Nghị quyết", "vbpl_item": "78", "text": "Khác."}
    import_documents(rows(law, resolution))
    assert sorted(LegalDocument.objects.values_list("doc_type", "title")) == [
        ("law", "Luật Mẫu"),
        ("resolution", "Nghị quyết Mẫu"),
    ]


def test_what_contradicts_itself_or_names_no_document_is_skipped_and_reported(rows):
    report = import_documents(
        rows(
            A_ROW,
            A_ROW | {"text": "1. Khác."},
            A_ROW,  # the same once more is no contradiction
            a_row("1", "Hai", "Hai.", code="11.1.NĐ.5.2"),  # its code knows better
            a_row(None, "Ba", "Ba.", code="11.1.NĐ.5.3"),
            a_row("4", src_number=None),
            a_row("5", text=5),
        )
    )
    assert "trường «text» phải là chuỗi ký tự" in report
    assert "Điều 1 của 12/2020/NĐ-CP có hai nội dung khác nhau" in report
    assert "11.1.NĐ.5.4: ghi chú không nêu số hiệu văn bản" in report
    assert report.endswith(
        "Văn bản: 4 (1 mới, 0 sửa, 0 không đổi, 3 bỏ qua)\nĐiều của các văn bản chưa đủ toàn văn: 3\n"
    )


def test_an_amended_article_leaves_its_document_partly_expired(rows, api):
    change = {"kind": "bị bãi bỏ", "doc_number": "9/2022/NĐ-CP", "effective": "15/10/2022"}
    added = {"kind": "được bổ sung", "doc_number": "8/2022/NĐ-CP", "effective": "01/10/2022"}
    import_documents(rows(A_ROW | {"amended_by": [change, added, change]}), "--publish")
    event = LegalDocument.objects.get().status_events.get(scope="part")
    assert (str(event.on), event.eids, event.cause) == ("2022-10-15", ["art_1"], "9/2022/NĐ-CP")
    assert api("get", "documents").json()["results"][0]["effect_status"] == "partly_expired"


def test_the_acts_that_amended_it_are_related_as_the_codification_states(rows):
    change = {"kind": "được sửa đổi", "article": "2", "doc_number": "9/2022/NĐ-CP", "effective": "15/10/2022"}
    unknown = change | {"doc_number": "8/2022/NĐ-CP"}
    act = {"src_number": "9/2022/NĐ-CP", "src_issued": "2022-09-01", "src_effective": "2022-10-15", "vbpl_item": "78"}
    both = rows(A_ROW | {"amended_by": [change, unknown]}, a_row("3", amended_by=[change]), A_ROW | act)
    for _repeat in range(2):
        import_documents(both, "--publish")
    relation = Relation.objects.get(status="confirmed")
    assert (relation.actor.number, relation.kind, relation.scope) == ("9/2022/NĐ-CP", "amends", "part")
    assert (relation.target.number, relation.target_eids) == ("12/2020/NĐ-CP", ["art_1", "art_3"])
    stated = (relation.source_eid, str(relation.effective_on), relation.stated_by)
    assert stated == ("art_2", "2022-10-15", "phapdien")
    assert Change.objects.filter(event_type="document.corrected").count() == 2


def test_an_article_that_lost_a_part_still_binds_and_one_of_which_nothing_is_left_does_not(rows, api):
    change = {"kind": "bị bãi bỏ", "doc_number": "9/2022/NĐ-CP", "effective": "15/10/2022"}
    import_documents(rows(A_ROW | {"amended_by": [change]}, a_row("2", "Hai", amended_by=[change])), "--publish")
    address = f"documents/{LegalDocument.objects.get().key}/provisions"
    status = {eid: api("get", f"{address}/{eid}").json()["effect_status"] for eid in ("art_1", "art_2")}
    assert status == {"art_1": "in_force", "art_2": "expired"}


def test_an_article_that_cannot_be_split_stays_one_block(rows):
    import_documents(rows(a_row("1", "Một", "Nội dung:\nĐiều 2. Không phải điều này\nHết.")))
    decree = LegalDocument.objects.get()
    assert list(decree.provisions.values_list("eid", flat=True)) == ["art_1"]
    assert [warning["code"] for warning in decree.warnings] == ["no_title", "guessed", "not_taken_apart"]


def test_a_number_that_lost_its_serial_is_no_number_and_is_told_as_a_warning(rows, api):
    circular = {"src_type": "Thông tư", "src_issuer": "Bộ Tư pháp", "src_number": "2020/TT-BTP"}
    real = circular | {"src_number": "2019/TT-BTP", "vbpl_item": "78", "src_title": "Về số lớn"}  # issued in 2020
    import_documents(rows(A_ROW | circular, A_ROW | real), "--publish")
    lost, whole = LegalDocument.objects.order_by("number")
    assert (lost.number, lost.title, whole.number) == ("", "Thông tư về mẫu", "2019/TT-BTP")
    assert "number_cut_off" in [warning["code"] for warning in lost.warnings]
    assert "2020" not in api("get", f"documents/{lost.key}").json()["citation"]


def test_a_document_that_is_skipped_is_told_in_one_line_whatever_the_number_of_its_articles(rows):
    skipped = [a_row(str(number), "Một", "Một.", src_number="", vbpl_item="9") for number in range(1, 61)]
    lines = import_documents(rows(A_ROW, *skipped), "--publish").splitlines()
    assert [line.count("(60 điều của văn bản này)") for line in lines if "bỏ qua " in line and ":2:" in line] == [1]
    assert len(lines) == 3  # with the two of the totals


def test_every_representation_says_that_a_document_is_partial(rows, api):
    import_documents(rows(A_ROW), "--publish")
    key = LegalDocument.objects.get().key
    assert api("get", "documents").json()["results"][0]["completeness"] == "partial"
    assert api("get", f"documents/{key}").json()["completeness"] == "partial"
    assert api("get", f"documents/{key}/text").json()["document"]["completeness"] == "partial"
    assert "Chỉ có các điều trong Bộ pháp điển" in api("get", f"documents/{key}/text?format=html").content.decode()
    assert api("get", f"documents/{key}/text?format=txt")["Completeness"] == "partial"
    provision = api("get", f"documents/{key}/provisions/art_1").json()
    assert (provision["document"]["completeness"], provision["codification_code"]) == ("partial", "11.1.NĐ.5.1")


def test_a_saved_page_of_the_codification_gives_its_documents():
    remark = (
        "(Điều 4 Nghị định số 12/2020/NĐ-CP Về mẫu ngày 03/02/2020 của Chính phủ, có hiệu lực thi hành kể từ ngày"
        " 01/03/2020, có nội dung bị bãi bỏ bởi <a>Điều 2</a> Nghị định số 9/2022/NĐ-CP có hiệu lực thi hành kể từ ngày"
        " 15/10/2022)"
    )
    page = a_page(
        "<h3>Đề mục 11.1<br>Đất đai</h3><div class='_content'><p class='pChuong'>Chương I</p>"
        f"<p class='pDieu'><a name='1'></a>Điều 11.1.NĐ.5.4. Phạm vi</p><p class='pGhiChu'>{remark}</p>"
        "<p class='pNoiDung'><p>1. Một.</p><p>2. Hai.</p></p><p class='pChiDan'>(Điều này có liên quan)</p></div>"
    )
    ((_, record),) = codification_pages.records_in_page(page, reading.known_names())
    assert (record.number, record.title, record.issuer) == ("12/2020/NĐ-CP", "Nghị định về mẫu", "Chính phủ")
    assert [(a.number, a.heading, a.text, a.code) for a in record.articles] == [
        ("4", "Phạm vi", "1. Một.\n2. Hai.", "11.1.NĐ.5.4")
    ]
    assert [(change.by, str(change.on)) for change in record.amended] == [("9/2022/NĐ-CP", "2022-10-15")]
    assert record.topics == ("11-1-dat-dai",)
    assert list(codification_pages.records_in_page(a_page("<h3>Đề mục 35.11</h3><div class='_content'></div>"))) == []


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_an_import_that_is_asked_to_stop_ends_its_record_and_tells_what_it_imported(rows, asked):
    several = [
        a_row("1", "Mẫu", "1. Một.", src_number=f"{number}/2020/NĐ-CP", vbpl_item=str(number))
        for number in range(1, 61)
    ]
    file = rows(*several)
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    command = [sys.executable, ROOT / "manage.py", "import_documents", file, "--publish"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with transaction.atomic():
        identity.lock_identity(a_record(number="40/2020/NĐ-CP", doc_type="decree"))  # there it has to wait for us
        heeds = lambda: signal.signal(signal.SIGINT, signal.default_int_handler)  # noqa: E731 (a shell ignores it for what runs in the background)
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}, preexec_fn=heeds, **pipes)
        while process.poll() is None and LegalDocument.objects.count() < 39:
            time.sleep(0.01)
        process.send_signal(asked)
    report, complaint = process.communicate(timeout=60)
    stored = LegalDocument.objects.count()
    assert 39 <= stored < 60
    assert (process.returncode, f"({stored} mới, 0 sửa, 0 không đổi, 0 bỏ qua)" in report) == (130, True)
    assert "Đã dừng trước khi hết" in complaint
    assert f"({60 - stored} mới, 0 sửa, {stored} không đổi, 0 bỏ qua)" in import_documents(file, "--publish")


@pytest.mark.usefixtures("committed")
def test_an_import_killed_in_the_middle_is_finished_by_the_next_one(rows):
    several = [
        a_row(str(article), "Mẫu", "1. Một.\n2. Hai.", src_number=f"{number}/2020/NĐ-CP", vbpl_item=str(number))
        for article in (1, 2)
        for number in range(1, 61)
    ]
    file = rows(*several)
    url = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    command = [sys.executable, ROOT / "manage.py", "import_documents", file, "--publish"]
    with transaction.atomic():
        identity.lock_identity(a_record(number="40/2020/NĐ-CP", doc_type="decree"))  # there it has to wait for us
        process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.DEVNULL)
        while process.poll() is None and LegalDocument.objects.count() < 5:
            time.sleep(0.01)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    before = LegalDocument.objects.count()
    assert 5 <= before < 60
    report = import_documents(file, "--publish")
    assert f"({60 - before} mới, 0 sửa, {before} không đổi, 0 bỏ qua)" in report
    assert Change.objects.count() == LegalDocument.objects.count() == 60
    assert Provision.objects.filter(kind="article").count() == 120
