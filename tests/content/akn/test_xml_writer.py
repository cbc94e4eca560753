"""XML as the standard library writes it, byte for byte."""

import io
import re
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from hypothesis import given
from hypothesis import strategies as st

from content.akn.xml import NAMESPACE, XMLWriter

NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2: Char
texts = st.text(st.one_of(st.sampled_from("&<>\"'\r\n\t \x00\ud800\ufffeĐđ"), st.characters()))


def as_the_library_writes(attribute, text):
    """The same elements; what XML cannot hold is a space. A carriage return in a text is a reference here."""
    attribute, text = (NOT_IN_XML.sub(" ", value) for value in (attribute, text))
    file = io.BytesIO()
    xml = XMLGenerator(file, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("akomaNtoso", AttributesImpl({"xmlns": NAMESPACE}))
    xml.startElement("p", AttributesImpl({"class": attribute}))
    xml.characters(text)
    xml.endElement("p")
    xml.startElement("eol", AttributesImpl({}))
    xml.endElement("eol")
    xml.endElement("akomaNtoso")
    xml.endDocument()
    return file.getvalue().replace(b"\r", b"&#13;")


@given(texts, texts)
def test_elements_attributes_and_text_are_written_as_the_standard_library_does(attribute, text):
    file = io.BytesIO()
    writer = XMLWriter(file)
    with writer.document():
        with writer.element("p", class_=attribute):
            writer.text(text)
        writer.empty("eol")
    assert file.getvalue() == as_the_library_writes(attribute, text)
