"""A public plan as data, and put from data: what it says of itself, and what it replaces.

Who entered and published it is no part of it, nor is what its adopter declared: the words of a declaration are not
public, and one that comes later has no line about the plan. Its programme and its adopter are known in each
installation by their keys; its document and the plan that it replaces may come later, and are then linked.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content import locks
from content.changes.models import Change
from content.copying import plan_files
from content.copying.models import CopiedPlan
from content.documents.models import LegalDocument
from content.law import official_numbers
from content.locks import Lock
from content.organisations.models import Organisation
from content.plans.models import Plan, Programme
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused, iso_day, iso_moment

KEY = re.compile(r"[a-z0-9-]{1,200}")
TEXTS = {"number": 100, "title": 500, "source_url": 500}
DAYS = ("adopted_on", "period_from", "period_until")
MOMENTS = ("published_at", "corrected_at")


def public_plans() -> QuerySet[Plan]:
    """Published plans of which our log tells. The others came with the program, and are in each installation."""
    lines = Change.objects.filter(reader=None, subject=OuterRef("key"))
    plans = Plan.objects.filter(Exists(lines), status=Plan.Status.PUBLISHED)
    return plans.select_related("programme", "adopter", "document", "replaces", "file").defer("file__content")


def as_data(plan: Plan) -> dict[str, Any]:
    """All that is public of a published plan, as JSON."""
    return {
        **{name: fields.told(getattr(plan, name)) for name in TEXTS},
        **{name: iso_day(getattr(plan, name)) for name in DAYS},
        **{name: iso_moment(getattr(plan, name)) for name in MOMENTS},
        "year": plan.year,
        "programme": plan.programme.key,
        "organisation": plan.adopter.key,
        **_named_keys(plan),
        "file": plan_files.file_data(plan),
    }


def _named_keys(plan: Plan) -> dict[str, str]:
    """The keys of its document and of the plan that it replaces; a withdrawn one keeps its key."""
    if plan.home:
        copied = CopiedPlan.objects.filter(plan=plan).first() or CopiedPlan()
        return {"document": copied.document_key, "replaces": copied.replaces_key}
    document, earlier = plan.document, plan.replaces
    return {
        "document": document.key if document and document.published_at else "",
        "replaces": earlier.key if earlier and earlier.published_at else "",
    }


def put(plan: Plan, data: Data) -> Plan:
    """Make the plan (new or locked, with its key and home) what the data say. Raises RecordRefused, RecordWaits."""
    _set_columns(plan, data)
    named = {name: fields.text(data, name, most=200) for name in ("document", "replaces")}
    if named["replaces"] == plan.key:
        raise RecordRefused(_("The plan of the record replaces itself."))
    file = plan_files.file_of(data)
    if not (file or plan.source_url or named["document"]):
        raise RecordRefused(_("Nobody could read the plan of the record: it has no file, document or address."))
    plan.document = LegalDocument.objects.filter(key=named["document"]).exclude(published_at=None).first()
    plan.replaces = Plan.objects.filter(key=named["replaces"]).exclude(published_at=None).first()
    plan.file = None
    plan.save()
    keys = {"document_key": named["document"], "replaces_key": named["replaces"]}
    CopiedPlan.objects.update_or_create(plan=plan, defaults=keys)
    plan_files.put_file(plan, file)
    Plan.objects.filter(copied__replaces_key=plan.key, replaces=None).update(replaces=plan, updated_at=timezone.now())
    return plan


def _set_columns(plan: Plan, data: Data) -> None:
    columns: dict[str, Any] = {name: fields.typed(data, name, most=most) for name, most in TEXTS.items()}
    columns |= {name: fields.day(data, name) for name in DAYS}
    columns |= {name: fields.moment(data, name) for name in MOMENTS}
    columns["year"] = fields.number(data, "year", most=2100)
    columns["programme"], columns["adopter"] = _of_whom(data)
    if not (KEY.fullmatch(plan.key) and columns["title"].strip() and columns["published_at"]):
        raise RecordRefused(_("The record has no key, no title or no day of publication."))
    for name, value in columns.items():
        setattr(plan, name, value)
    plan.number_key = official_numbers.number_key(plan.number)
    plan.status, plan.withdrawn_at, plan.withdrawal_reason = Plan.Status.PUBLISHED, None, ""
    excluded = ["programme", "adopter", "document", "file", "replaces", "written_by", "published_by"]
    fields.refuse_unclean(plan, excluded)


def _of_whom(data: Data) -> tuple[Programme, Organisation]:
    """(its programme, its adopter). Raises RecordRefused, RecordWaits."""
    programme = fields.known_row(Programme, fields.text(data, "programme", most=100), "programme")
    adopter = fields.known_row(Organisation, fields.text(data, "organisation", most=100), "body")
    if programme is None or adopter is None:
        raise RecordRefused(_("The record does not say whose plan it is, or for which programme."))
    return programme, adopter


def withdraw(plan: Plan, reason: str) -> None:
    """Withdraw a copy with the reason of its home. Its file may have what must not be kept."""
    plan.status, plan.withdrawn_at, plan.withdrawal_reason = Plan.Status.WITHDRAWN, timezone.now(), reason
    plan.save()
    plan_files.put_file(plan, None)


def link_documents(documents: Iterable[LegalDocument]) -> None:
    """Give copied plans that name one of these documents, which have come, their document."""
    of_key, named = {each.key: each for each in documents}, "copied__document_key"
    for pk, key in Plan.objects.filter(copied__document_key__in=of_key, document=None).values_list("pk", named):
        Plan.objects.filter(pk=pk, document=None).update(document=of_key[key], updated_at=timezone.now())


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"),) if each]


def words_of(data: Data) -> object:
    """What the data say of the plan itself. Two installations that say the same hold the same plan."""
    said = {name: data.get(name) for name in (*TEXTS, "document")}
    file = data.get("file")
    return [said, [data.get(name) for name in DAYS], file and file.get("sha256"), *_identity(data)]


def _identity(data: Data) -> tuple[Any, ...]:
    number = official_numbers.number_key(fields.text(data, "number"))
    return (*_of_whom(data), fields.number(data, "year"), number, fields.day(data, "adopted_on"))


def find_same(data: Data) -> Plan | None:
    """The plan of the same programme, adopter, year, number and day, locked; None without one. Raises RecordWaits."""
    programme, adopter, year, number_key, adopted_on = _identity(data)
    locks.hold_for_name(Lock.DOCUMENT_IDENTITY, f"plan:{programme.key}:{adopter.key}")  # who enters it here waits
    same = Plan.objects.filter(programme=programme, adopter=adopter, year=year, number_key=number_key)
    same = same.filter(adopted_on=adopted_on).exclude(status=Plan.Status.WITHDRAWN)
    return same.select_for_update(no_key=True, of=("self",)).first()


def is_same(plan: Plan, data: Data) -> bool:
    """Whether the data are about this plan, whatever they say of it."""
    mine = (plan.programme, plan.adopter, plan.year, plan.number_key, plan.adopted_on)
    return mine == _identity(data)
