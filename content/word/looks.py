"""How text looks in Word: hidden, struck out, in a colour nobody sees, too small to read.

Source: ECMA-376 Part 1, 17.3.2 (w:rPr), 17.7.2 (what goes over what: defaults, style of the table, of the paragraph, of
the characters, the run's own), 17.7.3 (switches: two styles that both hide undo each other). Conditional formats of a
table (its first row, its odd rows) are not followed: where a table's style shades such rows, the colour behind a text
is not known, and text of any colour counts as visible.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import IO

from lxml import etree

from content.word.raised import LOWERED, ON_LINE, RAISED
from content.word.xml import W, events, is_on, name_above, number, release, value

MAX_STYLES_DEEP = 20  # styles that build on one another
MAX_HALF_POINTS = 4_000
LEAST_HEIGHT = 4  # half-points; Word proposes 6, and less only moves letters to fit a form
SMALLEST_READABLE = 8  # half-points; the law's forms print notes with 12
LEAST_CONTRAST = 1.2  # of text to what is behind it, as WCAG counts it: 1.0 is one colour, light grey on white 1.4
WHITE = "FFFFFF"
UNKNOWN_COLOUR = "unknown"  # something is behind the text, and which colour it has is not known
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkBlue": "00008B", "darkCyan": "008B8B",
    "darkGray": "A9A9A9", "darkGreen": "006400", "darkMagenta": "800080", "darkRed": "8B0000", "darkYellow": "808000",
    "green": "00FF00", "lightGray": "D3D3D3", "magenta": "FF00FF", "red": "FF0000", "white": WHITE, "yellow": "FFFF00",
}  # fmt: skip
_HEX = re.compile("[0-9A-Fa-f]{6}")


class Doubt(Enum):
    """Why text that Word stores may be no text of the document."""

    HIDDEN = "hidden"
    STRUCK = "struck"
    UNSEEN = "unseen"  # the colour of what is behind it, or a size nobody can read
    INSERTED = "inserted"  # a tracked insertion that nobody accepted
    DELETED = "deleted"  # a tracked deletion
    UNKNOWN_SYMBOL = "unknown_symbol"  # of a font of symbols
    OLD_ENCODING = "old_encoding"  # typed in TCVN3, as its font says: letters stand for others


@dataclass(frozen=True)
class Looks:
    """What one w:rPr says. None: it does not say."""

    style: str = ""  # of characters
    is_hidden: bool | None = None
    is_struck: bool | None = None
    is_double_struck: bool | None = None
    is_capital: bool | None = None  # shown in capitals, whatever was typed
    colour: str | None = None  # «FFFFFF» or «auto»
    size: int | None = None  # half-points
    shade: str | None = None  # the colour behind the text: «1F3864» or UNKNOWN_COLOUR
    place: str | None = None  # «superscript», «subscript», «baseline», or RAISED or LOWERED by so many points
    font: str | None = None

    def saying(self, element: etree._Element) -> "Looks":
        """These looks, and what this child of a w:rPr says."""
        match element.tag.removeprefix(W):
            case "rStyle":
                return replace(self, style=value(element))
            case "vanish":
                return replace(self, is_hidden=is_on(element))
            case "strike":
                return replace(self, is_struck=is_on(element))
            case "dstrike":
                return replace(self, is_double_struck=is_on(element))
            case "caps":
                return replace(self, is_capital=is_on(element))
            case "color":
                return replace(self, colour=value(element, "auto"))
            case "sz":
                return replace(self, size=number(element, MAX_HALF_POINTS) or None)
            case "vertAlign":
                return replace(self, place=value(element) or None)
            case "position":
                return replace(self, place=_place_at(value(element)))
            case "rFonts":
                return replace(self, font=element.get(f"{W}hAnsi") or element.get(f"{W}ascii") or self.font)
            case "shd" | "highlight":
                return replace(self, shade=shade_of(element) or self.shade)
        return self

    def over(self, base: "Looks") -> "Looks":
        """These, where they say something, else those of the base."""
        mine = {each.name: getattr(self, each.name) for each in fields(Looks)}
        return replace(base, **{name: said for name, said in mine.items() if said not in (None, "")})


@dataclass
class _Style:
    looks: Looks = Looks()
    shade: str | None = None  # of its paragraphs, or of its tables
    base: str = ""


@dataclass
class StyleSheet:
    """The looks of word/styles.xml. `read` comes first; a document without it has none."""

    _styles: dict[str, _Style] = field(default_factory=dict)
    _defaults: Looks = Looks()
    _usual: dict[str, str] = field(default_factory=dict)  # {kind: the style of what names none}

    def read(self, stream: IO[bytes]) -> None:
        style = _Style()
        for event, element in events(stream):
            name = str(element.tag).removeprefix(W)
            if event == "start":
                if name == "style":
                    style = self._styles[element.get(f"{W}styleId", "")] = _Style()
                    if element.get(f"{W}default", "0") in ("1", "true", "on"):
                        self._usual[element.get(f"{W}type", "")] = element.get(f"{W}styleId", "")
                continue
            above = name_above(element)
            if name == "basedOn":
                style.base = value(element)
            elif above == "rPr" and name_above(element, 2) == "style":
                style.looks = style.looks.saying(element)
            elif above == "rPr" and name_above(element, 2) == "rPrDefault":
                self._defaults = self._defaults.saying(element)
            elif name == "shd" and name_above(element, 2) == "style":
                style.shade = shade_of(element) or style.shade
            elif (
                name == "shd" and shade_of(element) and "tblStylePr" in (name_above(element, 2), name_above(element, 3))
            ):
                style.shade = UNKNOWN_COLOUR
            release(element)

    def looks_of(self, own: Looks, paragraph: str, table: str = "") -> Looks:
        """How a run looks: what it says itself over its styles and the defaults. Every switch is then on or off."""
        layers = [
            self._of_style(table or self._usual.get("table", "")).looks if table else Looks(),
            self._of_style(paragraph or self._usual.get("paragraph", "")).looks,
            self._of_style(own.style or self._usual.get("character", "")).looks,
        ]
        found = self._defaults
        for layer in layers:
            found = layer.over(found)

        def is_set(name: str) -> bool:
            styles = sum(bool(getattr(layer, name)) for layer in layers)
            return bool(getattr(self._defaults, name)) or styles % 2 == 1

        switched = replace(
            found,
            is_hidden=is_set("is_hidden"),
            is_struck=is_set("is_struck"),
            is_double_struck=is_set("is_double_struck"),
            is_capital=is_set("is_capital"),
        )
        return own.over(switched)

    def shade_of_style(self, style: str, kind: str) -> str | None:
        """The colour behind paragraphs or tables of this style, or of the usual style of the kind; None for none."""
        return self._of_style(style or self._usual.get(kind, "")).shade

    def _of_style(self, name: str) -> _Style:
        """The style with what it takes from those it builds on."""
        found = _Style()
        for _deep in range(MAX_STYLES_DEEP):
            known = self._styles.get(name)
            if known is None:
                break
            found = _Style(found.looks.over(known.looks), found.shade or known.shade)
            name = known.base
        return found


def doubt_of(looks: Looks, shades: Iterable[str | None]) -> Doubt | None:
    """Why text of these looks may be no text of the document. `shades`: the colours behind it, nearest first."""
    if looks.is_hidden:
        return Doubt.HIDDEN
    if looks.is_struck or looks.is_double_struck:
        return Doubt.STRUCK
    if looks.size is not None and looks.size < SMALLEST_READABLE:
        return Doubt.UNSEEN
    behind = next(filter(None, [looks.shade, *shades]), WHITE)
    if not looks.colour or not _HEX.fullmatch(looks.colour) or behind == UNKNOWN_COLOUR:
        return None
    return Doubt.UNSEEN if _contrast(looks.colour, behind) < LEAST_CONTRAST else None


def _place_at(height: str) -> str:
    """Where text is that is put `height` half-points above the line; next to nothing is on the line."""
    half_points = int(height) if re.fullmatch("-?[0-9]{1,4}", height) else 0
    return (RAISED if half_points > 0 else LOWERED) if abs(half_points) >= LEAST_HEIGHT else ON_LINE


def shade_of(element: etree._Element) -> str | None:
    """The colour of a w:shd or a w:highlight; None if it shows what is behind it."""
    if element.tag == f"{W}highlight":
        return _HIGHLIGHTS.get(value(element))
    pattern = value(element, "clear")
    if pattern not in ("clear", "nil", "solid"):
        return UNKNOWN_COLOUR
    colour = str(element.get(f"{W}color" if pattern == "solid" else f"{W}fill", "auto"))
    if _HEX.fullmatch(colour):
        return colour
    return "000000" if pattern == "solid" else None


def _contrast(one: str, other: str) -> float:
    """From 1 to 21. Source: WCAG 2.2, «contrast ratio»."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
