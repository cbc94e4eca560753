"""The codes of outlets, placements and short addresses."""

from django.utils.translation import gettext_lazy as _

from api.problem_codes.problem_code import ProblemCode, ProblemScope

_FOR_PROGRAMS = {  # code: (what is wrong, what to do)
    "already_claimed": (_("The placement was given out already."), _("Do not post it. A person decides what follows.")),
    "subject_not_public": (
        _("Nothing public has this key."),
        _("Copy the key or the address of its page. A program does not post it."),
    ),
    "not_claimed": (_("The placement was not claimed."), _("Claim it before you post.")),
    "already_reported": (_("Something else was reported already."), _("Ask a person on the staff site.")),
}
_FOR_STAFF = {
    "outlet_exists": (_("The organisation has this outlet already."), _("Choose another name.")),
    "outlet_not_in_use": (_("The outlet is not in use."), _("Choose another one.")),
    "text_too_long": (_("The text is longer than the outlet takes."), _("Shorten it.")),
    "address_missing": (_("The text lacks its short address."), _("Keep the address that the kit gives.")),
    "not_proposed": (_("It does not wait for a second person."), _("Read the page again.")),
    "not_approved": (_("A second person has not looked at it."), _("Ask a publisher.")),
    "too_early": (_("Whoever took it may still post it."), _("Look again later.")),
    "placed_ahead": (_("The time has not come yet."), _("Enter an earlier one.")),
    "already_placed": (_("It was placed there in this wave."), _("Choose the next wave.")),
    "nothing_counted": (_("No number was entered."), _("Enter at least one.")),
    "count_out_of_range": (_("The number is too large or below zero."), _("Correct it.")),
    "day_ahead": (_("The day has not come yet."), _("Enter an earlier one.")),
}
DISSEMINATION_CODES = [
    *(ProblemCode(code, ProblemScope.RULE, *words) for code, words in _FOR_PROGRAMS.items()),
    *(ProblemCode(code, ProblemScope.STAFF, *words) for code, words in _FOR_STAFF.items()),
]
