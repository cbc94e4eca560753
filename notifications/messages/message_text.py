"""The text of a notification."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageText:
    """What a person reads of a notification, in one language."""

    title: str
    body: str
