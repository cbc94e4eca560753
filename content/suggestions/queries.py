"""Find suggestions for what somebody has typed so far."""

from content.suggestions.models import Suggestion
from content.text import lexemes
from content.text.vietnamese import nfc

MAX_COMPLETIONS = 10


def completions(typed: str) -> list[Suggestion]:
    """Up to MAX_COMPLETIONS suggestions that begin with what was typed, the most frequent first."""
    key = " ".join(lexemes.words(nfc(typed)))
    if not key:
        return []
    begin = Suggestion.objects.filter(text_key__gte=key, text_key__lt=key + "\U0010ffff")
    return list(begin.order_by("-passages", "text_key")[:MAX_COMPLETIONS])
