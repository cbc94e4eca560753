"""Certificates: the name is drawn and never stored, one serial a name, ten guesses an hour, every letter is there."""

import datetime
import io

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.contest_certificates import drawing, queries, services
from content.contest_certificates.drawing import FileType, Printed
from content.contest_certificates.models import Certificate
from content.contest_results import services as results
from content.errors import QuotaExceeded, RuleBroken
from notifications.devices import services as devices
from tests.builders_contests import a_result, a_running_contest, close, judge
from tests.content.contest_certificates.stored_bytes import stored_anywhere

LONGEST = ("Công Tằng Tôn Nữ Nguyễn Phước Hoàng Thị Thuỵ Diễm Quỳnh " * 4)[: services.NAME_LENGTH].strip()
VIETNAMESE = "ĂÂĐÊÔƠƯăâđêôơưÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬÈẺẼÉẸỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙỦŨÚỤỪỬỮỨỰỲỶỸÝỴ"


def printed(name="Nguyễn Thị Hạnh", **columns):
    defaults = {
        "contest": "Tìm hiểu Luật Đất đai",
        "organisation": "Sở Tư pháp",
        "round": "Vòng 1",
        "bracket": "Học sinh",
        "correct": 18,
        "questions": 20,
        "rank": 3,
        "contestants": 12_045,
        "day": datetime.date(2026, 11, 30),
        "serial": "ABCD-EFGH-IJKL-MNOP",
        "address": "https://example.com/api/v1/certificates/abcdefghijklmnop",
        "is_sample": False,
    }
    return Printed(name=name, **(defaults | columns))


