"""How names and codes of issuing bodies are compared. Pure."""

import re

from content.text.vietnamese import fold, slug


def comparable_name(name: str) -> str:
    """The name without accents, case and punctuation."""
    return slug(name, limit=len(name) * 2)


def comparable_code(code: str) -> str:
    """The code without accents, case and the number of the National Assembly: «QH15» → "qh"."""
    return re.sub(r"^(qh|ubtvqh)[0-9]+$", r"\1", fold(code.strip()))
