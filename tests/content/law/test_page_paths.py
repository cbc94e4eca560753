"""Paths of pages: the words of the law, one to one with eids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.law.page_paths import document_path, eid_of_path, provision_path
from content.law.units import EID_PREFIXES

KEY = "luat-2024-31-2024-qh15"


@pytest.mark.parametrize(
    ("eid", "path"),
    [
        ("art_15", "dieu-15"),
        ("art_12a__clause_2__point_dd1", "dieu-12a/khoan-2/diem-dd1"),
        ("chp_2__sec_1", "chuong-2/muc-1"),
        ("chp_2__sec_1__subsec_3", "chuong-2/muc-1/tieu-muc-3"),
        ("annex_2", "phu-luc-2"),
        ("form_1", "mau-1"),
        ("art_5__clause_1_2", "dieu-5/khoan-1_2"),
        ("preamble", "phan-mo-dau"),
        ("conclusions", "phan-ket-thuc"),
        ("part_2", "phan-2"),
    ],
)
def test_a_path_says_what_the_law_says(eid, path):
    assert provision_path(KEY, eid) == f"/van-ban/{KEY}/{path}"
    assert eid_of_path(path) == eid


STEPS = st.tuples(
    st.sampled_from(sorted(EID_PREFIXES.values())), st.from_regex(r"[a-z0-9]{1,6}(_[0-9])?", fullmatch=True)
)


@given(st.lists(STEPS.map("_".join), min_size=1, max_size=5).map("__".join))
def test_each_eid_has_a_path_of_its_own(eid):
    assert eid_of_path(provision_path(KEY, eid).removeprefix(f"/van-ban/{KEY}/")) == eid


@pytest.mark.parametrize("path", ["", "dieu", "x-1", "dieu-15/", "../dieu-1", "dieu-Ω", "khoan"])
def test_other_paths_have_no_eid(path):
    assert eid_of_path(path) in (None, "art", "clause")


def test_an_eid_of_no_form_leads_to_the_document():
    assert provision_path(KEY, "x_1") == document_path(KEY)
