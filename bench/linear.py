"""That reading a text twice as long takes at most three times as long, for every reader of text, on hostile texts.

    .venv/bin/python bench/linear.py [--size CHARACTERS] [--reader NAME …]

The readers are those that run on what a person gives: the parser, references, relations, amending instructions,
definitions, personal data, the search query, official numbers, speech, the preview of the staff site. Each text is a
piece repeated: hostile to regular expressions, all quotations, all marks, all tables, one long line, combining marks.

Prints t(2n)/t(n) (the best of several) and seconds per 100 kB where they are high, the slowest text of each reader, and
the worst of all; exit code 1 at a ratio of 3 or above, or more than 1 s per 100 kB. No database is needed.
"""

import argparse
import datetime
import signal
import sys
import time
from collections.abc import Callable

from fidelity import ROOT  # noqa: F401 (sets Django up)

from content import parsing, personal_data
from content.amendments.recognition import amending_acts
from content.documents.records import RecordError
from content.editing import preview
from content.errors import RuleBroken
from content.glossary import definitions
from content.importing import document_heads, legacy_encodings
from content.law import document_references, grammar, mentions, official_numbers
from content.law.doc_types import DocType
from content.law.known_names import LAW_ABBREVIATIONS, KnownNames
from content.law.lexer.document_words import folded_numbers
from content.law.lexer.unit_names import unit_names
from content.mentions.amended_words import mentions_of_the_act
from content.people import text_input
from content.publishing import number_symbols
from content.publishing.stated_first_day import stated_first_day
from content.relations import ending_reader, finder
from content.search.match import parsed_query
from content.text import lexemes, mojibake, snippets, speech, vietnamese
from content.typed_citations import documents as typed_documents
from content.typed_citations import units as typed_units

