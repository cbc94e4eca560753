"""Documents are listed by their first day of effect: a column that the database keeps equal to their status events.

Triggers keep it, whoever writes: also the release before, which does not know the column. Their plans may be made while
the tables are small and last as long as a large import, so they read neither a whole table nor its events by kind.
Doubts without a day have none.
"""

from django.db import migrations, models

KEEP = """
CREATE FUNCTION documents_first_day() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    NEW.effective_on := CASE WHEN NEW.doc_type <> 'consolidated_text' THEN (
        SELECT min(event."on") FILTER (WHERE event.kind = 'takes_effect' AND event.scope = 'whole')
        FROM content_statusevent event WHERE event.document_id = NEW.id) END;
    RETURN NEW;
END $$;
CREATE FUNCTION documents_first_day_changed() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    IF ('takes_effect', 'whole') IN ((OLD.kind, OLD.scope), (NEW.kind, NEW.scope)) THEN
        UPDATE content_legaldocument SET effective_on = NULL WHERE id IN (OLD.document_id, NEW.document_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER documents_keep_their_first_day BEFORE INSERT OR UPDATE OF effective_on, doc_type
    ON content_legaldocument FOR EACH ROW EXECUTE FUNCTION documents_first_day();
CREATE TRIGGER status_events_move_first_days AFTER INSERT OR DELETE OR UPDATE OF document_id, kind, scope, "on"
    ON content_statusevent FOR EACH ROW EXECUTE FUNCTION documents_first_day_changed();
"""
FORGET = """
DROP TRIGGER status_events_move_first_days ON content_statusevent;
DROP TRIGGER documents_keep_their_first_day ON content_legaldocument;
DROP FUNCTION documents_first_day_changed();
DROP FUNCTION documents_first_day();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0146_suggestions_name_a_place")]

    operations = [
        migrations.AddField(
            "legaldocument", "effective_on", models.DateField(blank=True, editable=False, null=True)
        ),
        migrations.RunSQL(KEEP, FORGET),
        migrations.AddField("effectdoubt", "on", models.DateField(blank=True, null=True)),
    ]
