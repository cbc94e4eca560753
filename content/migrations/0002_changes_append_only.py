from django.db import migrations

REFUSE = """
CREATE FUNCTION changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the day-book is append-only: change % is public', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER changes_are_append_only BEFORE UPDATE OR DELETE ON content_change
    FOR EACH ROW WHEN (OLD.reader_id IS NULL) EXECUTE FUNCTION changes_refuse();
"""
ALLOW = "DROP TRIGGER changes_are_append_only ON content_change; DROP FUNCTION changes_refuse();"


class Migration(migrations.Migration):
    dependencies = [("content", "0001_first_rooms")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
