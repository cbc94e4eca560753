from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0041_daybook_tells_of_amendments_and_effect")]
    operations = [
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('turned_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
    ]
