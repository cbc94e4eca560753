"""The lists of values of the contract: each is one component with one name, which explains its values.

Components with the same values may not have two names. Descriptions are English msgids, see api.openapi.translation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.openapi.walk import inner_objects
from api.types import JSONObject
from content.changes.event_types import EVENT_TYPES, PUBLIC_EVENT_TYPES
from content.contests.choices import AgeBand, Identity, PredictionOf, RankingKey, ResultsShown, ScorePolicy
from content.contests.states import PUBLIC_STATUSES as PUBLIC_CONTEST_STATUSES
from content.dissemination.choices import GIVEN_OUT, DisseminationForm
from content.documents.effect import EffectDoubtKind, EffectStatus, StatusEventKind, StatusEventScope
from content.events.choices import EventKind
from content.events.models import Registration
from content.events.states import EventStatus
from content.law.doc_types import DocType
from content.media.choices import FileRole, MaterialKind, Provider
from content.organisations.models import OrganisationKind, OrganisationLevel, ProvinceType
from content.plans.models import Area, Indicator, Target
from content.plans.statuses import DutyStatus
from content.provision_layers.choices import LayerKind
from content.qa.models import ProblemReport
from content.qa.states import QuestionStatus, QuestionTransition, Resolution
from content.question_banks.models import QuizKind
from content.relations.models import RelationKind
from content.relations.queries import PUBLIC_STATUSES
from content.topics.choices import Audience, ContentLanguage
from notifications.devices.models import Device
from notifications.follows.models import Follow, NotificationType


@dataclass(frozen=True)
class NamedEnum:
    """A component. `choices`: (value, what it means) in the order in which they are listed."""

    name: str
    description: Any  # a lazy string
    choices: Iterable[tuple[str, Any]]

    def as_schema(self) -> JSONObject:
        """The component in the active language."""
        choices = [(str(value), gettext(str(label))) for value, label in self.choices]
        meanings = "\n".join(f"* `{value}` – {label}" for value, label in choices)
        description = f"{self.description}\n\n{meanings}"
        return {"type": "string", "enum": [value for value, _label in choices], "description": description}


def _labelled(members: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(member.value, member.label) for member in members]


ENUMS = [
    NamedEnum("Language", _("Language of responses and pushes."), settings.LANGUAGES),
    NamedEnum("DocumentType", _("Type of a document."), DocType.choices),
    NamedEnum(
        "DocumentCompleteness",
        _("Whether our copy has the whole text."),
        [
            ("complete", _("The whole text.")),
            ("partial", _("Only the articles of the official codification (Pháp điển).")),
        ],
    ),
    NamedEnum(
        "DocumentPart",
        _("What `include` can add to a document."),
        [("text", _("The full text, as in `documents/{key}/text`."))],
    ),
    NamedEnum(
        "DocumentOrdering",
        _("Order of a list of documents."),
        [
            ("-issued_on", _("Latest day of issue first; an unknown day is last.")),
            ("issued_on", _("Earliest day of issue first; an unknown day is first.")),
            ("-updated_at", _("Latest change first.")),
            ("updated_at", _("Earliest change first.")),
            ("-effective_on", _("Latest first day of effect first; an unknown day is last.")),
            ("effective_on", _("Earliest first day of effect first; an unknown day is last.")),
        ],
    ),
    NamedEnum(
        "ProvisionKind",
        _("Kind of a provision."),
        [
            ("preamble", _("Preamble: what comes before the first unit")),
            ("part", _("Part (Phần)")),
            ("chapter", _("Chapter (Chương)")),
            ("section", _("Section (Mục)")),
            ("subsection", _("Subsection (Tiểu mục)")),
            ("article", _("Article (Điều)")),
            ("clause", _("Clause (khoản)")),
            ("point", _("Point (điểm)")),
            ("indent", _("Indent (tiết)")),
            ("paragraph", _("Unnumbered paragraph (đoạn)")),
            ("table", _("Table: rows as lines, cells separated by tabs")),
            ("footnote", _("Footnote of a consolidated text")),
            ("annex", _("Annex (Phụ lục), or a regulation issued with the act")),
            ("form", _("Form (Mẫu)")),
            ("body", _("The whole of a text without articles")),
            ("conclusions", _("Signatures and recipients")),
        ],
    ),
    NamedEnum("EffectStatus", _("Effect of a document or provision on a day."), EffectStatus.choices),
    NamedEnum(
        "EffectSource",
        _("How an effect is known."),
        [
            ("official", _("An official source states it.")),
            ("act", _("An act that is stored here says so.")),
            ("staff", _("A person entered it.")),
            ("computed", _("It follows from the dates of the document.")),
        ],
    ),
    NamedEnum(
        "EffectScope", _("Whether something concerns a whole document or parts of it."), StatusEventScope.choices
    ),
    NamedEnum("EffectChangeKind", _("How the effect of a document changes on a day."), StatusEventKind.choices),
    NamedEnum("EffectDoubtKind", _("What an act says it does, unchecked."), EffectDoubtKind.choices),
    NamedEnum(
        "TimelineEventType",
        _("Type of an event in the life of a document."),
        [("issued", _("Issued")), ("gazetted", _("Published in the official gazette")), *StatusEventKind.choices],
    ),
    NamedEnum(
        "TextDateStatus",
        _("To which day a text belongs."),
        [
            ("that_day", _("The requested day.")),
            ("a_later_day", _("Only a codified text with later amendments is available.")),
            (
                "unknown",
                _(
                    "The codified text was imported after that day, or a later amendment is known but not yet applied: "
                    "the text may be older than this date."
                ),
            ),
        ],
    ),
    NamedEnum(
        "LegalValue",
        _("Legal value of our copy."),
        [
            ("official", _("Copied from an official source.")),
            ("consolidated", _("A consolidated text (văn bản hợp nhất); the acts that it merges prevail.")),
            ("unofficial", _("Copied from another source; the official text prevails.")),
        ],
    ),
    NamedEnum("RelationKind", _("What the acting document does to the other."), RelationKind.choices),
    NamedEnum("RelationStatus", _("Whether a relation is a fact."), _labelled(PUBLIC_STATUSES)),
    NamedEnum(
        "RelationDirection",
        _("Which of the two documents acts."),
        [("outgoing", _("This document acts on the other.")), ("incoming", _("The other document acts on this one."))],
    ),
    NamedEnum(
        "ProvisionDiffKind",
        _("How a provision differs between two days."),
        [
            ("added", _("Added")),
            ("removed", _("Removed")),
            ("changed", _("Its text changed")),
            ("moved", _("The same text under another number")),
        ],
    ),
    NamedEnum(
        "DiffOperation",
        _("What happened to a piece of text."),
        [
            ("equal", _("In both texts")),
            ("delete", _("In the earlier text only")),
            ("insert", _("In the later text only")),
        ],
    ),
    NamedEnum(
        "TextFormat",
        _("Media type of a text."),
        [
            ("akn", _("Akoma Ntoso 3.0 (XML)")),
            ("html", _("HTML page")),
            ("json", "JSON"),
            ("jsonld", _("schema.org Legislation in JSON-LD")),
            ("md", _("Markdown with tables")),
            ("txt", _("Plain text")),
        ],
    ),
    NamedEnum(
        "ProvisionFormat",
        _("Media type of a provision."),
        [
            ("akn", _("Akoma Ntoso 3.0 (XML)")),
            ("json", "JSON"),
            ("jsonld", _("schema.org Legislation in JSON-LD")),
            ("md", _("Markdown with tables")),
        ],
    ),
    NamedEnum(
        "EventFormat",
        _("Media type of an event."),
        [("json", "JSON"), ("jsonld", _("schema.org Event in JSON-LD"))],
    ),
    NamedEnum(
        "FeedFormat",
        _("Format of a feed."),
        [("atom", "Atom (RFC 4287)"), ("json", "JSON Feed 1.1"), ("rss", "RSS 2.0")],
    ),
    NamedEnum("OrganisationKind", _("Kind of an organisation."), OrganisationKind.choices),
    NamedEnum("OrganisationLevel", _("Level of an organisation."), OrganisationLevel.choices),
    NamedEnum("ProvinceType", _("Whether it is a province or a centrally run city."), ProvinceType.choices),
    NamedEnum("EventKind", _("Kind of an event."), EventKind.choices),
    NamedEnum(
        "EventStatus",
        _("Status of an event."),
        _labelled(status for status in EventStatus if status != EventStatus.DRAFT),
    ),
    NamedEnum("EventAudience", _("For whom an event is."), Audience.choices),
    NamedEnum("EventLanguage", _("Language of an event."), ContentLanguage.choices),
    NamedEnum("MaterialKind", _("Kind of a material."), MaterialKind.choices),
    NamedEnum("MaterialFileRole", _("What a file is for its material."), FileRole.choices),
    NamedEnum("ProvisionPart", _("What `include` adds to a provision."), [("layers", _("Layers"))]),
    NamedEnum("LayerKind", _("Kind of a layer."), LayerKind.choices),
    NamedEnum(
        "DisseminationForm", _("Form of dissemination, Law 14/2012/QH13, Article 11."), DisseminationForm.choices
    ),
    NamedEnum("PlacementStatus", _("What became of a placement."), GIVEN_OUT),
    NamedEnum("PlacementOutcome", _("What is reported."), [("placed", _("Posted")), ("failed", _("Not posted"))]),
    NamedEnum(
        "DisseminationGroup",
        _("What counts are grouped by."),
        [
            ("form", _("Form")),
            ("province", _("Province")),
            ("outlet_kind", _("Kind of outlet")),
            ("month", _("Month")),
        ],
    ),
    NamedEnum("VideoProvider", _("Where an external video is."), Provider.choices),
    NamedEnum("TranscriptFormat", _("Format of a transcript."), [("txt", _("Plain text")), ("vtt", "WebVTT")]),
    NamedEnum(
        "MaterialFormat",
        _("Media type of a material."),
        [("json", "JSON"), ("jsonld", _("schema.org LearningResource in JSON-LD"))],
    ),
    NamedEnum("RegistrationStatus", _("What a registration gives."), Registration.Status.choices),
    NamedEnum("ContestStatus", _("Status of a contest."), _labelled(PUBLIC_CONTEST_STATUSES)),
    NamedEnum(
        "ContestRoundStatus",
        _("Status of a round, by the clock of the server."),
        [
            ("planned", _("Planned; its questions are not fixed yet")),
            ("frozen", _("Its questions and its draw are fixed; it has not begun")),
            ("open", _("Open: attempts may start")),
            ("ended", _("Ended; the ranks are being counted")),
            ("closed", _("Closed: the ranks are final")),
            ("cancelled", _("Cancelled with its contest")),
        ],
    ),
    NamedEnum("ContestScorePolicy", _("Which of several attempts counts."), ScorePolicy.choices),
    NamedEnum("ContestRankingKey", _("What contestants are ranked by."), RankingKey.choices),
    NamedEnum(
        "ContestPrediction",
        _("What contestants predict of their round."),
        [each for each in PredictionOf.choices if each[0]],
    ),
    NamedEnum("ContestResultsShown", _("When results and ranks are shown."), ResultsShown.choices),
    NamedEnum("ContestIdentity", _("Who takes part once."), Identity.choices),
    NamedEnum("ContestAgeBand", _("Age of a contestant."), AgeBand.choices),
    NamedEnum("ContestQuestionKind", _("Kind of a question in a contest."), QuizKind.choices),
    NamedEnum(
        "CertificateFileType",
        _("Kind of file of a certificate."),
        [("pdf", _("PDF/UA-1, an A4 sheet")), ("png", _("Picture of 1754 × 1240 pixels"))],
    ),
    NamedEnum(
        "ContestAttemptState",
        _("Whether an attempt is open."),
        [
            ("open", _("Open")),
            ("submitted", _("Submitted by the contestant")),
            ("closed", _("Not submitted in time; the answers saved last count")),
        ],
    ),
    NamedEnum(
        "LeaderboardGrouping",
        _("What is ranked."),
        [("person", _("People")), ("province", _("Provinces")), ("unit", _("Units"))],
    ),
    NamedEnum("QuestionStatus", _("Status of a question."), QuestionStatus.choices),
    NamedEnum("QuestionStep", _("Step that changed the status of a question."), QuestionTransition.choices),
    NamedEnum("QuestionResolution", _("How a question was closed."), Resolution.choices),
    NamedEnum("ProblemReportKind", _("What is wrong with an answer."), ProblemReport.Kind.choices),
    NamedEnum(
        "SearchResultKind",
        _("Kind of a search result; names the field that is not null."),
        [
            ("document", _("Document")),
            ("provision", _("Provision of a document")),
            ("question", _("Question")),
            ("event", _("Event")),
            ("contest", _("Contest")),
            ("material", _("Material")),
        ],
    ),
    NamedEnum(
        "SuggestionKind",
        _("What a suggestion leads to."),
        [
            ("document", _("Document")),
            ("provision", _("Provision of a document")),
            ("search", _("Search for its text")),
        ],
    ),
    NamedEnum(
        "SearchFallback",
        _("What a search did because nothing was found as asked."),
        [
            ("filters", _("`without_filters` has results.")),
            ("spelling", _("The results are those for `did_you_mean`.")),
        ],
    ),
    NamedEnum(
        "CitationCertainty",
        _("How certain it is which document a citation means. Says nothing of its effect."),
        [
            ("exact", _("One document fits and the words leave nothing out.")),
            ("likely", _("One document fits best; the words leave something out.")),
            ("ambiguous", _("Several documents fit.")),
            ("unknown", _("No document here fits.")),
        ],
    ),
    NamedEnum(
        "HighlightField",
        _("Field that a snippet comes from."),
        [("title", _("Title or heading")), ("text", _("Body text"))],
    ),
    NamedEnum(
        "FollowTarget",
        _("What can be followed."),
        [
            ("topic", _("Topic with its headings")),
            ("document", _("Document")),
            ("organisation", _("Organisation")),
            ("article", _("Article of a document")),
            ("question", _("Question")),
            ("event", _("Event")),
            ("contest", _("Contest")),
            ("province", _("Province")),
            ("playlist", _("Playlist")),
        ],
    ),
    NamedEnum("FollowFrequency", _("How often a follow notifies."), Follow.Frequency.choices),
    NamedEnum("NotificationKind", _("Kind of a notification."), NotificationType.choices),
    NamedEnum("DevicePlatform", _("Platform of an installation."), Device.Platform.choices),
    NamedEnum("DeviceIdKind", _("What the `registration_id` of an installation is."), Device.IdKind.choices),
    NamedEnum(
        "ChangedObject",
        _("Type of a changed object."),
        [
            ("document", _("Document")),
            ("question", _("Question")),
            ("event", _("Event")),
            ("contest", _("Contest")),
            ("peer", _("Other installation")),
            ("province", _("Province")),
            ("plan", _("Plan")),
            ("indicator", _("Indicator")),
            ("material", _("Material")),
            ("layer", _("Layer of a provision")),
            ("playlist", _("Playlist")),
            ("channel", _("Channel")),
        ],
    ),
    NamedEnum("DutyStatus", _("Status of the duty to have a plan."), DutyStatus.choices),
    NamedEnum("IndicatorUnit", _("What the values of an indicator are."), Indicator.Unit.choices),
    NamedEnum("IndicatorDirection", _("Which values of an indicator are better."), Indicator.Direction.choices),
    NamedEnum("IndicatorBreakdown", _("What the values of an indicator are given by."), Indicator.Breakdown.choices),
    NamedEnum(
        "PlanStatus",
        _("Whether a public plan was corrected."),
        [("published", _("Published")), ("corrected", _("Corrected"))],
    ),
    NamedEnum(
        "MeasurementGroup",
        _("What the measurements of an indicator are grouped by."),
        [("province", _("Province")), ("period", _("Period")), ("source", _("Source"))],
    ),
    NamedEnum("PopulationArea", _("Part of the population."), Area.choices),
    NamedEnum("TargetOperator", _("How the value of a target is meant."), Target.Operator.choices),
    NamedEnum("ChangeEventType", _("What happened."), [(each.value, EVENT_TYPES[each]) for each in PUBLIC_EVENT_TYPES]),
    NamedEnum(
        "ChangeNature",
        _("Nature of a change."),
        [
            ("legal", _("The law changed.")),
            ("editorial", _("Our copy or its metadata was improved.")),
            (
                "correction",
                _("The issuing organisation corrected its text (đính chính), or we corrected a published question."),
            ),
            ("withdrawal", _("A publication was withdrawn.")),
        ],
    ),
]


def name_enums(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: put a reference to its component in the place of every list of values.

    Raises KeyError for a list that ENUMS does not name.
    """
    names = {frozenset(value for value, _label in each.choices): each.name for each in ENUMS}
    for place in inner_objects([result["paths"], result["components"]["schemas"]]):
        if isinstance(place.get("enum"), list):
            _refer(place, names[frozenset(place["enum"]) - {None}])
    used = {each["$ref"] for each in inner_objects(result) if isinstance(each.get("$ref"), str)}
    for each in ENUMS:
        if f"#/components/schemas/{each.name}" in used:
            result["components"]["schemas"][each.name] = each.as_schema()
    return result


def _refer(schema: JSONObject, name: str) -> None:
    """Turn a schema with `enum` into a reference; its description and default stay."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    is_nullable = None in schema.pop("enum")
    for word in ("type", "title", "minLength"):
        schema.pop(word, None)
    for word in [word for word in schema if word.startswith("x-")]:
        del schema[word]
    schema.update({"oneOf": [reference, {"type": "null"}]} if is_nullable else reference)
