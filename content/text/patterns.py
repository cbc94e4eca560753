"""Regular expressions that are compiled when they are first used.

Compiling all those of personal data and of marks takes a fifth of the start of a process, and most commands use none.
"""

import re
from typing import Any, cast


def compiled_when_used(source: str) -> re.Pattern[str]:
    """A pattern whose methods are those of `re.compile(source)`. One that is wrong raises at its first use."""
    return cast("re.Pattern[str]", _Pattern(source))


class _Pattern:
    def __init__(self, source: str) -> None:
        self._source = source
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> Any:
        """A method of the pattern; kept here, so that this is asked once for each."""
        self._compiled = self._compiled or re.compile(self._source)
        method = getattr(self._compiled, name)
        setattr(self, name, method)
        return method