PIECES = {
    # Marks, quotations and layout of laws
    "one long line": "a",
    "spaces": " ",
    "odd blanks": "a\xa0\u200b ",
    "digits and stops": "1.1.",
    "nested brackets": "((((",
    "quotation marks in a line": '“”" ',
    "quotations opened": "Điều 1. A như sau:\n“Điều 2. B\n",
    "quotations closed": "”.\n",
    "articles": "Điều 1. A\nx.\n",
    "articles that restart": "Điều 1. A\n1. B\n1. B\na) C\na) C\n",
    "wild articles": "Điều 9999. A\n",
    "misread articles": "Điêu 7 . A\nl. B\na ) C\n",
    "numbers skipped": "Điều 1. A\n1. B\n2, B\n3. B;c) C\nd) D\nB.\n5. B\n",
    "wrong signs": "Điều 2, A\n1. B\n2, B\n3/ B\n4- B:\na/ C;\nb. D;\nç) E;\nø) F.\n",
    "wrong signs alone": "2, B.\n",
    "units in a line": "của mình.5. Quyền; c) Việc. Điều 3. Việc “1. Một ",
    "odd marks": "1. B\n2. Gồm:\na) C;\nb) D;\n© E;\n[3] B\n3\n**4.** B\n(5) B\nKhoản 6. B\n",
    "stray quotation marks": "“1. B\n2. B”\nĐiều 2. A\n",
    "wrong signs of articles": "Điều 1. A.\nĐiều 2, B.\nĐiều l9. C.\n",
    "UTF-8 read as Latin-1": "\xc4\x90i\xe1\xbb\x81u ",
    "UTF-8 read as Latin-1, spoilt": "\xe1\xbb\x81 \xc4 ạ\n",
    "letters lost as question marks": "Ng??i s? d?ng ",
    "question marks": "a?",
    "exceptions before the effect": "Trừ Điều 2, Nghị định này có hiệu lực, ",
    "exceptions without an end": ". Trừ Trừ a, ",
    "days after issue": "Nghị định này có hiệu lực sau 45 (bốn mươi lăm) ngày, kể từ ngày ký ",
    "lists that jump": "1. A\n3. A\nd) B\n",
    "an old encoding": "Ng\xad\xeai ®\xad\xeec trång c©y.\n",
    "an old encoding in one line": "®\xad\xeec ",
    "signs that are no letters": "\uf0b7 \ufffd\ue000\n",
    "chapters": "Chương I\nA\n",
    "amendments": "Sửa đổi " * 20 + "điều \n",
    "units without a comma": "khoản 1 ",
    "units glued": "tạiĐiều 1khoản 2",
    "letters for units": "Đ.3 k.2 đ.a, ",
    "numbers and slashes": "1/2024/nđ-cp/",
    "lists of an annex": "mục 1 trong Danh mục a thuộc Phụ lục I ",
    "references": "tại các điểm a, b, c và khoản 1, 2, 3\n",
    "wrapped": "Vườn chung của xóm theo quy định tại Điều 2 của quy định này do các hộ cùng trồng,\nvà các hộ khác\n",
    "headers": "Trang 1\nVƯỜN CHUNG\n" + "Một.\n" * 20,
    "numbers": "1\n2\n3\n",
    "rows": "1\ta\tb\n",
    "lone rows": "1\ta\tb\nx\n",
    "items": "- a;\n+ b;\na.1) c;\n(i) d;\n",
    "paragraphs": "Đoạn.\n",
    "annexes": "Phụ lục I\nMẫu số 1\nQUY CHẾ\n",
    "footnotes": "[1] a\n",
    "closings": "Nơi nhận:\nTM. CHÍNH PHỦ\n",
    "spaces in a row": "Mục" + " " * 500 + "x\n",
    # References to documents and units
    "references with spaces between": "Luật Đất đai số 31/2024/QH15" + " " * 16_000,
    "two references in a line of spaces": "Luật A năm 2024" + " " * 900 + "Luật B năm 2023" + " " * 900,
    "numbers of documents": "Nghị định số 1/2024/NĐ-CP, ",
    "numbers and years": "Nghị định số 1/2024/NĐ-CP, Luật A năm 2024, ",
    "years": "Luật A năm 2024 ",
    "slashes": "1/",
    "types": "Luật ",
    "amending types": "Luật sửa đổi ",
    "amended before": "Luật A số 1/2024/QH15 đã được sửa đổi, bổ sung theo Luật B số 2/2024/QH15, ",
    "wide ranges": "từ Điều 1 đến Điều 9999 và ",
    "points and clauses": "điểm a khoản 1, ",
    "clauses": "khoản 1 ",
    "units without numbers": "tên Điều ",
    "orders in a line": "Sửa đổi khoản 1 Điều 2; bổ sung khoản 3 vào sau khoản 2 Điều 3; ",
    "orders": "1. Sửa đổi khoản 1 Điều 2 Luật A số 1/2024/QH15 như sau:\n“1. B”\n",
    "orders without a document": "1. Sửa đổi khoản 1 Điều 2 như sau:\n“1. B”.\n",
    "phrases": "Thay cụm từ “a” bằng cụm từ “b” tại khoản 1 Điều 5; ",
    "legal bases": "Căn cứ Luật A số 1/2024/QH15;\n",
    "repeals": "1. Nghị định số 1/2024/NĐ-CP hết hiệu lực kể từ ngày Nghị định này có hiệu lực.\n",
    "effect": "1. Nghị định này có hiệu lực từ ngày 01 tháng 01 năm 2024, trừ khoản 1 Điều 2. ",
    "passives": "Điều 1 được sửa đổi ",
    "from a day": "từ ngày ",
    "names of laws": "".join(f"Luật Số{n} số {n}/2024/QH15; Luật Số{n}. " for n in range(1, 400)),
    "inline quotations": "“a “b” c” «d» \"e\" ",
    "open quotations": "“",
    "this law, quoted": 'Luật này "a", khoản 1 Điều 2; ',
    "numbers in lists": "số 903, 904/QĐ-TTg, ",
    "short units": "Đ.3 k.2, Điều 4.1.a, Điều 3(2)(a) ",
    "open guillemets": "«a ",
    # Words, names, numbers
    "definitions": "1. Mẫu là vật để thử hiểu là ",
    "open parentheses": "a (",
    "phone digits": "0 9 1-2 ",
    "digits": "9",
    "zeros": "0",
    "names of people": "Nguyễn Văn An ",
    "capitals": "An ",
    "addresses": "số 1/2/3 đường Lê Lợi, phường Một, ",
    "mail": "a.",
    "mail with signs": "a@",
    "accounts": "tài khoản số ",
    "symbols": "1/2024/NĐ-CP-",
    "number with dots": "số: 1.",
    "queries": "diem a khoan 2 ",
    "decrees typed": "nghi dinh so ",
    "dates": "ngày 1 tháng 1 năm ",
    "roman": "Chương IVXLC ",
    # Signs
    "combining marks": "a" + "\u0301" * 99,
    "only combining marks": "\u0301",
    "alternating marks": "a\u0301\u0323",
    "marks out of order": "\u0323\u0301\u0302",
    "Hangul vowels": "\u1161",
    "tones on either letter": "hoà hòa ",
    "zero width": "\u200b",
    "right to left": "\u05d0\u202e",
    "emoji": "👨\u200d👩\u200d👧",
    "line ends": "\r",
    "line ends of three kinds": "\r\n\n\r",
    "form feeds": "\f\v\u2028",
    "soft hyphens": "a\xad",
    "tabs": "\t",
    "lone surrogates": "\ud800",
    "letters of TCVN3": "§iÒu ",
    "capitals that grow": "ß\u0149\ufb03",
}  # fmt: skip
HEAD = "LUẬT\nĐẤT ĐAI\nĐiều 1. A\n1. B\na) C\n"
AMENDING_HEAD = "LUẬT\nSỬA ĐỔI\nĐiều 1. Sửa đổi, bổ sung một số điều của Luật A số 1/2024/QH15\n1. "
STARTS = {"": "", " after a law": HEAD, " after an amending law": AMENDING_HEAD}
LIMIT = 5  # seconds; longer than that is reported as that
MOST_REPEATS = 4
TELLING = 0.03  # seconds; the ratio of shorter ones says nothing
TITLE = "Luật sửa đổi, bổ sung một số điều của Luật A số 1/2024/QH15"
_STRUCTURES: dict[str, parsing.Structure] = {}


