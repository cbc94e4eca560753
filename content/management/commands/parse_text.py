"""parse_text FILE: show the structure the parser finds in a text, as JSON."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from content.law.units import UnitKind
from content.parsing import parse_text
from content.text.vietnamese import normalise


class Command(BaseCommand):
    help = "Parse a Vietnamese legal text (UTF-8) and print its articles, clauses and points as JSON."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", help='a text file, or "-" for standard input')

    def handle(self, *args, file, **options):
        text = decode_utf8(read_bytes(file), file)
        self.stdout.write(json.dumps(structure_as_dict(text), ensure_ascii=False))


def read_bytes(file):
    """The bytes of a file or of standard input."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise CommandError(f"{file}: {failure.strerror}") from failure


def decode_utf8(data, name):
    """UTF-8, line ends and byte order mark untouched: offsets are those of the file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise CommandError(f"{name}: not UTF-8 at byte {failure.start} (line {line})") from failure


def structure_as_dict(text):
    """Articles, quotations and warnings of `text`; offsets are its code points, before NFC."""
    normalised, offsets = normalise(text)
    structure = parse_text(normalised)
    return {
        "articles": _articles_as_dicts(structure.units, offsets),
        "quoted": [[offsets[start], offsets[end]] for start, end in structure.quoted],
        "warnings": [
            {"code": notice.code, "message": notice.message, "start": offsets[notice.start]}
            for notice in structure.warnings
        ],
    }


def _articles_as_dicts(units, offsets):
    """Articles with their clauses and points; a point without a clause stands in the article itself."""
    shown, articles = {}, []
    for index, unit in enumerate(units):
        entry = {"eid": unit.eid, "start": offsets[unit.start]}
        if unit.kind is UnitKind.ARTICLE:
            entry = {"eid": unit.eid, "number": unit.number, "title": unit.heading, "start": offsets[unit.start]}
            entry |= {"clauses": [], "points": []}
            articles.append(entry)
        elif unit.kind is UnitKind.CLAUSE:
            entry["points"] = []
            shown[unit.parent]["clauses"].append(entry)
        elif unit.kind is UnitKind.POINT:
            shown[unit.parent]["points"].append(entry)
        shown[index] = entry
    return articles
