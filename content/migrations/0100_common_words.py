"""What is kept of common words."""

from django.db import migrations, models

# postings neither shrink nor are read in part
PLAIN = """
ALTER TABLE content_commonword ALTER COLUMN best SET STORAGE EXTERNAL;
ALTER TABLE content_commonword ALTER COLUMN parts SET STORAGE EXTERNAL;
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0091_search_aliases")]

    operations = [
        migrations.CreateModel(
            name="CommonWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("lexeme", models.CharField(db_collation="C", max_length=130)),
                ("rows", models.PositiveIntegerField()),
                ("best", models.BinaryField()),
                ("parts", models.BinaryField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("kind", "lexeme"), name="common_words_once")],
            },
        ),
        migrations.RunSQL(PLAIN, migrations.RunSQL.noop),
        migrations.AddField("searchstatistics", "newest", models.JSONField(default=dict, db_default={})),
    ]
