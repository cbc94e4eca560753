"""The features that rank provisions: a row of numbers for each candidate, all without accents. Pure numpy.

The list was found with the figures of bench/search_quality.py. No feature knows the number, year or effect of a
document; of documents only the type is known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from content.search.match.parsed_query import ParsedQuery
from content.search.rank import bm25
from content.search.rank.bm25 import Floats, Ints, QueryWeights, TypedWeights, WordCounts
from content.text import lexemes
from content.text.code_arrays import BODY, DOCUMENT, TITLE, likely_places

WINDOW_WORDS = 40
QUESTION_PATTERNS = (  # what a question asks for, and bigrams of titles that answer it
    (r"\bphat\b|\bxu phat\b|\bche tai\b", ("xu_phat", "vi_pham", "hinh_phat", "muc_phat", "phat_tien")),
    (r"\bbao lau\b|\bthoi han\b|\bthoi gian\b|\bmay ngay\b", ("thoi_han", "thoi_gian", "thoi_hieu", "thoi_diem")),
    (r"\bthu tuc\b|\btrinh tu\b|\bho so\b|\bgiay to\b", ("thu_tuc", "trinh_tu", "ho_so", "thanh_phan")),
    (r"\bdieu kien\b|\bdoi tuong\b|\btruong hop nao\b", ("dieu_kien", "doi_tuong", "tieu_chuan", "truong_hop")),
    (r"\bai co\b|\btham quyen\b|\bco quan nao\b", ("tham_quyen", "trach_nhiem", "nhiem_vu", "quyen_han")),
    (r"\bla gi\b|\bthe nao la\b|\bduoc hieu\b|\bkhai niem\b", ("giai_thich", "tu_ngu", "khai_niem")),
    (r"\bbao nhieu\b|\bmuc\b|\bty le\b", ("muc_huong", "muc_thu", "muc_luong", "muc_phi", "muc_tro", "muc_dong")),
)
GLOSSARY_PATTERN = 5  # index of the pattern that asks what a word means
DOCUMENT_TYPE_RANKS = (  # how the name of a document begins, and its rank in the hierarchy of acts
    ("thong_tu", 1), ("quyet_dinh", 2), ("nghi_quyet", 3), ("nghi_dinh", 4), ("phap_lenh", 5), ("luat", 6),
    ("bo_luat", 6), ("hien_phap", 7),
)  # fmt: skip
EXPLAINING_WORDS = ("la", "gom", "bao", "duoc")  # follow a term that is defined: là, gồm, bao gồm, được hiểu là
# precede the number of a reference
REFERRING_WORDS = ("khoan", "dieu", "diem", "so", "muc", "va", "den", "hoac", "chuong", "phan")
CLAUSE_NUMBERS = [str(number) for number in range(1, 61)]
Columns = dict[str, Any]  # {feature: a value for each candidate}
FEATURE_NAMES = (  # in the order of the columns, which the shipped trees know
    "base", "base_ratio", "base_own", "rank",
    *(f"cover_{field}_{kind}" for field in lexemes.FIELDS for kind in ("word", "pair")),
    "cover_all", "title_covered", "title_pairs_covered", "document_covered",
    "same_document", "same_document_sum", "behind_its_document",
    "length", "title_length", "window", "query_length", "query_weight", "document_type",
    *(f"pattern_{number}_{kind}" for number in range(len(QUESTION_PATTERNS)) for kind in ("asked", "unasked")),
    "rare_document_word", "rare_title_word", "rare_title_pair", "rare_body_word", "rare_body_pair",
    "rare_all_word", "rare_all_pair",
    "title_bigrams_covered", "pair_window", "explains", "glossary", "glossary_explains",
    "title_triples", "body_triples", "clause_word", "clause_pair", "clause_both", "clause_dense", "clauses",
)  # fmt: skip
_PATTERN_BIGRAMS = [
    np.array([lexemes.lexeme_code(bigram) for bigram in bigrams], np.uint64) for _, bigrams in QUESTION_PATTERNS
]
_EXPLAINING_CODES = np.array([lexemes.word_code(word) for word in EXPLAINING_WORDS], np.uint32)
_REFERRING_CODES = np.array([lexemes.word_code(word) for word in REFERRING_WORDS], np.uint32)
_NUMBER_CODES = np.array([lexemes.word_code(number) for number in CLAUSE_NUMBERS], np.uint32)


@dataclass(frozen=True)
class _Hits:
    """Where the words and bigrams of a query occur: indexes of WordCounts.codes."""

    is_word: NDArray[np.bool_]  # of each code
    bigrams: Ints  # first words, in all fields
    body_words: Ints
    body_bigrams: Ints

    @classmethod
    def of_counts(cls, counts: WordCounts) -> "_Hits":
        is_word = counts.word_index >= 0
        words, bigrams = np.flatnonzero(is_word), np.flatnonzero(counts.bigram_index >= 0)
        in_body = (counts.field[words] == BODY, counts.field[bigrams] == BODY)
        return cls(is_word, bigrams, words[in_body[0]], bigrams[in_body[1]])


@dataclass(frozen=True)
class _Names:
    """The words of titles and of names of documents, with their weights."""

    title: Ints  # indexes of WordCounts.codes
    document: Ints
    neighbours: Ints  # indexes of title words that another word of the same title follows
    weights: Floats  # inverse frequency of each code, 0 outside titles and names

    @classmethod
    def of_counts(cls, counts: WordCounts, query: ParsedQuery) -> "_Names":
        title, document = np.flatnonzero(counts.field == TITLE), np.flatnonzero(counts.field == DOCUMENT)
        weights = np.zeros(len(counts.codes), np.float32)
        for named in (title, document):
            weights[named] = query.statistics.inverse_frequencies_of(counts.codes[named])
        neighbours = title[:-1][(np.diff(title) == 1) & (np.diff(counts.candidate_index[title]) == 0)]
        return cls(title, document, neighbours, weights)


@dataclass(frozen=True)
class _ClauseNumbers:
    """Numbers in bodies with which a clause may begin."""

    at: Ints  # indexes of WordCounts.codes
    values: Ints  # indexes of CLAUSE_NUMBERS

    @classmethod
    def of_counts(cls, counts: WordCounts) -> "_ClauseNumbers":
        at = likely_places(counts.codes, _NUMBER_CODES)
        at = at[(counts.field[at] == BODY) & ~np.isin(counts.codes[at - 1], _REFERRING_CODES)]
        values = bm25.word_indexes(counts.codes[at], CLAUSE_NUMBERS)
        return cls(at[values >= 0], values[values >= 0])


def feature_matrix(
    counts: WordCounts, query_weights: QueryWeights, query: ParsedQuery, base: Floats, base_own: Floats
) -> Floats:
    """(candidates, len(FEATURE_NAMES)). `base`, `base_own`: BM25 with and without what synonyms added."""
    columns = feature_columns(counts, query_weights, query, base, base_own)
    return np.stack([np.asarray(columns[name], np.float32) for name in FEATURE_NAMES], axis=1)


def feature_columns(
    counts: WordCounts, query_weights: QueryWeights, query: ParsedQuery, base: Floats, base_own: Floats
) -> Columns:
    """The features by name, each computed once."""
    typed = query_weights.typed
    hits, names, numbers = _Hits.of_counts(counts), _Names.of_counts(counts, query), _ClauseNumbers.of_counts(counts)
    patterns = _pattern_features(counts, names, query)
    return {
        **_bm25_features(base, base_own),
        **_coverage_features(counts, typed),
        **_name_features(counts, names, hits),
        **_document_features(counts, names, base),
        **_size_features(counts, typed, query),
        **_window_features(counts, hits, typed),
        **patterns,
        **_rarity_features(counts, typed),
        **_definition_features(counts, hits, numbers, typed, patterns),
        **_triple_features(counts, hits, typed, query),
        **_clause_features(counts, hits, numbers, typed),
    }


def name_coverage(counts: WordCounts, query_weights: QueryWeights, query: ParsedQuery) -> tuple[Floats, Floats]:
    """The features title_covered and cover_all alone: all that is asked of a name."""
    title, typed = counts.field == TITLE, query_weights.typed
    weights = np.zeros(len(counts.codes), np.float32)
    weights[title] = query.statistics.inverse_frequencies_of(counts.codes[title])
    held, both = counts.word_counts.any(1), counts.bigram_counts.any(1)
    return (
        _covered_share(counts, title, counts.word_index >= 0, weights),
        (held @ typed.words + both @ typed.bigrams) / max(typed.words.sum() + typed.bigrams.sum(), 1e-6),
    )


def _bm25_features(base: Floats, base_own: Floats) -> Columns:
    return {"base": base, "base_ratio": base / max(base.max(), 1e-6), "base_own": base_own, "rank": _ranks(base)}


def _ranks(base: Floats) -> Floats:
    """0 for the best, at most 50."""
    ranks = np.empty(len(base), np.float32)
    ranks[np.argsort(-base, kind="stable")] = np.arange(len(base))
    return np.minimum(ranks, 50)


def _coverage_features(counts: WordCounts, typed: TypedWeights) -> Columns:
    """Shares of the weight of the query that each field holds, and all fields together."""
    has_word, has_bigram = counts.word_counts > 0, counts.bigram_counts > 0
    columns: Columns = {}
    for number, field in enumerate(lexemes.FIELDS):
        columns[f"cover_{field}_word"] = has_word[:, number] @ typed.words / typed.word_total
        columns[f"cover_{field}_pair"] = has_bigram[:, number] @ typed.bigrams / typed.bigram_total
    held = has_word.any(1) @ typed.words + has_bigram.any(1) @ typed.bigrams
    columns["cover_all"] = held / sum((typed.word_total, typed.bigram_total))
    return columns


def _name_features(counts: WordCounts, names: _Names, hits: _Hits) -> Columns:
    """Shares of the weight of the title, and of the name of the document, that the query has."""
    neighbours = names.neighbours
    both_asked = hits.is_word[neighbours] & hits.is_word[neighbours + 1]
    in_bigram = counts.bigram_index[neighbours] >= 0
    return {
        "title_covered": _covered_share(counts, names.title, hits.is_word, names.weights),
        "title_pairs_covered": _pairs_covered(counts, names, both_asked),
        "document_covered": _covered_share(counts, names.document, hits.is_word, names.weights),
        "title_bigrams_covered": _pairs_covered(counts, names, in_bigram),
    }


def _covered_share(counts: WordCounts, inside: Ints, is_hit: NDArray[np.bool_], weights: Floats) -> Floats:
    """Of the words `inside`: the share of their weight that the query covers, for each candidate."""
    row, candidates = counts.candidate_index[inside], len(counts.lengths)
    whole = np.bincount(row, weights[inside], candidates)
    covered = np.bincount(row, weights[inside] * is_hit[inside], candidates)
    return covered / (whole + 1e-6)


def _pairs_covered(counts: WordCounts, names: _Names, is_hit: NDArray[np.bool_]) -> Floats:
    """The same of pairs of neighbours in titles. `is_hit`: of each pair whether the query has it."""
    row, candidates = counts.candidate_index[names.neighbours], len(counts.lengths)
    both = names.weights[names.neighbours] + names.weights[names.neighbours + 1]
    whole = np.bincount(row, both, candidates)
    return np.bincount(row, both * is_hit, candidates) / (whole + 1e-6)


def _document_features(counts: WordCounts, names: _Names, base: Floats) -> Columns:
    """Candidates of the same document: how many, how good together, and how far this one is behind the best."""
    inside = names.document
    row = counts.candidate_index[inside]
    hashes = np.zeros(len(base), np.uint64)  # of names: documents of one name count as one
    spread = counts.codes[inside].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    places = np.arange(len(spread), dtype=np.uint64) - np.searchsorted(row, row).astype(np.uint64)
    np.add.at(hashes, row, spread * (places + np.uint64(1)))
    _, document = np.unique(hashes, return_inverse=True)
    best = np.full(document.max(initial=0) + 1, -np.inf)
    np.maximum.at(best, document, base)
    near = np.exp((base - base.max()) / 5)
    return {
        "same_document": np.bincount(document)[document],
        "same_document_sum": np.bincount(document, near)[document],
        "behind_its_document": best[document] - base,
        "document_type": _document_types(counts),
    }


def _document_types(counts: WordCounts) -> Floats:
    """The rank of the type with which the name of the document begins, 0 if it has none."""
    candidates = len(counts.lengths)
    first = np.minimum(np.searchsorted(counts.candidate_index, np.arange(candidates)), len(counts.codes) - 2)
    is_name = (counts.field[first] == DOCUMENT) & (counts.field[first + 1] == DOCUMENT)
    one = counts.codes[first].astype(np.uint64)
    pair = one << np.uint64(32) | counts.codes[first + 1]
    types = np.zeros(candidates, np.float32)
    for name, rank in DOCUMENT_TYPE_RANKS:
        types[is_name & ((pair if "_" in name else one) == lexemes.lexeme_code(name))] = rank
    return types


def _size_features(counts: WordCounts, typed: TypedWeights, query: ParsedQuery) -> Columns:
    candidates = len(counts.lengths)
    return {
        "length": np.log1p(counts.lengths[:, BODY]),
        "title_length": counts.lengths[:, TITLE],
        "query_length": np.full(candidates, len(query.words)),
        "query_weight": np.full(candidates, typed.word_total),
    }


def _window_features(counts: WordCounts, hits: _Hits, typed: TypedWeights) -> Columns:
    """Shares of the weight of the query that are close together in the body."""
    words = _best_window(counts, hits.body_words, counts.word_index, typed.words)
    pairs = _best_window(counts, hits.body_bigrams, counts.bigram_index, typed.bigrams)
    return {"window": words / typed.word_total, "pair_window": pairs / typed.bigram_total}


def _best_window(counts: WordCounts, hits: Ints, places: Ints, weights: Floats) -> Floats:
    """The most weight of different words (or bigrams) of the query within about WINDOW_WORDS words of the body."""
    best = np.zeros(len(counts.lengths), np.float32)
    if not len(hits):
        return best
    row, place = counts.candidate_index[hits], places[hits]
    for shift in (0, WINDOW_WORDS // 2):
        block = (hits + shift) // WINDOW_WORDS + row  # both only rise: never the same for two candidates
        block -= block[0]
        held = np.zeros((block[-1] + 1, len(weights)), bool)
        held[block, place] = True
        owner = np.zeros(len(held), np.int64)
        owner[block] = row
        np.maximum.at(best, owner, held @ weights)
    return best


def _pattern_features(counts: WordCounts, names: _Names, query: ParsedQuery) -> Columns:
    """Whether the title answers a kind of question, of each kind once if the query asks it and once if it does not."""
    text = " ".join(query.words)
    first = names.neighbours
    pairs = counts.codes[first].astype(np.uint64) << np.uint64(32) | counts.codes[first + 1]
    columns: Columns = {}
    for number, ((question, _), bigrams) in enumerate(zip(QUESTION_PATTERNS, _PATTERN_BIGRAMS, strict=True)):
        answers = np.zeros(len(counts.lengths), np.float32)
        answers[counts.candidate_index[first[np.isin(pairs, bigrams)]]] = 1
        is_asked = bool(re.search(question, text))
        columns[f"pattern_{number}_asked"] = answers * is_asked
        columns[f"pattern_{number}_unasked"] = answers * (not is_asked)
    return columns


def _rarity_features(counts: WordCounts, typed: TypedWeights) -> Columns:
    """Shares of the query that are held, where a word counts more if fewer other candidates hold it."""
    has_word, has_bigram = counts.word_counts > 0, counts.bigram_counts > 0
    return {
        "rare_document_word": _rarity_coverage(has_word[:, DOCUMENT], typed.words),
        "rare_title_word": _rarity_coverage(has_word[:, TITLE], typed.words),
        "rare_title_pair": _rarity_coverage(has_bigram[:, TITLE], typed.bigrams),
        "rare_body_word": _rarity_coverage(has_word[:, BODY], typed.words),
        "rare_body_pair": _rarity_coverage(has_bigram[:, BODY], typed.bigrams),
        "rare_all_word": _rarity_coverage(has_word.any(1), typed.words),
        "rare_all_pair": _rarity_coverage(has_bigram.any(1), typed.bigrams),
    }


def _rarity_coverage(held: Any, weights: Floats) -> Any:
    """`held`: (candidates, words), whether a candidate holds a word."""
    rarity = np.log((len(held) + 1) / (held.sum(0) + 0.5)) * (weights > 0)
    return held @ rarity / max(rarity.sum(), 1e-6)


def _definition_features(
    counts: WordCounts, hits: _Hits, numbers: _ClauseNumbers, typed: TypedWeights, patterns: Mapping[str, Any]
) -> Columns:
    """Whether a clause defines words of the query, and whether the article is a glossary."""
    explains = _explained_weight(counts, hits.body_words, numbers, typed.words) / typed.word_total
    is_glossary = patterns[f"pattern_{GLOSSARY_PATTERN}_asked"] + patterns[f"pattern_{GLOSSARY_PATTERN}_unasked"]
    return {"explains": explains, "glossary": is_glossary, "glossary_explains": explains * is_glossary}


def _explained_weight(counts: WordCounts, words: Ints, numbers: _ClauseNumbers, weights: Floats) -> Floats:
    """The most weight of consecutive words of the query that begin a clause and are followed by «là», «gồm» …"""
    best = np.zeros(len(counts.lengths), np.float32)
    is_number = np.zeros(len(counts.codes), bool)
    is_number[numbers.at] = True
    first = np.flatnonzero(is_number[words - 1] & (counts.bigram_index[words - 1] < 0))
    if not len(first):
        return best
    ends = np.flatnonzero(counts.bigram_index[words] < 0)  # of words that follow each other in text and query
    last = ends[np.searchsorted(ends, first)]
    behind = np.minimum(words[last] + 1, len(counts.codes) - 1)
    passed = np.cumsum(weights[counts.word_index[words]], dtype=np.float64)
    weight = passed[last] - passed[first] + weights[counts.word_index[words[first]]]
    is_defined = np.isin(counts.codes[behind], _EXPLAINING_CODES)
    np.maximum.at(best, counts.candidate_index[words[first]], weight * is_defined)
    return best


def _triple_features(counts: WordCounts, hits: _Hits, typed: TypedWeights, query: ParsedQuery) -> Columns:
    """Shares of the triples of consecutive words of the query that are consecutive in the title, and in the body."""
    places = {word: place for place, word in enumerate(dict.fromkeys(query.words))}  # typed words come first
    asked = np.array([places[word] for word in query.words])
    if len(asked) < 3:
        return dict.fromkeys(("title_triples", "body_triples"), np.zeros(len(counts.lengths), np.float32))
    weights, size = typed.words, len(typed.words)
    keys, first = np.unique((asked[:-2] * size + asked[1:-1]) * size + asked[2:], return_index=True)
    worth = (weights[asked[:-2]] + weights[asked[1:-1]] + weights[asked[2:]])[first]
    at = hits.bigrams[:-1][np.diff(hits.bigrams) == 1]
    place = counts.word_index
    there = (place[at] * size + place[at + 1]) * size + place[at + 2]
    which = np.minimum(np.searchsorted(keys, there), len(keys) - 1)
    is_held = keys[which] == there
    held = np.zeros((*counts.lengths.shape, len(keys)), bool)
    held[counts.candidate_index[at[is_held]], counts.field[at[is_held]], which[is_held]] = True
    return {
        "title_triples": held[:, TITLE] @ worth / worth.sum(),
        "body_triples": held[:, BODY] @ worth / worth.sum(),
    }


def _clause_features(counts: WordCounts, hits: _Hits, numbers: _ClauseNumbers, typed: TypedWeights) -> Columns:
    """What the best clause holds (words, bigrams, both, words for its length), and how many clauses there are."""
    sizes = counts.lengths.ravel()
    fields = np.cumsum(sizes, dtype=np.int64) - sizes.astype(np.int64)  # where each field begins
    starts = np.sort(np.concatenate([fields, _clause_starts(counts, numbers)]))
    lengths = np.diff(starts, append=len(counts.codes))
    clause = np.repeat(np.arange(len(starts)), lengths)
    first = np.searchsorted(starts, fields[:: len(lexemes.FIELDS)])  # the first «clause» of each candidate

    def held(at: Ints, places: Ints, weights: Floats) -> Floats:
        holds = np.zeros((len(starts), len(weights)), bool)
        holds[clause[at], places[at]] = True
        return holds @ weights

    def best(values: NDArray[Any]) -> NDArray[Any]:
        return np.maximum.reduceat(values, first)

    words = held(hits.body_words, counts.word_index, typed.words)
    pairs = held(hits.body_bigrams, counts.bigram_index, typed.bigrams)
    return {
        "clause_word": best(words / typed.word_total),
        "clause_pair": best(pairs / typed.bigram_total),
        "clause_both": best((words + pairs) / sum((typed.word_total, typed.bigram_total))),
        "clause_dense": best(words / (100 + lengths)),
        "clauses": np.diff(first, append=len(starts)),
    }


def _clause_starts(counts: WordCounts, numbers: _ClauseNumbers) -> Ints:
    """Where clauses begin: at the number that follows that of the clause before, counted from 1.

    All candidates are read at once. A key packs the number of a clause with its candidate, and its place in the text.
    """
    at, values, sequence = numbers.at, numbers.values, len(CLAUSE_NUMBERS)
    keys = np.append(np.sort((counts.candidate_index[at] * sequence + values).astype(np.int64) << 32 | at), -1)
    rows, place, starts = np.arange(len(counts.lengths), dtype=np.int64), np.int64(0), []
    for value in range(sequence):
        wanted = rows * sequence + value << 32 | place
        found = keys[np.searchsorted(keys[:-1], wanted)]  # of this number and candidate the first behind the last
        is_next = found >> 32 == wanted >> 32
        rows, place = rows[is_next], found[is_next] & 0xFFFFFFFF
        if not len(rows):
            break
        starts.append(place)
    return np.concatenate(starts) if starts else np.empty(0, np.int64)
