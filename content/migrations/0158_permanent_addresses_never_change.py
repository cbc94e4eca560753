from django.db import migrations

REFUSE = """
CREATE FUNCTION addresses_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM content_legaldocument WHERE id = OLD.document_id AND is_sample) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the permanent address % never changes', OLD.path USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER addresses_never_change BEFORE UPDATE OR DELETE ON content_address
    FOR EACH ROW EXECUTE FUNCTION addresses_refuse();
"""
ALLOW = "DROP TRIGGER addresses_never_change ON content_address; DROP FUNCTION addresses_refuse();"


class Migration(migrations.Migration):
    dependencies = [("content", "0157_permanent_addresses")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
