"""Tables, columns and constraints get the names of the field. Nothing is copied and nothing is lost: PostgreSQL renames.

The database follows a renamed column inside its constraints and indexes by itself, so those change in Django's state
alone; `renamed` is for the ones whose own name changes too.
"""

from django.db import migrations, models
from django.db.models import F, Q

DELETED_COLUMNS = """
ALTER TABLE content_postinglist DROP COLUMN IF EXISTS rows;
ALTER TABLE content_termfrequency DROP COLUMN IF EXISTS written;
"""  # derived and unread since 0103 and 0110; kept until now for processes of the version before


def renamed(model, old, new, constraint, *, is_index=False):
    """A constraint with its new condition and, where it differs, its new name."""
    table = f"content_{model}"
    rename = "ALTER INDEX {0} RENAME TO {1}" if is_index else f"ALTER TABLE {table} RENAME CONSTRAINT {{0}} TO {{1}}"
    database = [migrations.RunSQL(rename.format(old, new), rename.format(new, old))] if old != new else []
    return migrations.SeparateDatabaseAndState(
        database_operations=database,
        state_operations=[migrations.RemoveConstraint(model, old), migrations.AddConstraint(model, constraint)],
    )


def renamed_index(model, old, index):
    database = []
    if old != index.name:
        database = [
            migrations.RunSQL(
                f"ALTER INDEX {old} RENAME TO {index.name}", f"ALTER INDEX {index.name} RENAME TO {old}"
            )
        ]
    return migrations.SeparateDatabaseAndState(
        database_operations=database,
        state_operations=[migrations.RemoveIndex(model, old), migrations.AddIndex(model, index)],
    )


EVENT_TYPES = [
    "document.published", "document.corrected", "document.withdrawn", "question.answered", "question.returned",
    "question.closed", "question.basis_changed", "question.confirmed", "question.withdrawn", "document.amended",
    "document.amendment_withdrawn", "document.status_entered", "document.status_ahead", "document.status_changed",
    "event.announced", "event.corrected", "event.moved", "event.cancelled", "event.starts_soon", "event.held",
    "event.recorded", "event.seat_given",
]  # fmt: skip
ENDS_AFTER_START = Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=F("valid_from"))


