"""Records of plans: a plan rebuilt from its record has the same record; nothing private is in it."""

import contextlib
import datetime
import hashlib
import io
import json
import random
import unicodedata

import pytest
from django.db import transaction
from django.utils import timezone

from content.copying import plan_files, records
from content.copying.fields import RecordRefused, RecordWaits
from content.copying.models import CopiedPlanFile
from content.copying.objects import OBJECTS, wishes_for
from content.copying.plan_documents import link_published_documents
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.plans import services
from content.plans.models import Plan, PlanFile, PlanStatement
from content.plans.queries import coverage
from content.plans.statuses import DutyStatus
from tests.builders import a_document
from tests.builders_plans import (
    A_FILE,
    A_PDF,
    a_plan_form,
    a_public_plan,
    an_approver,
    an_editor,
    charge_everybody,
    committee,
    programme,
)

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
PROVINCES = ("48-da-nang-2025", "01-ha-noi", "68-lam-dong-2025")
PLAN = OBJECTS["plan"]


def plan_records():
    return {each["key"]: each for each in records.public_records() if each["object"] == "plan"}


def record_of(plan):
    return plan_records()[plan.key]


def data_of(found):
    return {key: each["data"] for key, each in found.items()}


def empty_of_plans():
    """As if nobody here had ever heard of a plan."""
    Plan.objects.update(replaces=None)
    Plan.objects.all().delete()
    PlanStatement.objects.all().delete()
    PlanFile.objects.all().delete()


@transaction.atomic
def put(record):
    row = PLAN.locked(record["key"]) or Plan(key=record["key"])
    row.home = HOME
    return PLAN.put(row, record["data"])


class HistoryOfPlans:
    """What an office does to its plans; the same seed does the same."""

    def __init__(self, seed):
        self.random, self.number = random.Random(seed), 0
        self.lan, self.hoa = an_editor(), an_approver()

    def step(self):
        actions = (*[self.adopt] * 9, self.correct, self.correct, self.withdraw, self.declare)
        with contextlib.suppress(RuleBroken):  # what the rules forbid is no part of the history
            self.random.choice(actions)()

    def adopt(self):
        self.number += 1
        given = self.random.choice(("address", "file", "document"))
        day = datetime.date(2025, 8, 1) + datetime.timedelta(days=self.number)
        columns = {"number": f"{self.number}/KH-UBND", "adopted_on": self.random.choice((day, None)), "source_url": ""}
        columns["year"] = self.random.choice((None, 2026))
        if given == "address":
            columns["source_url"] = f"https://example.org/{self.number}.pdf"
        elif given == "file":
            content = b"%PDF-1.7 " + str(self.number).encode()
            columns["file"] = services.FileBytes(f"kế hoạch {self.number}.pdf", "application/pdf", content)
        else:
            columns["document"] = a_document(f"{self.number}/2026/QH15")
        columns["replaces"] = self.random.choice((None, None, self.any_plan()))
        form = a_plan_form(self.random.choice(PROVINCES), **columns)
        services.publish_plan(services.write_plan(form, by=self.lan), by=self.hoa)

    def any_plan(self):
        plans = list(Plan.objects.filter(status="published", home="").order_by("pk"))
        return self.random.choice(plans) if plans else None

    def correct(self):
        plan = self.any_plan()
        if plan is None:
            return
        columns = {name: getattr(plan, name) for name in ("number", "year", "adopted_on", "document", "source_url")}
        columns |= {"programme": plan.programme, "adopter": plan.adopter, "title": plan.title}
        change = self.random.choice(
            ({"title": f"Kế hoạch {self.random.random()}"}, {"period_from": datetime.date(2026, 1, 1)})
        )
        services.correct_plan(plan, services.PlanForm(**columns | change), reason="Sửa", by=self.hoa)

    def withdraw(self):
        if plan := self.any_plan():
            services.withdraw_plan(plan, reason="Nhập nhầm", by=self.hoa)

    def declare(self):
        day = datetime.date(2026, 1, self.random.randint(1, 20))
        adopter = committee(self.random.choice(PROVINCES))
        services.declare_none(programme(), adopter, on=day, source="Công văn số 3", by=self.lan)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_history_put_into_an_empty_installation_has_the_same_records(seed):
    history = HistoryOfPlans(seed)
    for _step in range(30):
        history.step()
    before = plan_records()
    assert before
    empty_of_plans()
    order = list(before.values())
    history.random.shuffle(order)  # a plan may come before the one that it replaces
    for record in order:
        put(record)
    assert data_of(plan_records()) == data_of(before)
    for record in order:  # a repeat
        put(record)
    assert data_of(plan_records()) == data_of(before)


