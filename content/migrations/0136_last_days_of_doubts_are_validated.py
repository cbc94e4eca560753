"""Rows that were there before are checked in a transaction of its own: it does not block writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0135_doubts_with_a_last_day'),
    ]

    operations = [
        ValidateConstraint(model_name='effectdoubt', name='effect_doubts_last_day'),
    ]
