"""Every verb of the program refuses a copy, and changes nothing. The verbs are found in the code."""

import ast
import datetime
import importlib
from pathlib import Path

import pytest
from django.db import transaction

from content.changes.models import Change
from content.documents.effect import StatusEventKind
from content.documents.identity import Origin
from content.documents.models import Amendment, LegalDocument
from content.errors import RuleBroken
from content.events import services as events
from content.events.models import Event
from content.media import services as media
from content.media.models import Material, MaterialFile
from content.organisations.models import Organisation
from content.people.models import AuditRow, Reader, User
from content.plans import tables
from content.plans.models import Plan
from content.publishing import services
from content.qa.models import Question
from content.relations.models import Relation
from tests.builders import (
    a_document,
    a_draft,
    a_record,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
    land,
)
from tests.builders_media import a_material
from tests.builders_plans import a_plan_form, a_public_plan

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
HOME = "phapluat.example.gov.vn"
COPIED = {
    "LegalDocument": LegalDocument,
    "Question": Question,
    "Event": Event,
    "Material": Material,
    "MaterialFile": MaterialFile,
    "Plan": Plan,
    "Amendment": Amendment,
    "Relation": Relation,
}
ENDS_ANOTHER = ("end_document", "suspend_document", "resume_document")  # our own act may not end a copy
FREE = {  # what may be done with a copy, with the reason
    "publish_sample_contest": "a contest of ours about it",
    "publish_sample_materials": "materials of ours about it",
    "write_layer": "our own explanation of a unit, which goes when its words change",
    "apply_amendments": "does nothing without instructions; what it writes is refused as by end_document",
    "record_stated_amendments": "does nothing without changes; what it writes is refused as by record_stated_relation",
    "record_withdrawn_amendments": "our notes about acts",
    "read_act": "only doubts of documents of ours",
    "forget_act": "our notes about acts",
    "compare_again": "our notes about official lists",
    "conclude_legal_basis_review": "our notes about it",
    "erase_old_registrations": "it has none",
    "read_registrations": "reads; it has none",
    "rate_answer": "a reader's own opinion",
    "remove_rating": "a reader's own opinion",
    "report_problem": "a reader tells our staff, who tell its home",
    "read_original": "reads; it has none",
}


def verbs():
    """(module, function, model, names of the arguments it needs) of every transaction that takes a row first."""
    for path in sorted((ROOT / "content").rglob("*.py")):
        if path.relative_to(ROOT).parts[1] in ("migrations", "sync", "copying"):
            continue
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.args.args:
                continue
            first = node.args.args[0].annotation
            is_transaction = any("atomic" in ast.unparse(each) for each in node.decorator_list)
            if first is None or ast.unparse(first) not in COPIED or not is_transaction:
                continue
            positional = node.args.args[1 : len(node.args.args) - len(node.args.defaults)]
            named = [
                each for each, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if not default
            ]
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield module, node.name, ast.unparse(first), [each.arg for each in [*positional, *named]]


VERBS = [each for each in verbs() if each[1] not in FREE]


@pytest.fixture
def copies():
    """A copy of each kind, with an amendment and a relation."""
    law = a_document("1/2019/QH14", topics=[land()])
    act = an_amending_law(law, "2/2019/QH14", on=datetime.date(2025, 1, 1))
    amend(act)
    question, event = an_answered_question(citations=[(law, "art_2")]), an_event(in_days=5)
    plan, material = a_public_plan(), a_material()
    for model in (LegalDocument, Question, Event, Material, Plan):
        model.objects.update(home=HOME)
    found = {"LegalDocument": law, "Question": question, "Event": event, "Plan": plan, "Material": material}
    found["MaterialFile"] = material.files.first()
    found |= {"Amendment": Amendment.objects.get(), "Relation": Relation.objects.filter(actor=act).first()}
    stored = {name: row.__class__.objects.get(pk=row.pk) for name, row in found.items()}
    return stored | {"act of ours": a_document()}


