"""The change log gets its chain: columns, and a trigger that lets a line without a chain get one, once."""

import django.utils.timezone
from django.db import migrations, models

BODY = """
CREATE OR REPLACE FUNCTION changes_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {allowed}RAISE EXCEPTION 'the change log is append-only: change % is public', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
"""
ALLOWED = """IF TG_OP = 'UPDATE' THEN
        IF OLD.chain = '' AND NEW.chain <> ''
            AND to_jsonb(NEW) - '{chain,facts_salt}'::text[] = to_jsonb(OLD) - '{chain,facts_salt}'::text[] THEN
            RETURN NEW;
        END IF;
    END IF;
    """


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0198_proofs_of_rounds_are_stored"),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='change',
            name='chain',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='change',
            name='facts_salt',
            field=models.CharField(blank=True, db_default='', default='', max_length=32),
        ),
        migrations.RunSQL(BODY.format(allowed=ALLOWED), BODY.format(allowed='')),
    ]
