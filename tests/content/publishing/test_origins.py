"""Whose document a local number is: by issuer, head of the text or a field; refused where nothing says it."""

import datetime
import threading

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from content.changes.models import Change
from content.documents import identity
from content.documents.models import LegalDocument
from content.documents.records import ArticleRecord
from content.errors import RuleBroken
from content.law.local_bodies import body_in
from content.named_documents import territory
from content.organisations.models import Organisation, Province
from content.permanent_addresses.models import Address
from content.publishing import origins, services
from content.text.vietnamese import fold
from tests.builders import a_local_document, a_record, publish_as_read

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 5, 1)
ARTICLES = (
    "QUYẾT ĐỊNH\nVề mẫu\nĐiều 1. Phạm vi\nQuyết định này quy định về mẫu.\nĐiều 2. Hiệu lực\nTừ ngày 15/5/2024.\n"
)


def a_local_record(number="15/2024/QĐ-UBND", *, head="", **columns):
    defaults = {
        "doc_type": "decision", "title": "Quyết định về mẫu", "issuer": "", "issued_on": DAY,
        "effective_on": datetime.date(2024, 5, 15), "text": f"{head}\n{ARTICLES}",
    }  # fmt: skip
    return a_record(number, **(defaults | columns))


def province_of(**columns):
    origin = origins.origin_of_record(a_local_record(**columns))
    return origin.province and origin.province.key, origin.issuer and origin.issuer.key


@pytest.mark.parametrize(
    "columns",
    [
        {"province": "25-phu-tho"},
        {"province": "25"},
        {"province": "Tỉnh Phú Thọ"},
        {"issuer": "Ủy ban nhân dân tỉnh Phú Thọ"},
        {"issuer": "UBND tỉnh Phú Thọ"},
        {"head": "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ"},
        {"head": "ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ\nSố: 15/2024/QĐ-UBND\nPhú Thọ, ngày 01 tháng 5 năm 2024"},
        {"head": "ỦY BAN NHÂN DÂN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nTỈNH PHÚ THỌ Độc lập - Tự do - Hạnh phúc"},
        {"issuer": "Ủy ban nhân dân cấp tỉnh", "head": "UỶ BAN NHÂN DÂN TỈNH PHÚ THỌ"},
        {"issued_on": None, "effective_on": None, "province": "Phú Thọ"},  # the year of the number says the day
    ],
)
def test_the_province_is_found_in_the_field_the_issuer_or_the_head(columns):
    assert province_of(**columns) == ("25-phu-tho", "ubnd-25-phu-tho")


def test_the_province_is_the_one_of_the_day_of_issue():
    since = {"number": "15/2025/QĐ-UBND", "issued_on": datetime.date(2025, 7, 1), "effective_on": None}
    assert province_of(head="ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", **since) == ("25-phu-tho-2025", "ubnd-25-phu-tho-2025")


def test_a_council_is_the_issuer_of_its_resolutions():
    assert province_of(number="8/2024/NQ-HĐND", doc_type="resolution", province="48")[1] == "hdnd-48-da-nang"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({}, "province_needed"),
        ({"head": "Phú Thọ, ngày 01 tháng 5 năm 2024"}, "province_needed"),  # the place of signing is no issuer
        ({"issuer": "Chính phủ"}, "province_needed"),
        ({"province": "Nơi Không Có"}, "unknown_province"),
        ({"province": "25-phu-tho-2025"}, "unknown_province"),  # not on that day
        ({"province": "48", "issuer": "Ủy ban nhân dân tỉnh Phú Thọ"}, "province_contradicts"),
        ({"province": "48", "issuer": "Chính phủ"}, "province_contradicts"),
        ({"province": "48", "commune_name": "Xã Hòa Vang"}, "commune_code_needed"),
        ({"province": "48", "commune_name": "Xã Hòa Vang", "commune_code": "2019"}, "commune_code_needed"),
        ({"province": "48", "head": "ỦY BAN NHÂN DÂN\nXÃ HÒA VANG"}, "commune_code_needed"),
        ({"issuer": "Ủy ban nhân dân huyện Hòa Vang", "province": "48"}, "unknown_issuer"),
        ({"number": "15/2025/QĐ-UBND", "issued_on": None, "effective_on": None, "province": "Phú Thọ"},
         "unknown_province"),  # in 2025 there were two
    ],
)  # fmt: skip
def test_what_says_no_province_or_two_is_refused_and_nothing_is_stored(columns, code):
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record(**columns))
    assert refusal.value.code == code
    assert not LegalDocument.objects.exists()


