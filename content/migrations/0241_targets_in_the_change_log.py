"""The change log may record that a target of an indicator became public."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

EVENT_TYPES = ['document.published', 'document.corrected', 'document.withdrawn', 'question.answered', 'question.returned', 'question.closed', 'question.basis_changed', 'question.confirmed', 'question.withdrawn', 'document.amended', 'document.amendment_withdrawn', 'document.status_entered', 'document.status_ahead', 'document.status_changed', 'document.effect_doubted', 'document.doubt_settled', 'document.text_doubted', 'document.text_doubt_settled', 'event.announced', 'event.corrected', 'event.moved', 'event.cancelled', 'event.starts_soon', 'event.held', 'event.recorded', 'event.seat_given', 'contest.announced', 'contest.corrected', 'contest.cancelled', 'contest.round_frozen', 'contest.round_opened', 'contest.round_ends_soon', 'contest.round_closed', 'contest.question_voided', 'contest.results_published', 'contest.result_given', 'contest.identity_asked', 'contest.disqualified', 'peer.joined', 'peer.left', 'province.redrawn', 'plan.adopted', 'plan.corrected', 'plan.withdrawn', 'indicator.measured', 'indicator.corrected', 'indicator.target_published', 'material.published', 'material.corrected', 'material.withdrawn', 'material.basis_changed', 'material.confirmed', 'layer.published', 'layer.outdated', 'layer.withdrawn', 'playlist.published', 'playlist.changed', 'playlist.withdrawn', 'channel.scheduled', 'channel.starts_live', 'channel.withdrawn']

DROP = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "content_change" DROP CONSTRAINT "changes_event_type_is_known";'
)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0240_plan_files_know_when_they_were_given'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='event_type',
            field=models.CharField(choices=[(each, each) for each in EVENT_TYPES], max_length=40),
        ),
        # a wider one follows at once: nothing is lost by which a client could be surprised
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([DROP], migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveConstraint(model_name='change', name='changes_event_type_is_known')],
        ),
        AddConstraintNotValid(
            model_name='change',
            constraint=models.CheckConstraint(name='changes_event_type_is_known', condition=Q(event_type__in=EVENT_TYPES)),
        ),
    ]
