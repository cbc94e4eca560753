"""Rows that were there before are checked in a transaction of its own: it does not block writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0241_targets_in_the_change_log'),
    ]

    operations = [
        ValidateConstraint(model_name='change', name='changes_event_type_is_known'),
    ]
