"""Content of a bulk export: responses of the API, byte for byte, one per line."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from rest_framework.renderers import JSONRenderer

from api.types import JSONObject
from api.v1.contests.contests import ContestDetailSerializer
from api.v1.contests.leaderboards import PersonSerializer
from api.v1.documents.provisions import document_text_representations
from api.v1.documents.summaries import detail_representation
from api.v1.events.events import EventDetailSerializer
from api.v1.layer_serializers import placed_layers
from api.v1.materials.materials import MaterialDetailSerializer
from api.v1.plans.indicators import IndicatorSerializer, MeasurementSerializer
from api.v1.plans.plans import PlanSerializer
from api.v1.questions.questions import QuestionSerializer
from api.v1.sync.changes import CHANGED_OBJECTS, change_representations
from content import sql
from content.akn.documents import documents_xml
from content.changes import queries as changes
from content.contest_results import boards
from content.contests import queries as contests
from content.contests.models import Contest
from content.contests.states import ContestStatus
from content.copying import records
from content.document_reads import queries as reads
from content.documents import queries as documents
from content.documents.models import LegalDocument
from content.events import queries as events
from content.events.models import Event
from content.exports import queries as exports
from content.exports import services
from content.media import queries as media
from content.media.models import Material
from content.peer_lines import heads
from content.plans import queries as plans
from content.plans.models import Indicator, Measurement, Plan
from content.provision_layers import queries as layers
from content.provision_layers.models import Layer
from content.qa import queries as questions
from content.qa.models import Question
from content.vietnam_time import today

ROWS_PER_BATCH = 200  # rows in memory
TEXTS_PER_BATCH = 20  # texts in memory: one by one, their queries take most of the time
LANGUAGE = "vi"


def write_bulk_export(progress: Callable[[int], object] = lambda count: None) -> JSONObject:
    """Write today's export and return its manifest. A repeat without new changes writes nothing.

    Texts and effects are those of today. `progress` is called with 1 for each line. If there is an earlier export,
    separate files contain the objects that changed since.
    """
    day = today()
    with sql.snapshot(), translation.override(LANGUAGE):
        # statements for a few documents, many thousand times: to start a second process takes longer than they do
        sql.set_in_transaction("max_parallel_workers_per_gather", "0")
        last = changes.last_public_change_id()
        of_this_history = filter(exports.is_of_this_history, exports.stored_manifests())
        before = next(of_this_history, None)  # who has it reads on from there, public or not
        since = int(before["cursor"]) if before else 0
        key = f"{day}-{last}"
        return services.write_export(
            key,
            list(_export_parts(day, since, last, progress)),
            created_at=timezone.localtime().isoformat(timespec="seconds"),
            as_of=str(day),
            language=LANGUAGE,
            cursor=str(last),
            last_change_at=exports.changed_at_of(last),
            since=str(since),
            chain=heads.sealed_head_at(last).chain,
        )


def estimated_line_count() -> int:
    """Approximate number of lines of an export now, for a progress bar."""
    # a document has a line, an entry of akn.zip and a record; a question and an event have a record too
    times = {"document": 3, "question": 2, "event": 2}
    return sum(times.get(each.object_type, 1) * each.rows().count() for each in EXPORTED)


def _export_parts(
    day: datetime.date, since: int, last: int, progress: Callable[[int], object]
) -> Iterator[services.ExportFile | services.ExportArchive]:
    for each in EXPORTED:
        yield _export_part(each.name, each.description, each.licence, each.lines(each.rows(), day), progress)
    yield _export_part(
        "contest_results",
        "Published results: contestants by code, those under 16 left out, as `contests/{key}/leaderboard` ranks them.",
        services.EVENTS_LICENCE,
        result_lines(contests.public_contests().filter(status=ContestStatus.PUBLISHED, home="")),
        progress,
    )
    yield _export_part(
        "measurements",
        "Every approved measurement as `measurements` shows it; those that a correction replaced too.",
        services.EVENTS_LICENCE,
        measurement_lines(plans.public_measurements()),
        progress,
    )
    yield _export_part(
        "records",
        "Every public object as its address with `/record` shows it: what another installation copies.",
        services.DOCUMENTS_LICENCE,
        map(rendered_json, records.public_records()),
        progress,
    )
    yield services.ExportArchive(
        "akn.zip",
        "Every public document as Akoma Ntoso, `{key}.xml`, as `documents/{key}/text?format=akn` shows it.",
        services.DOCUMENTS_LICENCE,
        akn_entries(_documents(), day, progress),
    )
    yield _export_part(
        "changes",
        "Changes since the export before, as `changes` shows them.",
        services.DOCUMENTS_LICENCE,
        change_lines(since, last),
        progress,
    )
    if since:  # else the files would repeat all objects
        yield from _changed_parts(day, since, last, progress)


def _changed_parts(
    day: datetime.date, since: int, last: int, progress: Callable[[int], object]
) -> Iterator[services.ExportFile]:
    """The objects that changed since the export before."""
    changed = changed_keys(since, last)
    for each in EXPORTED:
        rows = each.rows().filter(**{f"{each.key_field}__in": changed[each.object_type]})
        description = f"{each.name.capitalize()} that changed since, as in `{each.name}`."
        yield _export_part(f"{each.name}_changed", description, each.licence, each.lines(rows, day), progress)


def _export_part(
    name: str, description: str, licence: dict[str, str], lines: Iterable[bytes], progress: Callable[[int], object]
) -> services.ExportFile:
    def counted() -> Iterator[bytes]:
        for line in lines:
            yield line
            progress(1)

    return services.ExportFile(f"{name}.jsonl.gz", description, licence, counted())


def changed_keys(since: int, last: int) -> dict[str, set[str]]:
    """Keys of the objects with changes in (since, last], by object type."""
    found: dict[str, set[str]] = {name: set() for name in CHANGED_OBJECTS}
    for event_type, subject in changes.public_changes_between(since, last).values_list("event_type", "subject"):
        found[event_type.partition(".")[0]].add(subject)
    return found


def document_lines(rows: QuerySet[LegalDocument], day: datetime.date) -> Iterator[bytes]:
    for batch in _batches(rows):
        shown = reads.shown_documents([each.pk for each in batch], day)
        for document, text in zip(batch, document_text_representations(batch, day), strict=True):
            yield rendered_json(detail_representation(shown[document.pk], day) | {"text": text})


def _batches(rows: QuerySet[LegalDocument]) -> Iterator[list[LegalDocument]]:
    """The documents, as many together as have their texts in memory at once."""
    found = rows.iterator(ROWS_PER_BATCH)
    while batch := list(islice(found, TEXTS_PER_BATCH)):
        yield batch


def akn_entries(
    rows: QuerySet[LegalDocument], day: datetime.date, progress: Callable[[int], object]
) -> Iterator[tuple[str, bytes]]:
    """The name of each document's file, and its bytes."""
    for batch in _batches(rows):
        for document, xml in zip(batch, documents_xml(batch, day), strict=True):
            yield f"{document.key}.xml", xml
            progress(1)


