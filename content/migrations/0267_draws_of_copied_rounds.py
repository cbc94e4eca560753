"""A table of what the homes of copied rounds published of their draws. A step of its own: it locks only the rounds."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0266_results_of_copied_contests")]
    operations = [
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
