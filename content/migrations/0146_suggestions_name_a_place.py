from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0145_documents_are_ordered_by_update")]

    operations = [
        migrations.AddField(
            "suggestion", "document_key", models.CharField(blank=True, db_default="", max_length=160)
        ),
        migrations.AddField("suggestion", "eid", models.CharField(blank=True, db_default="", max_length=120)),
    ]