class TooLong(Exception):
    pass


def stop(signum, frame):
    raise TooLong


def structure_of(text):
    if text not in _STRUCTURES:
        _STRUCTURES.clear()
        _STRUCTURES[text] = parsing.parse_text(text)
    return _STRUCTURES[text]


def refused(call: Callable[[], object]):
    """What it returns; a refusal is an answer too."""
    try:
        return call()
    except (RecordError, RuleBroken):
        return None


def statements(text, doc_type=DocType.LAW):
    return finder.find_statements(text, structure_of(text), doc_type=doc_type, title=TITLE)


NO_NAMES = KnownNames.of([], LAW_ABBREVIATIONS)
READERS: dict[str, Callable[[str], object]] = {
    "structure": parsing.parse_text,
    "preview": lambda text: preview.preview_of_text(text, structure_of(text)),
    "head": lambda text: refused(lambda: document_heads.record_from_text(text)),
    "first number": number_symbols.first_official_number,
    "first day": lambda text: stated_first_day(text, datetime.date(2024, 1, 1)),
    "UTF-8 undone": mojibake.undone,
    "old encodings": lambda text: refused(lambda: legacy_encodings.refuse_legacy_encoding(text)),
    "references": lambda text: document_references.document_references(document_references.plain_text(text)),
    "names of units": lambda text: list(unit_names(text)),
    "numbers in any case": lambda text: list(folded_numbers(vietnamese.fold_letters(text))),
    "units referred to": grammar.cited_eids,
    "units instructed": grammar.cited_units,
    "mentions": lambda text: mentions.read_mentions(text, NO_NAMES),
    "mentions of an act that amends": lambda text: mentions_of_the_act(text, mentions.read_mentions(text, NO_NAMES)),
    "relations": statements,
    "relations of a consolidated text": lambda text: statements(text, DocType.CONSOLIDATED_TEXT),
    "relations of a circular": lambda text: statements(text, DocType.CIRCULAR),
    "amending instructions": lambda text: amending_acts.recognise_instructions(text, structure_of(text), title=TITLE),
    "title of an amending act": lambda text: amending_acts.recognise_instructions("", structure_of(""), title=text),
    "definitions": definitions.term_and_definition,
    "personal data": personal_data.find_personal_data,
    "text typed": lambda text: refused(lambda: text_input.clean_text(text, "text", max_length=10**9)),
    "search query": parsed_query.typed_words,
    "citation in a query": typed_documents.typed_citation,
    "document typed": lambda text: typed_documents.typed_document(text.lower()),
    "unit typed": lambda text: typed_units.split_typed_unit(text.lower()),
    "official number": official_numbers.parse_number,
    "several numbers": official_numbers.split_numbers,
    "key of a number": official_numbers.other_keys,
    "number typed": official_numbers.typed_key,
    "year of a number": official_numbers.year_of_number,
    "speech": speech.spoken_text,
    "words": lexemes.words,
    "snippet": lambda text: snippets.best_snippet([snippets.SnippetSource("", "", text)], {"a", "luat", "dieu", "1"}),
    "NFC": vietnamese.normalise,
    "fold": vietnamese.fold,
    "slug": vietnamese.slug,
    "sort key": vietnamese.sort_key,
    "one spelling": vietnamese.one_spelling,
}


