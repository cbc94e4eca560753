"""Installations that are followed already bring what they brought until now; more is taken when somebody asks for it.

An empty list of wishes means everything. Everything is more from this release on, and what was public before has no
line that is still to be read: a wider list loads the export once more. The release before reads the list as it is.
"""

from django.db import migrations

COPIED_UNTIL_NOW = ["document", "question", "event"]


def name_what_was_copied(apps, schema_editor):
    """May run again: a list that is not empty stays."""
    apps.get_model("content", "Peer").objects.filter(objects_wanted=[]).update(objects_wanted=COPIED_UNTIL_NOW)


class Migration(migrations.Migration):
    dependencies = [("content", "0256_what_copied_plans_name")]
    operations = [migrations.RunPython(name_what_was_copied, migrations.RunPython.noop)]
