"""Variants of a material are those of its home. The index is built while writers go on.

Each step may be repeated after the one behind it failed: what a broken build left is dropped first. Where only the note
that it ran is missing, a repeat builds the index again, and until then nothing else refuses a second variant.
"""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0259_materials_published_by_somebody_is_validated")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS materials_one_per_language_of_a_home;", migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY materials_one_per_language_of_a_home ON content_material "
                    "(\"group\", language, home) WHERE (status = 'published' AND NOT (\"group\" = ''));",
                    migrations.RunSQL.noop,
                ),
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS materials_one_per_language_of_a_group;", migrations.RunSQL.noop
                ),
            ],
            [
                migrations.RemoveConstraint("material", "materials_one_per_language_of_a_group"),
                migrations.AddConstraint(
                    "material",
                    models.UniqueConstraint(
                        fields=("group", "language", "home"),
                        name="materials_one_per_language_of_a_home",
                        condition=Q(status="published") & ~Q(group=""),
                    ),
                ),
            ],
        ),
    ]
