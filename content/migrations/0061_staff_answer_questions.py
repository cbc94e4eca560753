"""What each group may do with questions, and within how many working days they are answered."""

from django.db import migrations

READS = ["view_question", "view_answer", "view_problemreport"]
SCREENS = ["screen_question", "read_original", "change_problemreport"]
MAY = {
    "editor": READS,
    "answerer": [*READS, "answer_question", "read_original", "change_problemreport"],
    "approver": [*READS, *SCREENS, "approve_question"],
    "publisher": [*READS, *SCREENS, "answer_question", "approve_question"],
    "administrator": [
        *READS,
        *[f"{verb}_deadlinerule" for verb in ("view", "add", "change", "delete")],
        *[f"{verb}_calendarday" for verb in ("view", "add", "change", "delete")],
    ],
}
NAMES = {  # of those Django does not make by itself, as the model states them
    "screen_question": "Can screen questions",
    "answer_question": "Can answer questions",
    "approve_question": "Can approve answers",
    "read_original": "Can read a question as it was asked",
}


def enter(apps, schema_editor):
    """May run again. Django makes permissions only after all migrations; these are made as it would make them."""
    types, permissions = apps.get_model("contenttypes", "ContentType"), apps.get_model("auth", "Permission")
    for name, codenames in MAY.items():
        group = apps.get_model("auth", "Group").objects.get(name=name)
        for codename in codenames:
            verb, _, model = codename.partition("_")
            model = "question" if codename in NAMES else model
            content_type, _ = types.objects.get_or_create(app_label="content", model=model)
            named = NAMES.get(codename, f"Can {verb} {apps.get_model('content', model)._meta.verbose_name}")
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": named}
            )
            group.permissions.add(permission)
    apps.get_model("content", "DeadlineRule").objects.get_or_create(topic=None, defaults={"working_days": 15})


class Migration(migrations.Migration):
    dependencies = [("content", "0060_questions"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
