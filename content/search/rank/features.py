"""What the learnt scores look at: a row of numbers for each candidate, all of them without accents. Pure numpy.

The list was found with the figures of bench/search_quality.py; it knows no number, year or status of a document, only
its type.
"""

import re

import numpy as np

from content.search.rank import bm25
from content.text import lexemes

WINDOW_WORDS = 40  # words
QUESTION_PATTERNS = (  # what a question asks for; bigrams of a title that answers it
    (r"\bphat\b|\bxu phat\b|\bche tai\b", ("xu_phat", "vi_pham", "hinh_phat", "muc_phat", "phat_tien")),
    (r"\bbao lau\b|\bthoi han\b|\bthoi gian\b|\bmay ngay\b", ("thoi_han", "thoi_gian", "thoi_hieu", "thoi_diem")),
    (r"\bthu tuc\b|\btrinh tu\b|\bho so\b|\bgiay to\b", ("thu_tuc", "trinh_tu", "ho_so", "thanh_phan")),
    (r"\bdieu kien\b|\bdoi tuong\b|\btruong hop nao\b", ("dieu_kien", "doi_tuong", "tieu_chuan", "truong_hop")),
    (r"\bai co\b|\btham quyen\b|\bco quan nao\b", ("tham_quyen", "trach_nhiem", "nhiem_vu", "quyen_han")),
    (r"\bla gi\b|\bthe nao la\b|\bduoc hieu\b|\bkhai niem\b", ("giai_thich", "tu_ngu", "khai_niem")),
    (r"\bbao nhieu\b|\bmuc\b|\bty le\b", ("muc_huong", "muc_thu", "muc_luong", "muc_phi", "muc_tro", "muc_dong")),
)
GLOSSARY_PATTERN = 5  # of these: the title of an article that explains words
DOCUMENT_TYPE_RANKS = (  # how the name of a document begins, and how high it stands
    ("thong_tu", 1), ("quyet_dinh", 2), ("nghi_quyet", 3), ("nghi_dinh", 4), ("phap_lenh", 5), ("luat", 6),
    ("bo_luat", 6), ("hien_phap", 7),
)  # fmt: skip
EXPLAINING_WORDS = (
    "la",
    "gom",
    "bao",
    "duoc",
)  # what stands behind a term that is explained: là, bao gồm, được hiểu là
# what stands before the number of a reference
REFERRING_WORDS = ("khoan", "dieu", "diem", "so", "muc", "va", "den", "hoac", "chuong", "phan")
CLAUSE_NUMBERS = [str(number) for number in range(1, 61)]  # of clauses
FIELDS = lexemes.FIELDS
FEATURE_NAMES = (
    "base", "base_ratio", "base_own", "rank",
    *(f"cover_{field}_{kind}" for field in FIELDS for kind in ("word", "pair")),
    "cover_all", "title_covered", "title_pairs_covered", "document_covered",
    "same_document", "same_document_sum", "behind_its_document",
    "length", "title_length", "window", "query_length", "query_weight", "document_type",
    *(f"pattern_{number}_{kind}" for number in range(len(QUESTION_PATTERNS)) for kind in ("asked", "unasked")),
    "rare_document_word", "rare_title_word", "rare_title_pair", "rare_body_word", "rare_body_pair",
    "rare_all_word", "rare_all_pair",
    "title_bigrams_covered", "pair_window", "explains", "glossary", "glossary_explains",
    "title_triples", "body_triples", "clause_word", "clause_pair", "clause_both", "clause_dense", "clauses",
)  # fmt: skip


