"""Writes XML element by element, without white space of its own: what is between two elements is the text's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
BLANK = " \t\r\n"  # what XML takes for white space; a no-break space is a letter to it
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XMLWriter:
    """Elements and text into a file of bytes. Characters that XML 1.0 cannot hold become spaces.

    The bytes are those of xml.sax.saxutils.XMLGenerator, which took a third of the time of a document. The file is
    written at the end of `document`.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._parts: list[str] = []
        self._is_open = False  # the start of an element, to which «>» or «/>» is missing

    @contextmanager
    def document(self) -> Iterator[None]:
        """The root element around everything."""
        self._parts.append('<?xml version="1.0" encoding="utf-8"?>\n')
        with self.element("akomaNtoso", xmlns=NAMESPACE):
            yield
        self._file.write("".join(self._parts).encode())
        self._parts.clear()

    def element(self, name: str, /, **attributes: str | None) -> "_Element":
        """An element around what is written inside; attributes without a value are left out."""
        self._close_start()
        self._parts.append(f"<{name}")
        for key, value in attributes.items():
            if value is not None:
                self._parts.append(f" {key.rstrip('_')}={quoteattr(_storable(value))}")
        self._is_open = True
        return _Element(self, name)

    def empty(self, name: str, /, **attributes: str | None) -> None:
        self.element(name, **attributes)
        self.end(name)

    def end(self, name: str) -> None:
        self._parts.append("/>" if self._is_open else f"</{name}>")
        self._is_open = False

    def text(self, text: str) -> None:
        """Letters as they are. A carriage return is written as a reference: a parser would make a line feed of it."""
        if text:
            self._close_start()
            self._parts.append(escape(_storable(text)).replace("\r", "&#13;"))

    def _close_start(self) -> None:
        if self._is_open:
            self._parts.append(">")
            self._is_open = False


class _Element:
    """Ends the element at the end of a block."""

    __slots__ = ("_name", "_xml")

    def __init__(self, xml: XMLWriter, name: str) -> None:
        self._xml, self._name = xml, name

    def __enter__(self) -> None:
        """It has begun."""

    def __exit__(self, *failure: object) -> None:
        self._xml.end(self._name)


def _storable(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
