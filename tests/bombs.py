"""Files made to break their reader, each with what the refusal says (any of the words between the bars)."""

import io
import zipfile
import zlib

from tests import files


def a_pdf_bomb():
    """A content stream of 150 MB, deflated."""
    packed = zlib.compress(b" " * 150_000_000, 1)
    return files.a_pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << >> >>",
            b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    )


BOMBS = {
    "a page of 200,000 nested divs": (lambda: b"<html>" + b"<div>" * 200_000, "nests more than 100"),
    "nesting that end tags seem to undo": (lambda: b"<html>" + b"<b><div></b>" * 20_000, "nests more than 100"),
    "nesting behind comments": (lambda: b"<html>" + b"<div><!--</div>-->" * 20_000, "nests more than 100"),
    "a page of two million tags": (lambda: b"<html>" + b"<br>" * 2_000_000, "too many"),
    "a page of 9 MiB": (lambda: b"<html>" + b"x" * 9 * 2**20, "larger than 8 MiB"),
    "comments that never end": (lambda: b"<html>" + b"<!--" * 2_000_000, "has no|is empty|no line names"),
    "a DOCX of 60 MB": (lambda: files.a_docx(b"<w:p/>" * 10_000_000), "unpacks to more than 50 MiB"),
    "a DOCX of ratio 1,000": (lambda: files.a_docx(b"<w:p/>" * 3_000_000), "more than 100 times its size"),
    "a DOCX of 3,000 entries": (
        lambda: files.a_docx("Điều 1", entries=[(f"x{n}", b"") for n in range(3_000)]),
        "more than 2000 entries",
    ),
    "a DOCX that laughs": (lambda: laughing(), "is empty|no line names|cannot be read"),
    "a DOCX that reads files": (
        lambda: laughing('<!ENTITY a9 SYSTEM "file:///etc/passwd">'),
        "is empty|no line names|cannot be read",
    ),
    "a DOCX of deep XML": (lambda: files.a_docx(b"<w:p>" * 100_000), "cannot be read"),
    "a PDF of 150 MB": (a_pdf_bomb, "could not be read|without a text layer"),
    "JSON of 100,000 lists": (lambda: b'{"a":' + b"[" * 100_000, "nested too deeply|not JSON"),
    "a number of a million digits": (lambda: b'{"a": ' + b"9" * 1_000_000 + b"}", "not JSON"),
}


def laughing(last='<!ENTITY a9 "&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;&a8;">'):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)) + last
    xml = f'<!DOCTYPE x [{entities}]><w:document xmlns:w="{files.W}"><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:document>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", xml)
    return file.getvalue()
