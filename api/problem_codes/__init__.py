"""Every error code of the program in one table: what is wrong and what to do. `/problems` serves it.

A code is stable and never translated; programs compare codes. The two sentences are for people, in their language.
A test finds every code that the program raises in this table.
"""

from api.problem_codes.channels import CHANNEL_CODES
from api.problem_codes.contests import CONTEST_CODES
from api.problem_codes.dissemination import DISSEMINATION_CODES
from api.problem_codes.materials import MATERIAL_CODES
from api.problem_codes.problem_code import ProblemCode, ProblemScope
from api.problem_codes.provinces import PLAN_CODES, PROVINCE_CODES
from api.problem_codes.requests import REQUEST_CODES
from api.problem_codes.rules import RULE_CODES
from api.problem_codes.staff import STAFF_CODES

__all__ = ["PROBLEM_CODES", "ProblemCode", "ProblemScope", "codes_of"]
_TABLE = [
    *REQUEST_CODES,
    *RULE_CODES,
    *STAFF_CODES,
    *CONTEST_CODES,
    *MATERIAL_CODES,
    *CHANNEL_CODES,
    *DISSEMINATION_CODES,
    *PROVINCE_CODES,
    *PLAN_CODES,
]
PROBLEM_CODES = {each.code: each for each in _TABLE}


def codes_of(scope: ProblemScope) -> list[ProblemCode]:
    """The codes of one scope, in alphabetical order."""
    return sorted((each for each in _TABLE if each.scope is scope), key=lambda each: each.code)
