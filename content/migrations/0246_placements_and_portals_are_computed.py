"""Indicators of Decision 766: placements by the forms of Law 14/2012/QH13, Article 11, and portals in sync.

Their words are in docs/indicators.md.
"""

from django.db import migrations

FORMS = (
    ("press_release", "họp báo, thông cáo báo chí", "press conferences and releases"),
    ("direct", "phổ biến trực tiếp, tư vấn, cung cấp thông tin, tài liệu", "direct dissemination, advice and materials"),
    ("mass_media", "phương tiện thông tin đại chúng, loa truyền thanh, internet, bảng tin",
     "mass media, loudspeakers, internet and notice boards"),
    ("contest", "thi tìm hiểu pháp luật", "contests about law"),
    ("casework", "xét xử, xử lý vi phạm, tiếp công dân, trợ giúp pháp lý, hòa giải", "trials, reception, legal aid and mediation"),
    ("culture", "văn hóa, văn nghệ, câu lạc bộ, tủ sách pháp luật", "culture, clubs and law bookcases"),
    ("education", "chương trình giáo dục", "programmes of education"),
    ("other", "hình thức khác", "other forms"),
)


def rows():
    yield ("tu-tinh-cong-dong-bo", "percent", "portals_in_sync",
           "Cổng thông tin được theo dõi đang đồng bộ", "Followed portals in sync")
    for form, name_vi, name_en in FORMS:
        yield (f"tu-tinh-pho-bien-{form.replace('_', '-')}", "count", f"placements_as:{form}",
               f"Nội dung đã đăng, hình thức {name_vi}", f"Placements by form: {name_en}")


def enter(apps, schema_editor):
    """What is there already is left alone, so this may run again."""
    programme = apps.get_model("content", "Programme").objects.get(key="de-an-766")
    for code, unit, method, name_vi, name_en in rows():
        columns = {"programme": programme, "unit": unit, "breakdown": "province", "method": method,
                   "name_vi": f"{name_vi} (tự tính)", "name_en": f"{name_en} (computed)"}
        apps.get_model("content", "Indicator").objects.get_or_create(code=code, defaults=columns)


class Migration(migrations.Migration):
    dependencies = [("content", "0245_plans_replace_another_is_validated")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
