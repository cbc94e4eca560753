"""The words of the desk, and a state for what was taken out of the queue."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0008_channel_stops'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='delivery',
            options={'permissions': [('steer_delivery', 'Can send again and cancel deliveries')], 'verbose_name': 'delivery', 'verbose_name_plural': 'deliveries'},
        ),
        migrations.AlterField(
            model_name='delivery',
            name='attempts',
            field=models.PositiveIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='queued at'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='error',
            field=models.CharField(blank=True, max_length=300, verbose_name='what FCM said'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='expires_at',
            field=models.DateTimeField(verbose_name='worth telling until'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='key',
            field=models.CharField(max_length=300, unique=True, verbose_name='key'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='leased_until',
            field=models.DateTimeField(blank=True, null=True, verbose_name='leased until'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='message_name',
            field=models.CharField(blank=True, max_length=200, verbose_name="FCM's name of it"),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='next_try_at',
            field=models.DateTimeField(verbose_name='next try'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='payload',
            field=models.JSONField(verbose_name='message'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='settled at'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('queued', 'Queued'), ('sending', 'Sending'), ('accepted', 'Accepted by FCM'), ('refused', 'Refused'), ('expired', 'Out of date'), ('cancelled', 'Cancelled')], default='queued', max_length=9, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='target',
            field=models.TextField(blank=True, verbose_name='target'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='target_kind',
            field=models.CharField(choices=[('topic', 'Topic'), ('condition', 'Condition'), ('device', 'Device')], max_length=9, verbose_name='sent to'),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(models.F("settled_at"), name="deliveries_settled"),
        ),
    ]
