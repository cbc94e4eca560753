"""FCM's condition language: 'a' in topics && ('b' in topics || !('c' in topics)).

Source: firebase.google.com/docs/cloud-messaging/send-topic-messages. "FCM first evaluates any conditions in
parentheses, and then evaluates the expression from left to right": && does NOT bind tighter than ||.
"""

import re
from collections.abc import Callable, Container

TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
MAX_TOPICS = 5
MAX_LENGTH = 6000  # five topic names of 900 letters and the words between; also keeps the recursion shallow enough

_TOKEN = re.compile(r"\s*(&&|\|\||!|\(|\)|'[^']*'|in\b|topics\b)")
_MAX_DEPTH = 50

Matcher = Callable[[Container[str]], bool]


class BadCondition(ValueError):
    """FCM would refuse this condition. The message says why in English, as FCM does."""


class Condition:
    """A parsed condition.

    `topics`: the names in the order in which they are written. `matches(topics)`: whether a phone on these topics gets
    the message.
    """

    def __init__(self, text: str) -> None:
        self.topics: list[str] = []
        self._pieces = _tokens(text)
        self._depth = 0
        self.matches: Matcher = self._expression()
        if self._pieces:
            raise BadCondition("Invalid condition expression provided.")
        if len(self.topics) > MAX_TOPICS:
            raise BadCondition(f"At most {MAX_TOPICS} topics are allowed in a condition, got {len(self.topics)}.")

    def _expression(self) -> Matcher:
        result = self._term()
        while self._pieces and self._pieces[0] in ("&&", "||"):
            join = _both if self._pieces.pop(0) == "&&" else _either
            result = join(result, self._term())
        return result

    def _term(self) -> Matcher:
        piece = self._take()
        if piece == "!":  # documented only in front of a parenthesis
            self._take("(")
            inner = self._parenthesis()
            return lambda topics: not inner(topics)
        if piece == "(":
            return self._parenthesis()
        return self._membership(piece)

    def _parenthesis(self) -> Matcher:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise BadCondition("Condition is nested too deeply.")
        inner = self._expression()
        self._take(")")
        self._depth -= 1
        return inner

    def _membership(self, piece: str) -> Matcher:
        name = piece[1:-1]
        if not piece.startswith("'") or not TOPIC.fullmatch(name):
            raise BadCondition(f"Malformed topic {piece}.")
        self._take("in")
        self._take("topics")
        self.topics.append(name)
        return lambda topics: name in topics

    def _take(self, wanted: str | None = None) -> str:
        """Remove and return the next token. Raises BadCondition if there is none, or another than `wanted`."""
        if not self._pieces or (wanted and self._pieces[0] != wanted):
            raise BadCondition("Invalid condition expression provided.")
        return self._pieces.pop(0)


def _tokens(text: str) -> list[str]:
    if len(text) > MAX_LENGTH:
        raise BadCondition("Condition is too long.")
    pieces: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadCondition(f"Invalid condition expression provided at character {at}.")
        pieces.append(match.group(1))
        at = match.end()
    return pieces


def _both(left: Matcher, right: Matcher) -> Matcher:
    return lambda topics: left(topics) and right(topics)


def _either(left: Matcher, right: Matcher) -> Matcher:
    return lambda topics: left(topics) or right(topics)
