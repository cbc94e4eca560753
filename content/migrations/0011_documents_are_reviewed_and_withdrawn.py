"""Documents wait for review and may be withdrawn; who wrote them is known."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0010_effect_without_a_day'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='legaldocument',
            options={'ordering': ['-list_order'], 'permissions': [('publish_legaldocument', 'Can publish legal document'), ('publish_own_legaldocument', 'Can publish a legal document that nobody else has read')]},
        ),
        migrations.RemoveConstraint(
            model_name='legaldocument',
            name='documents_published_at_when_published',
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='authors',
            field=models.ManyToManyField(blank=True, related_name='written_documents', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='corrected_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='withdrawal_reason',
            field=models.TextField(blank=True, db_default=''),
        ),
        migrations.AddField(
            model_name='legaldocument',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='legaldocument',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='legaldocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state__in', ['published', 'withdrawn'])), models.Q(('published_at', None), ('state__in', ['draft', 'in_review'])), _connector='OR'), name='documents_published_at_when_published'),
        ),
        migrations.AddConstraint(
            model_name='legaldocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False), models.Q(('withdrawal_reason', ''), _negated=True)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawal_reason', ''), ('withdrawn_at', None)), _connector='OR'), name='documents_withdrawn_say_when_and_why'),
        ),
    ]
