"""The seals of the homes of copies are kept, so that whoever gets a copy from us can check it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0228_event_types_of_text_doubts_are_validated'),
    ]

    operations = [
        migrations.CreateModel(
            name='HomeSeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object', models.CharField(max_length=20)),
                ('subject', models.CharField(max_length=200)),
                ('home', models.CharField(max_length=200)),
                ('record_hash', models.CharField(max_length=64)),
                ('of_change', models.BigIntegerField()),
                ('seal', models.TextField(blank=True)),
                ('is_gone', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('object', 'subject'), name='home_seals_once')],
            },
        ),
    ]
