"""The `meta` of a document: what it is (FRBR), what happened to it, on which days its units say what they say."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.akn.units import Period
from content.akn.xml import XMLWriter
from content.documents.citations import cite_document
from content.documents.effect import StatusEventKind, StatusEventScope
from content.documents.models import Amendment, LegalDocument
from content.law.doc_types import TYPE_SLUGS
from content.permanent_addresses.paths import LANGUAGE, MAIN, expression_path, is_act, portion_path
from content.text.vietnamese import slug
from content.vietnam_time import VIETNAM_TIME

MEDIA_TYPE = "application/akn+xml"
EDITOR = "#luat-mo"
EVENT_WORDS = {  # in Vietnamese, as the text is
    StatusEventKind.TAKES_EFFECT: "có hiệu lực",
    StatusEventKind.EXPIRES: "hết hiệu lực",
    StatusEventKind.AMENDED: "được sửa đổi, bổ sung",
    StatusEventKind.SUSPENDED: "ngưng hiệu lực",
    StatusEventKind.RESUMED: "tiếp tục có hiệu lực",
    StatusEventKind.NO_LONGER_SUITABLE: "không còn phù hợp",
}
EVENT_TYPES = {StatusEventKind.EXPIRES: "repeal", StatusEventKind.AMENDED: "amendment"}  # AKN has no other word


@dataclass(frozen=True)
class Described:
    """What the metadata of one text of a document is made of. `path`: its work; `first_day`: None for the original."""

    document: LegalDocument
    path: str
    eli: str | None
    first_day: datetime.date | None
    amendments: Sequence[Amendment]  # all that apply, past and to come
    paths: Mapping[int, str]  # by the primary key of the document: of it, the acts and others that it names

    @property
    def work_date(self) -> tuple[str, str]:
        """(day, what happened on it): issue, or the first import where that is not known."""
        if self.document.issued_on:
            return str(self.document.issued_on), "issue"
        return str(self.document.created_at.astimezone(VIETNAM_TIME).date()), "import"


@dataclass(frozen=True)
class LifecycleEvent:
    eid: str
    on: datetime.date
    type: str | None
    source: str
    about: str | None


class MetadataWriter:
    """Writes the metadata of a document, of an attachment and of a portion."""

    def __init__(self, xml: XMLWriter, described: Described, periods: Iterable[Period] = ()) -> None:
        self._xml = xml
        self._described = described
        self._document = described.document
        self._groups = {period: f"period-{number}" for number, period in enumerate(dict.fromkeys(periods), 1)}
        acts = dict.fromkeys(each.act_id for each in described.amendments)
        self._acts = {act: f"act-{number}" for number, act in enumerate(acts, 1)}
        self._events = self._lifecycle_events()

    def period_of(self, period: Period) -> str | None:
        """The reference to the days of a unit's text; None where it has the document's."""
        return f"#{self._groups[period]}" if period in self._groups else None

    def whole(self, eid: str = "") -> None:
        """The metadata of the document, or of the portion `eid` of it."""
        with self._xml.element("meta"):
            self._identification(MAIN, eid)
            self._publication()
            self._lifecycle()
            self._temporal_data()
            self._references()

    def attachment(self, eid: str) -> None:
        """The metadata of an attachment: a component of the same work."""
        with self._xml.element("meta"):
            self._identification(eid, "")

    # -- FRBR ---------------------------------------------------------------------------

    def _identification(self, component: str, eid: str) -> None:
        work, described = self._described.path, self._described
        expression = expression_path(work, described.first_day)
        part = f"/!{component}" + (f"~{eid}" if eid else "")
        day, what = described.work_date
        text_day = str(described.first_day or day)
        written_at = self._document.corrected_at or self._document.published_at or self._document.created_at
        made_on = str(written_at.astimezone(VIETNAM_TIME).date())
        with self._xml.element("identification", source=EDITOR):
            with self._xml.element("FRBRWork"):
                self._frbr(f"{work}{part}", work, day, what, "#issuer" if self._document.issuer else EDITOR)
                self._work()
            with self._xml.element("FRBRExpression"):
                self._frbr(f"{expression}{part}", expression, text_day, "text", EDITOR)
                is_official = self._document.is_official_copy and described.first_day is None
                self._xml.empty("FRBRauthoritative", value=str(is_official).lower())
                self._xml.empty("FRBRlanguage", language=LANGUAGE)
            with self._xml.element("FRBRManifestation"):
                self._frbr(f"{expression}{part}.akn", f"{expression}.akn", made_on, "markup", EDITOR)
                self._xml.empty("FRBRformat", value=MEDIA_TYPE)

    def _frbr(self, this: str, uri: str, day: str, what: str, author: str) -> None:
        self._xml.empty("FRBRthis", value=this)
        self._xml.empty("FRBRuri", value=uri)
        if uri == self._described.path:
            self._xml.empty("FRBRalias", value=self._document.key, name="key")
            if self._described.eli:
                self._xml.empty("FRBRalias", value=self._described.eli, name="eli")
        self._xml.empty("FRBRdate", date=day, name=what)
        self._xml.empty("FRBRauthor", href=author)

    def _work(self) -> None:
        document = self._document
        country, _, province = self._described.path.split("/")[2].partition("-")
        self._xml.empty("FRBRcountry", value=f"{country}-{province}" if province else country)
        self._xml.empty("FRBRsubtype", value=TYPE_SLUGS[document.doc_type])
        if document.number:
            self._xml.empty("FRBRnumber", value=document.number)
        self._xml.empty("FRBRname", value=document.title)
        is_prescriptive = is_act(document.doc_type, document.number) and not document.is_sample
        self._xml.empty("FRBRprescriptive", value=str(is_prescriptive).lower())

    def _publication(self) -> None:
        if self._document.gazette_on:
            self._xml.empty(
                "publication", date=str(self._document.gazette_on), name="Công báo", showAs="Công báo",
                number=self._document.gazette_number or None,
            )  # fmt: skip

    # -- days ---------------------------------------------------------------------------

    def _lifecycle_events(self) -> list[LifecycleEvent]:
        found: list[tuple[datetime.date, str | None, str, str | None]] = []
        if self._document.issued_on:
            found.append((self._document.issued_on, "generation", "#original", None))
        acts = {each.pk: self._acts[each.act_id] for each in self._described.amendments}
        events = [(each.on, each) for each in self._document.status_events.all() if each.on]
        for on, each in events:
            source = f"#{acts[each.amendment_id]}" if each.amendment_id in acts else EDITOR
            about = _about(each.kind, each.scope)
            found.append((on, EVENT_TYPES.get(StatusEventKind(each.kind)), source, f"#{about}"))
        told = {each.amendment_id for _, each in events}
        for amendment in self._described.amendments:
            if amendment.pk not in told:
                found.append((amendment.on, "amendment", f"#{self._acts[amendment.act_id]}", None))
        days = {row[0] for row in found}
        others = {day for period in self._groups for day in period if day} - days
        found += [(day, "amendment", EDITOR, None) for day in others]
        return [LifecycleEvent(f"event-{number}", *row) for number, row in enumerate(sorted(found, key=_first), 1)]

    def _lifecycle(self) -> None:
        if not self._events:
            return
        with self._xml.element("lifecycle", source=EDITOR):
            for each in self._events:
                self._xml.empty(
                    "eventRef", eId=each.eid, date=str(each.on), source=each.source, type=each.type, refersTo=each.about
                )

    def _temporal_data(self) -> None:
        if not self._groups:
            return
        events = {each.on: f"#{each.eid}" for each in reversed(self._events)}
        with self._xml.element("temporalData", source=EDITOR):
            for (first, last), eid in self._groups.items():
                with self._xml.element("temporalGroup", eId=eid):
                    start, end = (events[first] if first else None), (events[last] if last else None)
                    self._xml.empty("timeInterval", start=start, end=end, refersTo="#text")

    # -- references -----------------------------------------------------------------------

    def _references(self) -> None:
        document = self._document
        with self._xml.element("references", source=EDITOR):
            self._xml.empty(
                "original",
                eId="original",
                href=expression_path(self._described.path, None),
                showAs=cite_document(document),
            )
            for each in {each.act_id: each.act for each in self._described.amendments}.values():
                path = self._described.paths[each.pk]
                self._xml.empty("passiveRef", eId=self._acts[each.pk], href=path, showAs=cite_document(each))
            self._tlc("Organization", "luat-mo", "luat-mo", "Luật Mở")
            if document.issuer:
                self._tlc("Organization", "issuer", slug(document.issuer.name), document.issuer.name)
            if document.signer:
                self._tlc("Person", "signer", slug(document.signer), document.signer)
            for about, words in self._told_events().items():
                self._tlc("Event", about, about, words)
            if self._groups:
                self._tlc("Concept", "text", "text", "Lời văn của đơn vị")

    def _told_events(self) -> dict[str, str]:
        """{id: words} of the kinds of status events that the lifecycle refers to."""
        told = {}
        for each in self._document.status_events.all():
            if each.on:
                part = " một phần" if each.scope == StatusEventScope.PART else ""
                told[_about(each.kind, each.scope)] = f"{EVENT_WORDS[StatusEventKind(each.kind)]}{part}"
        return told

    def _tlc(self, kind: str, eid: str, name: str, words: str) -> None:
        href = f"/akn/ontology/{kind.lower()}/vn/{name or 'x'}"
        self._xml.empty(f"TLC{kind}", eId=eid, href=href, showAs=words)


def _about(kind: str, scope: str) -> str:
    return f"{kind}-part" if scope == StatusEventScope.PART else kind


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]


def included_in(described: Described) -> str:
    """The expression that a portion is taken from."""
    return expression_path(described.path, described.first_day)


def target_href(path: str, eids: Sequence[str]) -> str:
    """The reference to units of a document: to the unit that they have in common, else to the document."""
    steps = [each.split("__") for each in eids]
    common = []
    for together in zip(*steps, strict=False):
        if len(set(together)) > 1:
            break
        common.append(together[0])
    return portion_path(path, "__".join(common))
