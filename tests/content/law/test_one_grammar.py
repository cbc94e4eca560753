"""One grammar of references: outside `content.law` no pattern has words of units, or numbers of documents, of its own.

Patterns are put together from `content.law.lexer`: «rf"(?:riêng )?(?:{UNIT})"». What lies below `content.law` cannot
import it and is not looked at.
"""

import ast
import re

import pytest

from content.law.lexer.unit_lexicon import SPELLINGS
from tests.test_architecture import ROOT, height, package_of, sources, tree_of

NOT_REFERENCES = {  # file or folder: what the words in its patterns are, if not references
    "api/guide/samples/": "an example for the programs of others, which do not have our grammar",
    "content/importing/webpage.py": "names of places in saved pages, «dieu_5», and headings of articles",
    "content/marks/": "marks with which lines of a text begin, with every fault of a scanner",
    "content/parsing/": "the same: headings of articles and annexes, as printed, misread or run into a line",
    "content/typed_citations/spelling.py": "slips in numbers, which are put right before the grammar reads them",
}
OTHER_WORDS = re.compile(  # with a word for a unit in them
    r"(?:thời|thí|đặc|quan)_điểm|điều_(?:khoản|kiện|lệ|chỉnh|hành)|tài_khoản|(?:danh|đề)_mục|chi_tiết|một_phần"
)
WORDS = [  # «phần» and «tiết» are words of their own too; «đoạn» is a passage
    *{word for words in SPELLINGS.values() for word in words} - {"phần", "phan", "tiết", "tiet", "đoạn", "doan"},
    "mẫu",
]
UNIT = re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?![^\W_])")
DIGITS = r"(?:\\d|\[0-9\])[^/\s|]{0,12}"
LETTERS = r"(?:\[\^?[a-z\\]|\\w|nđ|nd|qđ|qd|tt|qh|nq|ct)"
NUMBER = re.compile(rf"{DIGITS}(?:\\s[?*])?(?:/|\[/[^\]]*\])(?:\\s[?*]|\(\?:|\()*{LETTERS}|qh(?:\\s\??)?\\d|n[đd]-cp")
RE_CALLS = {"compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
LOOKS_LIKE_A_PATTERN = re.compile(r"\\[swdWSDbBAZ]|\(\?|\S\|\S")


def own_patterns(tree):
    """(line, literal part) of the patterns in a module: what `re` is given, and constants that look like a part."""
    found = {}
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and node.args
        called = node.func if is_call else None
        named = getattr(called, "attr", getattr(called, "id", ""))
        of_re = isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "re" and named in RE_CALLS
        if of_re or named == "compiled_when_used":
            found |= {(part.lineno, part.value): True for part in strings(node.args[0])}
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            parts = [part for part in strings(node.value) if LOOKS_LIKE_A_PATTERN.search(part.value)]
            found |= {(part.lineno, part.value): True for part in parts}
    return list(found)


def strings(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def reads_references(pattern):
    folded = pattern.lower()
    plain = OTHER_WORDS.sub(" ", re.sub(r"(?:\\s[+*]?|\s)", "_", folded)).replace("_", " ")
    return bool(UNIT.search(plain) or NUMBER.search(re.sub(r"\(\?<?!(?:[^()]|\([^()]*\))*\)", "", folded)))


def is_looked_at(path):
    if path.parts[:2] == ("content", "law"):
        return False
    at = height(path.parts[0], package_of(path)) if path.parts[0] == "content" else None
    return path.parts[0] != "content" or at is None or at > height("content", "law")


def test_no_module_has_a_pattern_of_its_own_for_units_or_numbers_of_documents():
    found = [
        f"{path}:{line} {pattern[:80]}"
        for path in sources()
        if is_looked_at(path) and not str(path).startswith(tuple(NOT_REFERENCES))
        for line, pattern in own_patterns(tree_of(path))
        if reads_references(pattern)
    ]
    assert found == []


@pytest.mark.parametrize("place", NOT_REFERENCES)
def test_every_exception_is_needed(place):
    paths = [path for path in sources() if str(path).startswith(place)]
    assert any(reads_references(pattern) for path in paths for _, pattern in own_patterns(tree_of(path)))
    assert (ROOT / place).exists()


@pytest.mark.parametrize(
    "line",
    [
        'import re\n_A = re.compile(r"(?:tại\\s+)?khoản\\s+\\d+")',
        'import re\ndef f(t): return re.search(r"Điều (\\d+)", t)',
        'import re\n_A = re.compile(rf"{X}\\s+(?:điểm|khoản) này")',
        '_PART = r"(?:phụ lục|mẫu)(?!\\w)"',
        'import re\n_A = re.compile(r"\\d{1,5}/\\d{4}/[A-ZĐ]+")',
        'import re\n_A = re.compile(r"\\d+[a-z]?\\s?[/-]\\s?nd-cp")',
        'import re\n_A = re.compile(r"(?:ubtv)?qh\\d{1,2}")',
        'import re\n_A = re.compile(r"dieu|khoan")',
    ],
)
def test_this_sees_a_pattern_of_a_units_word_or_a_number(line):
    assert any(reads_references(pattern) for _, pattern in own_patterns(ast.parse(line)))


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:từ|đến)\s+(?:ngày|thời điểm)",
        r"với\s+điều\s+kiện|điều khoản thi hành",
        r"\d{1,2}/\d{1,2}/\d{4}",
        r"danh mục|chi tiết",
        r"\d+(?![\w/])",
    ],
)
def test_this_takes_no_other_words_for_references(pattern):
    assert not reads_references(pattern)
