"""The mentions of a text, read now or ahead: then the names must be those that are known now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from content import computed_ahead
from content.computed_ahead import Reading
from content.law.known_names import KnownNames, Words
from content.law.mentions import Mention, read_mentions

NamesAsked = Mapping[tuple[str, str], Sequence[Words]]  # {(type, first word): the names of laws that begin so}


@dataclass(frozen=True)
class MentionReading:
    """The mentions of a text, and the names that the reader asked for. With the same names it finds the same."""

    mentions: list[Mention]
    names: NamesAsked

    def holds_with(self, known: KnownNames) -> bool:
        return all(known.names_that_begin(*asked) == names for asked, names in self.names.items())


@dataclass(frozen=True)
class _NotingNames(KnownNames):
    """Known names that note which of them are asked for."""

    asked: dict[tuple[str, str], Sequence[Words]] = field(default_factory=dict)

    def names_that_begin(self, doc_type: str, word: str) -> Sequence[Words]:
        names = self.asked[doc_type, word] = KnownNames.names_that_begin(self, doc_type, word)
        return names


def mentions_in(text: str, known: KnownNames) -> list[Mention]:
    """As `read_mentions`. A reading made ahead counts if what it asked for is known in the same way now."""
    ahead: MentionReading | None = computed_ahead.find((Reading.MENTIONS, text))
    return ahead.mentions if ahead and ahead.holds_with(known) else read_mentions(text, known)


def read_ahead(text: str, known: KnownNames) -> MentionReading:
    """The mentions with the names that they depend on."""
    noting = _NotingNames(known.abbreviations, known.by_first_word)
    return MentionReading(read_mentions(text, noting), noting.asked)