def test_a_copy_refers_to_what_it_names_whichever_came_first():
    law = a_document()
    earlier = a_public_plan(number="1/KH-UBND", adopted_on=datetime.date(2025, 7, 15))
    later = a_public_plan(number="2/KH-UBND", replaces=earlier, document=law, source_url="")
    found = plan_records()
    assert found[later.key]["data"]["replaces"] == earlier.key
    key, law_record = law.key, records.public_record("document", law.key)
    empty_of_plans()
    LegalDocument.objects.filter(pk=law.pk).update(key="mot-luat-khac")  # as if it were not here
    put(found[later.key])
    copied = Plan.objects.get(key=later.key)
    assert (copied.replaces, copied.document) == (None, None)
    put(found[earlier.key])
    LegalDocument.objects.filter(pk=law.pk).update(key=key, home=HOME)
    OBJECTS["document"].put(LegalDocument.objects.get(pk=law.pk), law_record["data"])
    copied.refresh_from_db()
    assert (copied.replaces.key, copied.document.key) == (earlier.key, key)


def test_a_copy_gets_the_document_that_we_publish_ourselves_later():
    law = a_document()
    record = record_of(a_public_plan(document=law, source_url=""))
    empty_of_plans()
    LegalDocument.objects.filter(pk=law.pk).update(key="mot-luat-khac")  # as if it were not here
    copied = put(record)
    assert copied.document is None
    LegalDocument.objects.filter(pk=law.pk).update(key=law.key)  # our own import of the same law
    while link_published_documents():
        pass
    copied.refresh_from_db()
    assert copied.document == law
    assert record_of(copied)["data"] == record["data"]


def test_what_an_adopter_declares_later_changes_the_record_of_none_of_its_plans():
    plan = a_public_plan(number="1/KH-UBND")
    before = record_of(plan)
    services.declare_none(programme(), plan.adopter, on=datetime.date(2026, 2, 1), source="Công văn số 1")
    a_public_plan(number="2/KH-UBND")
    assert record_of(plan) == before


def test_a_title_and_an_address_that_were_stored_before_they_were_cleaned_arrive():
    plan = a_public_plan()
    address = "https://example.org/kế-hoạch.pdf"
    spoiled = {"title": "Kế hoạch\u202e mẫu", "source_url": address}
    Plan.objects.filter(pk=plan.pk).update(
        **{name: unicodedata.normalize("NFD", text) for name, text in spoiled.items()}
    )
    record = record_of(plan)
    empty_of_plans()
    copied = put(record)
    assert (copied.title, copied.source_url) == ("Kế hoạch mẫu", address)
    assert record_of(plan)["data"] == record["data"]


def test_a_copied_plan_counts_in_the_coverage_from_its_day():
    charge_everybody()
    record = record_of(a_public_plan())
    empty_of_plans()
    day = datetime.date(2026, 8, 2)
    assert coverage(programme(), day).counts[DutyStatus.ADOPTED] == 0
    put(record)
    assert coverage(programme(), day).counts[DutyStatus.ADOPTED] == 1


