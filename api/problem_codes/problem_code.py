"""One error code of the program, and where a caller meets it."""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class ProblemScope(Enum):
    """Where a caller meets the code."""

    REQUEST = "request"  # `code` of a problem: the request as a whole
    FIELD = "field"  # `code` in `errors`: one field or parameter
    RULE = "rule"  # `code` of a 409, 422 or 429: a rule that depends on the data
    STAFF = "staff"  # on the staff site and in commands

    @property
    def title(self) -> Promise:
        return SCOPE_TITLES[self]


SCOPE_TITLES = {
    ProblemScope.REQUEST: _("Errors of a request"),
    ProblemScope.FIELD: _("Errors of a field or parameter"),
    ProblemScope.RULE: _("Rules of the API"),
    ProblemScope.STAFF: _("Rules of the staff site"),
}


@dataclass(frozen=True)
class ProblemCode:
    """One code. `meaning` says what is wrong, `action` what to do next."""

    code: str
    scope: ProblemScope
    meaning: Promise
    action: Promise

    @property
    def text(self) -> Promise:
        """Both sentences, in the language that is active when it is read."""
        return format_lazy("{} {}", self.meaning, self.action)
