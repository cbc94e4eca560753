"""Write, approve, confirm, withdraw and import quiz questions."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.documents.models import LegalDocument
from content.errors import NotAllowed, RuleBroken
from content.organisations.models import Organisation
from content.people import services as people
from content.people import text_input, transitions
from content.people.models import User
from content.question_banks import policy, queries, states
from content.question_banks.models import (
    ANSWER_LENGTH,
    CHOICE_LENGTH,
    MAX_ACCEPTED,
    MAX_CHOICES,
    NAME_LENGTH,
    TEXT_LENGTH,
    QuestionBank,
    QuizKind,
    QuizQuestion,
)
from content.question_banks.states import QuizStatus, QuizTransition
from content.text.vietnamese import fold, nfc

Citations = Iterable[tuple[LegalDocument, str]]
TRUE_FALSE = ("Đúng", "Sai")
CONTENT_COLUMNS = (
    "kind", "text", "choices", "right", "accepted", "accents_count", "keeps_order", "explanation", "topic", "source",
    "licence",
)  # fmt: skip
_REFERS_TO_CHOICES = re.compile(
    r"\b[a-d] va [a-d]\b|\bdeu (?:dung|sai)\b|\b(?:ca|cac|tat ca|hai|ba) (?:[\w ]+ )?(?:phuong an|dap an|y|truong hop) "
    r"(?:tren|neu tren|o tren)\b"
)  # folded


class ImportOutcome(StrEnum):
    CREATED = "created"
    UNCHANGED = "unchanged"


@transaction.atomic
def write_bank(
    name: str, *, organisation: Organisation | None = None, by: User | None = None, is_sample: bool = False
) -> QuestionBank:
    """Create an empty bank. Raises NotAllowed("not_allowed") and what `text_input.clean_line` raises."""
    _require_writer(by)
    name = text_input.clean_line(name, "name", max_length=NAME_LENGTH)
    bank = QuestionBank.objects.create(name=name, organisation=organisation, written_by=by, is_sample=is_sample)
    people.audit("quiz.bank_written", bank.key, by=by)
    return bank


@transaction.atomic
def write_question(bank: QuestionBank, *, citations: Citations, by: User | None = None, **columns: Any) -> QuizQuestion:
    """Write the draft of a question. `columns` are CONTENT_COLUMNS; `right` is the position of a choice, from 1.

    Raises RuleBroken with the field: "choices_required" (two to eight), "duplicate_choice", "right_choice_required",
    "answer_required" (for a question without choices), "citation_required", and what `text_input.clean_text` and
    `bases.save_basis` raise; NotAllowed("not_allowed").
    """
    _require_writer(by)
    question = QuizQuestion(bank=bank, written_by=by, **columns)
    _clean(question)
    question.basis = bases.save_basis(_at_least_one(citations))
    question.save()
    people.audit("quiz.written", question.key, by=by, revision=question.revision)
    return question


@transaction.atomic
def revise_question(
    question: QuizQuestion,
    *,
    by: User | None = None,
    citations: Citations | None = None,
    seen: str = "",
    **columns: Any,
) -> QuizQuestion:
    """Change a question; what is omitted stays. Returns the draft, which must be approved again.

    A question that a round has used is left as it is, and the draft is its next revision. Raises RuleBroken:
    "draft_exists" (of the next revision), "wrong_status", "changed_meanwhile" (`seen`, see `transitions.require`), and
    what `write_question` raises.
    """
    question = _locked(question)
    _require(question, QuizTransition.REVISE, by=by, seen=seen)
    cited = list(citations) if citations is not None else _citations_of(question)
    if question.is_used:
        return _write_next_revision(question, cited, columns, by)
    for name, value in columns.items():
        setattr(question, name, value)
    _clean(question)
    bases.save_basis(_at_least_one(cited), basis=question.basis)
    question.revised_by = by or question.revised_by
    transitions.apply(
        states.TABLE, question, QuizTransition.REVISE, by=by, approved_by=None, approved_at=None,
        facts={"revision": question.revision},
    )  # fmt: skip
    return question


@transaction.atomic
def approve_question(question: QuizQuestion, *, by: User | None, seen: str = "") -> QuizQuestion:
    """Approve a draft that somebody else wrote and last revised; an approved earlier revision is replaced.

    Raises RuleBroken: "wrong_status", "changed_meanwhile", "citation_required"; NotAllowed("not_allowed"), for its
    author too. `by` is None for samples only.
    """
    question = _locked(question)
    _require(question, QuizTransition.APPROVE, by=by, seen=seen)
    _at_least_one(_citations_of(question))
    for former in QuizQuestion.objects.select_for_update(no_key=True).filter(
        key=question.key, status=QuizStatus.APPROVED
    ):
        transitions.apply(states.TABLE, former, QuizTransition.REPLACE, by=None, update_fields=["status"])
    transitions.apply(
        states.TABLE, question, QuizTransition.APPROVE, by=by, approved_by=by, approved_at=timezone.now(),
        facts={"revision": question.revision},
    )  # fmt: skip
    return question


@transaction.atomic
def confirm_question(question: QuizQuestion, *, by: User | None, seen: str = "") -> QuizQuestion:
    """Record that a person has read the law again and the key is still right: the flag ends.

    Raises RuleBroken("wrong_status", "changed_meanwhile") and what `bases.reconfirm_basis` raises.
    """
    question = _locked(question)
    _require(question, QuizTransition.CONFIRM, by=by, seen=seen)
    bases.reconfirm_basis(question.basis)
    transitions.record_audit(states.TABLE, question, QuizTransition.CONFIRM, by=by)
    return question


@transaction.atomic
def withdraw_question(question: QuizQuestion, *, by: User | None, reason: str) -> QuizQuestion:
    """Take a question out of the bank; frozen rounds keep it. Raises RuleBroken("wrong_status", "reason_required")."""
    question = _locked(question)
    _require(question, QuizTransition.WITHDRAW, by=by)
    reason = text_input.require_reason(reason)
    transitions.apply(states.TABLE, question, QuizTransition.WITHDRAW, by=by, reason=reason, update_fields=["status"])
    return question


@transaction.atomic
def import_question(
    source: str, bank: QuestionBank, *, citations: Citations, by: User | None = None, **columns: Any
) -> tuple[QuizQuestion, ImportOutcome]:
    """Write the draft of a question of another collection. Returns (question, ImportOutcome).

    `source` names the collection and the question's id in it: importing it again changes nothing. Choices that speak of
    other choices keep their order. Raises what `write_question` raises.
    """
    existing = QuizQuestion.objects.filter(source=source).order_by("revision").last()
    if existing:
        return existing, ImportOutcome.UNCHANGED
    keeps_order = any(_REFERS_TO_CHOICES.search(fold(choice)) for choice in columns.get("choices", []))
    question = write_question(bank, citations=citations, by=by, source=source, **{"keeps_order": keeps_order} | columns)
    return question, ImportOutcome.CREATED


def _write_next_revision(
    question: QuizQuestion, citations: list[tuple[LegalDocument, str]], columns: dict[str, Any], by: User | None
) -> QuizQuestion:
    if QuizQuestion.objects.filter(key=question.key, status=QuizStatus.DRAFT).exists():
        raise RuleBroken("draft_exists", _("The next revision of this question is being written already. Open that."))
    last = QuizQuestion.objects.filter(key=question.key).order_by("revision").last() or question
    kept = {name: getattr(question, name) for name in CONTENT_COLUMNS} | columns
    draft = QuizQuestion(bank=question.bank, key=question.key, revision=last.revision + 1, written_by=by, **kept)
    _clean(draft)
    draft.basis = bases.save_basis(_at_least_one(citations))
    draft.save()
    people.audit("quiz.written", draft.key, by=by, revision=draft.revision)
    return draft


def _clean(question: QuizQuestion) -> None:
    """Clean the texts and check that there is one right answer. Raises RuleBroken, see `write_question`."""
    question.text = text_input.clean_text(question.text, "text", max_length=TEXT_LENGTH)
    explanation = nfc(question.explanation).strip()
    question.explanation = explanation and text_input.clean_text(explanation, "explanation", max_length=TEXT_LENGTH)
    if question.kind == QuizKind.FILL_IN:
        question.choices, question.right = [], None
        question.accepted = _clean_lines(question.accepted, "accepted", ANSWER_LENGTH)
        if not 1 <= len(question.accepted) <= MAX_ACCEPTED:
            message = _("Enter one to %d accepted answers.") % MAX_ACCEPTED
            raise RuleBroken("answer_required", message, field="accepted")
        return
    if question.kind == QuizKind.TRUE_FALSE:
        question.choices, question.keeps_order = list(question.choices) or list(TRUE_FALSE), True
    question.accepted = []
    question.choices = _clean_lines(question.choices, "choices", CHOICE_LENGTH)
    fewest, most = (2, 2) if question.kind == QuizKind.TRUE_FALSE else (2, MAX_CHOICES)
    if not fewest <= len(question.choices) <= most:
        message = _("Enter %(fewest)d to %(most)d choices.") % {"fewest": fewest, "most": most}
        raise RuleBroken("choices_required", message, field="choices")
    if question.right is None or not 1 <= question.right <= len(question.choices):
        raise RuleBroken("right_choice_required", _("Say which of the choices is right."), field="right")


def _clean_lines(lines: Iterable[str], field: str, max_length: int) -> list[str]:
    """The cleaned lines. Raises RuleBroken("duplicate_choice") where two are the same."""
    cleaned = [text_input.clean_line(line, field, max_length=max_length) for line in lines]
    if len({line.casefold() for line in cleaned}) < len(cleaned):
        raise RuleBroken("duplicate_choice", _("Two of these are the same. Change one."), field=field)
    return cleaned


def _at_least_one(citations: Citations) -> list[tuple[LegalDocument, str]]:
    listed = list(citations)
    if not listed:
        message = _("Cite at least one provision from which the right answer follows.")
        raise RuleBroken("citation_required", message, field="citations")
    return listed


def _citations_of(question: QuizQuestion) -> list[tuple[LegalDocument, str]]:
    cited = question.basis.citations.select_related("document")
    return [(citation.document, citation.eid) for citation in cited if citation.document]


def _locked(question: QuizQuestion) -> QuizQuestion:
    return QuizQuestion.objects.select_for_update(no_key=True).get(pk=question.pk)


def _require(question: QuizQuestion, transition: QuizTransition, *, by: User | None, seen: str = "") -> None:
    transitions.require(
        states.TABLE, question, transition, by=by, may=policy.may, seen=seen, fingerprint=queries.question_fingerprint
    )


def _require_writer(by: User | None) -> None:
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to write quiz questions."))
