"""Old rows of the change log are checked, and an index has the materials that take words out; neither blocks writers."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
from django.db import migrations, models

REMOVING = ['document.withdrawn', 'document.corrected', 'document.amendment_withdrawn', 'question.withdrawn', 'question.answered', 'event.corrected', 'event.cancelled', 'event.recorded', 'contest.corrected', 'contest.cancelled', 'material.corrected', 'material.withdrawn']


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('content', '0219_materials_in_the_change_log'),
    ]

    operations = [
        ValidateConstraint(model_name='change', name='changes_event_type_is_known'),
        AddIndexConcurrently(
            model_name='change',
            index=models.Index(
                fields=['id'],
                name='changes_with_removed_words',
                condition=models.Q(reader=None, event_type__in=REMOVING),
            ),
        ),
        RemoveIndexConcurrently(model_name='change', name='changes_that_remove_words'),
    ]
