"""A random history of all that travels between installations: materials, plans and contests too."""

import datetime

from content.contests import services as contests
from content.contests.models import Contest, Round
from content.media import services as media
from content.media.models import Material
from content.plans import services as plans
from content.plans.models import Plan
from tests.builders import approver, justice, land
from tests.builders_contests import a_contest_with_a_winner, a_planned_contest, frozen
from tests.builders_media import a_material, a_publisher
from tests.builders_plans import a_plan_form, a_public_plan
from tests.random_history import RandomHistory

PROVINCES = ("48-da-nang-2025", "68-lam-dong-2025")
UNCHANGED = ("programme", "adopter", "number", "year", "adopted_on", "source_url", "period_from", "period_until")


class HistoryOfEverything(RandomHistory):
    """As `RandomHistory`. Rows of others are left alone."""

    def __init__(self, seed=0):
        super().__init__(seed)
        self.actions |= {
            self.publish_material: 3, self.correct_material: 1, self.withdraw_material: 1,
            self.adopt_plan: 4, self.correct_plan: 1, self.withdraw_plan: 1,
            self.announce_contest: 3, self.correct_contest: 1, self.freeze_round: 2, self.cancel_contest: 1,
            self.hold_contest: 1,
        }  # fmt: skip

    def publish_material(self):
        law = self.random.choice([None, self._any_law(doc_type="law", home="")])
        kind = self.random.choice(["audio", "infographic"])
        return a_material(kind, law=law, title=f"Nghe luật {self._new_number()}", topics=[land(), justice()])

    def correct_material(self):
        material = self._any(Material.objects.filter(status="published", home=""))
        if material is None:
            return None
        title = f"Nghe luật {self._new_number()}"
        return media.correct_material(material, by=a_publisher(), reason="Sửa tên", title=title)

    def withdraw_material(self):
        material = self._any(Material.objects.filter(status="published", home=""))
        return material and media.withdraw_material(material, by=a_publisher(), reason="Ghi nhầm")

    def adopt_plan(self):
        number, law = self._new_number(), self.random.choice([None, self._any_law(home="")])
        day = datetime.date(2025, 8, 1) + datetime.timedelta(days=self.random.randrange(300))
        columns = {"number": f"{self.number}/KH-UBND", "title": f"Kế hoạch {number}", "adopted_on": day}
        return a_public_plan(self.random.choice(PROVINCES), document=law, **columns)

    def correct_plan(self):
        plan = self._any(self._plans())
        if plan is None:
            return None
        columns = {name: getattr(plan, name) for name in UNCHANGED}
        form = a_plan_form(title=f"Kế hoạch {self._new_number()}", document=plan.document, **columns)
        return plans.correct_plan(plan, form, reason="Sửa tên")

    def withdraw_plan(self):
        plan = self._any(self._plans())
        return plan and plans.withdraw_plan(plan, reason="Nhập nhầm")

    def _plans(self):
        """Those of this history, not the ones that came with the program."""
        return Plan.objects.filter(status="published", home="", title__startswith="Kế hoạch ", number__contains="/KH-")

    def announce_contest(self):
        contest = a_planned_contest(rounds=self.random.choice([1, 2]), title=f"Cuộc thi {self._new_number()}")
        return contests.announce(contest, notify=False)

    def correct_contest(self):
        contest = self._any(self._announced())
        title = f"Cuộc thi {self._new_number()}"
        return contest and contests.correct(contest, by=approver(), reason="Sửa tên", title=title)

    def freeze_round(self):
        round = self._any(Round.objects.filter(contest__in=self._announced(), status="draft"))
        return round and frozen(round)

    def cancel_contest(self):
        contest = self._any(self._announced())
        return contest and contests.cancel(contest, by=approver(), reason="Bão lớn")

    def hold_contest(self):
        """From the announcement to the winner; a child is no winner elsewhere."""
        named, age = self.random.choice([True, False]), self.random.choice(["adult", "under_16"])
        return a_contest_with_a_winner(title=f"Cuộc thi {self._new_number()}", naming_consent=named, age_band=age)

    def _announced(self):
        return Contest.objects.filter(status="announced", home="")
