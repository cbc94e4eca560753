"""Streams of WordprocessingML: elements are released once read, so memory use stays flat."""

from collections.abc import Iterator
from typing import IO

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFF = ("0", "false", "off")  # values of a switch, as w:vanish


def events(stream: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """("start" or "end", element) of a part of the archive. Raises etree.XMLSyntaxError."""
    yield from etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )


def value(element: etree._Element, default: str = "") -> str:
    """Its w:val."""
    return str(element.get(f"{W}val", default))


def is_on(element: etree._Element) -> bool:
    """Whether a switch is on; it is where it says nothing."""
    return value(element, "true") not in OFF


def number(element: etree._Element, most: int, default: int = 0) -> int:
    """Its w:val as a number from 0 to `most`; `default` for anything else."""
    digits = value(element)
    found = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else default
    return found if found <= most else default


def name_above(element: etree._Element, steps: int = 1) -> str:
    """The name of its parent, or of the one `steps` above, without W; "" above the root."""
    above: etree._Element | None = element
    for _step in range(steps):
        above = None if above is None else above.getparent()
    return "" if above is None else str(above.tag).removeprefix(W)


def release(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
