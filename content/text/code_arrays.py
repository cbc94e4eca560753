"""Word codes of many texts as numpy arrays: the inverse of `lexemes.word_codes`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.text import lexemes

DOCUMENT, HEADING, TITLE, BODY = range(len(lexemes.FIELDS))  # numbers of the fields


def flat_codes(texts: Sequence[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]]:
    """(codes, index of the text, number of the field) of every word of the texts, one after the other.

    Each of `texts` is what `lexemes.word_codes` returns for all fields, so none is empty. Field ends are left out.
    """
    codes = np.frombuffer(b"".join(texts), np.uint32)
    ends = np.flatnonzero(codes == lexemes.END_OF_FIELD)
    sizes = np.diff(ends, prepend=-1) - 1
    row, field = np.divmod(np.arange(len(ends), dtype=np.int32), len(lexemes.FIELDS))
    return codes[codes != lexemes.END_OF_FIELD], np.repeat(row, sizes), np.repeat(field, sizes)


def likely_places(codes: NDArray[np.uint32], wanted: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.intp]:
    """Indexes of the codes that may be among the wanted: half of their bits are those of a wanted code.

    Most codes of a text are not wanted, and a table of these bits says so quickly. Of a wanted bigram its second word
    counts.
    """
    likely = np.zeros(1 << 16, bool)
    likely[wanted & wanted.dtype.type(0xFFFF)] = True
    return np.flatnonzero(likely[codes & np.uint32(0xFFFF)])
