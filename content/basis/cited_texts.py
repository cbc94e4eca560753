"""What content leans on, as it was read and as it reads now: for whoever must say whether the content still holds."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q

from content import vietnam_time
from content.basis.models import Citation
from content.changes import event_types
from content.documents import diff, effect, provision_queries, provisions
from content.documents.models import ProvisionVersion


@dataclass(frozen=True)
class DatedText:
    """A cited provision on a day: its words with all under it, None where it does not stand."""

    day: datetime.date
    text: str | None
    status: effect.EffectStatus | None  # None: no effect of its own, or not public any more


@dataclass(frozen=True)
class CitedText:
    """One citation, then and now. `then` has no words where they cannot be had any more."""

    citation: Citation
    then: DatedText
    now: DatedText
    coming: list = field(default_factory=list)  # [Wording] of days after today

    @property
    def differs(self):
        return (self.then.text, self.then.status) != (self.now.text, self.now.status) or bool(self.coming)

    @property
    def spans(self):
        """[Span] from the words that were read to those of now."""
        return diff.word_diff(self.then.text or "", self.now.text or "")

    @property
    def spans_of_coming(self):
        """[(Wording, [Span] from the words of now)]."""
        return [(each, diff.word_diff(self.now.text or "", each.text or "")) for each in self.coming]


def cited_texts_of(basis, today=None):
    """The Readings of a basis, in the order of its citations."""
    today = today or vietnam_time.today()
    citations = basis.citations.select_related("document").order_by("pk")
    changes = [each.change for each in basis.changes.filter(settled_at=None).select_related("change").order_by("-pk")]
    return [_cited_text(citation, basis.read_on, today, changes) for citation in citations]


def _cited_text(citation, read_on, today, changes):
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


def _text_on(document, eid, day):
    if not eid:
        return DatedText(day, "", effect.effect_of(document, day).status)
    context = provision_queries.provision_context(document, eid, day)
    return DatedText(day, context and context.text, effect.provision_effect_of(document, eid, day).status)


def _text_as_read(text, citation, changes):
    """The words that were read: what we have of that day now, without what became known of it since.

    None where that does not give just what was read.
    """
    own = [change for change in changes if change.subject == citation.document_key]
    return next((each for each in _candidate_texts(text, citation, own) if _is_text_as_read(each, citation)), None)


def _candidate_texts(text, citation, changes):
    yield text
    for change in changes:  # of an amendment that was entered late: the eve of it
        if change.event_type == event_types.DOCUMENT_AMENDED:
            eve = datetime.date.fromisoformat(change.facts["on"]) - datetime.timedelta(days=1)
            yield _text_on(citation.document, citation.eid, eve).text
    for change in changes:  # the newest first: each correction turned back
        for unit in (change.facts.get("correction") or {}).get("provisions", []):
            if text and unit.get("after"):
                text = text.replace(unit["after"], unit.get("before", ""), 1)
        yield text


def _is_text_as_read(text, citation):
    return text is not None and provisions.text_sha256(text) == citation.text_hash


def _coming_change_days(citation, today):
    """The days to come on which it reads otherwise, as far as known."""
    under = Q(provision__eid=citation.eid) | Q(provision__eid__startswith=f"{citation.eid}__")
    versions = ProvisionVersion.objects.filter(under if citation.eid else Q(), provision__document=citation.document)
    days = {day for pair in versions.values_list("valid_from", "valid_until") for day in pair if day and day > today}
    return sorted(days) if citation.eid else []