def seconds(read, text):
    """Seconds of this process; LIMIT if it takes longer."""
    ending_reader.READ.clear()  # else the second reading of a text is none
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    before = time.process_time()
    try:
        read(text)
        return time.process_time() - before
    except TooLong:
        return LIMIT
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def measure(read, short, long):
    """(seconds for the longer text, t(2n)/t(n)), the best of three. A time too short to tell has the ratio 0."""
    structure_of(long)
    taken = seconds(read, long)
    if taken < TELLING:
        return taken, 0.0
    ratio = 0.0
    for _ in range(MOST_REPEATS):  # until it is clear: another process on the machine may have made one slow
        taken = min(taken, seconds(read, long))
        structure_of(short)
        ratio = taken / max(min(seconds(read, short) for _ in range(3)), 1e-3)
        if ratio < 2.6 or taken > 1:
            break
        structure_of(long)
    return taken, ratio


def texts(size):
    """Yield (name, a text of that many characters, one of twice as many)."""
    for name, piece in PIECES.items():
        for place, start in STARTS.items():
            short, long = ((start + piece * (n * size // len(piece) + 1))[: n * size] for n in (1, 2))
            yield f"{name}{place}", short, long


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=10_000, help="characters of the shorter text")
    options.add_argument("--reader", nargs="*", default=list(READERS), choices=READERS, metavar="NAME")
    given = options.parse_args()
    signal.signal(signal.SIGPROF, stop)
    of_readers = {reader: (0.0, 0.0, "") for reader in given.reader}
    worst = 0.0
    for name, short, long in texts(given.size):
        for reader in given.reader:
            taken, ratio = measure(READERS[reader], short, long)
            per_100_kb = taken / (len(long.encode(errors="surrogatepass")) / 1e5)
            worst = max(worst, ratio)
            of_readers[reader] = max(of_readers[reader], (per_100_kb, ratio, name))
            if ratio >= 2.6 or per_100_kb > 0.5:
                print(f"{reader}: {name}: ratio {ratio:.2f}, {per_100_kb:.3f} s per 100 kB", flush=True)
    for reader, (per_100_kb, _, name) in of_readers.items():
        print(f"{reader}: slowest {per_100_kb:.3f} s per 100 kB ({name})")
    slowest = max(per_100_kb for per_100_kb, _, _ in of_readers.values())
    print(f"linear: readers={len(of_readers)} worst_ratio={worst:.2f} slowest={slowest:.3f} s per 100 kB")
    sys.exit(worst >= 3 or slowest > 1)


if __name__ == "__main__":
    main()
