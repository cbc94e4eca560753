"""Laws as people type them: by name, number, abbreviation, year and article, in the search box, its hints and lists."""

import datetime

import pytest

from content.search.index import services
from tests.api.search.test_search import a_law, search
from tests.builders import a_document

pytestmark = pytest.mark.django_db
TYPED_LAWS = [  # (what is typed, the keys of what comes first)
    ("2 luật đất đai", {"31/2024/QH15 art_2", "45/2013/QH13 art_2"}),
    ("đ 2 nđ 168", {"168/2024/NĐ-CP art_2"}),
    ("LDD 2024", {"31/2024/QH15"}),
    ("lđđ", {"31/2024/QH15", "45/2013/QH13"}),
    ("ldd 2024 d2", {"31/2024/QH15 art_2"}),
    ("d2 ldd 2024", {"31/2024/QH15 art_2"}),
    ("l68/2024/NĐ-CP", {"168/2024/NĐ-CP"}),
    ("BLDS 2015 điều 2", {"91/2015/QH13 art_2"}),
    ("bldss d 2", set()),
    ("blhs d 2", {"100/2015/QH13 art_2"}),
    ("tt 80/2021", {"80/2021/TT-BTC"}),
    ("qđ 471", {"471/QĐ-TTg"}),
    ("luật đất đai 45/2013", {"45/2013/QH13"}),
    ("nghị định 168 2024", {"168/2024/NĐ-CP"}),
    ("ND168", {"168/2024/NĐ-CP"}),
    ("168 nd-cp", {"168/2024/NĐ-CP"}),
    ("điều 2 khoản 1 hôn nhân", {"52/2014/QH13 art_2__clause_1", "22/2000/QH10 art_2__clause_1"}),
    ("dieu 2 khoan 1 hon nhan 2014", {"52/2014/QH13 art_2__clause_1"}),
    ("luật hngđ điều 2", {"52/2014/QH13 art_2", "22/2000/QH10 art_2"}),
    ("luật dân sự 91/2015", {"91/2015/QH13"}),
    ("luật hôn nhân", {"52/2014/QH13", "22/2000/QH10"}),
    ("luat hon nhan", {"52/2014/QH13", "22/2000/QH10"}),
    ("luật hôn nhân 2014", {"52/2014/QH13"}),
    ("luật hn%26gđ", {"52/2014/QH13", "22/2000/QH10"}),
    ("luật dân sự", {"91/2015/QH13"}),
    ("luật dân sự điều 2", {"91/2015/QH13 art_2"}),
    ("luật đường", {"35/2018/QH14"}),
    ("luật đường bộ", set()),
    ("luật ttatgt", {"36/2024/QH15"}),
    ("luật TTATGTĐB", {"36/2024/QH15"}),
    ("luật trật tự an toàn giao thông", {"36/2024/QH15"}),
    ("luật thuế", set()),  # two laws begin so
    ("168/2024/NĐCP", {"168/2024/NĐ-CP"}),
    ("168_2024_ND-CP", {"168/2024/NĐ-CP"}),
    ("168-2024-ND-CP.pdf", {"168/2024/NĐ-CP"}),
    ("nđ 168/24", {"168/2024/NĐ-CP"}),
    ("168/24/NĐ-CP", {"168/2024/NĐ-CP"}),
    ("168/NĐ-CP/2024", {"168/2024/NĐ-CP"}),
    ("168/2024/N Đ-CP", {"168/2024/NĐ-CP"}),
    ("2 168/2024/NĐ-CP", {"168/2024/NĐ-CP art_2"}),
    ("NĐ168/2024/NĐ-CP", {"168/2024/NĐ-CP"}),
    ("BLDS2015", {"91/2015/QH13"}),
    ("blhs1999", set()),
    ("BLHS2015 điều 2", {"100/2015/QH13 art_2"}),
    ("LĐĐ2024", {"31/2024/QH15"}),
    ("ldd2013 d2", {"45/2013/QH13 art_2"}),
    ("luật thuế gtgt", {"48/2024/QH15"}),
    ("luật gtgt", {"48/2024/QH15"}),
    ("luật TTATGT đường bộ 2024", {"36/2024/QH15"}),
    ("luật giao thông 2024 điều 2", {"36/2024/QH15 art_2"}),
    ("nghị định phạt 168", {"168/2024/NĐ-CP"}),
    ("nghị định thuế 168", set()),  # that decree is about something else
    ("luật HNGĐ số 52", {"52/2014/QH13"}),
    ("luật đất đai số 45", {"45/2013/QH13"}),
    ("blttds", set()),
    ("điều 2 khoản 1 hngd", {"52/2014/QH13 art_2__clause_1", "22/2000/QH10 art_2__clause_1"}),
    ("luatdatdai", {"31/2024/QH15", "45/2013/QH13"}),
    ("luật đất đai mới", {"31/2024/QH15", "45/2013/QH13"}),
    ("168/2024/NĐ", {"168/2024/NĐ-CP"}),
    ("168/2024/NĐ-C", {"168/2024/NĐ-CP"}),
    ("168/2024/CP", {"168/2024/NĐ-CP"}),
    ("36/2024/QH", {"36/2024/QH15"}),
    ("45/2013/QH1", {"45/2013/QH13"}),
    ("80/2021/TT-B", {"80/2021/TT-BTC"}),
    ("80/2021/TT-BT", {"80/2021/TT-BTC"}),
    ("80/2021/TT-BTCX", set()),
    ("471/QĐ-TTg năm 2024", {"471/QĐ-TTg"}),
    ("471/QĐ-TTg năm 2023", set()),
    ("điều 2.1 nđ 168", {"168/2024/NĐ-CP art_2__clause_1"}),
    ("điều 9 luật đất đai 2024", {"31/2024/QH15"}),  # which has no such article
    ("khoản 9 điều 2 luật đất đai 2024", {"31/2024/QH15 art_2"}),
]
TELEX = [
    ("ddieu 2 luat hoon nhan gia ddinh", {"52/2014/QH13 art_2", "22/2000/QH10 art_2"}),
    ("ddieeuf 2 luaatj hoon nhaan vaf gia ddinhf", {"52/2014/QH13 art_2", "22/2000/QH10 art_2"}),
    ("luaatj ddaats ddai 2024", {"31/2024/QH15"}),
    ("LUAATJ DDAATS DDAI 2024", {"31/2024/QH15"}),
    ("boo luaatj daan suwj ddieeuf 2", {"91/2015/QH13 art_2"}),
]


