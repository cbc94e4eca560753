"""The change log cannot be emptied; a role that publishes waits for a second administrator.

TRUNCATE fires no row triggers, also where it reaches a table by CASCADE: it is refused by a trigger of its own, as the
audit's (0016).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION changes_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the change log is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER changes_are_not_emptied BEFORE TRUNCATE ON content_change
    FOR EACH STATEMENT EXECUTE FUNCTION changes_refuse_truncate();
"""
ALLOW = "DROP TRIGGER changes_are_not_emptied ON content_change; DROP FUNCTION changes_refuse_truncate();"


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0117_labels_of_the_field'),
    ]

    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.CreateModel(
            name='RoleProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('editor', 'Editor'), ('answerer', 'Answerer'), ('approver', 'Approver'), ('publisher', 'Publisher'), ('administrator', 'Administrator')], max_length=13, verbose_name='role')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed at')),
                ('reason', models.TextField(verbose_name='reason')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('is_confirmed', models.BooleanField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_proposals', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'proposed role',
                'verbose_name_plural': 'proposed roles',
                'ordering': ['pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('is_confirmed', True), _negated=True), models.Q(models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', models.F('user')), _negated=True)), _connector='OR'), name='role_proposals_are_confirmed_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_confirmed', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_confirmed__isnull', False)), _connector='OR'), name='role_proposals_are_decided_by_somebody'), models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('user', 'role'), name='role_proposals_once_while_open')],
            },
        ),
    ]