def feature_matrix(counts, asked, counted, words, base, base_own):
    """(candidates, len(NAMES)) float32. `base`, `base_own`: BM25 with and without what aliases added; `words`: those
    that were typed, in order.
    """
    candidates = len(base)
    own = {"word": asked.single * (asked.single_share == 1), "pair": asked.double * (asked.double_share == 1)}
    held = {"word": counts.single > 0, "pair": counts.double > 0}
    whole = {kind: max(weights.sum(), 1e-6) for kind, weights in own.items()}
    columns = [base, base / max(base.max(), 1e-6), base_own, _ranks(base)]
    for field in range(len(FIELDS)):
        columns += [held[kind][:, field] @ own[kind] / whole[kind] for kind in ("word", "pair")]
    columns.append((held["word"].any(1) @ own["word"] + held["pair"].any(1) @ own["pair"]) / sum(whole.values()))
    title, document = np.flatnonzero(counts.field == 2), np.flatnonzero(counts.field == 0)
    weights = np.zeros(len(counts.codes), np.float32)
    for named in (title, document):
        weights[named] = counted.weights_of(counts.codes[named])
    asked_for = counts.place >= 0
    neighbours = title[:-1][(np.diff(title) == 1) & (np.diff(counts.row[title]) == 0)]
    columns += [
        _covered_share(counts.row, title, asked_for, weights, candidates),
        _pairs_covered(counts, neighbours, weights, asked_for[neighbours] & asked_for[neighbours + 1], candidates),
        _covered_share(counts.row, document, asked_for, weights, candidates),
    ]
    columns += _document_features(counts, document, base)
    hits, links = np.flatnonzero(asked_for), np.flatnonzero(counts.pair >= 0)
    body_words, body_pairs = hits[counts.field[hits] == 3], links[counts.field[links] == 3]
    columns += [np.log1p(counts.lengths[:, 3]), counts.lengths[:, 2]]
    columns.append(_best_window(counts, body_words, counts.place, own["word"]) / whole["word"])
    columns += [np.full(candidates, len(words)), np.full(candidates, whole["word"])]
    columns.append(_document_types(counts, candidates))
    patterns = _pattern_features(counts, neighbours, words, candidates)
    columns += patterns
    columns.append(_rarity_coverage(held["word"][:, 0], own["word"]))
    columns += [_rarity_coverage(held[kind][:, field], own[kind]) for field in (2, 3) for kind in ("word", "pair")]
    columns += [_rarity_coverage(held[kind].any(1), own[kind]) for kind in ("word", "pair")]
    columns += [
        _pairs_covered(counts, neighbours, weights, counts.pair[neighbours] >= 0, candidates),
        _best_window(counts, body_pairs, counts.pair, own["pair"]) / whole["pair"],
    ]
    numbers = _clause_numbers(counts)
    explains = _explained_weight(counts, body_words, numbers, own["word"]) / whole["word"]
    is_glossary = patterns[2 * GLOSSARY_PATTERN] + patterns[2 * GLOSSARY_PATTERN + 1]
    columns += [explains, is_glossary, explains * is_glossary]
    columns += _triple_coverage(counts, links, words, own["word"])
    columns += _clause_features(counts, body_words, body_pairs, numbers, own, whole)
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def name_coverage(counts, asked, counted):
    """(title_covered, cover_all) alone, as arrays: all that is asked of a name."""
    own, held = asked.single * (asked.single_share == 1), counts.single.any(1)
    pairs, both = asked.double * (asked.double_share == 1), counts.double.any(1)
    title = counts.field == 2
    weights = np.zeros(len(counts.codes), np.float32)
    weights[title] = counted.weights_of(counts.codes[title])
    return (
        _covered_share(counts.row, title, counts.place >= 0, weights, len(held)),
        (held @ own + both @ pairs) / max(own.sum() + pairs.sum(), 1e-6),
    )


def _ranks(base):
    ranks = np.empty(len(base), np.float32)
    ranks[np.argsort(-base, kind="stable")] = np.arange(len(base))
    return np.minimum(ranks, 50)


def _covered_share(row, inside, hit, weights, candidates):
    """Which share of the weight of a field the query covers."""
    whole = np.bincount(row[inside], weights[inside], candidates)
    covered = np.bincount(row[inside], weights[inside] * hit[inside], candidates)
    return covered / (whole + 1e-6)


def _pairs_covered(counts, first, weights, hit, candidates):
    """The same of two neighbours each, of which these are the first; `hit`: which of them are in the query."""
    both = weights[first] + weights[first + 1]
    whole = np.bincount(counts.row[first], both, candidates)
    return np.bincount(counts.row[first], both * hit, candidates) / (whole + 1e-6)


