"""The names that this installation stores, as data: readers run in a process of their own and read no tables. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from content.organisations.names import comparable_code, comparable_name


@dataclass(frozen=True)
class KnownNames:
    """Issuing bodies and topics, as far as a reader needs them."""

    bodies_by_name: Mapping[str, str] = field(default_factory=dict)  # {organisations.names.comparable_name: name}
    bodies_by_code: Mapping[str, str] = field(default_factory=dict)  # {folded code: name}
    topics_by_number: Mapping[str, str] = field(default_factory=dict)  # as topics.queries.keys_by_number

    def body_by_name(self, name: str) -> str:
        """The stored name of the body of that name, "" without one. Accents, case and punctuation are ignored."""
        return self.bodies_by_name.get(comparable_name(name), "")

    def body_by_code(self, code: str) -> str:
        """The stored name of the body whose code ends an official number («BTP», «QH15»), "" without one."""
        return self.bodies_by_code.get(comparable_code(code), "")


NO_NAMES = KnownNames()
