"""The types of legal documents: one table, from which every list of types is derived.

Types are those of Law 64/2025/QH15 Art. 4 and the non-normative ones people look for; symbols are those of official
numbers (Decree 78/2025/NĐ-CP).
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from content.text.vietnamese import fold


class DocType(models.TextChoices):
    """Types of documents, Law 64/2025/QH15 Art. 4 and the non-normative ones people look for."""

    CONSTITUTION = "constitution", _("Constitution")
    CODE = "code", _("Code")
    LAW = "law", _("Law")
    ORDINANCE = "ordinance", _("Ordinance")
    RESOLUTION = "resolution", _("Resolution")
    JOINT_RESOLUTION = "joint_resolution", _("Joint resolution")
    ORDER = "order", _("Order")
    DECISION = "decision", _("Decision")
    DECREE = "decree", _("Decree")
    CIRCULAR = "circular", _("Circular")
    JOINT_CIRCULAR = "joint_circular", _("Joint circular")
    DIRECTIVE = "directive", _("Directive")
    DECREE_LAW = "decree_law", _("Decree-law")
    EDICT = "edict", _("Edict")
    CONSOLIDATED_TEXT = "consolidated_text", _("Consolidated text")
    OFFICIAL_LETTER = "official_letter", _("Official letter")
    PLAN = "plan", _("Plan")
    NOTICE = "notice", _("Notice")
    REPORT = "report", _("Report")
    PROGRAMME = "programme", _("Programme")
    GUIDANCE = "guidance", _("Guidance")
    URGENT_DISPATCH = "urgent_dispatch", _("Urgent dispatch")
    TREATY = "treaty", _("Treaty")
    OTHER = "other", _("Other document")


class Norms(StrEnum):
    """When documents of a type hold legal norms (Law 64/2025/QH15 Art. 4)."""

    ALWAYS = "always"
    WITH_YEAR = "with_year"  # when their number carries the year: «15/2024/QĐ-UBND» does, «766/QĐ-TTg» does not
    NEVER = "never"


@dataclass(frozen=True)
class TypeForm:
    """How documents of one type are named and numbered."""

    doc_type: DocType
    name_vi: str  # as a citation writes it; "" where nothing is cited by that type
    slug: str  # how keys of documents begin
    symbol: str = ""  # of the type in official numbers; "" where it has none
    is_cited_by_name: bool = False  # by name and year; others are cited by type and number
    norms: Norms = Norms.NEVER


TYPE_FORMS = {
    form.doc_type: form
    for form in (
        TypeForm(DocType.CONSTITUTION, "Hiến pháp", "hien-phap", is_cited_by_name=True),
        TypeForm(DocType.CODE, "Bộ luật", "bo-luat", is_cited_by_name=True, norms=Norms.ALWAYS),
        TypeForm(DocType.LAW, "Luật", "luat", is_cited_by_name=True, norms=Norms.ALWAYS),
        TypeForm(DocType.ORDINANCE, "Pháp lệnh", "phap-lenh", "PL", is_cited_by_name=True, norms=Norms.ALWAYS),
        TypeForm(DocType.RESOLUTION, "Nghị quyết", "nghi-quyet", "NQ", norms=Norms.WITH_YEAR),
        TypeForm(DocType.JOINT_RESOLUTION, "Nghị quyết liên tịch", "nghi-quyet-lien-tich", "NQLT", norms=Norms.ALWAYS),
        TypeForm(DocType.ORDER, "Lệnh", "lenh", "L"),
        TypeForm(DocType.DECISION, "Quyết định", "quyet-dinh", "QĐ", norms=Norms.WITH_YEAR),
        TypeForm(DocType.DECREE, "Nghị định", "nghi-dinh", "NĐ", norms=Norms.ALWAYS),
        TypeForm(DocType.CIRCULAR, "Thông tư", "thong-tu", "TT", norms=Norms.ALWAYS),
        TypeForm(DocType.JOINT_CIRCULAR, "Thông tư liên tịch", "thong-tu-lien-tich", "TTLT", norms=Norms.ALWAYS),
        TypeForm(DocType.DIRECTIVE, "Chỉ thị", "chi-thi", "CT"),
        TypeForm(DocType.DECREE_LAW, "Sắc luật", "sac-luat"),
        TypeForm(DocType.EDICT, "Sắc lệnh", "sac-lenh", "SL"),
        TypeForm(DocType.CONSOLIDATED_TEXT, "Văn bản hợp nhất", "van-ban-hop-nhat", "VBHN"),
        TypeForm(DocType.OFFICIAL_LETTER, "Công văn", "cong-van", "CV"),
        TypeForm(DocType.PLAN, "Kế hoạch", "ke-hoach", "KH"),
        TypeForm(DocType.NOTICE, "Thông báo", "thong-bao", "TB"),
        TypeForm(DocType.REPORT, "Báo cáo", "bao-cao", "BC"),
        TypeForm(DocType.PROGRAMME, "Chương trình", "chuong-trinh", "CTR"),
        TypeForm(DocType.GUIDANCE, "Hướng dẫn", "huong-dan", "HD"),
        TypeForm(DocType.URGENT_DISPATCH, "Công điện", "cong-dien", "CĐ"),
        TypeForm(DocType.TREATY, "", "dieu-uoc-quoc-te"),
        TypeForm(DocType.OTHER, "", "van-ban"),
    )
}

TYPE_NAMES: dict[str, str] = {form.doc_type: form.name_vi for form in TYPE_FORMS.values() if form.name_vi}
TYPES_BY_NAME = {form.name_vi: form.doc_type for form in TYPE_FORMS.values() if form.name_vi}
TYPES_BY_FOLDED_NAME = {fold(name): doc_type for name, doc_type in TYPES_BY_NAME.items()}
TYPE_SLUGS: dict[str, str] = {form.doc_type: form.slug for form in TYPE_FORMS.values()}
TYPES_BY_SLUG = {form.slug: form.doc_type for form in TYPE_FORMS.values()}
TYPES_CITED_BY_NAME = tuple(form.doc_type for form in TYPE_FORMS.values() if form.is_cited_by_name)
NORMATIVE_TYPES = frozenset(form.doc_type for form in TYPE_FORMS.values() if form.norms is Norms.ALWAYS)
NORMATIVE_TYPES_WITH_YEAR = frozenset(form.doc_type for form in TYPE_FORMS.values() if form.norms is Norms.WITH_YEAR)

FORMER_SYMBOLS = ("SLT", "LCT", "TTLB", "TTLN", "NĐLB", "QĐLT", "QĐLB")  # of types that are no longer issued
TYPE_SYMBOLS = (*(form.symbol for form in TYPE_FORMS.values() if form.symbol), *FORMER_SYMBOLS)

# The type that a number's symbol says, folded. A letter («công văn») is numbered in too many ways.
TYPES_BY_FOLDED_SYMBOL = {
    fold(form.symbol): form.doc_type
    for form in TYPE_FORMS.values()
    if form.symbol and form.doc_type != DocType.OFFICIAL_LETTER
}

# (what follows the slash of a number in a text, its type); the first that is found counts.
TYPES_BY_SYMBOL_IN_TEXT = tuple(
    (TYPE_FORMS[doc_type].symbol + end, doc_type)
    for doc_type, end in (
        (DocType.DECREE, "-"),
        (DocType.JOINT_CIRCULAR, ""),  # «TTLT-BTC-BTP», «TTLT/BTC»
        (DocType.CIRCULAR, "-"),
        (DocType.DECISION, "-"),
        (DocType.RESOLUTION, "-"),
        (DocType.ORDINANCE, "-"),
        (DocType.DIRECTIVE, "-"),
        (DocType.CONSOLIDATED_TEXT, "-"),
    )
)

# Types whose name may come before a number as its label: «nghị định số 100/2019/NĐ-CP».
TYPES_BEFORE_NUMBERS = tuple(
    doc_type
    for doc_type in TYPE_NAMES
    if doc_type not in (DocType.CONSTITUTION, DocType.REPORT, DocType.PROGRAMME, DocType.GUIDANCE)
)

# What people type in front of a serial, folded: «nghi dinh 168», «nd 168». No others: «lệnh 168» and «kế hoạch 5» are
# mostly no documents, and «ct» is a company as often as a directive.
TYPES_TYPED_BEFORE_SERIALS = {
    fold(TYPE_NAMES[doc_type]): doc_type
    for doc_type in (
        DocType.DECREE,
        DocType.JOINT_CIRCULAR,
        DocType.CIRCULAR,
        DocType.LAW,
        DocType.RESOLUTION,
        DocType.DECISION,
        DocType.ORDINANCE,
        DocType.DIRECTIVE,
    )
}
SYMBOLS_TYPED_BEFORE_SERIALS = {
    fold(TYPE_FORMS[doc_type].symbol): doc_type
    for doc_type in (
        DocType.DECREE,
        DocType.JOINT_CIRCULAR,
        DocType.CIRCULAR,
        DocType.RESOLUTION,
        DocType.DECISION,
        DocType.DIRECTIVE,
    )
}