@pytest.fixture(scope="module", autouse=True)
def typed_laws(commits_for_the_file):
    """Laws of one name, a number that several documents share, and types of each kind: for all tests of the file."""
    with commits_for_the_file():
        make_laws()


def make_laws():
    articles = ("Một", "1. Một."), ("Hai", "1. Hai.\n2. Ba.")
    for number, name, day in [
        ("31/2024/QH15", "Đất đai", datetime.date(2024, 1, 18)),
        ("45/2013/QH13", "Đất đai", datetime.date(2013, 11, 29)),
        ("52/2014/QH13", "Hôn nhân và gia đình", datetime.date(2014, 6, 19)),
        ("22/2000/QH10", "Hôn nhân và gia đình", datetime.date(2000, 6, 9)),
        ("35/2018/QH14", "Đường sắt", datetime.date(2018, 6, 1)),
        ("36/2024/QH15", "Trật tự, an toàn giao thông đường bộ", datetime.date(2024, 6, 27)),
        ("27/2008/QH12", "Thuế tiêu thụ đặc biệt", datetime.date(2008, 11, 14)),
        ("48/2024/QH15", "Thuế giá trị gia tăng", datetime.date(2024, 11, 26)),
    ]:
        a_law(number, name, *articles, issued_on=day)
    for number, kind, title, day in [
        ("91/2015/QH13", "code", "Bộ luật Dân sự", datetime.date(2015, 11, 24)),
        ("100/2015/QH13", "code", "Bộ luật Hình sự", datetime.date(2015, 11, 27)),
        ("168/2024/NĐ-CP", "decree", "Nghị định về phạt", datetime.date(2024, 12, 26)),
        ("45/2013/NĐ-CP", "decree", "Nghị định về giờ làm việc", datetime.date(2013, 5, 10)),
        ("80/2021/TT-BTC", "circular", "Thông tư về thuế", datetime.date(2021, 9, 29)),
        ("471/QĐ-TTg", "decision", "Quyết định về xe", datetime.date(2024, 5, 1)),
    ]:
        a_document(number, doc_type=kind, title=title, text="Điều 1. Một\n1. Một.\nĐiều 2. Hai\n1. Hai.", issued_on=day)


