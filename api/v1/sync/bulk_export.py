"""What a bulk export holds: the answers of the API itself, byte for byte, a line each."""

from django.utils import timezone, translation
from rest_framework.renderers import JSONRenderer

from api.v1.documents import documents as document_door
from api.v1.documents.provisions import document_text_representation
from api.v1.events.events import EventDetailSerializer
from api.v1.questions.questions import QuestionSerializer
from api.v1.sync import changes as change_door
from content.changes import queries as changes
from content.documents import queries as documents
from content.events import queries as events
from content.exports import queries as exports
from content.exports import services
from content.qa import queries as questions
from content.vietnam_time import today

ROWS_PER_BATCH = 200  # rows in memory
LANGUAGE = "vi"


def write_bulk_export(progress=lambda count: None):
    """Write today's export, and return its manifest; nothing is written where nothing changed since the last of today.

    The texts and effects are those of today. `progress` is called with 1 for each line. What changed since the export
    before stands in files of its own, where there is one.
    """
    day = today()
    with services.snapshot(), translation.override(LANGUAGE):
        last = changes.last_public_change_id()
        before = next(iter(exports.manifests()), None)
        since = min(int(before["bookmark"]), last) if before else 0
        key = f"{day}-{last}"
        return services.write_export(
            key,
            list(_export_parts(day, since, last, progress)),
            made_at=timezone.localtime().isoformat(timespec="seconds"),
            as_of=str(day),
            language=LANGUAGE,
            bookmark=str(last),
            since=str(since),
        )


def estimated_line_count():
    """About how many an export has now, for a progress bar."""
    rooms = (documents.public_documents(), questions.public_questions(), events.public_events())
    return sum(rows.count() for rows in rooms)


def _export_parts(day, since, last, progress):
    touched = changed_keys(since, last)
    yield _export_part("documents", "Every public document as `documents/{key}?include=text` shows it.", services.DOCUMENTS_LICENCE,
                document_lines(documents.public_documents().order_by("pk"), day), progress)  # fmt: skip
    yield _export_part("questions", "Every public question as `questions/{key}` shows it.", services.QUESTIONS_LICENCE,
                question_lines(questions.public_questions()), progress)  # fmt: skip
    yield _export_part("events", "Every public event as `events/{key}` shows it.", services.EVENTS_LICENCE,
                event_lines(events.public_events()), progress)  # fmt: skip
    yield _export_part("changes", "The day-book since the export before, as `changes` shows it.", services.DOCUMENTS_LICENCE,
                change_lines(since, last), progress)  # fmt: skip
    if not since:
        return  # it would be all of them once more
    changed = documents.public_documents().filter(key__in=touched["document"]).order_by("pk")
    yield _export_part("documents_changed", "Of `documents`, those that changed since.", services.DOCUMENTS_LICENCE,
                document_lines(changed, day), progress)  # fmt: skip
    changed = events.public_events().filter(key__in=touched["event"])
    yield _export_part("events_changed", "Of `events`, those that changed since.", services.EVENTS_LICENCE,
                event_lines(changed), progress)  # fmt: skip
    changed = questions.public_questions().filter(key__in=touched["question"])
    yield _export_part("questions_changed", "Of `questions`, those that changed since.", services.QUESTIONS_LICENCE,
                question_lines(changed), progress)  # fmt: skip


def _export_part(name, what, licence, lines, progress):
    def counted():
        for line in lines:
            yield line
            progress(1)

    return services.ExportFile(f"{name}.jsonl.gz", what, licence, counted())


def changed_keys(since, last):
    """{object: keys of those that the day-book speaks of in that stretch}."""
    found = {name: set() for name in change_door.CHANGED_OBJECTS}
    for event_type, subject in changes.public_changes_between(since, last).values_list("event_type", "subject"):
        found[event_type.partition(".")[0]].add(subject)
    return found


def document_lines(rows, day):
    context = {"day": day}
    for document in rows.iterator(ROWS_PER_BATCH):
        shown = document_door.DocumentDetailSerializer(document, context=context).data
        yield rendered_json(shown | {"text": document_text_representation(document, day)})


def question_lines(rows):
    for question in rows.iterator(ROWS_PER_BATCH):
        yield rendered_json(QuestionSerializer(question).data)


def event_lines(rows):
    for event in events.with_details(rows).iterator(ROWS_PER_BATCH):
        yield rendered_json(EventDetailSerializer(event).data)


def change_lines(since, last):
    after = since
    while page := list(changes.public_changes_between(after, last)[:ROWS_PER_BATCH]):
        yield from map(rendered_json, change_door.change_representations(page))
        after = page[-1].pk


def rendered_json(shown):
    """As the API's answers are."""
    return JSONRenderer().render(shown)
