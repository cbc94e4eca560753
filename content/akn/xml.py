"""Writes XML element by element, without white space of its own: what is between two elements is the text's."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
BLANK = " \t\r\n"  # what XML takes for white space; a no-break space is a letter to it
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class XMLWriter:
    """Elements and text into a file of bytes. Characters that XML 1.0 cannot hold become spaces."""

    def __init__(self, file: IO[bytes]) -> None:
        self._xml = XMLGenerator(file, "utf-8", short_empty_elements=True)

    @contextmanager
    def document(self) -> Iterator[None]:
        """The root element around everything."""
        self._xml.startDocument()
        with self.element("akomaNtoso", xmlns=NAMESPACE):
            yield
        self._xml.endDocument()

    @contextmanager
    def element(self, name: str, /, **attributes: str | None) -> Iterator[None]:
        """An element around what is written inside; attributes without a value are left out."""
        given = {key.rstrip("_"): _storable(value) for key, value in attributes.items() if value is not None}
        self._xml.startElement(name, AttributesImpl(given))
        yield
        self._xml.endElement(name)

    def empty(self, name: str, /, **attributes: str | None) -> None:
        with self.element(name, **attributes):
            pass

    def text(self, text: str) -> None:
        """Letters as they are. A carriage return is written as a reference: a parser would make a line feed of it."""
        first, *others = _storable(text).split("\r")
        self._xml.characters(first)
        for part in others:
            self._xml.ignorableWhitespace("&#13;")
            self._xml.characters(part)


def _storable(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