def question_lines(rows: QuerySet[Question], _day: datetime.date) -> Iterator[bytes]:
    for question in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(QuestionSerializer(question).data)


def event_lines(rows: QuerySet[Event], _day: datetime.date) -> Iterator[bytes]:
    for event in events.with_details(rows).iterator(ROWS_PER_BATCH):
        yield rendered_json(EventDetailSerializer(event).data)


def contest_lines(rows: QuerySet[Contest], _day: datetime.date) -> Iterator[bytes]:
    for contest in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(ContestDetailSerializer(contest).data)


def material_lines(rows: QuerySet[Material], _day: datetime.date) -> Iterator[bytes]:
    found = media.with_details(rows).iterator(ROWS_PER_BATCH)
    while batch := list(islice(found, ROWS_PER_BATCH)):
        context = {"variants": media.variants_by_key(batch)}
        for material in batch:
            yield rendered_json(MaterialDetailSerializer(material, context=context).data)


def layer_lines(rows: QuerySet[Layer], day: datetime.date) -> Iterator[bytes]:
    found = rows.order_by("document_id", "pk").iterator(ROWS_PER_BATCH)
    for _document, of_document in groupby(found, key=attrgetter("document_id")):
        yield from map(rendered_json, placed_layers(list(of_document), day))


def plan_lines(rows: QuerySet[Plan], _day: datetime.date) -> Iterator[bytes]:
    for plan in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(PlanSerializer(plan).data)


