"""Documents as JSON Lines, one object a line, plain or gzipped: number, type, title, articles with their path, …"""

import datetime
import gzip
import json
import re
from dataclasses import replace

from content.documents import effect
from content.documents.identity import TYPE_SLUGS
from content.documents.models import DocType
from content.documents.records import DocumentRecord, Original, Problem
from content.text.vietnamese import fold, slug

TYPES = {type_slug: doc_type for doc_type, type_slug in TYPE_SLUGS.items()}
STATUSES = {
    "con hieu luc": effect.EffectStatus.IN_FORCE,
    "chua ap dung": effect.EffectStatus.NOT_YET_EFFECTIVE,
    "chua co hieu luc": effect.EffectStatus.NOT_YET_EFFECTIVE,
    "het hieu luc mot phan": effect.EffectStatus.PARTLY_EXPIRED,
    "het hieu luc toan bo": effect.EffectStatus.EXPIRED,
    "het hieu luc": effect.EffectStatus.EXPIRED,
    "ngung hieu luc": effect.EffectStatus.SUSPENDED,
    "ngung hieu luc toan bo": effect.EffectStatus.SUSPENDED,
    "ngung hieu luc mot phan": effect.EffectStatus.PARTLY_SUSPENDED,
    "khong con phu hop": effect.EffectStatus.NO_LONGER_SUITABLE,
}
LONGEST_LINE = 32 * 1024 * 1024  # bytes; the longest law we know is 2 MiB


def opened(path):
    return (gzip.open if path.name.lower().endswith(".gz") else open)(path, "rb")


def read(path):
    """Yield (line number, DocumentRecord or Problem). Never raises on what a line says; OSError for the file itself."""
    with opened(path) as lines:
        number = 0
        while line := lines.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                _skip_rest(lines)
                yield number, Problem(f"the line is longer than {LONGEST_LINE // 2**20} MiB")
            elif line.strip():
                yield number, _record_or_problem(line, f"{path.name}:{number}")


def _skip_rest(lines):
    """Read to the end of a line that is too long, a piece at a time."""
    while (piece := lines.readline(1 << 20)) and not piece.endswith(b"\n"):
        pass


def _record_or_problem(line, name):
    try:
        return replace(record(json.loads(line)), original=Original(name, "application/json", line))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        return Problem(f"not JSON in UTF-8: {error}")
    except RecursionError:
        return Problem("the JSON is nested too deeply")
    except Problem as problem:
        return problem


def record(row):
    """The record of one JSON object. Raises Problem for a field that is missing or of another shape."""
    if not isinstance(row, dict):
        raise Problem("not a JSON object")
    doc_type = TYPES.get(slug(_text(row, "type")))
    if doc_type is None:
        raise Problem(f"unknown type «{row.get('type')}»")
    return DocumentRecord(
        doc_type=DocType(doc_type),
        number=_text(row, "number"),
        title=_text(row, "title"),
        text=_whole_text(row),
        issuer=_text(row, "issuer"),
        signer=_text(row, "signer"),
        issued_on=_day(row, "issued"),
        effective_on=_day(row, "effective"),
        expires_on=_day(row, "expired"),
        official_status=_status(_text(row, "status_official")),
        gazette_number=_text(row, "gazette_number"),
        gazette_on=_day(row, "gazette_date"),
        **_provenance(_text(row, "source"), _text(row, "source_url")),
    )


def _status(stated):
    """The EffectStatus of an official wording. One we do not know must not pass for «in force»: Problem."""
    known = STATUSES.get(" ".join(fold(stated).split()), "")
    if stated.strip() and not known:
        raise Problem(f"status_official: unknown «{stated}»")
    return known


def _provenance(source, url):
    """An address that is none («https://… (doc 4011…)») still says where the text came from: it joins the source."""
    if url and not re.fullmatch(r"https?://\S+", url):
        source, url = "; ".join(filter(None, [source, url])), ""
    return {"source": source, "source_url": url}


def _whole_text(row):
    """The one text the parser gets: preamble; new elements of `path`, a line each; «Điều N. title»; text; footer."""
    lines, path = [*_texts(row, "preamble")], []
    for article in _list(row, "articles"):
        if not isinstance(article, dict):
            raise Problem("articles: not a list of objects")
        here = _texts(article, "path")
        common = 0
        while common < min(len(path), len(here)) and path[common] == here[common]:
            common += 1
        lines += here[common:]
        path = here
        lines.append(f"Điều {_text(article, 'number')}. {_text(article, 'title')}".rstrip())
        lines.append(_text(article, "text"))
    return "\n".join([*lines, *_texts(row, "footer")])


def _text(row, name):
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise Problem(f"{name}: not a text")
    return value or ""


def _list(row, name):
    value = row.get(name) or []
    if not isinstance(value, list):
        raise Problem(f"{name}: not a list")
    return value


def _texts(row, name):
    values = _list(row, name)
    if not all(isinstance(value, str) for value in values):
        raise Problem(f"{name}: not a list of texts")
    return values


def _day(row, name):
    value = _text(row, name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise Problem(f"{name}: «{value}» is not a day (YYYY-MM-DD)") from None
