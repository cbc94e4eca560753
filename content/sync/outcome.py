"""What one round of following an installation did."""

from dataclasses import dataclass, field

NEWS = {"written", "gone"}  # what a round can do to an object that the next need not do again


@dataclass
class Outcome:
    """Lines read, objects by what became of them, and what went wrong."""

    lines: int = 0
    objects: dict[str, int] = field(default_factory=dict)
    error: str = ""

    def count(self, outcome: str) -> None:
        self.objects[outcome] = self.objects.get(outcome, 0) + 1

    @property
    def is_further(self) -> bool:
        """Whether the round left less to do, though it may have broken."""
        return bool(self.lines or NEWS & self.objects.keys())
