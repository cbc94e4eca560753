import django.db.models.functions
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0110_how_words_are_written")]

    operations = [
        migrations.CreateModel(
            name="PassageVector",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "passage",
                    models.OneToOneField(
                        on_delete=models.CASCADE, related_name="vector", to="content.passage"
                    ),
                ),
                ("numbers", models.BinaryField()),
                ("made_by", models.CharField(max_length=40)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        name="passage_vectors_have_384_numbers",
                        condition=django.db.models.lookups.Exact(django.db.models.functions.Length("numbers"), 384),
                    )
                ],
            },
        ),
    ]
