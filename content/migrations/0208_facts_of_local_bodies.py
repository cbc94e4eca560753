"""A People's Committee and a People's Council for each province, with its days; successions are the provinces'."""

from django.db import migrations

BODIES = (
    ("ubnd", "UBND", "Ủy ban nhân dân", "local_committee"),
    ("hdnd", "HĐND", "Hội đồng nhân dân", "local_council"),
)


def enter(apps, schema_editor):
    """What is there already is left alone, so this may run again."""
    bodies, successions = apps.get_model("content", "Organisation"), apps.get_model("content", "Succession")
    provinces = list(apps.get_model("content", "Province").objects.order_by("pk"))
    entered = {}
    for prefix, code, words, kind in BODIES:
        for province in provinces:
            columns = {
                "code": code,
                "name": f"{words} {province.name[:1].lower()}{province.name[1:]}",
                "kind": kind,
                "level": "local",
                "province": province,
                "valid_from": province.valid_from,
                "valid_until": province.valid_until,
            }
            body, _ = bodies.objects.get_or_create(key=f"{prefix}-{province.key}", defaults=columns)
            entered[code, province.pk] = body
    for (code, province), body in entered.items():
        successor = next(each.successor_id for each in provinces if each.pk == province)
        if successor:
            successions.objects.get_or_create(predecessor=body, successor=entered[code, successor])


class Migration(migrations.Migration):
    dependencies = [("content", "0207_provinces_have_bodies")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
