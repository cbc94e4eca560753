"""A lease of another installation says whose it is, so that its reader can prolong it while an answer is awaited."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0245_plans_replace_another_is_validated"),
    ]

    operations = [
        migrations.AddField(model_name='peer', name='lease', field=models.UUIDField(blank=True, null=True)),
    ]