def _rarity_coverage(held, own):
    """Which share of the query is held where a word counts the more, the fewer of the other candidates hold it."""
    weights = np.log((len(held) + 1) / (held.sum(0) + 0.5)) * (own > 0)
    return held @ weights / max(weights.sum(), 1e-6)


def _document_features(counts, inside, base):
    """Of its document: how many candidates, how good they are together, and how far behind the best this one is."""
    names = np.zeros(len(base), np.uint64)
    spread = counts.codes[inside].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    places = np.arange(len(spread), dtype=np.uint64) - np.searchsorted(counts.row[inside], counts.row[inside]).astype(
        np.uint64
    )
    np.add.at(names, counts.row[inside], spread * (places + np.uint64(1)))
    _, document = np.unique(names, return_inverse=True)
    best = np.full(document.max(initial=0) + 1, -np.inf)
    np.maximum.at(best, document, base)
    near = np.exp((base - base.max()) / 5)
    return [np.bincount(document)[document], np.bincount(document, near)[document], best[document] - base]


def _best_window(counts, hits, places, weights):
    """The most weight of different words (or bigrams) of the query that stand within about WINDOW words of the body."""
    best = np.zeros(len(counts.lengths), np.float32)
    if not len(hits):
        return best
    row, place = counts.row[hits], places[hits]
    for shift in (0, WINDOW_WORDS // 2):
        block = (hits + shift) // WINDOW_WORDS + row  # both only rise: never the same for two rows
        block -= block[0]
        held = np.zeros((block[-1] + 1, len(weights)), bool)
        held[block, place] = True
        owner = np.zeros(len(held), np.int64)
        owner[block] = row
        np.maximum.at(best, owner, held @ weights)
    return best


def _triple_coverage(counts, links, words, weights):
    """Which share of the threes of words that follow each other in the query does so in the title, and in the body."""
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}  # what was typed comes first
    asked = np.array([places[word] for word in words])
    if len(asked) < 3:
        return [np.zeros(len(counts.lengths), np.float32)] * 2
    size = len(weights)
    keys, first = np.unique((asked[:-2] * size + asked[1:-1]) * size + asked[2:], return_index=True)
    worth = (weights[asked[:-2]] + weights[asked[1:-1]] + weights[asked[2:]])[first]
    at = links[:-1][np.diff(links) == 1]
    there = (counts.place[at] * size + counts.place[at + 1]) * size + counts.place[at + 2]
    which = np.minimum(np.searchsorted(keys, there), len(keys) - 1)
    is_held = keys[which] == there
    held = np.zeros((*counts.lengths.shape, len(keys)), bool)
    held[counts.row[at[is_held]], counts.field[at[is_held]], which[is_held]] = True
    return [held[:, field] @ worth / worth.sum() for field in (2, 3)]


def _explained_weight(counts, words, numbers, weights):
    """The most weight of words of the query, one after the other, that a clause begins with and says what they are."""
    best = np.zeros(len(counts.lengths), np.float32)
    is_number = np.zeros(len(counts.codes), bool)
    is_number[numbers[0]] = True
    first = np.flatnonzero(is_number[words - 1] & (counts.pair[words - 1] < 0))
    if not len(first):
        return best
    ends = np.flatnonzero(counts.pair[words] < 0)  # of the words that follow each other both there and in the query
    last = ends[np.searchsorted(ends, first)]
    behind = np.minimum(words[last] + 1, len(counts.codes) - 1)
    passed = np.cumsum(weights[counts.place[words]], dtype=np.float64)
    weight = passed[last] - passed[first] + weights[counts.place[words[first]]]
    np.maximum.at(best, counts.row[words[first]], weight * np.isin(counts.codes[behind], _EXPLAINING))
    return best


