"""A follow that is moved to the successor of its province remembers what it followed before, and since when."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0226_layers_may_be_replaced'),
        ('notifications', '0054_materials_are_told'),
    ]

    operations = [
        migrations.AddField(
            model_name='follow',
            name='moved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='FormerProvince',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('new', 'New documents'), ('amended', 'Amendments'), ('effect', 'Taking and losing effect'), ('question', 'Questions and answers'), ('event', 'Events'), ('reminder', 'Reminders of events and contests'), ('contest', 'Contests'), ('material', 'Materials')], max_length=10), blank=True, default=list, size=None)),
                ('since', models.DateTimeField()),
                ('follow', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_provinces', to='notifications.follow')),
                ('province', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='content.province')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
