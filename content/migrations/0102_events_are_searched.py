from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

# events announced before are found once `manage.py refold_search` ran


class Migration(migrations.Migration):
    dependencies = [("content", "0101_names_have_an_index_of_their_own")]

    operations = [
        migrations.AddField("event", "search_words", SearchVectorField(default="", db_default="", editable=False)),
        migrations.AddField("event", "search_codes", models.BinaryField(default=b"", db_default=b"")),
        migrations.AddIndex(
            "event", GinIndex(fields=["search_words"], fastupdate=False, name="events_search_words")
        ),
    ]
