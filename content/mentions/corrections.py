"""A person says what words of a provision mean, where the reader is wrong or several documents fit."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes import event_types
from content.copies import refuse_copy
from content.documents import change_log
from content.documents.models import LegalDocument, Provision
from content.errors import NotAllowed, RuleBroken
from content.law.mentions import read_mentions
from content.mentions import resolver
from content.mentions.models import Mention, MentionCorrection
from content.mentions.names import law_names
from content.mentions.services import refresh_mentions
from content.people import services as people
from content.people.models import User
from content.people.text_input import is_blank
from content.relations import policy


@transaction.atomic
def correct_mention(
    mention: Mention, *, target: LegalDocument | None, units: str = "", reason: str, by: User
) -> MentionCorrection:
    """Say that the words name `target`, or these units of it, in every version of their provision.

    `target` None: they name nothing, and have no link. `units`: in words, «khoản 2 Điều 15»; empty: the whole target.
    The correction stays when the text is read again, as long as the words are the same. Another one replaces it; the
    same again changes nothing. Followers are not notified. Returns the correction.

    Raises NotAllowed without the right to publish, RuleBroken: "reason_required", "changed_meanwhile" (the text was
    read again, or the words were set right, since `mention` was loaded), "not_public" (the target),
    "unknown_provision" (the target does not have a unit, or none was read).
    """
    document, eid, words = _lock(mention, by=by, reason=reason)
    if target and not target.is_published:
        message = _("This document is not public. Choose a public one.")
        raise RuleBroken("not_public", message, field="target")
    eids = _eids_of(target, units)
    said: dict[str, Any] = {"target": target, "eids": eids, "reason": reason.strip()}
    place: dict[str, Any] = {"document": document, "eid": eid, "words": words}
    known = MentionCorrection.objects.filter(**place).first()
    if known and (known.target, known.eids) == (target, eids):
        return known
    correction, _is_new = MentionCorrection.objects.update_or_create(**place, defaults=said)
    facts = {"eid": eid, "words": words, "target": target.key if target else "", "eids": eids}
    people.audit("mention.corrected", document.key, by=by, reason=reason, **facts)
    _apply(document)
    return correction


@transaction.atomic
def withdraw_correction(mention: Mention, *, reason: str, by: User) -> None:
    """Let the words mean what the reader finds again. Without a correction a no-op.

    Raises NotAllowed without the right to publish, RuleBroken("reason_required").
    """
    document, eid, words = _lock(mention, by=by, reason=reason)
    if MentionCorrection.objects.filter(document=document, eid=eid, words=words).delete()[0]:
        people.audit("mention.correction_withdrawn", document.key, by=by, reason=reason, eid=eid, words=words)
        _apply(document)


def meaning_of(mention: Mention) -> str:
    """What the words mean now, to tell whether that changed since somebody looked."""
    return f"{mention.target_id or ''}:{' '.join(mention.eids)}:{'person' if mention.is_corrected else ''}"


def _lock(mention: Mention, *, by: User, reason: str) -> tuple[LegalDocument, str, str]:
    """(the document that has the words, the eid of their provision, the words)."""
    if not policy.may_decide_on_relations(by):
        raise NotAllowed("not_allowed", _("You need the right to publish for this."))
    if is_blank(reason):
        raise RuleBroken("reason_required", _("Give a reason."), field="reason")
    provision, words = mention.version.provision, mention.version.text[mention.start : mention.end]
    document = LegalDocument.objects.select_for_update(no_key=True).get(pk=provision.document_id)
    now = Mention.objects.select_related("version").filter(pk=mention.pk).first()
    if now is None or now.version.text[now.start : now.end] != words or meaning_of(now) != meaning_of(mention):
        message = _("The text was read again meanwhile. Open the mention from the list.")
        raise RuleBroken("changed_meanwhile", message)
    refuse_copy(document)
    return document, provision.eid, words


def _eids_of(target: LegalDocument | None, units: str) -> list[str]:
    """The units of the target that the words name."""
    if target is None or is_blank(units):
        return []
    mentions = read_mentions(units[:1_000], law_names().known)
    eids = list(dict.fromkeys(eid for each in mentions for eid in resolver.eids_of(each, None)))
    known = set(Provision.objects.filter(document=target, eid__in=eids).values_list("eid", flat=True))
    if not eids or set(eids) - known:
        message = _(
            "The document does not have these provisions. Write them as in «khoản 2 Điều 15», or leave the field empty."
        )
        raise RuleBroken("unknown_provision", message, field="units")
    return eids


def _apply(document: LegalDocument) -> None:
    """Read the text again, and tell mirrors that the links of the document are others."""
    if not document.is_published:
        return
    refresh_mentions(document)
    document.save(update_fields=["updated_at"])
    change_log.record_change(event_types.DOCUMENT_CORRECTED, document, event_types.EDITORIAL, notify=False)