def named(api, typed):
    """What a query names, as «number eid»: those results that have no score."""
    rows = search(api, typed)["results"]
    return {
        " ".join([row["document"]["number"], *([row["provision"]["eid"]] if row["provision"] else [])])
        for row in rows
        if row["score"] is None
    }


@pytest.mark.parametrize(("typed", "meant"), TYPED_LAWS, ids=[typed for typed, _ in TYPED_LAWS])
def test_all_laws_that_may_be_meant_come_first_and_no_other(api, typed, meant):
    assert named(api, typed) == meant


def test_a_law_typed_in_telex_that_no_program_read_comes_first(api):
    services.rebuild_index()
    assert [named(api, typed) for typed, _ in TELEX] == [meant for _, meant in TELEX]


def test_a_street_and_words_that_are_no_unit_name_no_law(api):
    assert [named(api, typed) for typed in ("đường d5", "đường", "hôn nhân", "lao 2")] == [set()] * 4


def test_lists_read_a_number_as_the_search_box_does(api):
    for typed, number in [
        ("đ 6 nđ 168", "168/2024/NĐ-CP"),
        ("l68/2024/NĐ-CP", "168/2024/NĐ-CP"),
        ("luật đất đai 45/2013", "45/2013/QH13"),
        ("luật dân sự 91/2015", "91/2015/QH13"),
        ("tt 80/2021", "80/2021/TT-BTC"),
        ("qđ 471", "471/QĐ-TTg"),
        ("168 nd-cp", "168/2024/NĐ-CP"),
        ("168/2024/NĐCP", "168/2024/NĐ-CP"),
        ("168_2024_ND-CP", "168/2024/NĐ-CP"),
        ("168-2024-ND-CP.pdf", "168/2024/NĐ-CP"),
        ("nđ 168/24", "168/2024/NĐ-CP"),
        ("168/24/NĐ-CP", "168/2024/NĐ-CP"),
        ("168/NĐ-CP/2024", "168/2024/NĐ-CP"),
        ("168/2024/N Đ-CP", "168/2024/NĐ-CP"),
        ("168／2024／NĐ－CP", "168/2024/NĐ-CP"),
        ("nghị định phạt 168", "168/2024/NĐ-CP"),
        ("nghij ddinhj 168", "168/2024/NĐ-CP"),
        ("168/2024/NĐ", "168/2024/NĐ-CP"),
        ("luật đất đai 2024", "31/2024/QH15"),
        ("blds 2015", "91/2015/QH13"),
    ]:
        listed = api("get", f"documents?number={typed}").json()["results"]
        assert [row["number"] for row in listed] == [number], typed


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("168/2024/NĐ-CP", "168/2024/NĐ-CP"),
        ("NĐ168/2024", "168/2024/NĐ-CP"),
        ("168/", "168/2024/NĐ-CP"),
        ("168/2", "168/2024/NĐ-CP"),
        ("168/202", "168/2024/NĐ-CP"),
        ("168/2024/", "168/2024/NĐ-CP"),
        ("168/2024/n", "168/2024/NĐ-CP"),
        ("36/2024/QH", "36/2024/QH15"),
        ("471/QĐ", "471/QĐ-TTg"),
        ("31/2024", "31/2024/QH15"),
        ("luật đất đai 2024 điều 2", "31/2024/QH15 art_2"),
        ("khoản 1 điều 2 luật đất đai 2024", "31/2024/QH15 art_2__clause_1"),
        ("luật đất đai 2024 điều 99", "31/2024/QH15"),
        ("luật đất đai 2013", "45/2013/QH13"),
        ("luật hôn nhân gia đình 2014", "52/2014/QH13"),
        ("blds 2015", "91/2015/QH13"),
        ("luật đất đai 2003", None),
        ("168/2023", None),
        ("99/", None),
    ],
)
def test_suggestions_lead_to_what_is_named_by_number_year_or_article(api, typed, key):
    found = api("get", f"search/suggest?q={typed}").json()["results"]
    places = [(api("get", each["url"]).json(), each) for each in found if each["kind"] != "search"]
    named = [
        f"{row['document']['number']} {row['eid']}" if each["kind"] == "provision" else row["number"]
        for row, each in places
    ]
    assert named[:1] == [key] if key else named == []
    for each in found[:1]:  # the completed text finds what it says
        (hit, *_) = search(api, each["text"])["results"]
        assert hit["score"] is None and each["key"].startswith(hit["document"]["key"])
