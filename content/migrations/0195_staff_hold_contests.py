"""What each group may do with question banks, contests and winners."""

from django.db import migrations

MODELS = ("questionbank", "quizquestion", "contest")
READS = [f"view_{model}" for model in MODELS]
WRITES = [f"{verb}_{model}" for verb in ("add", "change") for model in MODELS]
DECIDES = ["approve_quizquestion", "announce_contest", "freeze_contest", "judge_contest"]
WINNERS = ["view_winner", "identify_winner"]
MAY = {
    "editor": [*READS, *WRITES],
    "answerer": READS,
    "approver": [*READS, *DECIDES, *WINNERS],
    "publisher": [*READS, *WRITES, *DECIDES, *WINNERS],
    "administrator": READS,
}
NAMES = {  # as the model states them; those of Django follow from the name of the model
    "approve_quizquestion": "Can approve quiz questions",
    "announce_contest": "Can announce, correct and cancel contests",
    "freeze_contest": "Can freeze rounds that others proposed",
    "judge_contest": "Can void questions, disqualify and publish results",
    "identify_winner": "Can ask winners who they are, read it and verify it",
}
VERBOSE_NAMES = {"questionbank": "question bank", "quizquestion": "quiz question"}


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
    dependencies = [("content", "0194_what_is_frozen_never_changes"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
