"""What the learnt scores look at: a row of numbers for each candidate, all of them without accents. Pure numpy.

The list was found with the figures of bench/search_quality.py; it knows no number, year or status of a document, only
its type.
"""

import re

import numpy as np

from content.text import lexemes

WINDOW = 40  # words
PATTERNS = (  # what a question asks for; bigrams of a title that answers it
    (r"\bphat\b|\bxu phat\b|\bche tai\b", ("xu_phat", "vi_pham", "hinh_phat", "muc_phat", "phat_tien")),
    (r"\bbao lau\b|\bthoi han\b|\bthoi gian\b|\bmay ngay\b", ("thoi_han", "thoi_gian", "thoi_hieu", "thoi_diem")),
    (r"\bthu tuc\b|\btrinh tu\b|\bho so\b|\bgiay to\b", ("thu_tuc", "trinh_tu", "ho_so", "thanh_phan")),
    (r"\bdieu kien\b|\bdoi tuong\b|\btruong hop nao\b", ("dieu_kien", "doi_tuong", "tieu_chuan", "truong_hop")),
    (r"\bai co\b|\btham quyen\b|\bco quan nao\b", ("tham_quyen", "trach_nhiem", "nhiem_vu", "quyen_han")),
    (r"\bla gi\b|\bthe nao la\b|\bduoc hieu\b|\bkhai niem\b", ("giai_thich", "tu_ngu", "khai_niem")),
    (r"\bbao nhieu\b|\bmuc\b|\bty le\b", ("muc_huong", "muc_thu", "muc_luong", "muc_phi", "muc_tro", "muc_dong")),
)
TYPES = (  # how the name of a document begins, and how high it stands
    ("thong_tu", 1), ("quyet_dinh", 2), ("nghi_quyet", 3), ("nghi_dinh", 4), ("phap_lenh", 5), ("luat", 6),
    ("bo_luat", 6), ("hien_phap", 7),
)  # fmt: skip
FIELDS = lexemes.FIELDS
NAMES = (
    "base", "base_ratio", "base_own", "rank",
    *(f"cover_{field}_{kind}" for field in FIELDS for kind in ("word", "pair")),
    "cover_all", "title_covered", "title_pairs_covered", "document_covered",
    "same_document", "same_document_sum", "behind_its_document",
    "length", "title_length", "window", "query_length", "query_weight", "document_type",
    *(f"pattern_{number}_{kind}" for number in range(len(PATTERNS)) for kind in ("asked", "unasked")),
)  # fmt: skip


def matrix(counts, asked, counted, words, base, base_own):
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
    title, document = counts.field == 2, counts.field == 0
    weights = np.zeros(len(counts.codes), np.float32)
    named = np.flatnonzero(title | document)
    weights[named] = counted.weights_of(counts.codes[named])
    asked_for = counts.place >= 0
    columns += [
        _share(counts.row, title, asked_for, weights, candidates),
        _pairs_covered(counts, title, weights, candidates),
        _share(counts.row, document, asked_for, weights, candidates),
    ]
    columns += _by_document(counts, document, base)
    columns += [np.log1p(counts.lengths[:, 3]), counts.lengths[:, 2], _window(counts, own["word"]) / whole["word"]]
    columns += [np.full(candidates, len(words)), np.full(candidates, whole["word"])]
    columns.append(_document_types(counts, candidates))
    columns += _patterns(counts, title, words, candidates)
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def of_a_name(counts, asked, counted):
    """(title_covered, cover_all) alone, as arrays: all that is asked of a name."""
    own, held = asked.single * (asked.single_share == 1), counts.single.any(1)
    pairs, both = asked.double * (asked.double_share == 1), counts.double.any(1)
    title = counts.field == 2
    weights = np.zeros(len(counts.codes), np.float32)
    weights[title] = counted.weights_of(counts.codes[title])
    return (
        _share(counts.row, title, counts.place >= 0, weights, len(held)),
        (held @ own + both @ pairs) / max(own.sum() + pairs.sum(), 1e-6),
    )


def _ranks(base):
    ranks = np.empty(len(base), np.float32)
    ranks[np.argsort(-base, kind="stable")] = np.arange(len(base))
    return np.minimum(ranks, 50)


def _share(row, inside, hit, weights, candidates):
    """Which share of the weight of a field the query covers."""
    whole = np.bincount(row[inside], weights[inside], candidates)
    covered = np.bincount(row[inside & hit], weights[inside & hit], candidates)
    return covered / (whole + 1e-6)


def _pairs_covered(counts, inside, weights, candidates):
    """The same of the neighbours in it that both are words of the query."""
    first = np.flatnonzero(inside[:-1] & inside[1:] & (counts.row[:-1] == counts.row[1:]))
    both = weights[first] + weights[first + 1]
    hit = (counts.place[first] >= 0) & (counts.place[first + 1] >= 0)
    whole = np.bincount(counts.row[first], both, candidates)
    return np.bincount(counts.row[first[hit]], both[hit], candidates) / (whole + 1e-6)


def _by_document(counts, inside, base):
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


def _window(counts, weights):
    """The most weight of different words of the query that stand within about WINDOW words of the body."""
    hits = np.flatnonzero((counts.place >= 0) & (counts.field == 3))
    best = np.zeros(len(counts.lengths), np.float32)
    if not len(hits):
        return best
    row, place = counts.row[hits], counts.place[hits]
    for shift in (0, WINDOW // 2):
        block = (hits + shift) // WINDOW + row  # both only rise: never the same for two rows
        first = block[0]
        held = np.zeros((block[-1] - first + 1, len(weights)), bool)
        held[block - first, place] = True
        np.maximum.at(best, row, (held @ weights)[block - first])
    return best


def _document_types(counts, candidates):
    first = np.minimum(np.searchsorted(counts.row, np.arange(candidates)), len(counts.codes) - 2)
    named = (counts.field[first] == 0) & (counts.field[first + 1] == 0)
    one = counts.codes[first].astype(np.uint64)
    pair = one << np.uint64(32) | counts.codes[first + 1]
    types = np.zeros(candidates, np.float32)
    for name, rank in TYPES:
        types[named & ((pair if "_" in name else one) == lexemes.code_of(name))] = rank
    return types


def _patterns(counts, inside, words, candidates):
    text = " ".join(words)
    first = np.flatnonzero(inside[:-1] & inside[1:] & (counts.row[:-1] == counts.row[1:]))
    pairs = counts.codes[first].astype(np.uint64) << np.uint64(32) | counts.codes[first + 1]
    columns = []
    for (asked, _), wanted in zip(PATTERNS, _PAIRS, strict=True):
        answers = np.zeros(candidates, np.float32)
        answers[counts.row[first[np.isin(pairs, wanted)]]] = 1
        is_asked = bool(re.search(asked, text))
        columns += [answers * is_asked, answers * (not is_asked)]
    return columns


_PAIRS = [np.array([lexemes.code_of(bigram) for bigram in bigrams], np.uint64) for _, bigrams in PATTERNS]
