"""Notifications made before there was an inbox: whose it is in follows from the change they tell of."""

from django.db import migrations

KIND = "moi"  # the only kind there was


def fill(apps, schema_editor):
    Notification = apps.get_model("notifications", "Notification")
    for notification in Notification.objects.filter(audience=[]).select_related("change").iterator(chunk_size=500):
        notification.audience = [
            name for target in targets(apps, notification.change) for name in (target, f"{target}.{KIND}")
        ]
        notification.save(update_fields=["audience"])


def targets(apps, change):
    for topic in apps.get_model("content", "Topic").objects.filter(key__in=change.topics):
        yield f"lv.{topic.pk}"
        if topic.parent_id:
            yield f"lv.{topic.parent_id}"
    for organisation in apps.get_model("content", "Organisation").objects.filter(key=change.organisation):
        yield f"cq.{organisation.pk}"
    for document in apps.get_model("content", "LegalDocument").objects.filter(key=change.subject):
        yield f"vb.{document.pk}"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_inbox")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
