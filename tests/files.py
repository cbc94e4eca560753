"""Files of the kinds documents come in, made from a text: DOCX, PDF, and a saved page."""

import html
import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINES_OF_A_PAGE = 40


def a_docx(*parts, footnotes=(), entries=()):
    """A DOCX. A part is a text (a paragraph for each line), rows of a table (a list of lists), or XML as bytes."""
    body = "".join(_docx_part(part) for part in parts)
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{html.escape(note)}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(footnotes, 1)
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        if notes:
            archive.writestr("word/footnotes.xml", f'<w:footnotes xmlns:w="{W}">{notes}</w:footnotes>')
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def a_word_list(number, *levels, starts=(), style_link="", styles=None):
    """XML of a list of word/numbering.xml: each level is (format, text, start); `starts` {level: own start}.

    `styles`: {level: its paragraph style}. Definition and list have the same number.
    """
    written = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
        f'{f"""<w:pStyle w:val="{styles[at]}"/>""" if at in (styles or {}) else ""}<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text, start) in enumerate(levels)
    )
    link = f'<w:numStyleLink w:val="{style_link}"/>' if style_link else ""
    return (
        f'<w:abstractNum w:abstractNumId="{number}">{link}{written}</w:abstractNum>' if levels or link else "",
        a_word_list_of(number, number, starts),
    )


def a_word_list_of(definition, number, starts=()):
    own = "".join(
        f'<w:lvlOverride w:ilvl="{at}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
        for at, start in dict(starts).items()
    )
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{own}</w:num>'


def word_lists(*lists):
    """The entry of a DOCX with these lists, as `a_word_list` makes them."""
    parts = [*(definition for definition, _ in lists), *(instance for _, instance in lists)]
    return "word/numbering.xml", f'<w:numbering xmlns:w="{W}">{"".join(parts)}</w:numbering>'


def a_numbered_paragraph(text, number=None, level=None, style=""):
    """A paragraph in a list of Word, of its own or of its style."""
    own = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
    own += f'<w:numId w:val="{number}"/>' if number is not None else ""
    own = f"<w:numPr>{own}</w:numPr>" if own else ""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}{own}</w:pPr><w:r><w:t>{html.escape(text)}</w:t></w:r></w:p>".encode()


def _docx_part(part):
    if isinstance(part, bytes):
        return part.decode()
    if isinstance(part, str):
        return "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in part.splitlines())
    rows = ("".join(f"<w:tc>{_docx_part(cell)}</w:tc>" for cell in row) for row in part)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def a_pdf(text):
    """A PDF whose text layer holds the lines of `text`: one font without outlines, whose codes map to Unicode."""
    letters = {letter: code for code, letter in enumerate(sorted(set(text) - {"\n"}), 1)}
    lines = text.split("\n")
    pages = [lines[start : start + LINES_OF_A_PAGE] for start in range(0, len(lines), LINES_OF_A_PAGE)]
    font, first = 3, 6
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 500"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(_to_unicode(letters)),
    ]
    for number, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents {first + 2 * number + 1} 0 R"
            f" /Resources << /Font << /F1 {font} 0 R >> >> >>".encode()
        )
        shown = "".join(f"<{''.join(f'{letters[sign]:04x}' for sign in line)}> Tj T*\n" for line in page)
        objects.append(_stream(f"BT /F1 10 Tf 14 TL 40 800 Td\n{shown}ET"))
    return a_pdf_of(objects)


def _to_unicode(letters):
    pairs = [f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in letters.items()]
    blocks = (pairs[start : start + 100] for start in range(0, len(pairs), 100))
    mapped = "".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Test def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{mapped}endcmap end end"
    )


def _stream(text):
    content = text.encode("latin-1") if isinstance(text, str) else text
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def a_pdf_of(objects):
    file, places = io.BytesIO(b""), []
    file.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, 1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    file.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return file.getvalue()


def a_page(body, *, head=""):
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def paragraphs(text):
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line.strip())
