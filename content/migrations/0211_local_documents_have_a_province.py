"""A public document with a local number has a province. Those published before are marked, and keep what they have.

Rows are marked in batches, before and after the rule begins to hold for new ones, and checked last. From then on the
release before is refused where it publishes a local document: it cannot say the province.
"""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

BATCH = 1_000
LOCAL = "UBND|H[ĐD]ND|(?<![A-ZĐ])UB(?![A-ZĐ])"


def mark(apps, schema_editor):
    documents = apps.get_model("content", "LegalDocument").objects
    wanted = documents.filter(status="published", number__regex=LOCAL, province=None, lacks_province=False)
    while rows := list(wanted.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        documents.filter(pk__in=rows).update(lacks_province=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("content", "0210_documents_are_told_apart_by_province")]

    operations = [
        migrations.RunPython(mark, migrations.RunPython.noop),
        AddConstraintNotValid(
            "legaldocument",
            models.CheckConstraint(
                name="documents_of_local_bodies_have_a_province",
                condition=~models.Q(status="published")
                | ~models.Q(number__regex=LOCAL)
                | models.Q(province__isnull=False)
                | models.Q(lacks_province=True),
            ),
        ),
        AddConstraintNotValid(
            "legaldocument",
            models.CheckConstraint(
                name="documents_of_communes_have_a_province",
                condition=models.Q(commune_code="", commune_name="")
                | models.Q(commune_code__regex="^[0-9]{5}$", province__isnull=False) & ~models.Q(commune_name=""),
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
        ValidateConstraint("legaldocument", "documents_of_local_bodies_have_a_province"),
        ValidateConstraint("legaldocument", "documents_of_communes_have_a_province"),
    ]