def _clause_features(counts, words, pairs, numbers, own, whole):
    """What the best clause holds (words, bigrams, both, words by its length), and how many clauses there are."""
    fields = np.cumsum(counts.lengths.ravel(), dtype=np.int64) - counts.lengths.ravel().astype(np.int64)
    starts = np.sort(np.concatenate([fields, _clause_starts(counts, *numbers)]))
    lengths = np.diff(starts, append=len(counts.codes))
    clause = np.repeat(np.arange(len(starts)), lengths)
    first = np.searchsorted(starts, fields[:: len(FIELDS)])
    held = []
    for kind, hits, places in (("word", words, counts.place), ("pair", pairs, counts.pair)):
        holds = np.zeros((len(starts), len(own[kind])), bool)
        holds[clause[hits], places[hits]] = True
        held.append(holds @ own[kind])
    singles, doubles = held
    each = (
        singles / whole["word"],
        doubles / whole["pair"],
        (singles + doubles) / sum(whole.values()),
        singles / (100 + lengths),
    )
    return [*(np.maximum.reduceat(values, first) for values in each), np.diff(first, append=len(starts))]


def _clause_starts(counts, at, values):
    """Where clauses begin: at the number after that of the clause before, counted from 1."""
    keys = np.append(np.sort((counts.row[at] * len(CLAUSE_NUMBERS) + values).astype(np.int64) << 32 | at), -1)
    rows, place, starts = np.arange(len(counts.lengths), dtype=np.int64), 0, []
    for value in range(len(CLAUSE_NUMBERS)):
        wanted = rows * len(CLAUSE_NUMBERS) + value << 32 | place
        found = keys[np.searchsorted(keys[:-1], wanted)]  # of this number and row the first behind the last
        is_next = found >> 32 == wanted >> 32
        rows, place = rows[is_next], found[is_next] & 0xFFFFFFFF
        if not len(rows):
            break
        starts.append(place)
    return np.concatenate(starts) if starts else np.empty(0, np.int64)


def _clause_numbers(counts):
    """(which codes of bodies are a number that a clause may begin with, its place in FROM_ONE)."""
    at = np.flatnonzero(_MAY_BE_NUMBER[counts.codes & 0xFFFF])
    at = at[(counts.field[at] == 3) & ~np.isin(counts.codes[at - 1], _REFERRING)]
    values = bm25.word_indexes(counts.codes[at], CLAUSE_NUMBERS)
    return at[values >= 0], values[values >= 0]


def _document_types(counts, candidates):
    first = np.minimum(np.searchsorted(counts.row, np.arange(candidates)), len(counts.codes) - 2)
    named = (counts.field[first] == 0) & (counts.field[first + 1] == 0)
    one = counts.codes[first].astype(np.uint64)
    pair = one << np.uint64(32) | counts.codes[first + 1]
    types = np.zeros(candidates, np.float32)
    for name, rank in DOCUMENT_TYPE_RANKS:
        types[named & ((pair if "_" in name else one) == lexemes.lexeme_code(name))] = rank
    return types


def _pattern_features(counts, first, words, candidates):
    text = " ".join(words)
    pairs = counts.codes[first].astype(np.uint64) << np.uint64(32) | counts.codes[first + 1]
    columns = []
    for (asked, _), wanted in zip(QUESTION_PATTERNS, _PATTERN_BIGRAMS, strict=True):
        answers = np.zeros(candidates, np.float32)
        answers[counts.row[first[np.isin(pairs, wanted)]]] = 1
        is_asked = bool(re.search(asked, text))
        columns += [answers * is_asked, answers * (not is_asked)]
    return columns


_PATTERN_BIGRAMS = [
    np.array([lexemes.lexeme_code(bigram) for bigram in bigrams], np.uint64) for _, bigrams in QUESTION_PATTERNS
]
_EXPLAINING, _REFERRING = (
    np.array([lexemes.word_code(word) for word in some], np.uint32) for some in (EXPLAINING_WORDS, REFERRING_WORDS)
)
_MAY_BE_NUMBER = np.zeros(1 << 16, bool)  # by half of a code
_MAY_BE_NUMBER[[lexemes.word_code(number) & 0xFFFF for number in CLAUSE_NUMBERS]] = True
