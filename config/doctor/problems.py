"""What the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something wrong with an installation. `words` say what, and what to do, in the language that is active."""

    code: str  # for programs and tests; never translated
    words: str
