"""A layer that another replaced still explains the words of earlier days."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0225_origins_know_their_lines'),
    ]

    operations = [
        migrations.AlterField(
            model_name='layer',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('replaced', 'Replaced'), ('withdrawn', 'Withdrawn')], default='draft', max_length=9, verbose_name='status'),
        ),
    ]
