"""A random history of public content: laws, answers that cite them, events."""

import datetime
import random
from collections import Counter

from content.amendments import services as amendments
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.editing import services as editing
from content.errors import RuleBroken
from content.events import services as events
from content.events.models import Event
from content.publishing import services as documents
from content.qa import services as questions
from content.qa.models import Question
from content.qa.services import outdated
from tests.builders import (
    A_LAW,
    a_document,
    a_draft,
    a_record,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    answerer,
    approver,
    justice,
    land,
    move_event,
)


class RandomHistory:
    """`step()` does one thing that is possible now. The same seed gives the same history."""

    def __init__(self, seed=0):
        self.random = random.Random(seed)
        self.number = 0
        self.done = Counter()
        self.actions = {  # how often each is tried, beside the others
            self.publish: 5, self.draft: 1, self.correct: 5, self.amend: 4, self.withdraw_amendment: 2,
            self.withdraw: 2, self.repeal: 2, self.suspend: 1,
            self.answer: 3, self.look_at_answers: 2, self.answer_anew: 1, self.take_answer_down: 1,
            self.announce: 2, self.correct_event: 1, self.move: 1, self.cancel: 1,
        }  # fmt: skip

    def step(self):
        while True:
            action = self.random.choices(list(self.actions), self.actions.values())[0]
            try:
                if action():
                    self.done[action.__name__] += 1
                    return
            except RuleBroken as broken:  # what the rules forbid now is no part of the history
                self.done[f"refused: {broken.code}"] += 1

    def publish(self):
        topics = self.random.choice([[], [land()], [justice()], [land(), justice()]])
        return a_document(self._new_number(), topics=topics)

    def draft(self):
        return a_draft(self._new_number())

    def correct(self):
        """Another text, another description or another topic, as an import brings it."""
        law = self._any_law(doc_type="law", amendments=None)
        if law is None or "Luật sửa đổi" in law.title:
            return None
        word = f"Mẫu {self.random.randrange(1000)}"
        columns = self.random.choice([{}, {"signer": word}, {"gazette_number": word}])
        text = A_LAW.format(number=law.number).replace("Mẫu lớn", word)
        record = a_record(law.number, **{"text": text, "title": law.title} | columns)
        document, outcome = documents.import_document(record, topics=[land()], correct=True)
        return outcome == documents.ImportOutcome.UPDATED and document

    def amend(self):
        law = self._any_law(amendments=None)
        if law is None or "Luật sửa đổi" in law.title:
            return None
        on = datetime.date(2025, 1, 1) + datetime.timedelta(days=self.random.randrange(600))
        return amend(an_amending_law(law, self._new_number(), on=on))

    def withdraw_amendment(self):
        applied = Amendment.objects.filter(withdrawn_at=None).order_by("pk")
        return applied and amendments.withdraw_amendment(self.random.choice(applied), reason="Nhập nhầm", by=None)

    def withdraw(self):
        law = self._any_law()
        return law and editing.withdraw_document(law, reason="Nhập hai lần")

    def repeal(self):
        return self._enter(StatusEvent.Kind.EXPIRES)

    def suspend(self):
        return self._enter(StatusEvent.Kind.SUSPENDED)

    def _enter(self, kind):
        law = self._any_law()
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=self.random.randrange(400))
        return law and documents.enter_status_event(law, kind, on=day)

    def answer(self):
        law = self._any_law(doc_type="law")
        return an_answered_question(citations=[(law, "art_2")] if law else [])

    def look_at_answers(self):
        """Flag the answers whose law changed, as the worker does."""
        return outdated.flag_outdated_answers()

    def answer_anew(self):
        question = self._any(Question.objects.filter(status="published"))
        if question is None:
            return None
        questions.revise(question, by=answerer(), reason="Luật đã khác")
        questions.save_draft(question, text=f"Trong {self.random.randrange(90)} ngày.", citations=[], by=answerer())
        questions.submit_for_review(question, by=answerer())
        return questions.approve(question, by=approver())

    def take_answer_down(self):
        question = self._any(Question.objects.filter(status="published"))
        return question and questions.take_down(question, reason="Không còn đúng", by=approver())

    def announce(self):
        return an_event(in_days=5 + self.random.randrange(60))

    def correct_event(self):
        event = self._any_event()
        return event and events.correct(event, title=f"Toạ đàm {self.random.randrange(1000)}", reason="Nhầm tên")

    def move(self):
        event = self._any_event()
        return event and move_event(event, days=self.random.randrange(1, 30))

    def cancel(self):
        event = self._any_event()
        return event and events.cancel(event, reason="Bão")

    def _any_event(self):
        return self._any(Event.objects.filter(status__in=["announced", "moved"]))

    def _any_law(self, **narrow):
        return self._any(LegalDocument.objects.filter(status="published", **narrow))

    def _any(self, rows):
        rows = rows.order_by("pk")
        return self.random.choice(rows) if rows else None

    def _new_number(self):
        self.number += 1
        return f"{self.number}/2019/QH14"
