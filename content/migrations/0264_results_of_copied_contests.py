"""Tables of what the homes of copied contests published of their results and draws."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0263_rounds_of_ours_have_a_bank_is_validated")]
    operations = [
        migrations.CreateModel(
            name="CopiedContest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("winners", models.JSONField(default=list)),
                (
                    "contest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied", to="content.contest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CopiedRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pool_size", models.PositiveIntegerField(blank=True, null=True)),
                ("voided", models.JSONField(default=list)),
                ("seed", models.CharField(blank=True, max_length=64)),
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied", to="content.round"
                    ),
                ),
            ],
        ),
    ]
