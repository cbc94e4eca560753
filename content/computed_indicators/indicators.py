"""Indicators of Decision 766 that came after the first: placements by form, and portals in sync.

The code that computes them stores their rows, no migration does: the program of before, which still answers between
`migrate` and the restart, has no functions for them. Their words are in docs/indicators.md.
"""

from collections.abc import Iterator

from content.dissemination.choices import DisseminationForm
from content.plans.models import Indicator, Programme

PROGRAMME = "de-an-766"
FORMS = {  # of Law 14/2012/QH13, Article 11
    DisseminationForm.PRESS: ("họp báo, thông cáo báo chí", "press conferences and releases"),
    DisseminationForm.DIRECT: (
        "phổ biến trực tiếp, tư vấn, cung cấp thông tin, tài liệu", "direct dissemination, advice and materials",
    ),
    DisseminationForm.MASS_MEDIA: (
        "phương tiện thông tin đại chúng, loa truyền thanh, internet, bảng tin",
        "mass media, loudspeakers, internet and notice boards",
    ),
    DisseminationForm.CONTEST: ("thi tìm hiểu pháp luật", "contests about law"),
    DisseminationForm.CASEWORK: (
        "xét xử, xử lý vi phạm, tiếp công dân, trợ giúp pháp lý, hòa giải",
        "trials, reception, legal aid and mediation",
    ),
    DisseminationForm.CULTURE: ("văn hóa, văn nghệ, câu lạc bộ, tủ sách pháp luật", "culture, clubs and law bookcases"),
    DisseminationForm.EDUCATION: ("chương trình giáo dục", "programmes of education"),
    DisseminationForm.OTHER: ("hình thức khác", "other forms"),
}  # fmt: skip


def store_missing_indicators() -> None:
    """Store those that are not there yet; without the programme none. A row that is there stays as it is."""
    programme = Programme.objects.filter(key=PROGRAMME).first()
    for indicator in _indicators() if programme else ():
        columns = {name: getattr(indicator, name) for name in ("unit", "breakdown", "method", "name_vi", "name_en")}
        Indicator.objects.get_or_create(code=indicator.code, defaults=columns | {"programme": programme})


def _indicators() -> Iterator[Indicator]:
    yield Indicator(
        code="tu-tinh-cong-dong-bo", unit=Indicator.Unit.PERCENT, breakdown=Indicator.Breakdown.PROVINCE,
        method="portals_in_sync", name_vi="Cổng thông tin được theo dõi đang đồng bộ (tự tính)",
        name_en="Followed portals in sync (computed)",
    )  # fmt: skip
    for form, (name_vi, name_en) in FORMS.items():
        yield Indicator(
            code=f"tu-tinh-pho-bien-{form.replace('_', '-')}", unit=Indicator.Unit.COUNT,
            breakdown=Indicator.Breakdown.PROVINCE, method=f"placements_as:{form}",
            name_vi=f"Nội dung đã đăng, hình thức {name_vi} (tự tính)",
            name_en=f"Placements by form: {name_en} (computed)",
        )  # fmt: skip
