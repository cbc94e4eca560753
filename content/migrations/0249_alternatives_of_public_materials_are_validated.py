"""The rule of 0243 holds for all rows; checked without keeping anybody from writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0248_alternatives_belong_to_a_file")]

    operations = [ValidateConstraint("material", "materials_public_have_alternatives_of_their_file")]
