"""FCM's condition language."""

import pytest

from config.local.fcm_emulator.conditions import BadCondition, Condition


@pytest.mark.parametrize(
    ("text", "topics", "matches"),
    [
        ("'a' in topics", {"a"}, True),
        ("'a' in topics", set(), False),
        ("'a' in topics && ('b' in topics || 'c' in topics)", {"a", "c"}, True),
        ("'a' in topics && ('b' in topics || 'c' in topics)", {"b", "c"}, False),
        ("!('a' in topics)", set(), True),
        ("('a' in topics || 'b' in topics) && !('any' in topics)", {"b", "any"}, False),
        ("'a'in topics&&'b'in topics", {"a", "b"}, True),
        # left to right, && binds no tighter: (a || b) && c
        ("'a' in topics || 'b' in topics && 'c' in topics", {"a"}, False),
        ("'a' in topics && 'b' in topics || 'c' in topics", {"c"}, True),
    ],
)
def test_who_matches(text, topics, matches):
    assert Condition(text).matches(topics) is matches


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a in topics",
        "'a'",
        "'a' in topic",
        "'a b' in topics",
        "'' in topics",
        "'a' in topics &&",
        "'a' in topics 'b' in topics",
        "('a' in topics",
        "'a' in topics)",
        "! 'a' in topics",
        "'a' in topics & 'b' in topics",
        "'a' in topics; DROP",
        " || ".join(["'a' in topics"] * 6),
        "(" * 2000 + "'a' in topics" + ")" * 2000,
    ],
)
def test_what_is_no_condition(text):
    with pytest.raises(BadCondition):
        Condition(text)


def test_topics_are_listed_in_order_of_writing():
    assert Condition("'b' in topics || !('a' in topics)").topics == ["b", "a"]
