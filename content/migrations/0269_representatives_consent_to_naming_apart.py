"""Whether the representative of a child agrees that it is named. Nobody agreed to that before: null."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0268_wishes_name_what_came_before_contests")]
    operations = [
        migrations.AddField(
            model_name="winneridentity",
            name="guardian_naming_consented_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
