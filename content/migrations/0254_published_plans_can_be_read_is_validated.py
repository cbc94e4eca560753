"""Rows that were there before are checked in a transaction of its own: it does not block writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0253_copied_plans_have_a_home")]
    operations = [ValidateConstraint(model_name="plan", name="plans_published_can_be_read")]
