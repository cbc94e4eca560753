"""The texts that content cites, as they were read and as they are now, for a review of the content."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from content import diff, vietnam_time
from content.basis.models import Basis, Citation
from content.changes.event_types import EventType
from content.changes.models import Change
from content.document_reads import contexts
from content.documents import effect, provisions
from content.documents.models import LegalDocument, ProvisionVersion


@dataclass(frozen=True)
class DatedText:
    """A cited provision on a day: its text with all units under it.

    `text` is None if the provision does not exist then or its text is not known any more, "" if the whole document is
    cited.
    """

    day: datetime.date
    text: str | None
    status: effect.EffectStatus | None  # None: no effect of its own, or no longer public


@dataclass(frozen=True)
class CitedText:
    """One citation, when it was read and now. `then` has no text if that text is no longer available."""

    citation: Citation
    then: DatedText
    now: DatedText
    coming: list[DatedText] = field(default_factory=list)  # on later days, as far as known

    @property
    def differs(self) -> bool:
        return (self.then.text, self.then.status) != (self.now.text, self.now.status) or bool(self.coming)

    @property
    def spans(self) -> list[diff.WordSpan]:
        """The differences between the text that was read and the present one."""
        return diff.word_diff(self.then.text or "", self.now.text or "")

    @property
    def spans_of_coming(self) -> list[tuple[DatedText, list[diff.WordSpan]]]:
        """[(coming text, its differences from the present one)]."""
        return [(each, diff.word_diff(self.now.text or "", each.text or "")) for each in self.coming]


def cited_texts_of(basis: Basis, today: datetime.date | None = None) -> list[CitedText]:
    """The cited texts of a basis, in the order of its citations."""
    today = today or vietnam_time.today()
    citations = basis.citations.select_related("document").order_by("pk")
    changes = [each.change for each in basis.changes.filter(settled_at=None).select_related("change").order_by("-pk")]
    return [_cited_text(citation, basis.read_on, today, changes) for citation in citations]


def _cited_text(citation: Citation, read_on: datetime.date, today: datetime.date, changes: list[Change]) -> CitedText:
    document = citation.document
    if document is None or not document.is_published:
        return CitedText(citation, DatedText(read_on, None, None), DatedText(today, None, None))
    now = _text_on(document, citation.eid, today)
    then = _text_on(document, citation.eid, read_on)
    if citation.eid:
        then = DatedText(read_on, _text_as_read(then.text, citation, changes), then.status)
    return CitedText(
        citation, then, now, [_text_on(document, citation.eid, day) for day in _coming_change_days(citation, today)]
    )


def _text_on(document: LegalDocument, eid: str, day: datetime.date) -> DatedText:
    if not eid:
        return DatedText(day, "", effect.effect_of(document, day).status)
    context = contexts.provision_context(document, eid, day)
    return DatedText(day, context.text if context else None, effect.provision_effect_of(document, eid, day).status)


def _text_as_read(text: str | None, citation: Citation, changes: list[Change]) -> str | None:
    """The text that was read: the present version of that day, without what became known later.

    None if no candidate has the hash of what was read.
    """
    own = [change for change in changes if change.subject == citation.document_key]
    return next((each for each in _candidate_texts(text, citation, own) if _is_text_as_read(each, citation)), None)


def _candidate_texts(text: str | None, citation: Citation, changes: list[Change]) -> Iterator[str | None]:
    yield text
    for change in changes:  # an amendment entered late: the text of the day before it
        if change.event_type == EventType.DOCUMENT_AMENDED and citation.document:
            day_before = datetime.date.fromisoformat(change.facts["on"]) - datetime.timedelta(days=1)
            yield _text_on(citation.document, citation.eid, day_before).text
    for change in changes:  # the newest first: undo each correction
        for unit in (change.facts.get("correction") or {}).get("provisions", []):
            if text and unit.get("after"):
                text = text.replace(unit["after"], unit.get("before", ""), 1)
        yield text


def _is_text_as_read(text: str | None, citation: Citation) -> bool:
    return text is not None and provisions.text_sha256(text) == citation.text_hash


def _coming_change_days(citation: Citation, today: datetime.date) -> list[datetime.date]:
    """Later days on which the text changes, as far as known."""
    under = Q(provision__eid=citation.eid) | Q(provision__eid__startswith=f"{citation.eid}__")
    versions = ProvisionVersion.objects.filter(under if citation.eid else Q(), provision__document=citation.document)
    days = {day for pair in versions.values_list("valid_from", "valid_until") for day in pair if day and day > today}
    return sorted(days) if citation.eid else []
