"""Files made to cost their reader much time or memory. Each is refused in words, or accepted within the limits.

Readers exist for the kinds of content/importing/formats.py; spreadsheets (CSV, XLSX) are not read at all.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from tests import files

HEAD = "QUỐC HỘI\nLUẬT\nMẪU\nĐiều 1. Một\n"
A_PORTAL_DOCUMENT = '"docIdentity": "1/2020/QH14", "docType": {"docTypeName": "Luật"}'
MIB = 2**20


@dataclass(frozen=True)
class Bomb:
    """`refusal`: what the refusal says, any of the words between the bars; None: it may be accepted, at a cost."""

    make: Callable[[], bytes]
    refusal: str | None = None
    name: str = "bomb"


def a_pdf_bomb():
    """A content stream of 150 MB, deflated."""
    packed = zlib.compress(b" " * 150_000_000, 1)
    return a_pdf_with(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed))


def a_pdf_with(contents=b"<< /Length 0 >>\nstream\n\nendstream", pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"):
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>"
    return files.a_pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, contents])


def a_pdf_of_pages(count):
    """That many pages, each with a line of its own; the first has the head of a law."""
    pages = [f"Điều {page}. Trang này có đủ chữ để không phải là bản chụp".split("\n") for page in range(1, count)]
    lines = [line for page in [HEAD.split("\n"), *pages] for line in (page + [""] * 40)[:40]]
    return files.a_pdf("\n".join(lines))


def a_pdf_whose_tables_point_at_each_other():
    """Its table of objects names itself as the one before."""
    start = a_pdf_with().rindex(b"xref\n0", 0, -20)
    return a_pdf_with().replace(b"trailer << ", b"trailer << /Prev %d " % start)


def a_pdf_with_an_image():
    """An image of 60,000 × 60,000 points, which would take 10 GB."""
    packed = zlib.compress(b"\0" * 50_000_000, 1)
    image = b"<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    return files.a_pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R"
            b" /Resources << /XObject << /I 5 0 R >> >> >>",
            b"<< /Length 5 >>\nstream\n/I Do\nendstream",
            image + b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    )


def laughing(last='<!ENTITY a9 "&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;">'):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)) + last
    xml = f'<!DOCTYPE x [{entities}]><w:document xmlns:w="{files.W}"><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:document>'
    return a_zip({"word/document.xml": xml})


def a_zip(entries):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def a_zip_whose_entries_overlap(count=1_500):
    """That many entries of 1 MiB, all of them the same bytes of the file."""
    plain = a_zip({"word/document.xml": b" " * MIB})
    directory = plain.index(b"PK\x01\x02")
    end = plain.index(b"PK\x05\x06")
    entry = plain[directory:end]
    places = struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, directory, 0)
    return plain[:directory] + entry * count + b"PK\x05\x06" + places


def a_law(words, size=400_000):
    """The head of a law, then these words over and over: a text that is read to its end."""
    return (HEAD + words * (size // len(words) + 1))[:size].encode()


def lines_of_json(content):
    return gzip.compress(content, 6)


BOMBS = {
    # Pages
    "a page of 200,000 nested divs": Bomb(lambda: b"<html>" + b"<div>" * 200_000, "nests more than 100"),
    "nesting that end tags seem to undo": Bomb(lambda: b"<html>" + b"<b><div></b>" * 20_000, "nests more than 100"),
    "nesting behind comments": Bomb(lambda: b"<html>" + b"<div><!--</div>-->" * 20_000, "nests more than 100"),
    "a page of two million tags": Bomb(lambda: b"<html>" + b"<br>" * 2_000_000, "too many"),
    "a page of 9 MiB": Bomb(lambda: b"<html>" + b"x" * 9 * MIB, "larger than 8 MiB"),
    "comments that never end": Bomb(lambda: b"<html>" + b"<!--" * 2_000_000, "has no|is empty|no line names"),
    "an attribute of 7 MiB": Bomb(lambda: b'<html><p title="' + b"x" * 7 * MIB + b'">A</p>', "no line names|is empty"),
    "an element of 200,000 attributes": Bomb(
        lambda: b"<html><p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">A</p>"
    ),
    "a million entities": Bomb(lambda: b"<html><p>" + b"&eacute;" * 1_000_000),
    "tables in tables": Bomb(lambda: files.a_page("<table><tr><td>A" * 30 + "<p>A</p>" * 50_000)),
    "a page in a slow encoding": Bomb(
        lambda: b"<html><meta charset=punycode>\xff" + b"a-" * 500_000, "not UTF-8"
    ),
    # DOCX
    "a DOCX of 60 MB": Bomb(lambda: files.a_docx(b"<w:p/>" * 10_000_000), "unpacks to more than 50 MiB"),
    "a DOCX of ratio 1,000": Bomb(lambda: files.a_docx(b"<w:p/>" * 3_000_000), "more than 100 times its size"),
    "a DOCX of 3,000 entries": Bomb(
        lambda: files.a_docx("Điều 1", entries=[(f"x{n}", b"") for n in range(3_000)]), "more than 2000 entries"
    ),
    "an archive of 65,535 entries": Bomb(
        lambda: a_zip({f"{n}": b"" for n in range(65_535)}), "more than 2000 entries"
    ),
    "an archive in an archive": Bomb(
        lambda: a_zip({"a.zip": a_zip({"b.zip": a_zip({"c": b" " * 50 * MIB})})}), "not a DOCX|more than 100 times"
    ),
    "an archive whose entries overlap": Bomb(a_zip_whose_entries_overlap, "unpacks to more than 50 MiB"),
    "a DOCX that laughs": Bomb(laughing, "is empty|no line names|cannot be read"),
    "a DOCX that reads files": Bomb(
        lambda: laughing('<!ENTITY a9 SYSTEM "file:///etc/passwd">'), "is empty|no line names|cannot be read"
    ),
    "a DOCX of deep XML": Bomb(lambda: files.a_docx(b"<w:p>" * 100_000), "cannot be read"),
    "a DOCX of tables in tables": Bomb(
        lambda: files.a_docx(HEAD, b"<w:tbl><w:tr><w:tc>" * 60 + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * 60)
    ),
    "a DOCX with a table of 100,000 cells": Bomb(lambda: files.a_docx(HEAD, [[f"{n}" for n in range(10)]] * 10_000)),
    "a DOCX of 50,000 styles": Bomb(
        lambda: files.a_docx(HEAD, entries=[("word/styles.xml", "".join(f"<s n='{n}'/>" for n in range(50_000)))])
    ),
    "a DOCX of 10,000 relationships": Bomb(
        lambda: files.a_docx(
            HEAD,
            entries=[
                ("word/_rels/document.xml.rels", "".join(f"<r i='{n}' t='http://x/{n}'/>" for n in range(10_000)))
            ],
        )
    ),
    # PDF
    "a PDF of 150 MB": Bomb(a_pdf_bomb, "could not be read|without a text layer|more than"),
    "a PDF of 3,100 pages": Bomb(lambda: a_pdf_of_pages(3_100), "more than 3000 pages"),
    "a PDF of 800 pages": Bomb(lambda: a_pdf_of_pages(800)),
    "a PDF whose pages contain themselves": Bomb(
        lambda: a_pdf_with(pages=b"<< /Type /Pages /Kids [2 0 R 2 0 R 3 0 R] /Count 3 >>"), "could not be read|a scan"
    ),
    "a PDF that claims a billion pages": Bomb(
        lambda: a_pdf_with(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>"),
        "could not be read|more than 3000 pages|a scan",
    ),
    "a PDF whose tables point at each other": Bomb(a_pdf_whose_tables_point_at_each_other, "could not be read|a scan"),
    "a PDF with an image of 10 GB": Bomb(a_pdf_with_an_image, "could not be read|a scan|more than"),
    "a PDF of nested lists": Bomb(lambda: a_pdf_with(b"[" * 100_000), "could not be read|a scan"),
    # JSON
    "JSON of 100,000 lists": Bomb(lambda: b'{"a":' + b"[" * 100_000, "nested too deeply|not JSON"),
    "JSON of 100,000 objects": Bomb(lambda: b'{"a":' * 100_000, "nested too deeply|not JSON"),
    "a number of a million digits": Bomb(lambda: b'{"a": ' + b"9" * 1_000_000 + b"}", "not JSON"),
    "fractions of 100,000 digits": Bomb(
        lambda: b'{"a": [' + b",".join([b"0." + b"9" * 100_000] * 50) + b"]}", "not a document"
    ),
    "JSON of a million keys": Bomb(
        lambda: b"{" + b",".join(b'"k%d":{}' % n for n in range(1_000_000)) + b"}", "not a document|more than"
    ),
    "JSON of one key a million times": Bomb(lambda: b"{" + b'"a":1,' * 1_000_000 + b'"b":1}', "not a document"),
    "a string of 30 MB": Bomb(
        lambda: f'{{{A_PORTAL_DOCUMENT}, "docContent": "{"a" * 30_000_000}"}}'.encode(), "longer than 4 million"
    ),
    # JSON Lines
    "eight million blank lines": Bomb(lambda: lines_of_json(b"\n" * 8_000_000), "blank lines", "bomb.jsonl.gz"),
    "gzip in gzip": Bomb(lambda: gzip.compress(gzip.compress(b"0" * 10_000_000)), "not JSON", "bomb.jsonl.gz"),
    "gzip of 100,000 members": Bomb(
        lambda: gzip.compress(b"") * 100_000 + gzip.compress(b"x"), "not JSON", "bomb.jsonl.gz"
    ),
    "gzip of 200 MB in a line": Bomb(lambda: gzip.compress(b"a" * 200_000_000, 1), "longer than|unpacks", "b.jsonl.gz"),
    "a line of 31 MB": Bomb(lambda: b"a" * 31_000_000, "not JSON", "bomb.jsonl"),
    "a million lines of one letter": Bomb(lambda: lines_of_json(b"a\n" * 1_000_000), "not JSON", "bomb.jsonl.gz"),
    # Texts
    "marks out of order": Bomb(lambda: a_law("\u0323\u0301\u0302")),
    "combining marks": Bomb(lambda: a_law("a" + "\u0301" * 99)),
    "one letter": Bomb(lambda: b"a" * 31_000_000, "longer than 4 million"),
    "references with spaces between": Bomb(lambda: a_law("Luật Đất đai số 31/2024/QH15" + " " * 16_000)),
    "a text of numbers": Bomb(lambda: a_law("1\n2\n3\n")),
    "a text of quotation marks": Bomb(lambda: a_law("“")),
    "UTF-16 without a mark": Bomb(lambda: a_law("A\n").decode().encode("utf-16-le"), "no line names|not UTF-8"),
    "UTF-32": Bomb(lambda: a_law("A\n").decode().encode("utf-32"), "no line names|not UTF"),
}  # fmt: skip
