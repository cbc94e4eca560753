"""The codes of provinces, of what their bodies issue, and of plans."""

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
PLAN_CODES = [
    ProblemCode(
        "period_reversed",
        _STAFF,
        _("The period ends before it begins or on the day on which it begins."),
        _("Correct one of the two days."),
    ),
    ProblemCode(
        "adopted_before_programme",
        _STAFF,
        _("The plan is older than the act of its programme."),
        _("Correct the day or the programme."),
    ),
    ProblemCode("file_not_usable", _STAFF, _("The file is no PDF, or too large."), _("Choose another file.")),
    ProblemCode(
        "file_required",
        _STAFF,
        _("Nobody could read the plan: it has no file, document or address."),
        _("Add one of them."),
    ),
    ProblemCode(
        "another_plan",
        _STAFF,
        _("The correction names another programme, adopter, year, number, day, file or document than the public plan."),
        _("Withdraw the plan and enter the other one."),
    ),
    ProblemCode(
        "replaces_itself",
        _STAFF,
        _("The plan would replace itself, at once or through others."),
        _("Name an earlier plan, or none."),
    ),
    ProblemCode(
        "replaces_unrelated",
        _STAFF,
        _("The replaced plan is of another programme, or of an organisation that the adopter does not continue."),
        _("Name a plan of the same programme and organisation, or none."),
    ),
    ProblemCode(
        "computed_here",
        _STAFF,
        _("The program computes this indicator at the turn of each month."),
        _("Enter what others report under another indicator."),
    ),
    ProblemCode(
        "out_of_range",
        _STAFF,
        _("The value is outside of what the unit of the indicator allows."),
        _("Correct the value."),
    ),
    ProblemCode(
        "denominator_not_positive",
        _STAFF,
        _("The denominator is missing, or is not more than 0."),
        _("Give both or neither."),
    ),
    ProblemCode(
        "province_not_there",
        _STAFF,
        _("The province did not exist during the whole period."),
        _("Choose the province of that period."),
    ),
    ProblemCode(
        "unclear_number",
        _STAFF,
        _("The number may be a thousand or a fraction."),
        _("Write it without a mark, or with all decimal places."),
    ),
    ProblemCode("not_a_number", _STAFF, _("The text is no number."), _("Write it as 80.5 or 80,5.")),
    ProblemCode("not_a_day", _STAFF, _("The text is no day or year."), _("Write YYYY-MM-DD or DD/MM/YYYY.")),
    ProblemCode(
        "unknown_value",
        _STAFF,
        _("A column of the table has a value that is not stored here."),
        _("Take a key from the list of the API."),
    ),
    ProblemCode(
        "wrong_columns",
        _STAFF,
        _("The table has other columns than it must have."),
        _("Give the columns that the message names."),
    ),
]
