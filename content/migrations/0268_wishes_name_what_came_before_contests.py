"""Installations that are followed already bring what they brought until now: contests when somebody asks for them.

An empty list of wishes means everything, which is more from this release on. What was public before has no line that is
still to be read: a wider list loads the export once more. The release before reads the list as it is.
"""

from django.db import migrations

COPIED_UNTIL_NOW = ["document", "question", "event", "material", "plan"]


def name_what_was_copied(apps, schema_editor):
    """May run again: a list that is not empty stays."""
    apps.get_model("content", "Peer").objects.filter(objects_wanted=[]).update(objects_wanted=COPIED_UNTIL_NOW)


class Migration(migrations.Migration):
    dependencies = [("content", "0267_draws_of_copied_rounds")]
    operations = [migrations.RunPython(name_what_was_copied, migrations.RunPython.noop)]
