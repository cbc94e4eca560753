"""A lease of another installation says whose it is, so that its reader can prolong it while an answer is awaited."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0242_event_types_of_targets_are_validated'),
    ]

    operations = [
        migrations.AddField(model_name='peer', name='lease', field=models.UUIDField(blank=True, null=True)),
    ]
