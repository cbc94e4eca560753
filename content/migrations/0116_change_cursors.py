from django.db import migrations, models


class Migration(migrations.Migration):
    """Every layer reads the change log, so its cursors lie beside it; notifications 0042 brings the rows there were."""

    dependencies = [("content", "0115_permissions_follow_renamed_models")]

    operations = [
        migrations.CreateModel(
            name="ChangeCursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("consumer", models.CharField(max_length=30, unique=True)),
                ("last_change", models.BigIntegerField(default=0)),
            ],
        ),
    ]
