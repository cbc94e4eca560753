"""Programmes with their acts, the targets and plans that were read, who may do what; measurements never change.

Of Decision 766 only the two targets of 2027 were read, none of its second phase. The five plans wait as drafts: their
days were not read, and nobody has added the file or the address yet with which a plan becomes public.
"""

import datetime

from django.db import migrations

KEEP = """
CREATE FUNCTION measurements_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a row that is restored from JSON has milliseconds
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'entered_at' = to_jsonb(OLD) - 'entered_at'
        AND date_trunc('milliseconds', NEW.entered_at) = date_trunc('milliseconds', OLD.entered_at) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NULL
        AND to_jsonb(NEW) - '{approved_by_id,approved_at}'::text[] = to_jsonb(OLD) - '{approved_by_id,approved_at}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'measurement % never changes: enter one that replaces it', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER measurements_never_change BEFORE UPDATE OR DELETE ON content_measurement
    FOR EACH ROW EXECUTE FUNCTION measurements_refuse();
"""
FORGET = """
DROP TRIGGER measurements_never_change ON content_measurement;
DROP FUNCTION measurements_refuse();
"""
DAY = datetime.date
PROGRAMMES = (  # key, act, day, first day, day after the last, Vietnamese and English names
    ("de-an-471", "471/QĐ-TTg", DAY(2019, 4, 26), DAY(2019, 4, 26), DAY(2022, 1, 1),
     "Đề án tăng cường ứng dụng công nghệ thông tin trong công tác phổ biến, giáo dục pháp luật giai đoạn 2019 - 2021",
     "Information technology in legal dissemination, 2019-2021"),
    ("de-an-766", "766/QĐ-TTg", DAY(2025, 4, 15), DAY(2025, 4, 15), DAY(2031, 1, 1),
     "Đề án chuyển đổi số công tác phổ biến, giáo dục pháp luật giai đoạn 2025 - 2030",
     "Digital transformation of legal dissemination, 2025-2030"),
)
INDICATORS = (  # programme, code, unit, breakdown, names
    ("de-an-471", "471-tinh-co-ke-hoach", "percent", "none", "Tỉnh, thành phố có kế hoạch riêng", "Provinces with a plan of their own"),
    ("de-an-471", "471-bo-co-ke-hoach", "count", "none", "Bộ, ngành có kế hoạch riêng", "Ministries with a plan of their own"),
    ("de-an-766", "766-nguoi-dan-tiep-can", "percent", "area",
     "Người dân tiếp cận thông tin, văn bản pháp luật qua cơ sở dữ liệu, ứng dụng, nền tảng số",
     "Residents who reach legal information through databases, applications and platforms"),
)
SOURCE_766 = "Quyết định số 766/QĐ-TTg ngày 15/4/2025, mục tiêu giai đoạn 2025 - 2027"
TARGETS = (("766-nguoi-dan-tiep-can", "urban", 80), ("766-nguoi-dan-tiep-can", "rural", 60))
NEWS_471 = "Tin về tình hình triển khai Quyết định số 471/QĐ-TTg, 22/4/2020"
MEASURED = (("471-tinh-co-ke-hoach", "53.968254", 34, 63), ("471-bo-co-ke-hoach", "3", None, None))
PLANS = (
    ("ubnd-68-lam-dong-2025", "5756/KH-UBND", "5756-kh-ubnd"),
    ("ubnd-62-kon-tum", "1956/KH-UBND", "1956-kh-ubnd"),
    ("ubnd-24-bac-ninh-2025", "184/KH-UBND", "184-kh-ubnd"),
    ("ubnd-40-nghe-an-2025", "671/KH-UBND", "671-kh-ubnd"),
    ("ubnd-56-khanh-hoa-2025", "1322/QĐ-UBND", "1322-qd-ubnd"),
)
MODELS = ("plan", "measurement", "planstatement")
READS = [f"view_{model}" for model in MODELS]
WRITES = [f"{verb}_{model}" for verb in ("add", "change") for model in MODELS]
MAY = {
    "editor": [*READS, *WRITES],
    "answerer": READS,
    "approver": [*READS, "publish_plan"],
    "publisher": [*READS, *WRITES, "publish_plan"],
    "administrator": READS,
}
NAMES = {"publish_plan": "Can publish plans and measurements that others entered"}
VERBOSE_NAMES = {"planstatement": "plan statement"}


def enter(apps, schema_editor):
    """What is there already is left alone, so this may run again."""
    get = lambda name: apps.get_model("content", name).objects
    for key, number, issued_on, first, last, name_vi, name_en in PROGRAMMES:
        columns = {"act_number": number, "act_issued_on": issued_on, "valid_from": first, "valid_until": last}
        get("Programme").get_or_create(key=key, defaults=columns | {"name_vi": name_vi, "name_en": name_en})
    for programme, code, unit, breakdown, name_vi, name_en in INDICATORS:
        columns = {"unit": unit, "breakdown": breakdown, "name_vi": name_vi, "name_en": name_en}
        columns["programme"] = get("Programme").get(key=programme)
        get("Indicator").get_or_create(code=code, defaults=columns)
    for code, area, value in TARGETS:
        get("Target").get_or_create(
            indicator=get("Indicator").get(code=code), due_on=DAY(2027, 12, 31), area=area, value=value,
            operator="at_least", provision="", source=SOURCE_766, defaults={"is_public": True},
        )
    for code, value, numerator, denominator in MEASURED:
        indicator = get("Indicator").get(code=code)
        if not get("Measurement").filter(indicator=indicator, source=NEWS_471).exists():
            get("Measurement").create(
                indicator=indicator, period_from=DAY(2020, 4, 22), period_until=DAY(2020, 4, 23), value=value,
                numerator=numerator, denominator=denominator, source=NEWS_471,
                approved_at=datetime.datetime(2026, 11, 30, tzinfo=datetime.UTC),
            )
    programme = get("Programme").get(key="de-an-766")
    for adopter, number, number_key in PLANS:
        columns = {
            "programme": programme, "adopter": get("Organisation").get(key=adopter), "number": number,
            "number_key": number_key, "title": "Kế hoạch thực hiện Quyết định số 766/QĐ-TTg", "status": "draft",
        }
        get("Plan").get_or_create(key=f"kh-de-an-766-{adopter}-{number_key}", defaults=columns)


def allow(apps, schema_editor):
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
    dependencies = [("content", "0214_plans"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunPython(enter, migrations.RunPython.noop),
        migrations.RunPython(allow, migrations.RunPython.noop),
    ]
