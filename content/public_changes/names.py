"""How the objects that changes name are called in public now, looked up for many changes at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from content.changes.models import Change
from content.channel import queries as channels
from content.contests import queries as contests
from content.documents.citations import cite_by_number, cite_document
from content.documents.models import LegalDocument
from content.events import queries as events
from content.media import queries as media
from content.organisations import queries as provinces
from content.plans import queries as plans

ObjectKey = tuple[str, str]  # (type of the object: "document", "event", "plan" …; its key)


@dataclass(frozen=True)
class PublicName:
    """The present names of an object. One that is not public has no title, and is cited by its number only."""

    title: str | None  # None: it is not public
    number: str = ""  # of a document; its address has it too
    citation: str = ""  # of a document


Names = Mapping[ObjectKey, PublicName]


def object_type_of(change: Change) -> str:
    """The type of the object that the change is about: document, question, event, contest, material, layer, plan …"""
    return change.event_type.partition(".")[0]


def names_now(changes: Iterable[Change]) -> Names:
    """The names of the documents, acts, events, contests, materials … of these changes, without those that are gone.

    Nine queries at most. Changes store no title of a question.
    """
    subjects: dict[str, set[str]] = {
        name: set()
        for name in (
            "document",
            "event",
            "contest",
            "material",
            "province",
            "plan",
            "indicator",
            "playlist",
            "channel",
        )
    }
    for change in changes:
        subjects.setdefault(object_type_of(change), set()).add(change.subject)
        if act := change.facts.get("act"):
            subjects["document"].add(act["key"])
    return (
        _names_of_documents(subjects["document"])
        | _names_of("event", events.public_titles_by_key, subjects["event"])
        | _names_of("contest", contests.public_titles_by_key, subjects["contest"])
        | _names_of("plan", plans.public_titles_by_key, subjects["plan"])
        | _names_of("indicator", plans.indicator_names_by_code, subjects["indicator"])
        | _names_of("province", provinces.names_by_key, subjects["province"])
        | _names_of("material", media.public_titles_by_key, subjects["material"])
        | _names_of("playlist", channels.playlist_titles_by_key, subjects["playlist"])
        | _names_of("channel", channels.channel_titles_by_key, subjects["channel"])
    )


def _names_of_documents(keys: set[str]) -> dict[ObjectKey, PublicName]:
    if not keys:
        return {}
    columns = ("key", "status", "doc_type", "number", "title", "issued_on")
    found = LegalDocument.objects.filter(key__in=keys).only(*columns)
    return {("document", document.key): _name_of_document(document) for document in found}


def _name_of_document(document: LegalDocument) -> PublicName:
    if document.is_published:
        return PublicName(document.title, document.number, cite_document(document))
    return PublicName(None, document.number, cite_by_number(document.doc_type, document.number))


def _names_of(
    object_type: str, titles_by_key: Callable[[Iterable[str]], dict[str, str]], keys: set[str]
) -> dict[ObjectKey, PublicName]:
    return {(object_type, key): PublicName(title) for key, title in titles_by_key(keys).items()} if keys else {}
