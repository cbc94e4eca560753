"""No plan replaces itself."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("content", "0243_plans_that_were_read")]
    operations = [
        AddConstraintNotValid(
            model_name="plan",
            constraint=models.CheckConstraint(name="plans_replace_another", condition=~Q(replaces=F("pk"))),
        )
    ]
