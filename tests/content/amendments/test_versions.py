"""Versions as amending makes them: on every day one text, without gap or overlap, and undone as if never done. Pure."""

import datetime
from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from content import parsing
from content.amendments import consolidation
from content.amendments.queries import AmendmentPlan
from content.amendments.recognition import amending_acts
from content.diff import UnitText
from tests.builders import A_LAW, AN_AMENDING_LAW

FIRST, OPEN = datetime.date.min, datetime.date.max
PLACES = {
    "Điều 1": "Điều 1. Mới\n1. Một;\na) Hai.",
    "Điều 2": "Điều 2. Mới\nMột.",
    "khoản 1 Điều 2": "1. Mới:\na) Một;\nđ) Hai.",
    "khoản 2 Điều 2": "2. Khác.",
    "điểm a khoản 1 Điều 2": "a) Mới;",
    "điểm đ khoản 1 Điều 2": "đ) Mới.",
    "Điều 3": "Điều 3. Mới\nMột.",
}
instructions = st.one_of(
    st.sampled_from([*PLACES, "Điều 1a", "khoản 3 Điều 2"]).map(lambda place: f"Bãi bỏ {place}."),
    st.sampled_from([*PLACES]).map(lambda place: f"Sửa đổi, bổ sung {place} như sau:\n“{PLACES[place]}”."),
    st.sampled_from(["1a", "2a", "3a", "3b"]).map(
        lambda number: f"Bổ sung Điều {number} vào sau Điều {number[0]} như sau:\n“Điều {number}. Tên\nX.”."
    ),
    st.just("Bổ sung khoản 3 vào Điều 2 như sau:\n“3. Ba.”."),
    st.just("Bổ sung điểm a vào khoản 3 Điều 2 như sau:\n“a) Ba a.”."),
    st.just("Thay cụm từ “Mẫu” bằng cụm từ “Vật mẫu” tại Điều 2."),
)
acts = st.lists(st.lists(instructions, min_size=1, max_size=3, unique=True), min_size=1, max_size=4)


def unit_texts_of(text):
    units = parsing.parse_text(text).units
    eids = [unit.eid for unit in units]
    return [
        UnitText(unit.eid, str(unit.kind), unit.number, unit.heading, text[unit.start : unit.end],
              None if unit.parent is None else eids[unit.parent])
        for unit in units
    ]  # fmt: skip


class Versions:
    """What the tables hold: [from, until, unit] of each unit."""

    def __init__(self, units):
        self.rows = {unit.eid: [[FIRST, OPEN, unit]] for unit in units}

    def on(self, day):
        """{eid: UnitText} of the day, in no particular order."""
        found = [(eid, version) for eid, versions in self.rows.items() for version in versions]
        return {eid: unit for eid, (first, until, unit) in found if first <= day < until}

    def write(self, plan):
        changes = plan.text_changes
        after = {unit.eid: unit for unit in plan.after}
        ended = [
            version for eid in [*changes.changed, *changes.removed] for version in self.rows[eid] if version[1] == OPEN
        ]
        for version in ended:
            version[1] = plan.on
        for eid in [*changes.changed, *changes.added]:
            self.rows.setdefault(eid, []).append([plan.on, OPEN, after[eid]])
        return plan.on, ended

    def withdraw(self, made):
        day, ended = made
        for eid, versions in list(self.rows.items()):
            self.rows[eid] = [version for version in versions if version[0] != day]
        for version in ended:
            version[1] = OPEN


@given(acts)
@settings(max_examples=100, deadline=None)
def test_every_day_has_one_text_and_withdrawing_all_restores_the_first(several):
    first = unit_texts_of(A_LAW.format(number="1/2019/QH14"))
    versions, units, stories, made = Versions(first), first, [first], []
    for year, lines in enumerate(several, 2021):
        day = datetime.date(year, 1, 1)
        numbered = "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1))
        text = AN_AMENDING_LAW.format(number=f"{year}/QH15", amended="1/2019/QH14", instructions=numbered, day=day)
        recognised = [
            each
            for each in amending_acts.recognise_instructions(text, parsing.parse_text(text))
            if not each.target.is_the_act
        ]
        after, failures = consolidation.apply_instructions(units, recognised)
        plan = AmendmentPlan(SimpleNamespace(), SimpleNamespace(), day, recognised, units, after, failures)
        made.append(versions.write(plan))
        eve = day - datetime.timedelta(days=1)
        assert versions.on(eve) == {unit.eid: unit for unit in units}
        assert versions.on(day) == {unit.eid: unit for unit in after}
        assert_whole(after)
        units = after
        stories.append(units)
    for spans in versions.rows.values():
        assert all(before[1] <= later[0] for before, later in pairwise(spans))
        assert all(start < end for start, end, _text in spans)
    for each in reversed(made):
        stories.pop()
        versions.withdraw(each)
        assert versions.on(OPEN - datetime.timedelta(days=1)) == {unit.eid: unit for unit in stories[-1]}
    assert versions.on(datetime.date(2030, 1, 1)) == {unit.eid: unit for unit in first}


def assert_whole(units):
    """Each unit once, behind the unit it units under."""
    seen = set()
    for unit in units:
        assert unit.eid not in seen
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.eid)
