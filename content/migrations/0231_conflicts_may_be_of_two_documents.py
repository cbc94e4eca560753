"""A conflict may be decided as two documents. The database knows no choices: nothing changes in it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0230_copies_are_found_by_home'),
    ]

    operations = [
        migrations.AlterField(
            model_name='conflict',
            name='decision',
            field=models.CharField(blank=True, choices=[('ours', 'Keep what we have'), ('theirs', 'Take theirs'), ('two', 'Two documents')], max_length=10, verbose_name='decision'),
        ),
    ]
