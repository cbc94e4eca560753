"""TRUNCATE fires no row triggers: it is refused by one of its own."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON content_auditrow
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_truncate();
"""
ALLOW = "DROP TRIGGER audit_is_not_emptied ON content_auditrow; DROP FUNCTION audit_refuse_truncate();"


class Migration(migrations.Migration):
    dependencies = [("content", "0015_audit_by_day")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
