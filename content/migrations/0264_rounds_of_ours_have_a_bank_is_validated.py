"""Rows that were there before are checked in a transaction of its own: it does not block writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0263_copied_rounds_have_no_bank")]
    operations = [ValidateConstraint(model_name="round", name="rounds_of_ours_have_a_bank")]