def test_the_file_of_a_copy_comes_after_it_and_goes_when_its_home_withdraws_it(api):
    plan = a_public_plan(file=A_FILE, source_url="")
    record = plan_records()[plan.key]
    digest = hashlib.sha256(A_PDF).hexdigest()
    assert record["data"]["file"] == {
        "sha256": digest, "media_type": "application/pdf", "size": len(A_PDF),
    }  # fmt: skip
    empty_of_plans()
    copied = put(record)
    assert api("get", f"plans/{plan.key}").json()["file_url"] is None
    waiting = CopiedPlanFile.objects.get()
    with pytest.raises(RecordRefused):
        plan_files.store_file(waiting, io.BytesIO(b"x" * len(A_PDF)), hashlib.sha256(b"x" * len(A_PDF)).hexdigest())
    assert not PlanFile.objects.exists()
    plan_files.store_file(waiting, io.BytesIO(A_PDF), digest)
    answer = api("get", f"plans/{plan.key}/file")
    assert (answer.content, PlanFile.objects.get().name) == (A_PDF, f"{plan.key}.pdf")
    assert data_of(plan_records()) == {plan.key: record["data"]}
    copied.refresh_from_db()
    PLAN.withdraw(copied, "Có dữ liệu cá nhân")
    assert not PlanFile.objects.exists() and not CopiedPlanFile.objects.exists()


def test_the_page_of_a_copy_leads_to_its_home_which_has_what_is_not_here(client):
    record = record_of(a_public_plan(file=A_FILE, source_url=""))
    path = f"/ke-hoach/{record['key']}"
    assert path in client.get("/sitemap-plans-1.xml").content.decode()
    assert f"https://{HOME}" not in client.get(path, headers={"Accept": "text/html"}).content.decode()
    empty_of_plans()
    put(record)
    shown = client.get(f"{path}?lang=vi", headers={"Accept": "text/html"}).content.decode()
    assert f'<a href="https://{HOME}{path}" rel="noreferrer">Bản gốc ở {HOME}</a>' in shown
    assert f'<link rel="canonical" href="https://{HOME}{path}">' in shown
    assert path not in client.get("/sitemap-plans-1.xml").content.decode()


def test_a_file_that_another_plan_has_too_stays():
    plan = a_public_plan(file=A_FILE)
    record = plan_records()[plan.key]
    empty_of_plans()
    copied = put(record)
    ours = a_public_plan("01-ha-noi", file=A_FILE)
    plan_files.store_file(CopiedPlanFile.objects.get(), io.BytesIO(A_PDF), hashlib.sha256(A_PDF).hexdigest())
    copied.refresh_from_db()
    PLAN.withdraw(copied, "Nhập nhầm")
    ours.refresh_from_db()
    assert bytes(ours.file.content) == A_PDF


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(title=" "),
        lambda data: data.update(title="a\u202eb"),
        lambda data: data.update(published_at=None),
        lambda data: data.update(programme=""),
        lambda data: data.update(organisation=""),
        lambda data: data.update(year=17),
        lambda data: data.update(adopted_on="hôm qua"),
        lambda data: data.update(source_url="javascript:alert(1)"),
        lambda data: data.update(source_url=""),
        lambda data: data.update(file={"sha256": "a", "media_type": "application/pdf", "size": 3}),
        lambda data: data.update(file={"sha256": "a" * 64, "media_type": "", "size": 3}),
        lambda data: data.update(file=[]),
        lambda data: data.update(replaces="kh-de-an-766-ubnd-48-da-nang-2025-2025-12-kh-ubnd"),
    ],
)
def test_data_that_no_plan_can_have_are_refused_and_leave_no_row(spoil):
    plan = a_public_plan()
    record = plan_records()[plan.key]
    assert plan.key == "kh-de-an-766-ubnd-48-da-nang-2025-2025-12-kh-ubnd"
    empty_of_plans()
    spoil(record["data"])
    with pytest.raises(RecordRefused) as refused:
        put(record)
    assert str(refused.value)
    assert not Plan.objects.exists() and not CopiedPlanFile.objects.exists()


@pytest.mark.parametrize("unknown", [{"programme": "de-an-la"}, {"organisation": "co-quan-la"}])
def test_a_plan_of_an_unknown_programme_or_body_waits(unknown):
    record = record_of(a_public_plan())
    empty_of_plans()
    record["data"].update(unknown)
    with pytest.raises(RecordWaits):
        put(record)
    assert not Plan.objects.exists()


