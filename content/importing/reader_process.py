"""What the process with limits reads: files of every format, and texts. `reading.py` starts it; nothing imports it."""

from collections.abc import Iterator
from typing import Any

from content import parsing
from content.documents.records import RecordError
from content.importing import extensions, formats, plain_text
from content.importing.known_names import KnownNames
from content.importing.record_json import json_of_record
from content.limited_process import child
from content.limited_process.child import Job, Reader


def read_records(job: Job) -> Iterator[Any]:
    """[place, record] of a file of any format; the second file, if there is one, holds its text."""
    name, names = job.options["name"], KnownNames(**job.options["names"])
    if name.lower().endswith(extensions.JSON_LINES_EXTENSIONS):
        for place, record in formats.records_in_lines(job.files[0], name, names=names, most=job.max_unpacked):
            yield [place, json_of_record(record)]
        return
    contents = [file.read(plain_text.LARGEST_FILE + 1) for file in job.files]
    for place, record in formats.records_in_bytes(contents[0], name, *contents[1:], names=names):
        yield [place, json_of_record(record, contents)]


def read_text(job: Job) -> Iterator[Any]:
    """The record of a text in UTF-8, or the error that says why the text does not describe itself."""
    names = KnownNames(**job.options["names"])
    try:
        record = plain_text.record_from_plain_text(_text_of(job), names=names)
        yield json_of_record(record)
    except RecordError as problem:
        yield json_of_record(problem)


def count_units(job: Job) -> Iterator[Any]:
    """How many units a text in UTF-8 has: whether it can be taken apart within the limits."""
    yield len(parsing.parse_text(_text_of(job)).units)


def _text_of(job: Job) -> str:
    return job.files[0].read().decode(errors="surrogatepass")


READERS: dict[str, Reader] = {"records": read_records, "text": read_text, "units": count_units}


def main() -> None:
    child.serve(READERS)
