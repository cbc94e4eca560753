from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0040_amendments_and_versions_that_never_overlap")]
    operations = [
        migrations.RemoveConstraint(
            model_name='change',
            name='changes_kind_is_known',
        ),
        migrations.AlterField(
            model_name='change',
            name='kind',
            field=models.CharField(choices=[('document.published', 'document.published'), ('document.corrected', 'document.corrected'), ('document.withdrawn', 'document.withdrawn'), ('document.amended', 'document.amended'), ('document.amendment_withdrawn', 'document.amendment_withdrawn'), ('document.status_entered', 'document.status_entered'), ('document.status_ahead', 'document.status_ahead'), ('document.status_changed', 'document.status_changed')], max_length=40),
        ),
        migrations.AddConstraint(
            model_name='change',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['document.published', 'document.corrected', 'document.withdrawn', 'document.amended', 'document.amendment_withdrawn', 'document.status_entered', 'document.status_ahead', 'document.status_changed'])), name='changes_kind_is_known'),
        ),
    ]
