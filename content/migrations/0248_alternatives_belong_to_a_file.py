"""A material whose file was replaced says so until somebody has compared captions and texts with the new one."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("content", "0247_leases_of_installations_have_owners")]

    operations = [
        migrations.AddField(
            model_name="material",
            name="alternatives_outdated",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        AddConstraintNotValid(
            model_name="material",
            constraint=models.CheckConstraint(
                name="materials_public_have_alternatives_of_their_file",
                condition=~Q(status="published") | Q(alternatives_outdated=False),
            ),
        ),
    ]
