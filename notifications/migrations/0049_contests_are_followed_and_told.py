"""Contests can be followed. Nothing here reads or locks the follows: 0050 checks them beside the writers."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

COLUMN = 'ALTER TABLE "notifications_follow" ADD COLUMN IF NOT EXISTS "contest_id" bigint NULL;'
KEY = (
    'ALTER TABLE "notifications_follow" ADD CONSTRAINT "notifications_follow_contest_id_fk" FOREIGN KEY ("contest_id") '
    'REFERENCES "content_contest" ("id") DEFERRABLE INITIALLY DEFERRED NOT VALID;'
)
DROP = (
    '-- squawk-ignore ban-drop-constraint\n'
    'ALTER TABLE "notifications_follow" DROP CONSTRAINT "follows_one_target";'
)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0195_staff_hold_contests'),
        ('notifications', '0048_deliveries_know_their_language'),
    ]

    operations = [
        # a wider check follows at once: nothing is lost by which a client could be surprised
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL([COLUMN, KEY, DROP], migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    model_name='follow',
                    name='contest',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follows', to='content.contest'),
                ),
                migrations.RemoveConstraint(model_name='follow', name='follows_one_target'),
            ],
        ),
        migrations.AlterField(
            model_name='follow',
            name='kinds',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('new', 'New documents'), ('amended', 'Amendments'), ('effect', 'Taking and losing effect'), ('question', 'Questions and answers'), ('event', 'Events'), ('reminder', 'Reminders of events and contests'), ('contest', 'Contests')], max_length=10), blank=True, default=list, size=None),
        ),
        AddConstraintNotValid(
            model_name='follow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('article__isnull', True), ('contest__isnull', True), ('document__isnull', True), ('event__isnull', True), ('organisation__isnull', True), ('question__isnull', True), ('topic__isnull', False)), models.Q(('article__isnull', True), ('contest__isnull', True), ('document__isnull', False), ('event__isnull', True), ('organisation__isnull', True), ('question__isnull', True), ('topic__isnull', True)), models.Q(('article__isnull', True), ('contest__isnull', True), ('document__isnull', True), ('event__isnull', True), ('organisation__isnull', False), ('question__isnull', True), ('topic__isnull', True)), models.Q(('article__isnull', False), ('contest__isnull', True), ('document__isnull', True), ('event__isnull', True), ('organisation__isnull', True), ('question__isnull', True), ('topic__isnull', True)), models.Q(('article__isnull', True), ('contest__isnull', True), ('document__isnull', True), ('event__isnull', True), ('organisation__isnull', True), ('question__isnull', False), ('topic__isnull', True)), models.Q(('article__isnull', True), ('contest__isnull', True), ('document__isnull', True), ('event__isnull', False), ('organisation__isnull', True), ('question__isnull', True), ('topic__isnull', True)), models.Q(('article__isnull', True), ('contest__isnull', False), ('document__isnull', True), ('event__isnull', True), ('organisation__isnull', True), ('question__isnull', True), ('topic__isnull', True)), _connector='OR'), name='follows_one_target'),
        ),
    ]
