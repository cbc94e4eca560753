"""The trigger that keeps frozen rounds as they are lets copies be what their home says. It locks no table.

A home that restored a backup freezes a round again, with another draw. What was published of the first one stays in the
change logs of both. A round of ours cannot be made a copy: the trigger compares that column too.
"""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION rounds_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {copies}IF TG_OP = 'DELETE' THEN
        IF OLD.frozen_at IS NULL
            OR NOT EXISTS (SELECT FROM content_contest WHERE id = OLD.contest_id AND NOT is_sample) THEN
            RETURN OLD;
        END IF;
    ELSIF OLD.frozen_at IS NULL
        OR to_jsonb(NEW) - '{{status,void_count,turnout,closed_at}}'::text[]
         = to_jsonb(OLD) - '{{status,void_count,turnout,closed_at}}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'round % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""
COPIES = """IF OLD.is_copied THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    """


class Migration(migrations.Migration):
    dependencies = [("content", "0264_rounds_of_ours_have_a_bank_is_validated")]
    operations = [migrations.RunSQL([REFUSE.format(copies=COPIES)], [REFUSE.format(copies="")])]
