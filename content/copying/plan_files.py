"""The file of a copied plan: listed in its record by its SHA-256, and fetched after it.

The name that it had when it was uploaded is not public, and stays at home.
"""

from typing import IO, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.copying.files import SHA256
from content.copying.models import CopiedPlanFile
from content.errors import RuleBroken
from content.plans.models import Plan, PlanFile
from content.plans.services import FileBytes, keep_file
from content.record_fields import fields
from content.record_fields.fields import Data, RecordRefused

COLUMNS = ("sha256", "media_type", "size")


def file_data(plan: Plan) -> dict[str, Any] | None:
    """The file as its home has it, of a copy whether we have fetched it or not; None without one."""
    file = CopiedPlanFile.objects.filter(plan=plan).first() if plan.home else plan.file
    return {name: getattr(file, name) for name in COLUMNS} if file else None


def file_of(data: Data) -> Data | None:
    """What the data say of the file, None where it has none. Raises RecordRefused."""
    row = data.get("file")
    if row is None:
        return None
    if not isinstance(row, dict):
        raise RecordRefused(_("The file of the record has no SHA-256, no size or no type."))
    sha256, size = fields.text(row, "sha256", most=64), fields.number(row, "size")
    if not (SHA256.fullmatch(sha256) and size and fields.text(row, "media_type", most=100)):
        raise RecordRefused(_("The file of the record has no SHA-256, no size or no type."))
    return row


def put_file(plan: Plan, row: Data | None) -> None:
    """Make the file of the saved plan that of the record. One that is here is taken, another one waits."""
    former = CopiedPlanFile.objects.filter(plan=plan).first()
    here = PlanFile.objects.filter(sha256=row["sha256"]).defer("content").first() if row else None
    if row is None:
        CopiedPlanFile.objects.filter(plan=plan).delete()
    else:
        columns = {name: row[name] for name in COLUMNS} | _progress(former, row, here)
        CopiedPlanFile.objects.update_or_create(plan=plan, defaults=columns)
    _give_file(plan, here)
    if former and not former.is_ours and former.fetched_at and (here is None or here.sha256 != former.sha256):
        PlanFile.objects.filter(sha256=former.sha256, plans=None, kept_at__lte=former.fetched_at).delete()


def _progress(former: CopiedPlanFile | None, row: Data, here: PlanFile | None) -> dict[str, Any]:
    """How far fetching the file is. What is known of other bytes, or of another size, says nothing of it."""
    is_same = former is not None and (former.sha256, former.size) == (row["sha256"], row["size"])
    if former and is_same and bool(former.fetched_at) == bool(here):
        return {}
    waits: dict[str, Any] = {"tries": 0, "next_try_at": None, "error": ""}
    return waits | {"fetched_at": timezone.now() if here else None, "is_ours": here is not None}


def _give_file(plan: Plan, file: PlanFile | None) -> None:
    plan.file = file
    Plan.objects.filter(pk=plan.pk).update(file=file, updated_at=timezone.now())


@transaction.atomic
def store_file(file: CopiedPlanFile, content: IO[bytes], sha256: str) -> None:
    """Store the bytes of a file that is still wanted; `sha256` is theirs. Raises RecordRefused for what is no PDF."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=file.plan_id)
    content.seek(0)
    given = FileBytes(f"{plan.key}.pdf", file.media_type, content.read())
    if (len(given.content), sha256) != (file.size, file.sha256):
        raise RecordRefused(_("The file does not have the SHA-256 and the size that its record gives."))
    found = CopiedPlanFile.objects.filter(pk=file.pk, sha256=sha256, fetched_at=None, plan__status="published")
    if not found.exists():
        return
    is_ours = PlanFile.objects.filter(sha256=sha256).exists()
    try:
        _give_file(plan, keep_file(given))
    except RuleBroken as refusal:
        raise RecordRefused(refusal.message) from refusal
    # who keeps the same file later brought it themselves
    found.update(fetched_at=timezone.now(), error="", is_ours=is_ours)
