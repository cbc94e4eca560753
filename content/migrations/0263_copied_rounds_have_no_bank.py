"""The questions of a copied round are at its home. A round of ours has a bank as before.

The release before writes its own rows as before, and shows copies only after it was replaced: it makes none.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

# by hand: Django would take the foreign key away and check each row again
ALLOW = "-- squawk-ignore ban-drop-not-null\nALTER TABLE content_round ALTER COLUMN bank_id DROP NOT NULL;"


class Migration(migrations.Migration):
    dependencies = [("content", "0262_copied_contests_have_a_home")]
    operations = [
        migrations.AddField(
            model_name="round",
            name="is_copied",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([ALLOW], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="round",
                    name="bank",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="content.questionbank",
                        verbose_name="question bank",
                    ),
                ),
            ],
        ),
        AddConstraintNotValid(
            model_name="round",
            constraint=models.CheckConstraint(
                name="rounds_of_ours_have_a_bank", condition=Q(bank__isnull=False) | Q(is_copied=True)
            ),
        ),
    ]
