"""FCM topics and statuses get the names of the field; how far each consumer has read moves to content.ChangeCursor."""

from django.db import migrations, models
from django.db.models import Q

CONSUMERS = {"push": "push", "living answers": "outdated_answers"}


def move_cursors(apps, schema_editor):
    """A consumer goes on where it stopped: from 0 it would tell everything again. May run again."""
    cursors = apps.get_model("content", "ChangeCursor").objects
    for bookmark in apps.get_model("notifications", "Bookmark").objects.all():
        consumer = CONSUMERS.get(bookmark.reader, bookmark.reader)
        cursors.get_or_create(consumer=consumer, defaults={"last_change": bookmark.last_change})


def move_cursors_back(apps, schema_editor):
    names = {consumer: reader for reader, consumer in CONSUMERS.items()}
    bookmarks = apps.get_model("notifications", "Bookmark").objects
    for cursor in apps.get_model("content", "ChangeCursor").objects.all():
        reader = names.get(cursor.consumer, cursor.consumer)
        bookmarks.update_or_create(reader=reader, defaults={"last_change": cursor.last_change})


def rename_permissions(apps, schema_editor):
    """Groups keep what they were allowed; Django renames no permission. May run again."""
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="notifications")
    permissions.filter(codename__endswith="_bookmark").delete()
    _rename(permissions, "wire", "fcm")


def rename_permissions_back(apps, schema_editor):
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="notifications")
    _rename(permissions, "fcm", "wire")


def _rename(permissions, old, new):
    for permission in permissions.filter(codename__endswith=f"_{old}subscription"):
        permission.codename = permission.codename.replace(f"_{old}subscription", f"_{new}subscription")
        permission.name = permission.name.replace(f"{old} subscription", f"{new} subscription")
        permission.save(update_fields=["codename", "name"])


def state_only(*operations):
    """PostgreSQL follows a renamed column inside its constraints and indexes by itself."""
    return migrations.SeparateDatabaseAndState(state_operations=list(operations))


def reindexed(model, index):
    return state_only(migrations.RemoveIndex(model, index.name), migrations.AddIndex(model, index))


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0041_every_kind_includes_events"),
        ("content", "0116_change_cursors"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(move_cursors, move_cursors_back),
        migrations.DeleteModel("Bookmark"),
        migrations.RunPython(rename_permissions, rename_permissions_back),
        migrations.RenameModel("WireSubscription", "FcmSubscription"),
        migrations.RenameField("fcmsubscription", "wire_topic", "fcm_topic"),
        migrations.RenameField("notification", "wire_topics", "fcm_topics"),
        migrations.RenameField("delivery", "state", "status"),
        state_only(
            migrations.RemoveConstraint("fcmsubscription", "subscriptions_once"),
            migrations.AddConstraint(
                "fcmsubscription",
                models.UniqueConstraint(name="subscriptions_once", fields=["device", "fcm_topic"]),
            ),
        ),
        reindexed(
            "fcmsubscription", models.Index("fcm_topic", condition=Q(desired=True), name="subscriptions_wanted")
        ),
        reindexed("delivery", models.Index("next_try_at", condition=Q(status="queued"), name="deliveries_queued")),
        reindexed("delivery", models.Index("leased_until", condition=Q(status="sending"), name="deliveries_leased")),
    ]