def test_two_provinces_have_the_same_number_on_the_same_day():
    first = a_local_document(province="48-da-nang")
    second = a_local_document(province="25-phu-tho")
    assert [first.key, second.key] == [
        "vn-48-quyet-dinh-2024-15-2024-qd-ubnd", "vn-25-quyet-dinh-2024-15-2024-qd-ubnd"
    ]  # fmt: skip
    paths = Address.objects.filter(scheme="akn").order_by("pk").values_list("path", flat=True)
    assert list(paths) == [
        "/akn/vn-48/act/quyet-dinh/2024/15-2024-qd-ubnd", "/akn/vn-25/act/quyet-dinh/2024/15-2024-qd-ubnd"
    ]  # fmt: skip


def test_the_same_decision_twice_is_one_however_its_province_is_said():
    heads = {"head": "ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ"}
    outcomes = [
        services.import_document(a_local_record(**columns, **heads))[1]
        for columns in ({"province": "25-phu-tho"}, {"issuer": "Ủy ban nhân dân tỉnh Phú Thọ"}, {})
    ]
    assert outcomes == ["created", "unchanged", "unchanged"]


def test_a_commune_has_its_own_documents():
    commune = {"province": "48", "commune_code": "20194", "commune_name": "Xã Hòa Vang"}
    of_commune = publish_as_read(services.import_document(a_local_record(**commune))[0])
    of_province = a_local_document(province="48-da-nang")
    assert of_commune.key == "vn-48-20194-quyet-dinh-2024-15-2024-qd-ubnd"
    assert (of_commune.issuer, of_commune.commune_name) == (None, "Xã Hòa Vang")
    assert of_province.key == "vn-48-quyet-dinh-2024-15-2024-qd-ubnd"
    path = Address.objects.get(document=of_commune, scheme="akn").path
    assert path == "/akn/vn-48-20194/act/quyet-dinh/2024/15-2024-qd-ubnd"
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record("16/2024/QĐ-UBND", **commune | {"province": "25"}))
    assert refusal.value.code == "commune_of_another_province"
    later = commune | {"issued_on": datetime.date(2025, 8, 1), "effective_on": None, "province": "48"}
    services.import_document(a_local_record("17/2025/QĐ-UBND", **later))  # the same territory, redrawn


def test_the_database_refuses_a_public_local_document_without_a_province():
    document = a_local_document()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDocument.objects.filter(pk=document.pk).update(province=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalDocument.objects.filter(pk=document.pk).update(commune_code="20194")


def test_a_draft_without_a_province_is_not_published():
    document = services.import_document(a_local_record(province="25"))[0]
    LegalDocument.objects.filter(pk=document.pk).update(province=None)
    with pytest.raises(RuleBroken) as refusal:
        publish_as_read(document)
    assert refusal.value.code == "province_needed"


def of_the_version_before(number="15/2024/QĐ-UBND", *, head="ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ"):
    """A public document that was stored before provinces were asked for, with its key of then."""
    document = publish_as_read(services.import_document(a_local_record(number, head=head, province="25"))[0])
    general = Organisation.objects.get(key="uy-ban-nhan-dan-cap-tinh")
    LegalDocument.objects.filter(pk=document.pk).update(
        province=None, issuer=general, lacks_province=True, key=document.key.removeprefix("vn-25-")
    )
    document.refresh_from_db()
    return document


def test_settling_proposes_from_the_text_and_keeps_the_public_key(capsys):
    document, unclear = of_the_version_before(), of_the_version_before("16/2024/QĐ-UBND", head="")
    call_command("settle_provinces")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"{document.key}\t15/2024/QĐ-UBND\t25-phu-tho", f"{unclear.key}\t16/2024/QĐ-UBND\t?",
        "1 with a proposal, 0 settled, 1 for a person to decide",
    ]  # fmt: skip
    document.refresh_from_db()
    assert document.province is None
    call_command("settle_provinces", "--accept")
    assert capsys.readouterr().out.splitlines()[-1] == "1 with a proposal, 1 settled, 1 for a person to decide"
    settled = LegalDocument.objects.get(key="quyet-dinh-2024-15-2024-qd-ubnd")
    assert (settled.province.key, settled.issuer.key, settled.lacks_province) == (
        "25-phu-tho", "ubnd-25-phu-tho", False
    )  # fmt: skip
    change = Change.objects.latest("pk")
    assert (change.event_type, change.notify) == ("document.corrected", False)
    call_command("settle_provinces", "--accept")
    assert "0 settled" in capsys.readouterr().out


