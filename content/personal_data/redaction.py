"""Propose which parts of a text to hide before it is published. A person decides; some kinds are always hidden."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.personal_data import (
    NEVER_PUBLISHED,
    Finding,
    find_personal_data,
    redacted_text,
    unpublishable_findings,
    without_invisible,
)


@dataclass(frozen=True)
class RedactionProposal:
    """Possible personal data in the original text: where it is, its words, and whether the public copy hides it."""

    value: str  # its number within its field: «text:3»
    words: str
    kind: str | Promise  # label, translated when it is shown
    is_never: bool  # never published, whatever a person chooses
    is_hidden: bool


@dataclass(frozen=True)
class RedactedField:
    """Title or text of the question with what may be personal data in it."""

    name: str
    proposals: list[RedactionProposal]
    redacted: str
    pieces: list[tuple[str, Any]]  # (words, kind) in order; the kind is empty where nothing was found


def redact_field(name: str, words: str, hidden: set[str] | None) -> RedactedField:
    """`hidden`: values of the proposals that were ticked; None: nothing was chosen yet, all are hidden."""
    found = find_personal_data(words)
    proposals = [_redaction_proposal(f"{name}:{place}", words, each, hidden) for place, each in enumerate(found)]
    chosen = [each for each, proposal in zip(found, proposals, strict=True) if proposal.is_hidden]
    return RedactedField(name, proposals, redacted_text(words, chosen), _marked_pieces(words, found))


def _redaction_proposal(value: str, words: str, finding: Finding, hidden: set[str] | None) -> RedactionProposal:
    is_never = finding.kind in NEVER_PUBLISHED
    is_hidden = is_never or hidden is None or value in hidden
    return RedactionProposal(value, words[finding.start : finding.end], finding.kind.label, is_never, is_hidden)


def _marked_pieces(words: str, found: list[Finding]) -> list[tuple[str, Any]]:
    pieces: list[tuple[str, Any]] = []
    at = 0
    for finding in found:
        pieces += [(words[at : finding.start], ""), (words[finding.start : finding.end], finding.kind.label)]
        at = finding.end
    return [*pieces, (words[at:], "")]


def standing_parts(*texts: str) -> dict[str, str | Promise]:
    """What may still be personal data in a public copy: its words on one line, and the label of its kind.

    Only kinds that a person decides about. What may never be published is refused in any case.
    """
    parts: dict[str, str | Promise] = {}
    for text in map(without_invisible, texts):
        for found in find_personal_data(text):
            if found.kind not in NEVER_PUBLISHED:
                parts[" ".join(text[found.start : found.end].split())] = found.kind.label
    return parts


def refuse_standing_parts(*texts: str, let_stand: Collection[str]) -> None:
    """Raise RuleBroken("personal_data_stands") if a part is left that a person did not read and tick (`let_stand`)."""
    unread = [f"«{words}» ({kind})" for words, kind in standing_parts(*texts).items() if words not in let_stand]
    if unread:
        raise RuleBroken(
            "personal_data_stands",
            _("The copy may still contain personal data: %s. Remove it, or tick each part that may stay.")
            % ", ".join(unread),
        )


def refuse_unpublishable(text: str, field: str) -> None:
    """Raise RuleBroken("personal_data") if the text has what may never be published, whatever a person decided."""
    refuse_personal_data(unpublishable_findings(text), field)


def refuse_personal_data(findings: list[Finding], field: str) -> None:
    """Raise RuleBroken("personal_data") if there are findings."""
    if findings:
        found = ", ".join(sorted({str(finding.kind.label) for finding in findings}))
        raise RuleBroken("personal_data", _("Remove personal data before publishing: %s.") % found, field=field)
