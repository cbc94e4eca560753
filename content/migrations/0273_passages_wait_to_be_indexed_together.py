"""The words of new passages wait in a list until the transaction that writes them sorts them in together.

Sorted in one by one each word of each passage went down the index alone: three quarters of PostgreSQL's work in an
import. The release before leaves the list to PostgreSQL, which sorts it in at 4 MB; what searches find is the same.
Searches wait while the setting changes; the index is not written anew.
"""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0272_changes_know_their_trace")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER INDEX passages_search_words SET (fastupdate = on)",
                    "ALTER INDEX passages_search_words SET (fastupdate = off)",
                )
            ],
            state_operations=[
                migrations.RemoveIndex("passage", "passages_search_words"),
                migrations.AddIndex(
                    "passage", GinIndex(fields=["search_words"], fastupdate=True, name="passages_search_words")
                ),
            ],
        )
    ]
