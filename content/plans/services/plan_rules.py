"""What is refused of a plan: what cannot be, what nobody could read, and another plan in the place of a public one."""

import hashlib

from django.db.models import Q
from django.utils.translation import gettext as _

from content.changes import event_types
from content.documents.models import LegalDocument
from content.errors import RuleBroken
from content.law import official_numbers
from content.organisations.models import Organisation
from content.organisations.queries import with_merged_into
from content.people import text_input
from content.people.models import AuditRow, User
from content.plans.models import Plan
from content.plans.services.forms import FileBytes, PlanForm, Unsaid
from content.text.vietnamese import nfc

MAX_FILE = 20 * 2**20  # bytes
TITLE_LENGTH = 500
MEDIA_TYPES = {"application/pdf": b"%PDF"}  # what a plan may be, and how it begins


def refuse_unusable_plan(form: PlanForm) -> None:
    """Raise RuleBroken "title_required", "period_reversed", "adopted_before_programme" or "file_not_usable"."""
    if not form.title.strip():
        raise RuleBroken("title_required", _("The plan has no title. Enter one."), field="title")
    if form.period_from and form.period_until and form.period_until <= form.period_from:
        raise RuleBroken("period_reversed", _("The period ends before it begins."), field="period_until")
    if form.adopted_on and form.adopted_on < form.programme.act_issued_on:
        message = _("The plan cannot be older than the programme (%s). Correct the day or the programme.")
        raise RuleBroken("adopted_before_programme", message % form.programme.act_issued_on, field="adopted_on")
    if form.file:
        refuse_unusable_file(form.file)


def refuse_another_plan(plan: Plan, form: PlanForm) -> None:
    """Raise RuleBroken("another_plan") where a correction names another plan than the public one.

    One approver alone could publish another plan in the place of the one that two people published. Programme, adopter
    and year stay. Number, day, file and document stay once they are known. A number or a day that is not known may be
    added, a document only if it is the act itself: public under the number, day and province of the plan, which two
    people checked as well. Title and address stay where readers have neither a file nor a public document: there they
    are all that says which plan it is.
    """
    said, changed = (form.programme.pk, form.adopter.pk, form.year), _changed_marks(plan, form)
    if said != (plan.programme_id, plan.adopter_id, plan.year) or changed:
        message = _(
            "Programme, adopter, year, number, day, file and document of a public plan stay, and without a file or a "
            "document its title and address too. Withdraw it and enter the other one."
        )
        raise RuleBroken("another_plan", message, field=changed[0] if changed else None)


def _changed_marks(plan: Plan, form: PlanForm) -> list[str]:
    """What the plan has and the form says otherwise, of what says which plan it is."""
    number = official_numbers.clean_number(form.number)
    only_address = not _can_be_read_here(plan)
    changed = {
        "number": bool(plan.number) and plan.number_key != official_numbers.number_key(number),
        "adopted_on": plan.adopted_on is not None and plan.adopted_on != form.adopted_on,
        "document": _is_another_document(plan, form.document),
        "title": only_address and _line(plan.title) != _line(form.title),
        "source_url": only_address and _line(plan.source_url) != _line(form.source_url),
        "file": form.file is not None and (plan.file is None or plan.file.sha256 != sha256_of(form.file)),
    }
    return [name for name, is_changed in changed.items() if is_changed]


def fixed_columns(plan: Plan) -> list[str]:
    """What no correction of a public plan changes, of what its form asks for."""
    only_address = not _can_be_read_here(plan)
    fixed = {
        "number": bool(plan.number), "adopted_on": plan.adopted_on is not None, "document": _is_public(plan.document),
        "title": only_address, "source_url": only_address,
    }  # fmt: skip
    return [name for name, is_fixed in fixed.items() if is_fixed]


def _can_be_read_here(plan: Plan) -> bool:
    """Whether readers have its file, or a document that is public."""
    return plan.file_id is not None or _is_public(plan.document)


def _is_another_document(plan: Plan, document: LegalDocument | None) -> bool:
    """Whether it takes the place of the plan. One that was withdrawn may be taken out: readers lose nothing."""
    if plan.document == document:
        return False
    if document is None:
        return _is_public(plan.document)
    if plan.document or not (plan.number_key and plan.adopted_on):
        return True
    said = (document.number_key, document.issued_on, document.province_id)
    return said != (plan.number_key, plan.adopted_on, plan.adopter.province_id)


