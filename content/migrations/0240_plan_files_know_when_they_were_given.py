import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0239_staff_hold_outlets'),
    ]

    operations = [
        migrations.AddField(
            model_name='planfile',
            name='kept_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
    ]
