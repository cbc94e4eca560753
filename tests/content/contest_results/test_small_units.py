"""What lists of units say of few people: nothing, also not by subtracting one list from another."""

import pytest

from content.contest_results import boards
from content.contest_results.models import GroupCount
from tests.builders_contests import a_planned_contest, a_quiz_bank, round_of

pytestmark = pytest.mark.django_db
A, B, C = "Trường A", "Trường B", "Trường C"


def counted(contest, cells):
    """Count that many contestants in {(round number or None, bracket, unit): contestants}."""
    for (number, bracket, unit), contestants in cells.items():
        GroupCount.objects.create(
            contest=contest, round=number and round_of(contest, number), bracket=bracket, kind="unit", group=unit,
            attempts=contestants, contestants=contestants, correct_sum=3 * contestants,
        )  # fmt: skip


def listed(contest, number=None, bracket=None):
    """{unit: contestants} of a list; "" are the small ones together."""
    round = round_of(contest, number) if number else None
    return {row.key: row.contestants for row in boards.group_board(contest, round, "unit", bracket)}


def test_one_small_unit_alone_is_in_no_row():
    contest = a_planned_contest(a_quiz_bank(2), rounds=2)
    counted(contest, {(None, "", A): 9, (None, "", B): 3})
    assert listed(contest) == {A: 9}
    counted(contest, {(None, "", C): 2})
    assert listed(contest) == {A: 9, "": 5}


def test_small_units_of_the_only_round_that_counts_are_together_in_one_row():
    contest = a_planned_contest(a_quiz_bank(2), brackets=["X", "Y"])
    counted(contest, {(1, "X", A): 9, (1, "X", B): 3, (1, "Y", C): 4})
    assert listed(contest, 1) == {A: 9, "": 7}
    assert listed(contest, 1, bracket="X") == {A: 9}


def test_a_unit_that_is_small_in_one_bracket_is_listed_in_none_but_in_all_together():
    contest = a_planned_contest(a_quiz_bank(2), rounds=2, brackets=["X", "Y"])
    counted(contest, {
        (None, "X", A): 50, (None, "Y", A): 2, (None, "X", B): 20, (None, "Y", B): 10,
    })  # fmt: skip
    assert listed(contest) == {A: 52, B: 30}
    assert listed(contest, bracket="X") == {B: 20}  # else «khác» would be A, and 52 less 50 are two people
    assert listed(contest, bracket="Y") == {B: 10}
    counted(contest, {(None, "Y", C): 4})
    assert listed(contest) == {A: 52, B: 30}
    assert listed(contest, bracket="X") == {B: 20}
    assert listed(contest, bracket="Y") == {B: 10}


def test_a_unit_that_is_small_in_one_round_is_listed_in_none_but_in_all_together():
    contest = a_planned_contest(a_quiz_bank(2), rounds=2)
    counted(contest, {(1, "", A): 3, (2, "", A): 20, (None, "", A): 21, (1, "", B): 7, (2, "", B): 8, (None, "", B): 9})
    assert listed(contest) == {A: 21, B: 9}
    assert listed(contest, 1) == {B: 7}
    assert listed(contest, 2) == {B: 8}


def test_what_is_together_in_the_whole_contest_is_in_no_other_list():
    contest = a_planned_contest(a_quiz_bank(2), rounds=2, brackets=["X", "Y"])
    counted(contest, {
        (number, bracket, unit): people
        for number in (None, 1, 2) for bracket in ("X", "Y") for unit, people in ((A, 8), (B, 2), (C, 1))
    })  # fmt: skip
    assert listed(contest) == {A: 16, "": 6}
    for number in (None, 1, 2):
        for bracket in ("X", "Y"):
            assert listed(contest, number, bracket=bracket) == {A: 8}
    assert listed(contest, 1) == listed(contest, 2) == {A: 16}


def test_provinces_are_listed_whatever_their_number():
    contest = a_planned_contest(a_quiz_bank(2), rounds=2)
    GroupCount.objects.create(
        contest=contest, round=None, bracket="", kind="province", group="01", attempts=1, contestants=1, correct_sum=2
    )
    assert [row.contestants for row in boards.group_board(contest, None, "province")] == [1]