def test_settling_never_makes_two_of_one(capsys):
    document = of_the_version_before()
    phu_tho = Organisation.objects.get(key="ubnd-25-phu-tho")
    other = a_local_document(province="48-da-nang")
    LegalDocument.objects.filter(pk=other.pk).update(province=phu_tho.province, issuer=phu_tho)
    call_command("settle_provinces", "--accept")
    assert "đã có" in capsys.readouterr().out
    document.refresh_from_db()
    assert document.province is None


def test_an_import_of_the_same_text_gives_an_earlier_document_its_province():
    document = of_the_version_before()
    record = a_local_record(head="ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ", province="25")
    again, outcome = services.import_document(record, correct=True)
    assert (again.pk, again.key, outcome) == (document.pk, document.key, "updated")
    assert again.province.key == "25-phu-tho"
    other, outcome = services.import_document(a_local_record(province="48"))
    assert (outcome, other.key) == ("created", "vn-48-quyet-dinh-2024-15-2024-qd-ubnd")


def test_in_a_local_act_a_number_means_the_nearest_document():
    now = Province.objects.get(key="25-phu-tho-2025")
    own = identity.Origin(province=now)
    hoa_binh, phu_tho, da_nang = (a_local_document(province=key) for key in ("17-hoa-binh", "25-phu-tho", "48-da-nang"))
    assert meant([hoa_binh, phu_tho, da_nang], own) == ([phu_tho], False)
    assert meant([hoa_binh, da_nang], own) == ([hoa_binh], False)
    assert meant([da_nang], own) == ([], False)
    former = identity.Origin(province=Province.objects.get(key="17-hoa-binh"))
    assert meant([phu_tho], former) == ([], False)  # the province did not continue it then
    assert meant([hoa_binh, phu_tho], former) == ([hoa_binh], True)


def meant(documents, origin, words=""):
    found = territory.documents_meant(documents, body_in(words), None, origin)
    return found.documents, found.is_certain


def test_a_body_by_name_decides_which_document_is_meant():
    now = identity.Origin(province=Province.objects.get(key="25-phu-tho-2025"))
    hoa_binh, phu_tho = (a_local_document(province=key) for key in ("17-hoa-binh", "25-phu-tho"))
    both = [hoa_binh, phu_tho]
    assert meant(both, now, "số 15 của UBND tỉnh Hòa Bình về mẫu") == ([hoa_binh], True)
    assert meant(both, now, "số 15 của Ủy ban nhân dân tỉnh Phú Thọ") == ([phu_tho], True)
    assert meant(both, now, "số 15 của UBND tỉnh Vĩnh Phúc") == ([], False)
    assert meant(both, now, "số 15 của UBND thành phố Hòa Bình") == ([], False)  # a city of the province
    assert meant(both, now, "số 15 của UBND tỉnh Hòa Bình - Sơn La") == ([], False)
    assert meant(both, now, "số 15 của UBND huyện Lương Sơn") == ([], False)
    assert meant(both, now, "số 15 của UBND tỉnh") == ([phu_tho], False)
    redrawn = a_local_document("9/2025/QĐ-UBND", issued_on=datetime.date(2025, 8, 1), effective_on=None,
                               province="25-phu-tho-2025")  # fmt: skip
    assert meant([redrawn], identity.Origin(), "số 9 của UBND tỉnh Phú Thọ") == ([redrawn], False)  # there were two


