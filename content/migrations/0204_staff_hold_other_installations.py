"""What each group may do with other installations and with conflicts."""

from django.db import migrations

READS = ["view_peer", "view_conflict", "view_waiting"]
MAY = {
    "editor": READS,
    "approver": READS,
    "publisher": [*READS, "decide_conflict"],
    "administrator": [*READS, "add_peer", "change_peer", "manage_peer"],
}
NAMES = {  # as the model states them; those of Django follow from the name of the model
    "manage_peer": "Can manage other installations",
    "decide_conflict": "Can decide conflicts of installations",
}
VERBOSE_NAMES = {"peer": "other installation", "conflict": "conflict of installations", "waiting": "waiting object"}


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
    dependencies = [("content", "0203_peers_in_the_change_log"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
