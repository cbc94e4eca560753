"""A version of the ranks of a contest: files packed from older ones are thrown away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0204_staff_hold_other_installations"),
    ]

    operations = [
        migrations.AddField(
            model_name="contest",
            name="rank_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