def words_of(pdf):
    """What the PDF says, without the places where long words may break."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().replace(drawing.BREAK, "").split())


def a_published_result(*, right=4, others=(2, 1)):
    """The best of three attempts of a contest whose results are published."""
    contest = a_running_contest()
    attempt = a_result(contest, right)
    for each in others:
        a_result(contest, each)
    close(contest)
    results.propose_results(contest, winners=[], by=judge())
    results.publish_results(contest, by=judge("minh-judges"))
    return of_today(attempt)


def of_today(attempt):
    return type(attempt).objects.select_related("entry", "round__contest__organisation").get(pk=attempt.pk)


def issued(attempt, name="Nguyễn Thị Hạnh", file_type=FileType.PDF):
    return services.issue_certificate(
        attempt, name=name, file_type=file_type, address=lambda serial: f"https://x/{serial}"
    )


@pytest.mark.parametrize("name", ["Lê Ý", LONGEST, "Ậ" * 200, VIETNAMESE, "O'Brien-Nguyễn", "#panic() *x* $1$ <a>"])
def test_every_vietnamese_name_is_printed_letter_by_letter_on_one_page(name):
    said = words_of(drawing.draw_certificate(printed(name), FileType.PDF)).replace(" ", "")
    assert name.replace(" ", "") in said
    assert "xếphạng3trong12.045ngườidựthi" in said


def test_the_longest_title_and_body_fit_on_one_page_and_a_sample_says_that_it_is_one():
    title, body = ("Tìm hiểu pháp luật về phòng, chống tác hại của rượu, bia " * 6)[:300], "Uỷ ban nhân dân tỉnh " * 9
    pdf = drawing.draw_certificate(
        printed(LONGEST, contest=title, organisation=body, round=title, rank=None, contestants=None, is_sample=True),
        FileType.PDF,
    )
    said = words_of(pdf)
    assert "BẢN MẪU" in said and "Trả lời đúng 18/20 câu" in said and "xếp hạng" not in said


def test_the_picture_is_a_png_of_an_a4_sheet():
    png = drawing.draw_certificate(printed(), FileType.PNG)
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1754, 1240)


@pytest.mark.parametrize("file_type", FileType)
@pytest.mark.parametrize("name", ["王小明", "Nguyễn 🎉"])
def test_a_letter_that_would_be_a_box_is_refused_in_both_files(name, file_type):
    with pytest.raises(RuleBroken) as refusal:
        drawing.draw_certificate(printed(name), file_type)
    assert (refusal.value.code, refusal.value.field) == ("name_not_printable", "name")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_whatever_the_name_it_is_drawn_or_refused_by_its_code(name):
    try:
        assert drawing.draw_certificate(printed(name), FileType.PDF).startswith(b"%PDF")
    except RuleBroken as refusal:
        assert refusal.code == "name_not_printable"


@pytest.mark.django_db
def test_a_certificate_has_the_published_result_and_its_name_is_stored_nowhere():
    attempt = a_published_result()
    certificate, pdf = issued(attempt, "Nguyễn Thị Hạnh Nguyên")
    assert (certificate.correct, certificate.questions, certificate.rank, certificate.contestants) == (4, 4, 1, 3)
    assert len(certificate.serial) == 16 and certificate.shown_serial in words_of(pdf)
    assert "Nguyễn Thị Hạnh Nguyên" in words_of(pdf)
    assert stored_anywhere("Hạnh Nguyên") == [] and stored_anywhere("nguyễn thị hạnh nguyên") == []
    assert stored_anywhere(certificate.serial) == ["content_certificate"]  # the search finds what is stored


@pytest.mark.django_db
def test_the_same_name_gives_the_same_serial_and_another_name_replaces_it():
    attempt = a_published_result()
    first, _file = issued(attempt, "Nguyễn Thị Hạnh")
    again, _file = issued(attempt, " nguyễn  thị hạnh ")
    assert again.serial == first.serial
    other, _file = issued(attempt, "Nguyễn Thị Hanh")
    assert other.serial != first.serial and queries.certificate_of(first.serial) is None
    assert Certificate.objects.count() == 1
    assert queries.certificate_of(other.shown_serial) == queries.certificate_of(other.serial) == other


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code"),
    [("x" * 500, "too_long"), (" ", "blank"), ("Minh\u202e", "invalid_character"), ("明", "name_not_printable")],
)
def test_a_name_that_cannot_be_is_refused(name, code):
    attempt = a_published_result(others=())
    with pytest.raises(RuleBroken) as refusal:
        issued(attempt, name)
    assert (refusal.value.code, refusal.value.field) == (code, "name")


@pytest.mark.django_db
def test_there_is_no_certificate_before_the_results_of_practice_or_of_the_disqualified():
    running, practice = a_running_contest(), a_running_contest(is_practice=True)
    attempt, exercise = of_today(a_result(running)), of_today(a_result(practice))
    out = of_today(a_result(running))
    results.disqualify(out.entry, by=judge(), reason="Hai máy")
    refused = []
    for each in (attempt, exercise, of_today(out)):
        with pytest.raises(RuleBroken) as refusal:
            issued(each)
        refused.append(refusal.value.code)
    assert refused == ["certificate_too_early", "no_certificate_for_practice", "disqualified"]


@pytest.mark.django_db
def test_a_typed_name_gets_yes_or_no_ten_times_an_hour():
    certificate, _file = issued(a_published_result(others=()), "Nguyễn Thị Hạnh")
    typed = ["NGUYỄN thị  Hạnh", "Nguyen Thi Hanh", "Nguyễn Thị Hạnh "] + ["Ai đó"] * 7
    assert [services.is_name_on(certificate, each) for each in typed] == [True, False, True] + [False] * 7
    with pytest.raises(QuotaExceeded) as refusal:
        services.is_name_on(certificate, "Nguyễn Thị Hạnh")
    assert refusal.value.code == "too_many_names"
    Certificate.objects.update(tries_since=refusal.value.until - 2 * services.TRIES_TIME)  # an hour later
    assert services.is_name_on(certificate, "Nguyễn Thị Hạnh")


@pytest.mark.django_db
def test_an_erased_reader_leaves_no_certificate():
    attempt = a_published_result(others=())
    issued(attempt)
    devices.erase_reader(attempt.entry.reader)
    assert not Certificate.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "abc", "a" * 17, "é" * 16, "' OR 1=1 --", "ab\x00c"])
def test_what_is_no_serial_finds_nothing(typed):
    assert queries.certificate_of(typed) is None
