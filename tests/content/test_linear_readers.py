"""Readers of text take time that is linear in its length: each of these texts took minutes where it was not.

A process that may use 30 seconds of CPU time reads each, which takes a second or two. bench/linear.py has every reader
and a hundred texts.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CPU_SECONDS = 30
READ = f"""
import json, os, resource
import django
django.setup()
from content import parsing
from content.amendments.recognition import amending_acts
from content.glossary import definitions
from content.importing import document_heads
from content.relations import ending_reader
from content.law import document_references, grammar, mentions, official_numbers
from content.law.known_names import KnownNames
from content.law.lexer.document_words import folded_numbers, printed_numbers
from content.law.lexer.unit_names import unit_names
from content.law.doc_types import DocType
from content.relations import finder
from content.text import lexemes, snippets, vietnamese
from content.typed_citations import documents as typed_documents

def statements(text):
    return finder.find_statements(text, parsing.parse_text(text), doc_type=DocType.LAW)

def instructions(text):
    return amending_acts.recognise_instructions(text, parsing.parse_text(text), title="Luật sửa đổi Luật A")

def snippet(text):
    return snippets.best_snippet([snippets.SnippetSource("", "", text)], {{"1", "a"}})

KNOWN = KnownNames.of([("law", "Đất đai")])
LAW = "Điều 1. Sửa đổi, bổ sung Luật A số 1/2024/QH15\\n1. "
def endings(text):
    ending_reader.read_endings(text, parsing.parse_text(text), doc_type="LUẬT")

READ = {{
    "marks out of order": lambda: vietnamese.nfc("a" + "\\u0323\\u0301" * 200_000),
    "marks out of order, folded": lambda: vietnamese.fold("a" + "\\u0323\\u0301" * 200_000),
    "a number of blanks": lambda: official_numbers.split_numbers(" " * 200_000),
    "digits and stops": lambda: lexemes.words("1." * 100_000),
    "a query of digits and stops": lambda: typed_documents.typed_citation("1." * 100_000),
    "the wanted word many times": lambda: snippet("1\\ta\\tb\\n" * 50_000),
    "opening parentheses": lambda: definitions.term_and_definition("(" * 400_000),
    "wide ranges": lambda: grammar.cited_units("từ Điều 1 đến Điều 9999 và " * 4_000),
    **{{
        f"a megabyte of {{words!r}}": lambda words=words: list(unit_names(words * (1_000_000 // len(words))))
        for words in ("khoản 1, ", "khoản ", "các ", "Điều 1", "Điều 4.1", "đ.a, k.2 ", "điểm a;", "1, ", "Phụ lục I-1")
    }},
    "a megabyte of numbers": lambda: list(folded_numbers("1/2024/nd-cp-" * 80_000)),
    "a megabyte of slashes": lambda: list(printed_numbers("1/" * 500_000)),
    "a list that goes up to annexes": lambda: mentions.read_mentions("mục 1 trong Danh mục " * 40_000, KNOWN),
    "numbers beside years": lambda: document_references.document_references("1/2024/NĐ-CP, Luật A năm 2024; " * 12_000),
    "blanks between references": lambda: statements(
        LAW + ("Sửa đổi Luật B số 2/2024/QH15" + " " * 150_000) * 2 + "Luật C số 3/2024/QH15"
    ),
    "quotations that never close": lambda: instructions(LAW + "«a " * 30_000),
    "blanks in what an act ends": lambda: endings(LAW + "2. Bãi bỏ Điều 3" + " " * 16_000 + "Luật số 31/2024/QH15.\\n"),
    "many endings": lambda: endings(
        "Điều 1. A\\n" + "1. Nghị định số 1/2024/NĐ-CP hết hiệu lực từ ngày Nghị định này có hiệu lực.\\n" * 4_000
    ),
    **{{
        f"blanks after «{{words}}»": lambda words=words: mentions.read_mentions(words + " " * 60_000 + "x", KNOWN)
        for words in ("Nghị định số", "Luật Đất đai", "mẫu số", "Nghị định", "Điều 5", "khoản 1,")
    }},
    "line ends in a head": lambda: document_heads.record_from_text("LUẬT\\nĐẤT ĐAI\\nĐiều 1. A\\n" + "\\n" * 300_000),
    "line ends in a consolidated text": lambda: finder.find_statements(
        "\\n" * 300_000, parsing.parse_text("\\n" * 300_000), doc_type=DocType.CONSOLIDATED_TEXT
    ),
    "blanks in what an act says of its own end": lambda: endings(
        LAW + "Nghị định này có hiệu lực" + " " * 100_000 + "đến hết\\n"
    ),
    "many beginnings of own ends": lambda: endings(LAW + "Nghị định này có hiệu lực đến hết " * 30_000),
    "a list of what begins later": lambda: instructions(
        LAW + "Các quy định sau đây có hiệu lực từ ngày 01/01/2027:\\n" + "- Điều 5;\\n" * 20_000
    ),
    "many quotations": lambda: instructions(LAW + "1. Sửa đổi Điều 2 như sau:\\n“Điều 2. A”.\\n" * 6_000),
}}


def end_of_reading(text):
    # how a process ends that reads this text and nothing else: 0, an exit code, or minus the signal that ended it
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
        READ[text]()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

print(json.dumps({{text: end_of_reading(text) for text in READ}}))
"""


@pytest.mark.rehearsal
def test_a_text_twice_as_long_does_not_take_four_times_as_long(tmp_path):
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT), "LUATMO_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, cwd=ROOT, env=environment, check=True)
    ends = json.loads(done.stdout)
    assert len(ends) == 37
    assert {text: end for text, end in ends.items() if end != 0} == {}, done.stderr.decode()[-500:]
