from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0005_facts_of_organisations_and_provinces'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['national_assembly', 'president', 'government', 'prime_minister', 'ministry', 'ministerial_agency', 'court', 'procuracy', 'audit', 'local_council', 'local_committee'])), name='organisations_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', ['central', 'local'])), name='organisations_level_is_known'),
        ),
    ]
