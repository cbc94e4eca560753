"""Indicators of Decision 766 that count placements by the forms of Law 14/2012/QH13, Article 11.

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


def enter(apps, schema_editor):
    """What is there already is left alone, so this may run again."""
    programme = apps.get_model("content", "Programme").objects.get(key="de-an-766")
    for form, name_vi, name_en in FORMS:
        columns = {"programme": programme, "unit": "count", "breakdown": "province", "method": f"placements_as:{form}",
                   "name_vi": f"Nội dung đã đăng, hình thức {name_vi} (tự tính)",
                   "name_en": f"Placements by form: {name_en} (computed)"}
        code = f"tu-tinh-pho-bien-{form.replace('_', '-')}"
        apps.get_model("content", "Indicator").objects.get_or_create(code=code, defaults=columns)


class Migration(migrations.Migration):
    dependencies = [("content", "0245_plans_replace_another_is_validated")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
