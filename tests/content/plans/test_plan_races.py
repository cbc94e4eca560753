"""Plans that several people write and correct at once, in real threads and transactions."""

import datetime

import pytest

from content.plans import services
from content.plans.models import Plan
from tests.builders_plans import a_plan_form, a_public_plan
from tests.content.qa.test_question_races import at_once

pytestmark = pytest.mark.usefixtures("committed")
DAY = datetime.date(2025, 8, 1)


def correct(plan, form):
    return lambda: services.correct_plan(plan, form, reason="Bổ sung").status


@pytest.mark.parametrize("number", range(1, 5))
def test_two_plans_that_are_corrected_at_once_do_not_become_the_same(number):
    """One lacks the day, the other the number; together they would be one plan twice."""
    whole = a_plan_form(number=f"{number}/KH-UBND", adopted_on=DAY)
    without_day = a_public_plan(number=whole.number, adopted_on=None)
    without_number = a_public_plan(number="", adopted_on=DAY)
    results = at_once(correct(without_day, whole), correct(without_number, whole))
    assert sorted(map(str, results)) == ["already_exists", "published"]
    assert Plan.objects.filter(number=whole.number, adopted_on=DAY).count() == 1


@pytest.mark.parametrize("number", range(1, 5))
def test_a_plan_that_is_corrected_while_the_same_is_entered_is_one(number):
    whole = a_plan_form(number=f"{number}/KH-UBND", adopted_on=DAY)
    without_day = a_public_plan(number=whole.number, adopted_on=None)
    results = at_once(correct(without_day, whole), lambda: services.write_plan(whole).status)
    assert sorted(map(str, results)) in (["already_exists", "draft"], ["published", "published"])
    assert Plan.objects.filter(number=whole.number, adopted_on=DAY).count() == 1


def test_of_eight_that_enter_one_plan_at_once_one_row_remains():
    form = a_plan_form()
    results = at_once(*[lambda: services.write_plan(form).key] * 8)
    assert set(results) == {Plan.objects.get(number=form.number, adopter=form.adopter).key}


def test_two_plans_that_are_said_to_replace_each_other_at_once_make_no_circle():
    one, other = a_public_plan(number="1/KH-UBND"), a_public_plan(number="2/KH-UBND")
    results = at_once(
        correct(one, a_plan_form(number="1/KH-UBND", replaces=other)),
        correct(other, a_plan_form(number="2/KH-UBND", replaces=one)),
    )
    assert sorted(map(str, results)) == ["published", "replaces_itself"]
