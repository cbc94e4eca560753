"""parse_text FILE: print the structure that the parser finds in a text, as JSON."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from content.law.units import UnitKind
from content.parsing import Unit, parse_text
from content.text.vietnamese import normalise


class Command(BaseCommand):
    help = "Parse a Vietnamese legal text (UTF-8) and print its articles, clauses and points as JSON."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", help='a text file, or "-" for standard input')

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        text = decode_utf8(read_bytes(file), file)
        self.stdout.write(json.dumps(structure_as_dict(text), ensure_ascii=False))


def read_bytes(file: str) -> bytes:
    """The bytes of a file, or of standard input for "-"."""
    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        words = _("%(path)s cannot be read. Check the path and who may read it.")
        raise CommandError(words % {"path": file}) from failure


def decode_utf8(data: bytes, name: str) -> str:
    """The text as it is, line ends and byte order mark included, so that offsets are those of the file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        words = _("%(path)s is not UTF-8 at byte %(byte)d (line %(line)d). Save it as UTF-8.")
        raise CommandError(words % {"path": name, "byte": failure.start, "line": line}) from failure


def structure_as_dict(text: str) -> dict[str, Any]:
    """Articles, quotations and warnings of `text`. Offsets count its code points before NFC."""
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


def _articles_as_dicts(units: Sequence[Unit], offsets: Sequence[int]) -> list[dict[str, Any]]:
    """Articles with their clauses and points. A point without a clause is listed in the article itself."""
    shown: dict[int | None, dict[str, Any]] = {}
    articles = []
    for index, unit in enumerate(units):
        entry: dict[str, Any] = {"eid": unit.eid, "start": offsets[unit.start]}
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