def test_plans_that_came_with_the_program_do_not_travel():
    assert Plan.objects.filter(status="published").exists()
    assert plan_records() == {}


def test_nothing_private_is_in_a_record_of_a_plan():
    lan, hoa = an_editor("lan-enters"), an_approver("hoa-publishes")
    file = services.FileBytes("Dự thảo - chị Hoa sửa lần 3.pdf", "application/pdf", A_PDF)
    plan = services.publish_plan(services.write_plan(a_plan_form(file=file), by=lan), by=hoa)
    said_by = {"source": "Chị Lan, Sở Tư pháp, nói qua điện thoại", "source_url": "https://example.org/noi-bo"}
    services.declare_none(programme(), plan.adopter, on=datetime.date(2026, 2, 1), by=lan, **said_by)
    services.correct_plan(plan, a_plan_form(title="Kế hoạch khác"), reason="Lý do riêng", by=hoa)
    draft = services.write_plan(a_plan_form("01-ha-noi", title="Kế hoạch chưa công bố"), by=lan)
    gone = a_public_plan("68-lam-dong-2025", title="Kế hoạch của Lê Thị Kín")
    services.withdraw_plan(gone, reason="Có dữ liệu cá nhân", by=hoa)
    said = json.dumps(list(records.public_records()), ensure_ascii=False)
    assert plan.key in said
    private = ["lan-enters", "hoa-publishes", "Lý do riêng", draft.title, draft.key, "Lê Thị Kín", "mau", "chị Hoa"]
    private += said_by.values()
    assert [words for words in private if words in said] == []


def test_an_installation_of_an_older_release_is_asked_for_what_it_has():
    assert wishes_for(["document", "question", "event"]) == ["document", "question", "event"]
    assert wishes_for([*OBJECTS]) == wishes_for(None) == []


def test_of_what_a_later_release_offers_only_what_is_known_here_is_wanted():
    assert wishes_for([*OBJECTS, "comet"]) == [*OBJECTS]


def test_the_address_of_a_record_says_that_a_plan_is_gone(api):
    plan = a_public_plan()
    assert api("get", f"plans/{plan.key}/record").json()["data"]["number"] == plan.number
    services.withdraw_plan(plan, reason="Nhập hai lần")
    gone = api("get", f"plans/{plan.key}/record")
    assert (gone.status_code, "Nhập hai lần" in gone.json()["detail"]) == (410, True)


def test_copies_say_whose_they_are_and_are_found_by_it(api):
    plan = a_public_plan()
    assert api("get", f"plans/{plan.key}").json()["home"] is None
    Plan.objects.filter(pk=plan.pk).update(home=HOME)
    shown = api("get", f"plans?home={HOME}").json()["results"]
    assert [(each["key"], each["home"]) for each in shown] == [(plan.key, HOME)]
    assert shown[0]["home_url"] == f"https://{HOME}/api/v1/plans/{plan.key}"
    assert plan.key not in [each["key"] for each in api("get", "plans?home=luatmo.example").json()["results"]]


def test_a_file_that_our_staff_brought_before_its_plan_is_entered_stays():
    record = record_of(a_public_plan(file=A_FILE))
    empty_of_plans()
    kept = services.keep_file(A_FILE)
    copied = put(record)
    assert copied.file == kept
    PLAN.withdraw(copied, "Nhập nhầm")
    assert PlanFile.objects.get() == kept


def test_a_file_waits_where_it_was_not_fetched_yet():
    record = record_of(a_public_plan(file=A_FILE))
    empty_of_plans()
    put(record)
    CopiedPlanFile.objects.update(next_try_at=timezone.now(), tries=3, error="x")
    put(record)
    assert CopiedPlanFile.objects.get().tries == 3
    for other in ({"sha256": "b" * 64}, {"size": len(A_PDF) + 1}):
        CopiedPlanFile.objects.update(next_try_at=timezone.now(), tries=3, error="x")
        record["data"]["file"].update(other)
        put(record)
        assert (CopiedPlanFile.objects.get().tries, CopiedPlanFile.objects.get().next_try_at) == (0, None)
