"""What is spread: the public words of a document, article, answer, event, contest or material, for a card or a post."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q

from content.contests import queries as contests
from content.dissemination.choices import SubjectType
from content.dissemination.models import Named
from content.document_reads import contexts
from content.documents import queries as documents
from content.documents.citations import cite_document, cite_provision
from content.events import queries as events
from content.law import page_paths
from content.law.eids import KEY_SEPARATOR
from content.media import queries as media
from content.media.choices import FileRole
from content.qa import queries as questions
from content.vietnam_time import today

SUMMARY_LENGTH = 400  # characters of an excerpt


@dataclass(frozen=True)
class Subject:
    """Words of what is public today. `page_path` and `api_path` lead to the whole."""

    kind: str
    title: str
    summary: str
    page_path: str
    api_path: str
    language: str = "vi"
    alternative: str = ""  # of a picture
    is_sample: bool = False
    row: object = None  # of the object, as its queries give it; of a provision: its document

    @property
    def content_hash(self) -> str:
        """Hash of what is on its card."""
        words = "\n".join([self.kind, self.title, self.summary, str(self.is_sample)])
        return hashlib.sha256(words.encode()).hexdigest()


def subject_of(named: Named) -> Subject | None:
    """What is named, as it is public now; None if it is not (any more)."""
    return find_subject(SubjectType(named.subject_type), named.subject_key, named.eid)


def are_public() -> Q:
    """A condition on rows of Named: the object is public now. Of a provision: its document."""
    keys = {
        SubjectType.DOCUMENT: documents.public_documents(),
        SubjectType.QUESTION: questions.public_questions(),
        SubjectType.EVENT: events.public_events(),
        SubjectType.CONTEST: contests.public_contests(),
        SubjectType.MATERIAL: media.public_materials(),
    }
    either = Q()
    for subject_type, rows in keys.items():
        either |= Q(subject_type=subject_type, subject_key__in=rows.order_by().values("key"))
    return either


def find_subject(subject_type: SubjectType, key: str, eid: str = "") -> Subject | None:
    """The public words of that object; None if there is none. An eid only with a document."""
    if eid and subject_type != SubjectType.DOCUMENT:
        return None
    if subject_type == SubjectType.DOCUMENT:
        return _provision(key, eid) if eid else _document(key)
    return _FINDERS[subject_type](key)


def parse_name(text: str) -> tuple[SubjectType, str, str] | None:
    """«tl-…», «sk-…», «hoi-…», «ct-…», «{document}» or «{document}~{eid}», or the address of a page of these."""
    path = text.strip().partition("?")[0].rstrip("/").rpartition("/")[2] if "/" in text else text.strip()
    if "/van-ban/" in text:
        key, _separator, steps = text.partition("/van-ban/")[2].partition("?")[0].strip("/").partition("/")
        eid = page_paths.eid_of_path(steps) if steps else ""
        return None if eid is None else (SubjectType.DOCUMENT, key, eid)
    for prefix, subject_type in _PREFIXES.items():
        if path.startswith(prefix):
            return subject_type, path, ""
    key, _separator, eid = path.partition(KEY_SEPARATOR)
    return (SubjectType.DOCUMENT, key, eid) if key else None


def excerpt(text: str, most: int = SUMMARY_LENGTH) -> str:
    """The beginning of the text in one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _document(key: str) -> Subject | None:
    document = documents.public_documents().filter(key=key).first()
    if document is None:
        return None
    return Subject(
        document.get_doc_type_display(), cite_document(document), excerpt(document.title),
        page_paths.document_path(key), f"/api/v1/documents/{key}", is_sample=document.is_sample, row=document,
    )  # fmt: skip


def _provision(key: str, eid: str) -> Subject | None:
    document = documents.public_documents().filter(key=key).first()
    context = contexts.provision_context(document, eid, today()) if document else None
    if document is None or context is None:
        return None
    lineage = [*context.ancestors, context.provision]
    return Subject(
        document.get_doc_type_display(), cite_provision(document, lineage), excerpt(context.text),
        page_paths.provision_path(key, eid), f"/api/v1/documents/{key}/provisions/{eid}",
        is_sample=document.is_sample, row=document,
    )  # fmt: skip


def _question(key: str) -> Subject | None:
    question = questions.public_questions().filter(key=key).first()
    if question is None:
        return None
    path, api_path = page_paths.question_path(key), f"/api/v1/questions/{key}"
    # of the question only: networks keep a card for months, and the answer may be another one by then
    summary = excerpt(question.public_text)
    return Subject(str(SubjectType.QUESTION.label), question.public_title, summary, path, api_path, row=question)


def _event(key: str) -> Subject | None:
    event = events.public_events().filter(key=key).first()
    if event is None:
        return None
    path, api_path = page_paths.event_path(key), f"/api/v1/events/{key}"
    return Subject(str(event.get_kind_display()), event.title, excerpt(event.text), path, api_path, row=event)


def _contest(key: str) -> Subject | None:
    contest = contests.public_contests().filter(key=key).first()
    if contest is None:
        return None
    path, api_path = page_paths.contest_path(key), f"/api/v1/contests/{key}"
    return Subject(str(SubjectType.CONTEST.label), contest.title, excerpt(contest.text), path, api_path, row=contest)


def _material(key: str) -> Subject | None:
    material = media.listed_materials().filter(key=key).first()
    if material is None:
        return None
    main = next((each for each in material.files.all() if each.role == FileRole.MAIN), None)
    return Subject(
        str(material.get_kind_display()), material.title, excerpt(material.summary),
        page_paths.material_path(key), f"/api/v1/materials/{key}", material.language,
        main.alt_text if main else "", material.is_sample, material,
    )  # fmt: skip


_FINDERS = {
    SubjectType.QUESTION: _question,
    SubjectType.EVENT: _event,
    SubjectType.CONTEST: _contest,
    SubjectType.MATERIAL: _material,
}
_PREFIXES = {
    "tl-": SubjectType.MATERIAL,
    "sk-": SubjectType.EVENT,
    "hoi-": SubjectType.QUESTION,
    "ct-": SubjectType.CONTEST,
}
