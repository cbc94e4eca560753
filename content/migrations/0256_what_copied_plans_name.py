"""Tables of the document, the earlier plan and the file that a copied plan names, whether they are here or not."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("content", "0255_plans_take_words_out")]
    operations = [
        migrations.CreateModel(
            name="CopiedPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document_key", models.CharField(blank=True, max_length=200)),
                ("replaces_key", models.CharField(blank=True, max_length=200)),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied", to="content.plan"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index("document_key", condition=~Q(document_key=""), name="copied_plans_of_documents"),
                    models.Index("replaces_key", condition=~Q(replaces_key=""), name="copied_plans_that_replace"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CopiedPlanFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("is_ours", models.BooleanField(default=False)),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied_file", to="content.plan"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index("next_try_at", condition=Q(fetched_at=None), name="copied_plan_files_missing"),
                ],
            },
        ),
    ]
