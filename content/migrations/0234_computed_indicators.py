"""The indicators of Decision 766 that the program computes. Their words are in docs/indicators.md."""

from django.db import migrations

PERCENT, COUNT = "percent", "count"
FUNCTIONS = (  # code, unit, method, names
    ("tu-tinh-nghia-vu", PERCENT, "duties_fulfilled",
     "Cơ quan phải có kế hoạch đã có kế hoạch (tự tính)", "Duties fulfilled by a plan (computed)"),
    ("tu-tinh-hoi-dap-dung-han", PERCENT, "questions_answered_in_time",
     "Câu hỏi được trả lời đúng hạn (tự tính)", "Questions answered in time (computed)"),
    ("tu-tinh-van-ban-dang-dung-han", PERCENT, "documents_public_in_time",
     "Văn bản được đăng trong 15 ngày từ ngày ban hành (tự tính)", "Documents public within 15 days of issue (computed)"),
    ("tu-tinh-cuoc-thi", COUNT, "contests", "Cuộc thi tìm hiểu pháp luật (tự tính)", "Contests held (computed)"),
    ("tu-tinh-nguoi-du-thi", COUNT, "contestants", "Người dự thi (tự tính)", "Contestants (computed)"),
)
LANGUAGES = (
    ("vi", "Việt", "Vietnamese"), ("en", "Anh", "English"), ("tyz", "Tày", "Tày"), ("blt", "Thái", "Thái"),
    ("mtq", "Mường", "Mường"), ("km", "Khmer", "Khmer"), ("hmn", "Mông", "Hmong"), ("cjm", "Chăm", "Chăm"),
)
AUDIENCES = (
    ("everybody", "mọi người", "everybody"), ("ethnic_minorities", "đồng bào dân tộc thiểu số", "ethnic minorities"),
    ("remote_areas", "người dân miền núi, biên giới, ven biển, hải đảo", "mountains, borders and islands"),
    ("workers", "người lao động trong doanh nghiệp", "workers in enterprises"),
    ("violence_victims", "nạn nhân bạo lực gia đình", "victims of domestic violence"),
    ("disabled_people", "người khuyết tật", "people with disabilities"),
    ("prisoners", "người đang chấp hành hình phạt tù", "people serving sentences"),
    ("on_probation", "người được hưởng án treo, bị giáo dục tại xã", "people on probation"),
    ("students", "học sinh, sinh viên", "pupils and students"), ("businesses", "doanh nghiệp", "businesses"),
    ("officials", "cán bộ, công chức, lực lượng vũ trang", "officials and armed forces"),
)


def rows():
    yield from FUNCTIONS
    for language, name_vi, name_en in LANGUAGES:
        yield (f"tu-tinh-tai-lieu-tieng-{language}", COUNT, f"materials_in:{language}",
               f"Tài liệu phổ biến pháp luật bằng tiếng {name_vi} (tự tính)", f"Materials in {name_en} (computed)")
    yield ("tu-tinh-tai-lieu-ngon-ngu-ky-hieu", COUNT, "materials_in:sgn",
           "Tài liệu phổ biến pháp luật bằng ngôn ngữ ký hiệu (tự tính)", "Materials in sign language (computed)")
    for audience, name_vi, name_en in AUDIENCES:
        yield (f"tu-tinh-tai-lieu-cho-{audience.replace('_', '-')}", COUNT, f"materials_for:{audience}",
               f"Tài liệu phổ biến pháp luật cho {name_vi} (tự tính)", f"Materials for {name_en} (computed)")


def enter(apps, schema_editor):
    """What is there already is left alone, so this may run again."""
    programme = apps.get_model("content", "Programme").objects.get(key="de-an-766")
    for code, unit, method, name_vi, name_en in rows():
        columns = {"programme": programme, "unit": unit, "breakdown": "province", "method": method}
        columns |= {"name_vi": name_vi, "name_en": name_en}
        apps.get_model("content", "Indicator").objects.get_or_create(code=code, defaults=columns)


class Migration(migrations.Migration):
    dependencies = [("content", "0233_targets_by_two_people")]
    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
