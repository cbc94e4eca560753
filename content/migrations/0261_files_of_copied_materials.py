"""A table of the files that copied materials have at their homes, whether they are here or not."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("content", "0260_variants_of_materials_are_of_one_home")]
    operations = [
        migrations.CreateModel(
            name="CopiedMaterialFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
                ("role", models.CharField(max_length=8)),
                ("language", models.CharField(max_length=3)),
                ("alt_text", models.CharField(blank=True, max_length=1000)),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="copied_files", to="content.material"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("material", "role", "language"), name="copied_material_files_once"
                    )
                ],
                "indexes": [
                    models.Index("next_try_at", condition=Q(fetched_at=None), name="copied_material_files_missing")
                ],
            },
        ),
    ]
