"""What failed because an earlier placement turned out to be there says so by a code, shown in the reader's language.

Until now its error was the English sentence «pl-… is there».
"""

from django.db import migrations

BATCH = 1_000


def write_codes(apps, schema_editor):
    """May run again. What a person or a program said of a failure stays as it is."""
    placements = apps.get_model("content", "Placement").objects
    failed = placements.filter(status="failed", error__endswith=" is there", again_of__isnull=False)
    found = [
        pk
        for pk, error, earlier in failed.values_list("pk", "error", "again_of__key")
        if error == f"{earlier} is there"
    ]
    for start in range(0, len(found), BATCH):
        placements.filter(pk__in=found[start : start + BATCH]).update(error="already_there")


class Migration(migrations.Migration):
    dependencies = [("content", "0249_alternatives_of_public_materials_are_validated")]
    operations = [migrations.RunPython(write_codes, migrations.RunPython.noop)]
