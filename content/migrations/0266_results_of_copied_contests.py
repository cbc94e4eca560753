"""A table of the winners, by code and prize, of whom the homes of copied contests told other installations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0265_copied_rounds_follow_their_home")]
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
    ]
