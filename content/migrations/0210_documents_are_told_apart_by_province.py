"""Two provinces' «15/2024/QĐ-UBND» of one day are two documents. The index is built while writers go on.

The constraint before was narrower: whoever writes as the release before keeps the new one too. Each step may be
repeated after the one behind it failed: what a broken build left is dropped first.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ATTACH = (
    "-- squawk-ignore ban-drop-constraint\n"
    "ALTER TABLE content_legaldocument DROP CONSTRAINT IF EXISTS documents_identity_by_place, "
    "DROP CONSTRAINT IF EXISTS documents_identity, "
    "ADD CONSTRAINT documents_identity_by_place UNIQUE USING INDEX documents_by_place;"
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0209_documents_have_a_province")]

    operations = [
        migrations.RunSQL("ALTER TABLE content_legaldocument VALIDATE CONSTRAINT content_legaldocument_province_id_fk;"),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS documents_by_place;"),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY documents_by_place ON content_legaldocument "
                    "(doc_type, number_key, issued_on, issuer_id, province_id, commune_code) NULLS NOT DISTINCT;"
                ),
                migrations.RunSQL(ATTACH),
            ],
            [
                migrations.RemoveConstraint("legaldocument", "documents_identity"),
                migrations.AddConstraint(
                    "legaldocument",
                    models.UniqueConstraint(
                        fields=("doc_type", "number_key", "issued_on", "issuer", "province", "commune_code"),
                        name="documents_identity_by_place",
                        nulls_distinct=False,
                    ),
                ),
            ],
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS documents_by_province;"),
        AddIndexConcurrently("legaldocument", models.Index(fields=["province", "-list_order"], name="documents_by_province")),
    ]
