"""A version of the ranks of a contest: files packed from older ones are thrown away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0198_proofs_of_rounds_are_stored"),
    ]

    operations = [
        migrations.AddField(
            model_name="contest",
            name="rank_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
