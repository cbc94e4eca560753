"""Word codes of many texts as numpy arrays: the inverse of `lexemes.word_codes`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.text import lexemes

DOCUMENT, HEADING, TITLE, BODY = range(len(lexemes.FIELDS))  # numbers of the fields
_FIRST_BIGRAM = np.uint64(1 << 32)  # codes of bigrams are at least this, codes of words are less


def flat_codes(texts: Sequence[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]]:
    """(codes, index of the text, number of the field) of every word of the texts, one after the other.

    Each of `texts` is what `lexemes.word_codes` returns for all fields, so none is empty. Field ends are left out.
    """
    codes = np.frombuffer(b"".join(texts), np.uint32)
    ends = np.flatnonzero(codes == lexemes.END_OF_FIELD)
    sizes = np.diff(ends, prepend=-1) - 1
    row, field = np.divmod(np.arange(len(ends), dtype=np.int32), len(lexemes.FIELDS))
    return codes[codes != lexemes.END_OF_FIELD], np.repeat(row, sizes), np.repeat(field, sizes)


def lexeme_places(
    codes: NDArray[np.uint32], text: NDArray[np.int32], field: NDArray[np.int32], known: NDArray[np.uint64]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(which of the known lexemes, at which code it begins) of each place where one occurs: words, then bigrams.

    The first three are those of `flat_codes`. `known`: rising lexeme codes, at least one. Both words of a bigram are in
    one field of one text.
    """
    words = likely_places(codes, known[known < _FIRST_BIGRAM])
    firsts = likely_places(codes[1:], known[known >= _FIRST_BIGRAM])  # each is one before its second word
    firsts = firsts[(text[firsts] == text[firsts + 1]) & (field[firsts] == field[firsts + 1])]
    bigrams = codes[firsts].astype(np.uint64) << np.uint64(32) | codes[firsts + 1]
    found, at = np.concatenate([codes[words].astype(np.uint64), bigrams]), np.concatenate([words, firsts])
    which = np.minimum(np.searchsorted(known, found), len(known) - 1)
    is_known = known[which] == found
    return which[is_known], at[is_known]


def likely_places(codes: NDArray[np.uint32], wanted: NDArray[np.unsignedinteger[Any]]) -> NDArray[np.intp]:
    """Indexes of the codes that may be among the wanted: their lower half is that of a wanted code.

    Most codes of a text are not wanted, and a table of lower halves says so quickly. The lower half of a bigram's code
    is that of its second word.
    """
    likely = np.zeros(1 << 16, bool)
    likely[wanted & wanted.dtype.type(0xFFFF)] = True
    return np.flatnonzero(likely[codes & np.uint32(0xFFFF)])
