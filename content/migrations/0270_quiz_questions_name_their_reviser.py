"""Who last revised a quiz question: until now it replaced the author, who could then approve what they had written."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("content", "0269_representatives_consent_to_naming_apart")]
    operations = [
        migrations.AddField(
            model_name="quizquestion",
            name="revised_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddConstraintNotValid(
            model_name="quizquestion",
            constraint=models.CheckConstraint(
                name="quiz_questions_are_approved_by_no_reviser",
                condition=Q(approved_by=None) | Q(revised_by=None) | ~Q(approved_by=F("revised_by")),
            ),
        ),
    ]
