"""Documents and questions of one other installation are found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('content', '0229_homes_seal_what_is_handed_on'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='legaldocument',
            index=models.Index('home', condition=~Q(home=''), name='documents_by_home'),
        ),
        AddIndexConcurrently(
            model_name='question',
            index=models.Index('home', condition=~Q(home=''), name='questions_by_home'),
        ),
    ]
