"""The codes of provinces and of what their bodies issue."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_STAFF = ProblemScope.STAFF
PROVINCE_CODES = [
    ProblemCode(
        "province_needed",
        _STAFF,
        _("Every province uses this number, and nothing says which one issued the document."),
        _("Name the province, or a body of it as the issuer."),
    ),
    ProblemCode(
        "unknown_province",
        _STAFF,
        _("No province of the day of issue has that key, code or name."),
        _("Take a key from the list of provinces of that day."),
    ),
    ProblemCode(
        "province_contradicts",
        _STAFF,
        _("The issuing body is not one of the province."),
        _("Correct the issuing body or the province."),
    ),
    ProblemCode(
        "commune_code_needed",
        _STAFF,
        _("A commune issued the document, and its name, its code of five digits or its province is missing."),
        _("Give all three."),
    ),
    ProblemCode(
        "commune_of_another_province",
        _STAFF,
        _("The code is that of a commune of another province."),
        _("Correct the code or the province."),
    ),
    ProblemCode("not_yet", _STAFF, _("Provinces are redrawn on a day to come."), _("Enter it on that day or later.")),
    ProblemCode("no_provinces", _STAFF, _("No province is named that is redrawn."), _("Name at least one.")),
    ProblemCode(
        "province_ended", _STAFF, _("The province does not exist until that day."), _("Choose a present province.")
    ),
]