def values(copies):
    """A value for each argument that verbs need."""
    everything = User.objects.create(username="quyen-lan", is_superuser=True, is_staff=True)
    start = datetime.datetime(2027, 1, 1, 8, tzinfo=datetime.UTC)
    return {
        "by": everything, "reason": "Lý do", "kind": StatusEventKind.EXPIRES, "on": datetime.date(2026, 1, 1),
        "office": "Sở Tư pháp", "record": a_record("1/2019/QH14", title="Khác"), "topics": [], "text": "Khác",
        "title": "Khác", "citations": [], "to": everything, "into": an_answered_question(), "topic": land(),
        "province": None, "organisation": Organisation.objects.first(), "reader": Reader.objects.create(),
        "starts_at": start, "ends_at": start + datetime.timedelta(hours=1), "place": "Hà Nội", "online_url": "",
        "url": "https://example.org/x", "code": "x" * 12, "instructions": [], "document": copies["LegalDocument"],
        "source": "art_1", "until": None, "stated_by": "Công báo", "scope": "whole", "reference": None, "changes": [],
        "origin": Origin(), "form": a_plan_form(title="Khác"),
        "language": "en",
    }  # fmt: skip


def test_the_verbs_are_found():
    names = {name for _module, name, _model, _needs in VERBS}
    assert {
        "correct_document",
        "withdraw_document",
        "enter_status_event",
        "take_down",
        "move",
        "confirm_relation",
        "correct_plan",
        "withdraw_material",
        "write_variant",
    } <= names
    assert FREE.keys() <= {name for _module, name, _model, _needs in verbs()}


def test_each_verb_refuses_a_copy_and_changes_nothing(copies):
    arguments = values(copies)
    lines, audited = Change.objects.count(), AuditRow.objects.count()
    wrong = {}
    for module, name, model, needs in VERBS:
        row = copies["act of ours"] if name in ENDS_ANOTHER else copies[model]
        try:
            with transaction.atomic():
                getattr(importlib.import_module(module), name)(row, **{each: arguments[each] for each in needs})
            wrong[name] = "done"
        except RuleBroken as refused:
            if refused.code != "not_ours" or HOME not in refused.message:
                wrong[name] = refused.code
    assert wrong == {}
    assert (Change.objects.count(), AuditRow.objects.count()) == (lines, audited)


def test_an_import_leaves_a_copy_as_it_is(copies):
    with pytest.raises(RuleBroken) as refused:
        services.import_document(a_record("1/2019/QH14", title="Khác"), correct=True)
    assert refused.value.code == "not_ours"


def test_a_table_of_plans_leaves_a_copy_as_it_is(copies):
    head = "programme,organisation,title,number,year,adopted_on,period_from,period_until,source_url"
    line = "de-an-766,ubnd-48-da-nang-2025,Khác,12/KH-UBND,,2025-08-01,,,https://example.org/khac.pdf"
    assert [each.outcome.value for each in tables.import_plans(f"{head}\n{line}", publish=True)] == ["refused"]
    plan = Plan.objects.get(number="12/KH-UBND", adopter=copies["Plan"].adopter)
    assert (plan.title, plan.home, plan.status) == (copies["Plan"].title, HOME, "published")


def test_no_file_is_added_to_a_copy(copies):
    with pytest.raises(RuleBroken) as refused:
        media.add_file(copies["Material"], "main", [b"%PDF-1.4"], reason="Lý do")
    assert refused.value.code == "not_ours"


def test_samples_of_other_installations_stay_when_ours_are_removed(copies):
    for model, remove in ((Material, media.remove_sample_materials), (Event, events.remove_sample_events)):
        model.objects.update(is_sample=True)
        assert remove() == 0
        assert model.objects.get().home == HOME


def test_a_draft_of_ours_is_no_copy():
    assert a_draft().home == ""
