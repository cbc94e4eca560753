from django.db import migrations


class Migration(migrations.Migration):
    """Postings are kept of many more words, and read for every search; so are the codes of candidates.

    Neither gets shorter by PostgreSQL's compression, which costs a third of the time of reading them.
    """

    dependencies = [("content", "0102_events_are_searched")]

    operations = [
        migrations.RemoveField(model_name="commonword", name="rows"),
        migrations.RunSQL(
            """
            ALTER TABLE content_commonword ALTER best SET STORAGE EXTERNAL, ALTER parts SET STORAGE EXTERNAL;
            ALTER TABLE content_passage ALTER search_codes SET STORAGE EXTERNAL;
            """,
            """
            ALTER TABLE content_commonword ALTER best SET STORAGE EXTENDED, ALTER parts SET STORAGE EXTENDED;
            ALTER TABLE content_passage ALTER search_codes SET STORAGE EXTENDED;
            """,
        ),
    ]
