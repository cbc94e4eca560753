"""Old rows of the change log are checked; groups may work with playlists and channels."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

MAY = {
    "editor": ["view_playlist", "add_playlist", "change_playlist", "view_channel"],
    "answerer": ["view_playlist", "view_channel"],
    "approver": ["view_playlist", "view_channel"],
    "publisher": [
        "view_playlist", "add_playlist", "change_playlist", "view_channel", "add_channel", "change_channel",
    ],
    "administrator": ["view_playlist", "view_channel"],
}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            model = codename.partition("_")[2]
            content_type, _ = types.objects.get_or_create(app_label="content", model=model)
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": f"Can {codename.replace('_', ' ')}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('content', '0236_channels_in_the_change_log'),
    ]

    operations = [
        ValidateConstraint(model_name='change', name='changes_event_type_is_known'),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
