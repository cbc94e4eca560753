"""The files that a document was read from: they still have the words that a correction removed.

They are deleted only when a person asks for it: a signed original cannot be had again.
"""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes.queries import public_changes
from content.copies import refuse_copy
from content.documents import queries
from content.documents.models import LegalDocument
from content.documents.records import OriginalBytes
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank


@transaction.atomic
def delete_original_files(
    document: LegalDocument, *, reason: str, by: User | None = None, keep: OriginalBytes | None = None
) -> int:
    """Delete the original files of the document, all but `keep`; its text stays. Returns how many were deleted.

    The audit names each with its SHA-256, and the reason. A repeat deletes and records nothing. Raises
    RuleBroken("reason_required").
    """
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=document.pk)
    refuse_copy(document)
    files = document.original_files.exclude(sha256=hashlib.sha256(keep.content).hexdigest() if keep else "")
    named = [f"{name} ({sha256})" for name, sha256 in files.values_list("name", "sha256")]
    if named:
        files.delete()
        document.save(update_fields=["updated_at"])
        people.audit("document.files_deleted", document.key, by=by, reason=reason, files=named)
    return len(named)


def files_with_removed_words(document: LegalDocument, newest: OriginalBytes | None) -> list[str]:
    """The names of the public files, but for `newest`, that the last correction of the document left behind.

    Empty unless it took words out: then these files still have them.
    """
    last = public_changes().filter(subject=document.key, event_type=event_types.DOCUMENT_CORRECTED).last()
    if last is None or not last.facts.get("correction", {}).get("removes_words"):
        return []
    files = queries.public_original_files(document)
    if newest:
        files = files.exclude(sha256=hashlib.sha256(newest.content).hexdigest())
    return list(files.values_list("name", flat=True))
