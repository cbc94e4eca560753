"""Doubts that were there before the rule of 0152 are checked in a transaction of its own: it does not block writers.

0152 adds the rule for new rows only, which takes a moment. To check all rows at once would lock the table meanwhile.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0154_changes_that_remove_words_are_indexed'),
    ]

    operations = [
        ValidateConstraint(model_name='effectdoubt', name='effect_doubts_last_day'),
    ]
