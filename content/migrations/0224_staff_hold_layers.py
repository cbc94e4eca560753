"""Old rows of the change log are checked, and an index has withdrawn layers; groups may work with layers."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently, ValidateConstraint
from django.db import migrations, models

REMOVING = ['document.withdrawn', 'document.corrected', 'document.amendment_withdrawn', 'question.withdrawn', 'question.answered', 'event.corrected', 'event.cancelled', 'event.recorded', 'contest.corrected', 'contest.cancelled', 'material.corrected', 'material.withdrawn', 'layer.withdrawn']


MAY = {
    "editor": ["view_layer", "add_layer", "change_layer"],
    "answerer": ["view_layer"],
    "approver": ["view_layer", "publish_layer"],
    "publisher": ["view_layer", "add_layer", "change_layer", "publish_layer"],
    "administrator": ["view_layer", "view_reviewerlanguage", "add_reviewerlanguage", "delete_reviewerlanguage"],
}
NAMES = {  # as the model states them; those of Django follow from the name of the model
    "publish_layer": "Can publish, confirm and withdraw layers of others",
}

VERBOSE_NAMES = {"reviewerlanguage": "language of a reviewer"}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            verb, _, model = codename.partition("_")
            content_type, _ = types.objects.get_or_create(app_label="content", model=model)
            label = NAMES.get(codename) or f"Can {verb} {VERBOSE_NAMES.get(model, model)}"
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": label}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('content', '0223_layers_in_the_change_log'),
    ]

    operations = [
        ValidateConstraint(model_name='change', name='changes_event_type_is_known'),
        AddIndexConcurrently(
            model_name='change',
            index=models.Index(
                fields=['id'],
                name='changes_that_take_out_words',
                condition=models.Q(reader=None, event_type__in=REMOVING),
            ),
        ),
        RemoveIndexConcurrently(model_name='change', name='changes_with_removed_words'),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
