"""Triggers: a frozen round and its questions, a used question, and approval with at least one citation.

Samples may be deleted. `to_jsonb(row) - columns` is the row without the columns that may change.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION rounds_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.frozen_at IS NULL OR NOT EXISTS (SELECT FROM content_contest WHERE id = OLD.contest_id AND NOT is_sample) THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.frozen_at IS NULL
        OR to_jsonb(NEW) - '{status,void_count,turnout,closed_at}'::text[]
         = to_jsonb(OLD) - '{status,void_count,turnout,closed_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'round % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen_rounds_never_change BEFORE UPDATE OR DELETE ON content_round
    FOR EACH ROW EXECUTE FUNCTION rounds_refuse();

CREATE FUNCTION round_questions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    round_of_row bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.round_id ELSE OLD.round_id END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.voided_at IS NULL
            AND to_jsonb(NEW) - '{void_proposed_by_id,void_reason,voided_by_id,voided_at}'::text[]
              = to_jsonb(OLD) - '{void_proposed_by_id,void_reason,voided_by_id,voided_at}'::text[] THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM content_round r JOIN content_contest c ON c.id = r.contest_id
        WHERE r.id = round_of_row AND r.frozen_at IS NOT NULL AND (TG_OP = 'INSERT' OR NOT c.is_sample)
    ) THEN
        RETURN CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
    END IF;
    RAISE EXCEPTION 'the questions of round % are frozen', round_of_row USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen_questions_never_change BEFORE INSERT OR UPDATE OR DELETE ON content_roundquestion
    FOR EACH ROW EXECUTE FUNCTION round_questions_refuse();

CREATE FUNCTION quiz_questions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.used_at IS NOT NULL
        AND to_jsonb(NEW) - 'status' IS DISTINCT FROM to_jsonb(OLD) - 'status' THEN
        RAISE EXCEPTION 'question %/% was used and never changes', OLD.key, OLD.revision
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status = 'approved' AND NOT EXISTS (SELECT FROM content_citation WHERE basis_id = NEW.basis_id) THEN
        RAISE EXCEPTION 'question %/% cites no provision', NEW.key, NEW.revision USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quiz_questions_are_kept BEFORE INSERT OR UPDATE ON content_quizquestion
    FOR EACH ROW EXECUTE FUNCTION quiz_questions_refuse();
"""
ALLOW = """
DROP TRIGGER frozen_rounds_never_change ON content_round; DROP FUNCTION rounds_refuse();
DROP TRIGGER frozen_questions_never_change ON content_roundquestion; DROP FUNCTION round_questions_refuse();
DROP TRIGGER quiz_questions_are_kept ON content_quizquestion; DROP FUNCTION quiz_questions_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0193_corrected_contests_take_words_out")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
