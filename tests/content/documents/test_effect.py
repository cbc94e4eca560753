"""Whether a document binds on a day, from what happened to it."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.documents.effect import (
    EffectStatus,
    effect_on,
    is_partly_expired_without_units,
    provision_effect_on,
)
from content.law.eids import eid_lineage

DAY = datetime.date


LEARNT = DAY(2024, 6, 1)


def happened(kind, on, scope="whole", stated_on=LEARNT, eids=()):
    return SimpleNamespace(kind=kind, scope=scope, on=on, stated_on=stated_on, eids=list(eids), pk=None)


STARTS = happened("takes_effect", DAY(2020, 1, 1))


@pytest.mark.parametrize(
    ("events", "day", "status"),
    [
        ([], DAY(2024, 1, 1), "unknown"),
        ([STARTS], DAY(2019, 12, 31), "not_yet_effective"),
        ([STARTS], DAY(2020, 1, 1), "in_force"),
        ([STARTS, happened("expires", DAY(2025, 1, 1))], DAY(2024, 12, 31), "in_force"),
        ([STARTS, happened("expires", DAY(2025, 1, 1))], DAY(2025, 1, 1), "expired"),
        ([STARTS, happened("expires", DAY(2022, 1, 1), "part")], DAY(2021, 12, 31), "in_force"),
        ([STARTS, happened("expires", DAY(2022, 1, 1), "part")], DAY(2022, 1, 1), "partly_expired"),
        ([STARTS, happened("suspended", DAY(2022, 1, 1))], DAY(2022, 6, 1), "suspended"),
        (
            [STARTS, happened("resumed", DAY(2023, 1, 1)), happened("suspended", DAY(2022, 1, 1))],
            DAY(2023, 1, 1),
            "in_force",
        ),
        ([STARTS, happened("suspended", DAY(2022, 1, 1), "part")], DAY(2022, 6, 1), "partly_suspended"),
        ([STARTS, happened("no_longer_suitable", DAY(2022, 1, 1))], DAY(2022, 6, 1), "no_longer_suitable"),
    ],
)
def test_status(events, day, status):
    assert effect_on(events, day).status == status


def test_a_part_that_expired_on_a_day_nobody_named_makes_the_days_before_unknown():
    events = [STARTS, happened("expires", None, "part", stated_on=DAY(2024, 6, 1))]
    assert effect_on(events, DAY(2024, 6, 1)).status == "partly_expired"
    assert effect_on(events, DAY(2023, 1, 1)).status == "unknown"
    assert effect_on(events, DAY(2019, 1, 1)).status == "not_yet_effective"


def test_a_known_end_to_come_is_scheduled_and_past_it_is_not():
    events = [STARTS, happened("expires", DAY(2030, 1, 1))]
    assert effect_on(events, DAY(2025, 1, 1)).expiry_scheduled
    assert not effect_on(events, DAY(2030, 1, 1)).expiry_scheduled
    assert not effect_on([STARTS], DAY(2025, 1, 1)).expiry_scheduled


days = st.dates(DAY(1990, 1, 1), DAY(2040, 1, 1))
anything = st.lists(
    st.builds(
        happened,
        st.sampled_from(["takes_effect", "expires", "suspended", "resumed", "no_longer_suitable"]),
        days,
        st.sampled_from(["whole", "part"]),
    ),
    max_size=8,
)


@given(anything, days)
def test_every_day_has_one_of_the_statuses_whatever_order_the_events_come_in(events, day):
    status = effect_on(events, day).status
    assert status in EffectStatus
    assert effect_on(list(reversed(events)), day).effective_on == effect_on(events, day).effective_on


@given(anything, days, days)
def test_what_has_expired_stays_expired(events, day, later):
    if effect_on(events, day).status == "expired" and later >= day:
        assert effect_on(events, later).status == "expired"


def test_a_unit_that_resumes_does_not_resume_another():
    events = [
        STARTS,
        happened("suspended", DAY(2021, 1, 1), "part", eids=["art_1"]),
        happened("suspended", DAY(2021, 2, 1), "part", eids=["art_2"]),
        happened("resumed", DAY(2021, 3, 1), "part", eids=["art_1"]),
    ]
    assert effect_on(events, DAY(2022, 1, 1)).status == "partly_suspended"
    assert effect_on([*events, happened("resumed", DAY(2021, 4, 1), "part")], DAY(2022, 1, 1)).status == "in_force"
    assert effect_on([*events, happened("resumed", DAY(2021, 4, 1))], DAY(2022, 1, 1)).status == "in_force"


def test_the_whole_does_not_resume_because_a_part_does():
    events = [STARTS, happened("suspended", DAY(2021, 1, 1)), happened("resumed", DAY(2021, 3, 1), "part")]
    assert effect_on(events, DAY(2022, 1, 1)).status == "suspended"


def test_an_end_that_the_source_states_without_its_day_counts_from_when_it_told_us():
    events = [STARTS, happened("expires", None)]
    assert effect_on(events, LEARNT).status == "expired"
    assert effect_on(events, DAY(2023, 1, 1)).status == "unknown"
    assert effect_on(events, LEARNT).expires_on is None


def test_what_is_said_of_a_unit_holds_for_all_under_it_and_for_nothing_beside_it():
    events = [STARTS, happened("expires", DAY(2022, 1, 1), "part", eids=["art_1__clause_1"])]
    ended = ("art_1__clause_1", "art_1__clause_1__point_a")
    for eid in (*ended, "art_1", "art_1__clause_10", "art_2"):
        expected = "expired" if eid in ended else "in_force"
        assert provision_effect_on(events, eid, DAY(2022, 1, 1)).status == expected
        assert provision_effect_on(events, eid, DAY(2021, 12, 31)).status == "in_force"
    assert eid_lineage("art_1__clause_1") == ["art_1", "art_1__clause_1"]


def test_a_first_day_of_its_own_goes_before_that_of_the_document_and_the_closest_one_counts():
    events = [
        STARTS,
        happened("takes_effect", DAY(2021, 1, 1), "part", eids=["art_1"]),
        happened("takes_effect", DAY(2022, 1, 1), "part", eids=["art_1__clause_1"]),
        happened("takes_effect", DAY(2019, 6, 1), "part", eids=["art_2"]),
        happened("takes_effect", None, "part", eids=["art_3"]),
    ]
    first = {
        eid: provision_effect_on(events, eid, DAY(2020, 6, 1)).effective_on
        for eid in ("art_1__clause_1__point_a", "art_1__clause_2", "art_2", "art_3", "art_4")
    }
    assert list(first.values()) == [DAY(2022, 1, 1), DAY(2021, 1, 1), DAY(2019, 6, 1), None, DAY(2020, 1, 1)]
    assert provision_effect_on(events, "art_2", DAY(2019, 6, 1)).status == "in_force"
    assert provision_effect_on(events, "art_3", DAY(2030, 1, 1)).status == "unknown"
    assert effect_on(events, DAY(2030, 1, 1)).status == "in_force"


def test_a_part_that_expired_and_nobody_says_which_changes_no_provision_and_is_told_of_until_the_parts_are_known():
    vague, day = happened("expires", None, "part"), LEARNT
    assert provision_effect_on([STARTS, vague], "art_1", day).status == "in_force"
    assert is_partly_expired_without_units([STARTS, vague], day)
    assert not is_partly_expired_without_units([STARTS, vague], day - ONE)
    known = [STARTS, vague, happened("amended", DAY(2022, 1, 1), "part", eids=["art_2"])]
    assert not is_partly_expired_without_units(known, day)
    assert [effect_on(known, DAY(2022, 1, 1) + step * ONE).status for step in (-1, 0)] == ["in_force", "partly_expired"]


ONE = datetime.timedelta(days=1)
some_eids = st.sampled_from([(), ("art_1",), ("art_1__clause_1",), ("art_2", "art_3")])
everything = st.lists(
    st.builds(
        lambda kind, on, scope, eids: happened(kind, on, "part" if kind == "amended" else scope, eids=eids),
        st.sampled_from(["takes_effect", "expires", "amended", "suspended", "resumed", "no_longer_suitable"]),
        days,
        st.sampled_from(["whole", "part"]),
        some_eids,
    ),
    max_size=8,
)


@given(everything, days)
def test_effect_turns_only_on_the_day_of_an_event(events, day):
    events = [each for each in events if each.on != day]
    assert effect_on(events, day).status == effect_on(events, day - ONE).status
    for eid in ("art_1__clause_1__point_a", "art_2"):
        assert provision_effect_on(events, eid, day).status == provision_effect_on(events, eid, day - ONE).status


@given(everything, days)
def test_a_provision_of_a_document_that_expired_or_was_suspended_whole_does_not_bind(events, day):
    if effect_on(events, day).status in ("expired", "suspended"):
        assert provision_effect_on(events, "art_9", day).status != "in_force"
