from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0046_clock_of_the_database")]

    operations = [
        migrations.AlterField(
            model_name="device",
            name="platform",
            field=models.CharField(choices=[("android", "Android"), ("ios", "iOS"), ("web", "Web")], max_length=7),
        ),
    ]
