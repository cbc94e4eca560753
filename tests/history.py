"""A random history of a library: publications, corrections, amendments and their withdrawal, repeals, withdrawals."""

import datetime
import random
from collections import Counter

from content.documents import editing
from content.documents import services as documents
from content.documents.amendments import services as amendments
from content.documents.models import Amendment, LegalDocument, StatusEvent
from content.errors import RuleBroken
from tests.builders import A_LAW, a_document, a_draft, a_record, amend, an_amending_law, justice, land


class History:
    """`step()` does one thing that is possible now. The same seed gives the same history."""

    def __init__(self, seed=0):
        self.random = random.Random(seed)
        self.number = 0
        self.done = Counter()
        self.acts = {  # how often each is tried, beside the others
            self.publish: 5, self.draft: 1, self.correct: 5, self.amend: 4, self.take_amendment_back: 2,
            self.withdraw: 2, self.repeal: 2, self.suspend: 1,
        }  # fmt: skip

    def step(self):
        while True:
            act = self.random.choices(list(self.acts), self.acts.values())[0]
            try:
                if act():
                    self.done[act.__name__] += 1
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
        document, outcome = documents.take_in(record, topics=[land()], correct=True)
        return outcome == documents.Outcome.UPDATED and document

    def amend(self):
        law = self._any_law(amendments=None)
        if law is None or "Luật sửa đổi" in law.title:
            return None
        on = datetime.date(2025, 1, 1) + datetime.timedelta(days=self.random.randrange(600))
        return amend(an_amending_law(law, self._new_number(), on=on))

    def take_amendment_back(self):
        standing = Amendment.objects.filter(withdrawn_at=None).order_by("pk")
        return standing and amendments.withdraw_amendment(self.random.choice(standing), reason="Nhập nhầm", by=None)

    def withdraw(self):
        law = self._any_law()
        return law and editing.withdraw(law, reason="Nhập hai lần")

    def repeal(self):
        return self._enter(StatusEvent.Kind.EXPIRES)

    def suspend(self):
        return self._enter(StatusEvent.Kind.SUSPENDED)

    def _enter(self, kind):
        law = self._any_law()
        day = datetime.date(2026, 1, 1) + datetime.timedelta(days=self.random.randrange(400))
        return law and documents.enter_status(law, kind, on=day)

    def _any_law(self, **narrow):
        public = LegalDocument.objects.filter(state="published", **narrow).order_by("pk")
        return self.random.choice(public) if public else None

    def _new_number(self):
        self.number += 1
        return f"{self.number}/2019/QH14"
