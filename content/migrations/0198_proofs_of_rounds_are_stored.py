"""A table of the proof files of rounds, packed by the worker, and who last revised a contest."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0197_contests_are_named_on_the_staff_site"),
    ]

    operations = [
        migrations.AddField(
            model_name="contest",
            name="revised_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="ProofPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proof_parts",
                        to="content.round",
                    ),
                ),
            ],
            options={
                "ordering": ["round", "number"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("round", "number"), name="proof_parts_once")],
            },
        ),
    ]
