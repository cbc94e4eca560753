"""What a page says first: whether the text binds on the day, in words and with a sign, never by colour alone."""

import datetime
from dataclasses import dataclass, field

from django.template.defaultfilters import date as written
from django.utils.translation import gettext as _

from content.documents.citations import cite_document
from content.documents.effect import Effect, EffectStatus, StatusEventKind, StatusEventScope, event_counts_from
from content.documents.models import LegalDocument
from content.law.page_paths import document_path
from content.relations.queries import replacing_documents

SIGNS = {
    EffectStatus.IN_FORCE: "✓",
    EffectStatus.NOT_YET_EFFECTIVE: "◷",
    EffectStatus.PARTLY_EXPIRED: "◐",
    EffectStatus.EXPIRED: "✕",
    EffectStatus.SUSPENDED: "‖",
    EffectStatus.PARTLY_SUSPENDED: "◐",
    EffectStatus.NO_LONGER_SUITABLE: "✕",
    EffectStatus.UNKNOWN: "?",
}


@dataclass(frozen=True)
class Banner:
    """`words` say the effect; `links` are (what it is, words, path) of the documents behind it."""

    kind: str  # the EffectStatus, for the style
    sign: str
    words: str
    links: list[tuple[str, str, str]] = field(default_factory=list)


def effect_banner(document: LegalDocument, effect: Effect, day: datetime.date) -> Banner | None:
    """The banner for the effect of the document, or of one of its units; None for a consolidated text."""
    if effect.status is None:
        return None
    words = {
        EffectStatus.IN_FORCE: _("In force since %(first)s"),
        EffectStatus.NOT_YET_EFFECTIVE: _("Not yet in force: from %(first)s"),
        EffectStatus.PARTLY_EXPIRED: _("In force since %(first)s; a part is no longer in force"),
        EffectStatus.EXPIRED: _("No longer in force since %(last)s"),
        EffectStatus.SUSPENDED: _("Suspended"),
        EffectStatus.PARTLY_SUSPENDED: _("In force since %(first)s; a part is suspended"),
        EffectStatus.NO_LONGER_SUITABLE: _("No longer suitable"),
        EffectStatus.UNKNOWN: _("We do not know whether it is in force"),
    }[effect.status]
    if effect.status == EffectStatus.IN_FORCE and effect.expires_on:
        words = _("In force since %(first)s until %(until)s")
    days = {
        "first": written(effect.effective_on, "d/m/Y") if effect.effective_on else "…",
        "last": written(effect.expires_on, "d/m/Y") if effect.expires_on else "…",
        "until": written(effect.expires_on - datetime.timedelta(days=1), "d/m/Y") if effect.expires_on else "…",
    }
    links = _ending_links(document, day) if effect.status == EffectStatus.EXPIRED else []
    return Banner(effect.status.value, SIGNS[effect.status], words % days, links)


def _ending_links(document: LegalDocument, day: datetime.date) -> list[tuple[str, str, str]]:
    """The acts that ended the whole document, and those that replace it."""
    found: dict[str, tuple[str, str, str]] = {}
    for act in replacing_documents([document]).get(document.pk, []):
        found[act.key] = (_("Replaced by"), cite_document(act), document_path(act.key))
    for event in document.status_events.select_related("amendment__act"):
        is_end = (event.kind, event.scope) == (StatusEventKind.EXPIRES, StatusEventScope.WHOLE)
        if is_end and event_counts_from(event) <= day and event.amendment:
            act = event.amendment.act
            found.setdefault(act.key, (_("Ended by"), cite_document(act), document_path(act.key)))
    return list(found.values())
