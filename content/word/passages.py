"""Passages of a document that somebody must look at: how many, and the words of the first."""

from dataclasses import dataclass, field

MOST_QUOTED = 3
MOST_LETTERS = 120  # of one quotation


@dataclass
class Passages:
    """Passages of one kind. Words of one paragraph are one passage."""

    count: int = 0
    _first: list[str] = field(default_factory=list)
    _paragraph: int = -1  # of the last

    def add(self, words: str, paragraph: int) -> None:
        """Note words of the paragraph of that number. Blank words are none."""
        if not words.strip():
            return
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            self.count += 1
            if self.count <= MOST_QUOTED:
                self._first.append("")
        if self.count <= MOST_QUOTED and len(self._first[-1]) <= MOST_LETTERS:
            self._first[-1] += words

    @property
    def quoted(self) -> str:
        """«…», «…» for a notice; longer passages are cut, and those after the first three only counted."""
        shown = [" ".join(words.split()) for words in self._first]
        cut = [f"«{words[:MOST_LETTERS].rstrip()}…»" if len(words) > MOST_LETTERS else f"«{words}»" for words in shown]
        rest = f" và {self.count - len(cut)} chỗ khác" if self.count > len(cut) else ""
        return ", ".join(cut) + rest
