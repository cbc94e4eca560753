"""Contests may be copies of those of another installation.

The release before writes its own rows as before: the column has its default in the database.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0261_files_of_copied_materials")]
    operations = [
        migrations.AddField(
            model_name="contest",
            name="home",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
