"""Accents for words typed without them: toc do toi da → tốc độ tối đa. Learnt from texts; pure.

The neighbours of a syllable tell its accents: of all spellings of a row of syllables the likeliest is taken (Viterbi
over pairs). Words that may not change count as neighbours too.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from content.text.vietnamese import fold, one_spelling

MAX_FORMS = 16_000  # spellings of words that are stored, the most frequent
MAX_PAIRS = 300_000  # of neighbours, likewise; six bytes each
MAX_FORMS_OF_ONE_WORD = 12  # spellings of one folded word
MIN_TIMES = 3  # a spelling seen no more often may be a misprint
PAIR_WEIGHT = 0.95  # of the frequency of the pair; the rest is of the word alone
ANY_NUMBER = "0"  # all numbers count as one word
WORDS_PER_CHUNK = 1_000_000  # words counted at a time
_WORD = re.compile(r"[^\W\d_]+|\d+")

PairCounts = tuple[np.ndarray, np.ndarray]  # places of two words as one number, times they are neighbours


@dataclass(frozen=True)
class Spellings:
    """Spellings of words: how often each occurs, and before which others."""

    forms: list[str]  # sorted by the folded word, of each the most frequent first
    times: np.ndarray  # uint32, of each form
    pairs: np.ndarray  # uint32, rising: place of the one form << 16 | place of the next
    together: np.ndarray  # uint16: how often, 65,535 at the most

    @cached_property
    def _ways(self) -> dict[str, tuple[int, int]]:
        """{folded word: (place of its first form, place after its last)}"""
        ways: dict[str, tuple[int, int]] = {}
        for place, form in enumerate(self.forms):
            key = fold(form)
            ways[key] = (ways.get(key, (place,))[0], place + 1)
        return ways

    @cached_property
    def _ended(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`times`, `pairs` and `together`, each with one more entry, for what was never seen."""
        never = np.iinfo(np.uint32).max
        return np.append(self.times, 0), np.append(self.pairs, np.uint32(never)), np.append(self.together, 0)

    def with_accents(self, words: Sequence[str], may_change: Sequence[bool]) -> list[str]:
        """The words with the likeliest accents, where `may_change` is true of a word; capitals stay.

        A word with accents or an unknown word never changes; an abbreviation gets no more than đ.
        """
        choices = [
            self._places(word.lower(), may and word.isascii()) for word, may in zip(words, may_change, strict=True)
        ]
        times, *_ = self._ended
        whole, score = float(times.sum()) or 1.0, np.zeros(1)
        before: np.ndarray | None = None
        steps: list[np.ndarray] = []
        for places in choices:
            likely = (times[places] + 0.1) / whole
            if before is not None:
                paired = self._together(before, places) / (times[before][:, None] + 1)
                likely = PAIR_WEIGHT * paired + (1 - PAIR_WEIGHT) * likely
            reached = score[:, None] + np.log(likely)
            steps.append(reached.argmax(0))
            score, before = reached.max(0), places
        best, at, all_capitals = list(words), int(score.argmax()), _are_all_capitals(words)
        for place in range(len(words) - 1, -1, -1):
            form = choices[place][at]
            if may_change[place] and form < len(self.forms) and words[place].isalpha():
                best[place] = _in_typed_case(self.forms[form], words[place], all_capitals)
            at = int(steps[place][at])
        return best

    def _places(self, word: str, may_change: bool) -> np.ndarray:
        """Places of the forms it may have: one where it may not change or is unknown; all numbers are one word."""
        key = ANY_NUMBER if word.isdigit() else fold(word)
        unknown = len(self.forms)
        first, end = self._ways.get(key, (unknown, unknown))
        if first == end:
            return np.array([unknown])
        if key == ANY_NUMBER or may_change:
            return np.arange(first, end)
        own = one_spelling(word)
        return np.array([next((place for place in range(first, end) if self.forms[place] == own), unknown)])

    def _together(self, before: np.ndarray, places: np.ndarray) -> np.ndarray:
        """How often each form of `before` occurs in front of each form of `places`."""
        _times, pairs, together = self._ended
        wanted = (before[:, None] << 16 | places).astype(np.uint32)
        at = np.searchsorted(pairs, wanted)
        return np.where(pairs[at] == wanted, together[at], 0)


def learn_spellings(texts: Iterable[str]) -> Spellings:
    """The spellings in NFC texts. 18 million words take about 20 s and 70 MB."""
    ids, read = {"": 0}, array("I", [0])
    counted: PairCounts = (np.empty(0, np.uint64), np.empty(0, np.int64))
    for text in texts:
        words = _WORD.findall(one_spelling(text.lower()))
        read.extend(ids.setdefault(ANY_NUMBER if word.isdigit() else word, len(ids)) for word in words)
        read.append(0)
        if len(read) > WORDS_PER_CHUNK:
            counted, read = _add_pair_counts(counted, read), array("I", [0])
    return _most_frequent_spellings(list(ids), *_add_pair_counts(counted, read))


def _add_pair_counts(before: PairCounts, read: "array[int]") -> PairCounts:
    """Add the pairs of neighbours in `read` to those counted before."""
    row = np.frombuffer(read, np.uint32).astype(np.uint64)
    pairs, times = np.unique(row[:-1] << np.uint64(32) | row[1:], return_counts=True)
    together, cell = np.unique(np.concatenate([before[0], pairs]), return_inverse=True)
    return together, np.bincount(cell, np.concatenate([before[1], times]), len(together)).astype(np.int64)


def _most_frequent_spellings(words: list[str], pairs: np.ndarray, times: np.ndarray) -> Spellings:
    """The spellings of the most frequent words and pairs."""
    one, other = (part.astype(np.int64) for part in (pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)))
    singles = np.bincount(one, times, len(words)).astype(np.int64)  # each word comes before another, or before an end
    by_key: dict[str, list[int]] = {}
    for place in np.argsort(-singles, kind="stable")[:MAX_FORMS].tolist():
        if words[place] and singles[place] > MIN_TIMES:
            by_key.setdefault(fold(words[place]), []).append(place)
    chosen = [place for key in sorted(by_key) for place in by_key[key][:MAX_FORMS_OF_ONE_WORD]]
    new = np.full(len(words), -1)
    new[chosen] = np.arange(len(chosen))
    useful = np.flatnonzero((new[one] >= 0) & (new[other] >= 0) & (times > 1))
    useful = useful[np.argsort(-times[useful], kind="stable")[:MAX_PAIRS]]
    stored = (new[one[useful]] << 16 | new[other[useful]]).astype(np.uint32)
    order = np.argsort(stored)
    together = np.minimum(times[useful], 65_535).astype(np.uint16)
    return Spellings(
        [words[place] for place in chosen], singles[chosen].astype(np.uint32), stored[order], together[order]
    )


def _are_all_capitals(words: Sequence[str]) -> bool:
    """Whether all words are in capitals, so that capitals mark no abbreviation."""
    letters = [word for word in words if word.isalpha()]
    return len(letters) > 2 and all(word.isupper() for word in letters)


def _in_typed_case(form: str, typed: str, all_capitals: bool) -> str:
    if form == typed.lower():  # kWh
        return typed
    if typed.isupper() and len(typed) > 1:
        return form.upper() if all_capitals or form.replace("đ", "d") == typed.lower() else typed  # VAT is no vật
    return form[:1].upper() + form[1:] if typed[:1].isupper() else form
