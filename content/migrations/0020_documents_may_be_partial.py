from django.db import migrations, models


class Migration(migrations.Migration):
    """A document may hold only some of its articles, those of the codification, whose codes stand at its provisions."""

    dependencies = [
        ('content', '0017_administrators_see_groups'),
    ]

    operations = [
        migrations.AddField(
            model_name='legaldocument',
            name='completeness',
            field=models.CharField(choices=[('complete', 'Complete'), ('partial', 'Partial')], db_default='complete', default='complete', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='legaldocument',
            constraint=models.CheckConstraint(condition=models.Q(('completeness__in', ['complete', 'partial'])), name='documents_completeness_is_known'),
        ),
        migrations.AddField(
            model_name='provision',
            name='codification_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
    ]
