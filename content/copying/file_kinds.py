"""The files of copies that are still to be fetched, of each kind of object: where each is, and how it is stored."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from content.copying import files, material_files, plan_files
from content.copying.models import CopiedFile, CopiedMaterialFile, CopiedPlanFile

MOST_BYTES = 64 * 2**20  # of a file that is copied; a larger one is only at its home
LONGEST_PAUSE = datetime.timedelta(hours=1)
PAUSE_OF_REFUSED = datetime.timedelta(days=7)  # bytes that are refused are the same the next time; our rules may not be


@dataclass(frozen=True)
class FileKind:
    """The files of copies of one kind of object, `name` as the change log says it."""

    name: str
    missing: Callable[[], QuerySet[Any]]  # of public copies
    fetched: Callable[[], QuerySet[Any]]  # that came from their homes
    owner: str  # the column of the object
    path: Callable[[Any], str]  # at its home
    store: Callable[[Any, IO[bytes], str], None]

    def of(self, rows: QuerySet[Any], origins: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to those of copies with these origins."""
        keys = origins.filter(object=self.name).values("subject")
        return rows.filter(**{f"{self.owner}__key__in": keys})


FILE_KINDS = (
    FileKind(
        "document",
        lambda: CopiedFile.objects.filter(fetched_at=None, document__status="published").select_related("document"),
        lambda: CopiedFile.objects.filter(is_ours=False).exclude(fetched_at=None),
        "document",
        lambda file: f"/api/v1/documents/{file.document.key}/files/{file.sha256}",
        files.store_file,
    ),
    FileKind(
        "plan",
        lambda: CopiedPlanFile.objects.filter(fetched_at=None, plan__status="published").select_related("plan"),
        lambda: CopiedPlanFile.objects.exclude(fetched_at=None),
        "plan",
        lambda file: f"/api/v1/plans/{file.plan.key}/file",
        plan_files.store_file,
    ),
    FileKind(
        "material",
        lambda: CopiedMaterialFile.objects.filter(fetched_at=None, material__status="published").select_related(
            "material"
        ),
        lambda: CopiedMaterialFile.objects.exclude(fetched_at=None),
        "material",
        material_files.path,
        material_files.store_file,
    ),
)


def missing_files(origins: QuerySet[Any], moment: datetime.datetime, most: int) -> list[tuple[FileKind, Any]]:
    """(kind, row) of files of copies with these origins that are not here and are due, at most so many."""
    due = Q(next_try_at=None) | Q(next_try_at__lte=moment)
    found: list[tuple[FileKind, Any]] = []
    for kind in FILE_KINDS:
        rows = kind.of(kind.missing(), origins).filter(due, size__lte=MOST_BYTES).order_by("pk")
        found += [(kind, row) for row in rows[: most - len(found)]]
    return found


def fetched_bytes(origins: QuerySet[Any]) -> int:
    """How many bytes of files of copies with these origins are here."""
    totals = (kind.of(kind.fetched(), origins).aggregate(total=Sum("size", default=0)) for kind in FILE_KINDS)
    return sum(int(each["total"]) for each in totals)


def let_file_wait(file: Any, reason: str, *, is_refused: bool = False) -> None:
    """Try it again later, each time after a longer pause. `is_refused`: its very bytes were here, and may not be."""
    pause = min(LONGEST_PAUSE, datetime.timedelta(seconds=2 ** min(file.tries + 1, 12)))
    pause = PAUSE_OF_REFUSED if is_refused else pause
    columns = {"tries": file.tries + 1, "next_try_at": timezone.now() + pause, "error": reason[:2_000]}
    type(file).objects.filter(pk=file.pk).update(**columns)
