"""A change of the log may name the span that wrote it: nullable and without a default, so that nothing is rewritten."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0271_quiz_questions_approved_by_no_reviser_is_validated")]
    operations = [
        migrations.AddField("change", "traceparent", models.CharField(blank=True, max_length=55, null=True)),
    ]
