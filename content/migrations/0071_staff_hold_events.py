"""What each group may do with events."""

from django.db import migrations

READS = ["view_event"]
WRITES = ["add_event", "change_event"]
ANNOUNCES = ["announce_event", "check_in_event"]
MAY = {
    "editor": [*READS, *WRITES, "check_in_event"],
    "answerer": READS,
    "approver": [*READS, *ANNOUNCES],
    "publisher": [*READS, *WRITES, *ANNOUNCES, "announce_own_event"],
    "administrator": READS,
}
NAMES = {  # as the model, or Django, states them
    "view_event": "Can view event",
    "add_event": "Can add event",
    "change_event": "Can change event",
    "announce_event": "Can announce, move and cancel events",
    "announce_own_event": "Can announce an event that nobody else has read",
    "check_in_event": "Can see who comes and check them in",
}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    content_type, _ = types.objects.get_or_create(app_label="content", model="event")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": NAMES[codename]}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("content", "0070_events"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
