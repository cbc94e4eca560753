"""The People's Committee and Council of each province, before and after it was redrawn. Names and codes recur.

The table has a few dozen rows. The release before reads and writes it as before: its look-up of a code finds the
general body first.
"""

import django.db.models.deletion
from django.db import migrations, models

KINDS = ["national_assembly", "president", "government", "prime_minister", "ministry", "ministerial_agency", "court", "procuracy", "audit", "local_council", "local_committee", "union", "justice_department", "school", "other"]
LABELS = ["National Assembly", "President", "Government", "Prime Minister", "Ministry", "Ministerial-level agency", "Court", "Procuracy", "State Audit", "People's Council", "People's Committee", "Union or association", "Department of Justice", "School", "Other organisation"]
COLUMN = """
ALTER TABLE content_organisation ADD COLUMN province_id bigint NULL;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
ALTER TABLE content_organisation ADD CONSTRAINT content_organisation_province_id_fk FOREIGN KEY (province_id)
    REFERENCES content_province (id) DEFERRABLE INITIALLY DEFERRED;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX content_organisation_province_id ON content_organisation (province_id);
"""
NOT_UNIQUE_ALONE = """
DO $$
DECLARE rule text;
BEGIN
    FOR rule IN SELECT known.conname FROM pg_constraint known
        JOIN pg_attribute field ON field.attrelid = known.conrelid AND known.conkey = ARRAY[field.attnum]
        WHERE known.conrelid = 'content_organisation'::regclass AND known.contype = 'u'
            AND field.attname IN ('code', 'name')
    LOOP
        EXECUTE format('ALTER TABLE content_organisation DROP CONSTRAINT %I', rule);
    END LOOP;
    EXECUTE 'DROP INDEX IF EXISTS content_organisation_code_90df3dcc_like';
    EXECUTE 'DROP INDEX IF EXISTS content_organisation_name_5206bb28_like';
END $$;
"""
RULES = """
-- squawk-ignore ban-drop-constraint
ALTER TABLE content_organisation DROP CONSTRAINT organisations_kind_is_known;
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE content_organisation ADD CONSTRAINT organisations_kind_is_known CHECK (kind IN ({kinds}));
-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
ALTER TABLE content_organisation ADD CONSTRAINT organisations_code_once UNIQUE NULLS NOT DISTINCT (code, province_id);
-- squawk-ignore disallowed-unique-constraint, constraint-missing-not-valid
ALTER TABLE content_organisation ADD CONSTRAINT organisations_name_once UNIQUE NULLS NOT DISTINCT (name, province_id);
""".format(kinds=", ".join(f"'{kind}'" for kind in KINDS))


class Migration(migrations.Migration):

    dependencies = [("content", "0206_drafts_name_author_and_reviser")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(COLUMN)],
            [
                migrations.AddField(
                    "organisation",
                    "province",
                    models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="organisations", to="content.province"),
                ),
            ],
        ),
        migrations.AlterField(
            "organisation",
            "kind",
            models.CharField(choices=list(zip(KINDS, LABELS, strict=True)), max_length=20),
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(NOT_UNIQUE_ALONE), migrations.RunSQL(RULES)],
            [
                migrations.AlterField("organisation", "code", models.CharField(max_length=20)),
                migrations.AlterField("organisation", "name", models.CharField(max_length=200)),
                migrations.RemoveConstraint("organisation", "organisations_kind_is_known"),
                migrations.AddConstraint(
                    "organisation",
                    models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="organisations_kind_is_known"),
                ),
                migrations.AddConstraint(
                    "organisation",
                    models.UniqueConstraint(fields=("code", "province"), name="organisations_code_once", nulls_distinct=False),
                ),
                migrations.AddConstraint(
                    "organisation",
                    models.UniqueConstraint(fields=("name", "province"), name="organisations_name_once", nulls_distinct=False),
                ),
            ],
        ),
    ]
