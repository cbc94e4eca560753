"""The three tables of the state machine, and the machine itself."""

import dataclasses

import pytest

from content.errors import NotAllowed, RuleBroken
from content.events import states as event_states
from content.people import transitions
from content.people.audit_actions import ACTION_LABELS
from content.publishing import states as document_states
from content.qa import states as question_states
from content.qa.states import QuestionStatus, QuestionTransition

TABLES = [  # table, its transitions, its statuses, those a row begins with
    (document_states.TABLE, document_states.DocumentTransition, document_states.Status, {"draft"}),
    (question_states.TABLE, QuestionTransition, QuestionStatus, {"submitted"}),
    (event_states.TABLE, event_states.EventTransition, event_states.EventStatus, {"draft"}),
]


@dataclasses.dataclass
class Row:
    status: str
    is_public: bool = False

    def get_status_display(self):
        return QuestionStatus(self.status).label


@pytest.mark.parametrize(("table", "every", "statuses", "first"), TABLES)
def test_a_table_has_every_transition_and_leads_to_every_status(table, every, statuses, first):
    assert list(table) == list(dict.fromkeys(table)) and set(table) == set(every)
    reached = {target for transition in table.values() for target in transition.targets}
    assert reached | first == set(statuses)
    assert all(source in set(statuses) for transition in table.values() for source in transition.sources)


@pytest.mark.parametrize(("table", "every", "statuses", "first"), TABLES)
def test_every_audited_transition_has_a_label(table, every, statuses, first):
    assert {transition.action for transition in table.values() if transition.action} <= set(ACTION_LABELS)


def test_a_transition_starts_from_its_sources_only_and_names_both_in_the_error():
    table = question_states.TABLE
    assert transitions.after(table, Row("submitted"), QuestionTransition.SCREEN) == "screening"
    with pytest.raises(RuleBroken) as refusal:
        transitions.after(table, Row("returned"), QuestionTransition.SCREEN)
    assert (refusal.value.code, refusal.value.field) == ("wrong_status", "status")
    assert str(QuestionStatus.RETURNED.label) in refusal.value.message
    assert str(QuestionTransition.SCREEN.label) in refusal.value.message


def test_where_a_table_has_several_targets_the_service_must_choose_one_of_them():
    table, row = question_states.TABLE, Row("reviewing")
    assert transitions.after(table, row, QuestionTransition.APPROVE, to="closed") == "closed"
    for to in ("", "assigned"):
        with pytest.raises(ValueError, match="leads to one of"):
            transitions.after(table, row, QuestionTransition.APPROVE, to=to)


def test_the_status_is_asked_first_then_the_person_then_what_they_read():
    table, row, screen = question_states.TABLE, Row("submitted"), QuestionTransition.SCREEN

    def require(row, *, may, seen=""):
        transitions.require(
            table, row, screen, by="lan", may=lambda *asked: may, seen=seen, fingerprint=lambda row: "now"
        )

    require(row, may=True, seen="now")
    require(row, may=True)
    with pytest.raises(RuleBroken) as refusal:
        require(Row("returned"), may=False, seen="earlier")
    assert refusal.value.code == "wrong_status"
    with pytest.raises(NotAllowed):
        require(row, may=False, seen="earlier")
    with pytest.raises(RuleBroken) as refusal:
        require(row, may=True, seen="earlier")
    assert refusal.value.code == "changed_meanwhile"
    transitions.require(table, row, screen, by=None, may=lambda *asked: False)