def refuse_own_document(plan: Plan, form: PlanForm, *, by: User | None) -> None:
    """Raise RuleBroken("second_person_required") where one person alone says which act the plan is.

    A document of the plan's number and day may be added. Where a correction added that number or day, somebody else
    than who did so adds the document; else one approver could choose them to fit another act. The audit knows who it
    was. `by` None is a command of the operator, which is not asked.
    """
    if by is None or form.document is None or form.document == plan.document:
        return
    corrections = AuditRow.objects.filter(action=event_types.PLAN_CORRECTED, subject=plan.key, by=by)
    if corrections.filter(Q(facts__fields__contains="number") | Q(facts__fields__contains="adopted_on")).exists():
        message = _("You added the number or the day of this plan. Somebody else must add its document.")
        raise RuleBroken("second_person_required", message, field="document")


def _is_public(document: LegalDocument | None) -> bool:
    return document is not None and document.status == LegalDocument.Status.PUBLISHED


def refuse_unreadable_plan(plan: Plan) -> None:
    """Raise RuleBroken: "not_public" for a document that readers cannot see, "file_required" where nothing is given."""
    if plan.document and not _is_public(plan.document):
        raise RuleBroken("not_public", _("Readers cannot see this document. Publish it first."), field="document")
    if not (plan.document_id or plan.file_id or plan.source_url):
        message = _("Readers cannot see this plan. Add a file, a document or an address.")
        raise RuleBroken("file_required", message, field="source_url")


def refuse_wrong_replaced_plan(plan: Plan | None, form: PlanForm) -> None:
    """Raise RuleBroken where the form says that the plan replaces one that it cannot replace.

    "replaces_itself": directly or through others. "replaces_unrelated": of another programme, or of an organisation
    that the adopter does not continue. "not_public": readers cannot see it, and the plan did not say so before.
    """
    stored = plan.replaces if plan else None
    earlier = stored if isinstance(form.replaces, Unsaid) else form.replaces
    if earlier is None:
        return
    earlier = Plan.objects.select_related("adopter").get(pk=earlier.pk)  # as it is under the lock
    if plan and plan.pk in _replaced_by(earlier):
        raise RuleBroken("replaces_itself", _("A plan cannot replace itself. Choose an earlier one."), field="replaces")
    if earlier.programme_id != form.programme.pk or not _continues(form.adopter, earlier.adopter):
        message = _("A plan replaces one of its own programme and organisation, or of a province merged into its own.")
        raise RuleBroken("replaces_unrelated", message, field="replaces")
    if earlier.status != Plan.Status.PUBLISHED and earlier != stored:
        raise RuleBroken("not_public", _("Readers cannot see the plan that it replaces."), field="replaces")


def _replaced_by(plan: Plan) -> set[int]:
    """Primary keys of the plan and of all that it replaces, at once or in steps."""
    found: set[int] = set()
    newer: int | None = plan.pk
    while newer and newer not in found:
        found.add(newer)
        newer = Plan.objects.values_list("replaces", flat=True).get(pk=newer)
    return found


def _continues(later: Organisation, earlier: Organisation) -> bool:
    """Whether it is the same body, its successor, or the one of the same code of a province that took its own in."""
    if later.pk == earlier.pk or earlier.successors.filter(pk=later.pk).exists():
        return True
    if later.province is None or later.code != earlier.code:
        return False
    return earlier.province_id in with_merged_into(later.province)


def refuse_unusable_file(file: FileBytes) -> None:
    """Raise RuleBroken("file_not_usable") for what is no PDF, or too large."""
    start = MEDIA_TYPES.get(file.media_type)
    if start is None or not file.content.startswith(start) or len(file.content) > MAX_FILE:
        message = _("Choose a PDF file of at most %d MiB.")
        raise RuleBroken("file_not_usable", message % (MAX_FILE // 2**20), field="file")


def clean_title(title: str) -> str:
    """The title as it is stored. Raises RuleBroken: "too_long", "invalid_character", "blank" without a letter."""
    return text_input.clean_line(title, "title", max_length=TITLE_LENGTH)


def _line(text: str) -> str:
    """A text as two are compared."""
    return nfc(" ".join(text.split()))


def sha256_of(file: FileBytes) -> str:
    """The hash by which the bytes are found, in hex."""
    return hashlib.sha256(file.content).hexdigest()
