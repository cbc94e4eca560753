"""What is hashed is written as RFC 8785 says, to the byte, whichever of two ways writes it."""

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from content.canonical_json import CanonicalizationError, canonical_json

TEXTS = st.text() | st.text(st.characters(max_codepoint=0x20)) | st.sampled_from(["é", "\ue000", "\U0001f600", "\x7f"])
NUMBERS = st.integers(-(2**54), 2**54) | st.floats()
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.text("ab\ue000\U0001f600"), inner),
    max_leaves=20,
)


def written(write, value):
    """The bytes, or that there are none."""
    try:
        return write(value)
    except (CanonicalizationError, UnicodeEncodeError):
        return None


@given(VALUES)
@example({"\ue000": 1, "\U0001f600": 2})  # UTF-16 and code points order these differently
@example({"a": 2**53 - 1, "b": -(2**53) + 1, "c": [1, True, None, '\u2028 \\ / " \b\f\n\r\t\x01']})
@example([2**53])
@example([1.0])
@example([float("nan")])
@example({"a": "\ud800"})
@example({"\ud800": 1})
def test_the_bytes_are_those_of_the_library(value):
    assert written(canonical_json, value) == written(rfc8785.dumps, value)


@pytest.mark.parametrize("value", [{"a": "\ud800"}, {"\ud800": 1}, 2**53, float("inf")])
def test_a_value_without_canonical_form_is_an_error_of_one_kind(value):
    with pytest.raises(CanonicalizationError):
        canonical_json(value)


def test_what_is_nested_too_deeply_is_an_error_that_callers_know():
    value = []
    for _depth in range(100_000):
        value = [value]
    with pytest.raises(RecursionError):
        canonical_json(value)
