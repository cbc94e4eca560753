"""Documents as JSON Lines, one object a line, plain or gzipped: number, type, title, articles with their path, …"""

import re
from dataclasses import replace

from content.documents.importing.fields import day, doc_type, listed, loaded, status, text, texts
from content.documents.importing.lines import lines_of, opened
from content.documents.records import DocumentRecord, Original, Problem


def read(path):
    """Yield (line number, DocumentRecord or Problem). Never raises on what a line says; OSError for the file itself."""
    with opened(path) as file:
        for number, line in lines_of(file):
            yield number, line if isinstance(line, Problem) else _record_or_problem(line, f"{path.name}:{number}")


def _record_or_problem(line, name):
    try:
        return replace(record(loaded(line)), original=Original(name, "application/json", line))
    except Problem as problem:
        return problem


def record(row):
    """The record of one JSON object. Raises Problem for a field that is missing or of another shape."""
    if not isinstance(row, dict):
        raise Problem("not a JSON object")
    return DocumentRecord(
        doc_type=doc_type(text(row, "type")),
        number=text(row, "number"),
        title=text(row, "title"),
        text=_whole_text(row),
        issuer=text(row, "issuer"),
        signer=text(row, "signer"),
        issued_on=day(row, "issued"),
        effective_on=day(row, "effective"),
        expires_on=day(row, "expired"),
        official_status=status(text(row, "status_official")),
        gazette_number=text(row, "gazette_number"),
        gazette_on=day(row, "gazette_date"),
        **_provenance(text(row, "source"), text(row, "source_url")),
    )


def _provenance(source, url):
    """An address that is none («https://… (doc 4011…)») still says where the text came from: it joins the source."""
    if url and not re.fullmatch(r"https?://\S+", url):
        source, url = "; ".join(filter(None, [source, url])), ""
    return {"source": source, "source_url": url}


def _whole_text(row):
    """The one text the parser gets: preamble; new elements of `path`, a line each; «Điều N. title»; text; footer."""
    lines, path = [*texts(row, "preamble")], []
    for article in listed(row, "articles"):
        if not isinstance(article, dict):
            raise Problem("articles: not a list of objects")
        here = texts(article, "path")
        common = 0
        while common < min(len(path), len(here)) and path[common] == here[common]:
            common += 1
        lines += here[common:]
        path = here
        lines.append(f"Điều {text(article, 'number')}. {text(article, 'title')}".rstrip())
        lines.append(text(article, "text"))
    return "\n".join([*lines, *texts(row, "footer")])