def test_a_document_of_a_commune_is_meant_in_its_own_acts_only():
    place = {"province": "48", "commune_code": "20194", "commune_name": "Xã Hòa Vang"}
    of_commune = a_local_document(**place)
    province = of_commune.province
    own, other = (identity.Origin(province=province, commune_code=code) for code in ("20194", "20197"))
    assert meant([of_commune], identity.Origin(province=province)) == ([], False)
    assert meant([of_commune], other) == ([], False)
    assert meant([of_commune], own) == ([of_commune], True)
    assert meant([of_commune], own, "số 15 của UBND thành phố Đà Nẵng") == ([], False)
    assert meant([of_commune], own, "số 15 của UBND xã Hòa Vang") == ([of_commune], True)
    of_province = a_local_document(province="48")
    assert meant([of_province], own) == ([of_province], False)


@pytest.mark.usefixtures("committed")
def test_of_twenty_imports_at_once_one_row_remains():
    outcomes, start = [], threading.Barrier(20)

    def run(number):
        start.wait()
        try:
            outcomes.append(services.import_document(a_local_record(province="48" if number % 2 else "25"))[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created"] * 2 + ["unchanged"] * 18
    assert sorted(LegalDocument.objects.values_list("province__code", flat=True)) == ["25", "48"]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("ỦY BAN NHÂN DÂN\nHUYỆN ANH SƠN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nAnh Sơn, tỉnh Nghệ An", {}),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ VINH\nVinh, tỉnh Nghệ An, ngày 01 tháng 5 năm 2024", {}),
        ("ỦY BAN NHÂN DÂN\nTHÀNH PHỐ VINH\n", {"province": "40"}),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ CAO BẰNG", {}),
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ CAO BẰNG", {"province": "04"}),
        ("ỦY BAN NHÂN DÂN QUẬN HẢI CHÂU", {"province": "48"}),
        ("", {"issuer": "UBND thành phố Cao Bằng"}),
        ("", {"issuer": "UBND thành phố Vinh", "province": "40"}),
    ],
)
def test_the_act_of_a_district_or_its_city_is_not_that_of_the_province(head, columns):
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record(head=head, **columns))
    assert refusal.value.code == "unknown_issuer"
    assert not LegalDocument.objects.exists()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NAM - ĐÀ NẴNG", DAY),
        ("ỦY BAN NHÂN DÂN TỈNH GIA LAI – KON TUM", DAY),
        ("ỦY BAN NHÂN DÂN TỈNH HÀ NAM NINH", DAY),
        ("ỦY BAN NHÂN DÂN TỈNH HÀ NAM", datetime.date(2007, 5, 1)),
        ("ỦY BAN NHÂN DÂN THỊ TRẤN ANH SƠN, TỈNH NGHỆ AN", DAY),
    ],
)
def test_a_head_that_may_mean_another_place_gives_no_province(head, day):
    number = f"15/{day.year}/QĐ-UBND"
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record(number, head=head, issued_on=day, effective_on=None))
    assert refusal.value.code in ("province_needed", "commune_code_needed")


@pytest.mark.parametrize("named", ["25-phu-tho", "25-phu-tho-2025"])
def test_a_body_of_two_times_has_the_province_that_is_given(named):
    columns = {"issuer": "UBND tỉnh Phú Thọ", "issued_on": None, "effective_on": None}
    for number in ("15/2025/QĐ-UBND", "1628/QĐ-UBND"):
        origin = origins.origin_of_record(a_local_record(number, province=named, **columns))
        assert (origin.province.key, origin.issuer.key) == (named, f"ubnd-{named}")
        with pytest.raises(RuleBroken) as refusal:
            services.import_document(a_local_record(number, **columns))
        assert refusal.value.code == "province_needed"