class Migration(migrations.Migration):
    dependencies = [("content", "0113_vectors_go_with_their_passages")]

    operations = [
        # tables
        migrations.RenameModel("Manuscript", "Revision"),
        migrations.RenameModel("SearchTerm", "TermFrequency"),
        migrations.RenameModel("CommonWord", "PostingList"),
        migrations.RenameModel("SearchAlias", "Synonym"),
        migrations.RenameModel("Term", "GlossaryEntry"),
        migrations.RenameModel("Turn", "ProcessedDay"),
        migrations.RenameModel("QuestionMove", "QuestionTransitionLog"),
        migrations.RunSQL(DELETED_COLUMNS, migrations.RunSQL.noop, elidable=True),
        # columns
        migrations.RenameField("change", "kind", "event_type"),
        migrations.RenameField("change", "change_kind", "nature"),
        migrations.RenameField("legaldocument", "state", "status"),
        migrations.RenameField("legaldocument", "is_specimen", "is_sample"),
        migrations.RenameField("originalfile", "taken_in_at", "imported_at"),
        migrations.RenameField("statusevent", "turned_at", "recorded_at"),
        migrations.RenameField("amendment", "orders", "instructions"),
        migrations.RenameField("processedday", "turned_at", "processed_at"),
        migrations.RenameField("relation", "state", "status"),
        migrations.RenameField("registration", "state", "status"),
        migrations.RenameField("organisation", "valid_to", "valid_until"),
        migrations.RenameField("province", "valid_to", "valid_until"),
        migrations.RenameField("questiontransitionlog", "move", "transition"),
        migrations.RenameField("event", "is_specimen", "is_sample"),
        migrations.RenameField("event", "time_told_at", "time_announced_at"),
        migrations.RenameField("event", "reminded_day_for", "day_reminder_sent_for"),
        migrations.RenameField("event", "reminded_hour_for", "hour_reminder_sent_for"),
        migrations.RenameField("event", "came", "checked_in_count"),
        migrations.RenameField("event", "forgotten_at", "registrations_erased_at"),
        # constraints and indexes
        renamed(
            "change", "changes_kind_is_known", "changes_event_type_is_known",
            models.CheckConstraint(name="changes_event_type_is_known", condition=Q(event_type__in=EVENT_TYPES)),
        ),
        renamed(
            "change", "changes_change_kind_is_known", "changes_nature_is_known",
            models.CheckConstraint(
                name="changes_nature_is_known", condition=Q(nature__in=("legal", "editorial", "correction", "withdrawal"))
            ),
        ),
        renamed(
            "legaldocument", "documents_specimens_are_told_by_their_number", "documents_samples_are_told_by_their_number",
            models.CheckConstraint(
                name="documents_samples_are_told_by_their_number",
                condition=Q(is_sample=True, number_key="0-0-mau") | (Q(is_sample=False) & ~Q(number_key="0-0-mau")),
            ),
        ),
        renamed(
            "legaldocument", "documents_published_at_when_published", "documents_published_at_when_published",
            models.CheckConstraint(
                name="documents_published_at_when_published",
                condition=Q(status__in=["published", "withdrawn"], published_at__isnull=False)
                | Q(status__in=["draft", "in_review"], published_at=None),
            ),
        ),
        renamed(
            "legaldocument", "documents_withdrawn_say_when_and_why", "documents_withdrawn_say_when_and_why",
            models.CheckConstraint(
                name="documents_withdrawn_say_when_and_why",
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_at=None, withdrawal_reason=""),
            ),
        ),
        renamed(
            "event", "events_public_were_announced", "events_public_were_announced",
            models.CheckConstraint(
                name="events_public_were_announced",
                condition=Q(status="draft", announced_at=None)
                | Q(
                    status__in=("announced", "moved", "cancelled", "held"),
                    announced_at__isnull=False,
                    time_announced_at__isnull=False,
                    changed_at__isnull=False,
                ),
            ),
        ),
        renamed(
            "organisation", "organisations_end_after_they_start", "organisations_end_after_they_start",
            models.CheckConstraint(name="organisations_end_after_they_start", condition=ENDS_AFTER_START),
        ),
        renamed(
            "province", "provinces_end_after_they_start", "provinces_end_after_they_start",
            models.CheckConstraint(name="provinces_end_after_they_start", condition=ENDS_AFTER_START),
        ),
        renamed(
            "province", "provinces_code_stands_once", "provinces_code_is_unique_today",
            models.UniqueConstraint(
                name="provinces_code_is_unique_today", fields=["code"], condition=Q(valid_until=None)
            ),
            is_index=True,
        ),
        renamed(
            "province", "provinces_with_a_successor_have_ended", "provinces_with_a_successor_have_ended",
            models.CheckConstraint(
                name="provinces_with_a_successor_have_ended",
                condition=Q(successor=None) | Q(valid_until__isnull=False),
            ),
        ),
        renamed(
            "registration", "registrations_checked_in_have_a_seat", "registrations_checked_in_have_a_seat",
            models.CheckConstraint(
                name="registrations_checked_in_have_a_seat", condition=Q(checked_in_at=None) | Q(status="seated")
            ),
        ),
        renamed(
            "relation", "relations_decided_at_when_decided", "relations_decided_at_when_decided",
            models.CheckConstraint(
                name="relations_decided_at_when_decided",
                condition=Q(status="proposed", decided_at=None)
                | (~Q(status="proposed") & Q(decided_at__isnull=False)),
            ),
        ),
        renamed(
            "revision", "manuscripts_one_proposal_a_document", "revisions_one_proposal_a_document",
            models.UniqueConstraint(
                name="revisions_one_proposal_a_document", fields=["document"], condition=Q(proposed_at__isnull=False)
            ),
            is_index=True,
        ),
        renamed(
            "revision",
            "manuscripts_proposals_are_of_a_document_and_have_a_reason",
            "revisions_proposals_are_of_a_document_and_have_a_reason",
            models.CheckConstraint(
                name="revisions_proposals_are_of_a_document_and_have_a_reason",
                condition=Q(proposed_at=None) | Q(document__isnull=False) & ~Q(reason=""),
            ),
        ),
        renamed(
            "postinglist", "common_words_once", "posting_lists_once",
            models.UniqueConstraint(name="posting_lists_once", fields=["kind", "lexeme"]),
        ),
        renamed(
            "synonym", "search_aliases_have_words", "synonyms_have_words",
            models.CheckConstraint(name="synonyms_have_words", condition=~Q(said_key="") & Q(meant__len__gte=1)),
        ),
        renamed(
            "glossaryentry", "terms_once", "glossary_entries_once",
            models.UniqueConstraint(name="glossary_entries_once", fields=["provision", "position"]),
        ),
        renamed_index("glossaryentry", "terms_key", models.Index(F("term_key"), name="glossary_entries_key")),
        renamed_index("relation", "relations_by_state", models.Index("status", "kind", "id", name="relations_by_status")),
        renamed_index(
            "registration", "registrations_waiting",
            models.Index("event", "id", condition=Q(status="waiting"), name="registrations_waiting"),
        ),
    ]  # fmt: skip
