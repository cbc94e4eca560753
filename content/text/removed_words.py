"""Whether a text lost words: what was copied before then has words that are no longer public."""

import re
from collections import Counter
from collections.abc import Iterable


def removes_words(before: Iterable[str], after: Iterable[str]) -> bool:
    """Whether a word occurs less often in one of the texts than in the text at the same place before."""
    return any(_words(old) - _words(new) for old, new in zip(before, after, strict=True))


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))