def test_a_body_that_had_ended_issues_nothing():
    columns = {"issued_on": datetime.date(2026, 8, 1), "effective_on": None}
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record("15/2026/QĐ-UBND", issuer="UBND tỉnh Kon Tum", **columns))
    assert refusal.value.code == "unknown_province"


def test_prose_that_speaks_of_communes_asks_for_no_commune():
    prose = (
        "ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ\nQUYẾT ĐỊNH\nGiao Ủy ban nhân dân xã Hy Cương,\nỦy ban nhân dân phường Nông Trang"
    )
    assert province_of(head=prose)[0] == "25-phu-tho"
    assert province_of(head=prose, province="25")[0] == "25-phu-tho"
    known = {"head": "ỦY BAN NHÂN DÂN\nXÃ HÒA VANG", "issuer": "UBND tỉnh Phú Thọ"}
    assert province_of(**known) == ("25-phu-tho", "ubnd-25-phu-tho")


@pytest.mark.parametrize("columns", [{"province": "48"}, {"issuer": "UBND thành phố Đà Nẵng"}])
def test_a_head_that_names_another_province_is_refused(columns):
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record(head="ỦY BAN NHÂN DÂN TỈNH PHÚ THỌ", **columns))
    assert refusal.value.code == "province_contradicts"


def test_every_province_is_read_in_a_head_however_it_is_written():
    for province in Province.objects.all():
        day = max(province.valid_from or DAY, DAY)
        names = {province.name, province.name.replace(" - ", " – ")}
        if province.type == "city":
            names |= {f"{short}{province.short_name}" for short in ("TP.", "TP. ", "TP ")}
        for name in names:
            for written in (name.upper(), fold(name).upper()):
                for body in ("ỦY BAN NHÂN DÂN ", "HOI DONG NHAN DAN\n"):
                    record = a_local_record(f"15/{day.year}/QĐ-UBND", head=f"{body}{written}\nSố: 15", issued_on=day)
                    assert origins.origin_of_record(record).province == province, (body, written)


def test_only_the_documents_that_are_named_are_settled(capsys):
    first, second = of_the_version_before(), of_the_version_before("16/2024/QĐ-UBND")
    call_command("settle_provinces", second.key, "--accept")
    assert "1 settled" in capsys.readouterr().out
    assert list(LegalDocument.objects.filter(lacks_province=True)) == [first]


@pytest.mark.parametrize("number", ["15/2003/QĐ-UB", "15/2003/CT-UB", "15/2024/NQ-HDND"])
def test_older_and_unaccented_numbers_are_local_too(number):
    assert identity.is_local_number(number)
    with pytest.raises(RuleBroken) as refusal:
        services.import_document(a_local_record(number, issued_on=None, effective_on=None))
    assert refusal.value.code == "province_needed"


@pytest.mark.parametrize("number", ["15/2003/QĐ-UBDT", "15/2003/PL-UBTVQH11", "15/2024/QĐ-TTg"])
def test_numbers_of_central_committees_are_not_local(number):
    assert not identity.is_local_number(number)


def test_a_partial_copy_without_a_day_and_the_whole_text_are_one_document_of_the_place():
    parts = (ArticleRecord("1", "Phạm vi", "Quyết định này quy định về mẫu."),)
    partial = {"issued_on": None, "effective_on": None, "text": "", "articles": parts, "province": "25-phu-tho"}
    first, _ = services.import_document(a_local_record(**partial))
    again, outcome = services.import_document(a_local_record(province="25-phu-tho"))
    assert (again.pk, outcome) == (first.pk, "updated")
    assert services.import_document(a_local_record(**partial))[0].pk == first.pk
    assert services.import_document(a_local_record(province="48-da-nang"))[1] == "created"


def test_a_better_copy_of_a_document_without_a_province_is_that_document():
    document = of_the_version_before()
    better = a_local_record(head="ỦY BAN NHÂN DÂN\nTỈNH PHÚ THỌ\nCăn cứ Luật Mẫu;", province="25-phu-tho")
    again, outcome = services.import_document(better, correct=True)
    assert (again.pk, again.key, outcome) == (document.pk, document.key, "updated")
    assert again.province.key == "25-phu-tho"
