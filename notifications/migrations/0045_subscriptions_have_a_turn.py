import datetime

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    atomic = False  # writers go on while the index is built

    dependencies = [
        ('notifications', '0044_gates_of_fcm_quotas'),
    ]

    operations = [
        migrations.AddField(
            'fcmsubscription',
            'turn_at',
            models.DateTimeField(db_default=datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)),
        ),
        AddIndexConcurrently(
            'fcmsubscription',
            models.Index('turn_at', condition=Q(actual=None) | ~Q(desired=F('actual')), name='subscriptions_in_turn'),
        ),
    ]