def indicator_lines(rows: QuerySet[Indicator], _day: datetime.date) -> Iterator[bytes]:
    for indicator in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(IndicatorSerializer(indicator).data)


def measurement_lines(rows: QuerySet[Measurement]) -> Iterator[bytes]:
    for measurement in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(MeasurementSerializer(measurement).data)


@dataclass(frozen=True)
class ExportedType:
    """The objects of one type: a file of all, and one of those that changed since the export before."""

    object_type: str  # as in the change log
    name: str  # of the file
    description: str
    licence: dict[str, str]
    rows: Callable[[], QuerySet[Any]]  # the public ones
    lines: Callable[[QuerySet[Any], datetime.date], Iterator[bytes]]
    key_field: str = "key"  # what the change log calls them


def _documents() -> QuerySet[LegalDocument]:
    return documents.public_documents().order_by("pk")


EXPORTED = (
    ExportedType(
        "document", "documents", "Every public document as `documents/{key}?include=text` shows it.",
        services.DOCUMENTS_LICENCE, _documents, document_lines,
    ),
    ExportedType(
        "question", "questions", "Every public question as `questions/{key}` shows it.",
        services.QUESTIONS_LICENCE, questions.public_questions, question_lines,
    ),
    ExportedType(
        "event", "events", "Every public event as `events/{key}` shows it.",
        services.EVENTS_LICENCE, events.public_events, event_lines,
    ),
    ExportedType(
        "contest", "contests", "Every public contest as `contests/{key}` shows it.",
        services.EVENTS_LICENCE, contests.public_contests, contest_lines,
    ),
    ExportedType(
        "material", "materials",
        "Every public material as `materials/{key}` shows it; each states its licence. Files are at their URLs.",
        services.MATERIALS_LICENCE, media.public_materials, material_lines,
    ),
    ExportedType(
        "layer", "layers", "Every public layer of a provision as `layers/{key}` shows it.",
        services.EVENTS_LICENCE, layers.public_layers, layer_lines,
    ),
    ExportedType(
        "plan", "plans", "Every public plan as `plans/{key}` shows it. Files are at their URLs.",
        services.EVENTS_LICENCE, plans.public_plans, plan_lines,
    ),
    ExportedType(
        "indicator", "indicators", "Every indicator with its targets as `indicators/{key}` shows it.",
        services.EVENTS_LICENCE, plans.indicators, indicator_lines, "code",
    ),
)  # fmt: skip


def result_lines(rows: QuerySet[Contest]) -> Iterator[bytes]:
    """A line for each listed contestant: of one ranked round, or of all together."""
    for contest in rows.iterator(ROWS_PER_BATCH):
        round = boards.counted_round(contest, None)
        for bracket in contest.brackets or [""]:
            for standing in boards.people_board(contest, round, bracket).iterator(ROWS_PER_BATCH):
                person = dict(PersonSerializer(standing).data)
                ranked = {"contest": contest.key, "bracket": bracket, "rank": standing.rank}
                yield rendered_json(ranked | person)


def change_lines(since: int, last: int) -> Iterator[bytes]:
    after = since
    while page := list(changes.public_changes_between(after, last)[:ROWS_PER_BATCH]):
        yield from map(rendered_json, change_representations(page))
        after = page[-1].pk


def rendered_json(representation: JSONObject) -> bytes:
    """JSON as the API writes it."""
    return JSONRenderer().render(representation)
