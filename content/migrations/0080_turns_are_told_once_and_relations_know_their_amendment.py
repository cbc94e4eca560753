import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("content", "0071_staff_hold_events"),
    ]

    operations = [
        migrations.AddField(
            model_name='relation',
            name='amendment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='relations', to='content.amendment'),
        ),
        migrations.AddField(
            model_name='statusevent',
            name='turned_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
