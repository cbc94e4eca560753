"""Rows that were there before are checked in a transaction of its own: it does not block writers."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("content", "0270_quiz_questions_name_their_reviser")]
    operations = [ValidateConstraint(model_name="quizquestion", name="quiz_questions_are_approved_by_no_reviser")]
