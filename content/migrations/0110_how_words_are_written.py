from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0103_postings_of_more_words")]

    operations = [
        migrations.CreateModel(
            name="Spelling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("forms", models.TextField()),
                ("times", models.BinaryField()),
                ("pairs", models.BinaryField()),
                ("together", models.BinaryField()),
                ("learnt_at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        # nothing reads it any more; the column itself stays while processes of the version before still do
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("searchterm", "written")]),
    ]
