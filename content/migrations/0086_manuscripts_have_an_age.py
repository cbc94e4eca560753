from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("content", "0081_what_was_told_and_what_amended_until_now")]
    operations = [
        migrations.AddField("manuscript", "touched_at", models.DateTimeField(auto_now=True, db_default=Now())),
    ]
