"""Contests may be copies of those of another installation; the questions of their rounds are at their home.

The release before writes its own rows as before: its columns have their defaults in the database.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("content", "0261_files_of_copied_materials")]
    operations = [
        migrations.AddField(
            model_name="contest",
            name="home",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="round",
            name="is_copied",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
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
        AddConstraintNotValid(
            model_name="round",
            constraint=models.CheckConstraint(
                name="rounds_of_ours_have_a_bank", condition=Q(bank__isnull=False) | Q(is_copied=True)
            ),
        ),
    ]
