"""Texts typed before Unicode: TCVN3 (fonts named .Vn…) and VNI store Vietnamese letters as other letters.

Read as Unicode, such a text looks like «§iÒu 1. Ph¹m vi» or «Ñieàu 1. Phaïm vi»; nobody can read it or find it by
search. It is refused and not converted: fonts were mixed within a page, and a wrong letter changes the law.
"""

import re

from content.documents.records import RecordError

_UNICODE = re.compile("[\u1ea0-\u1ef9]")  # ạ ả ấ …: in every Vietnamese text in Unicode, never in the old encodings
_TCVN3 = re.compile("[A-Za-z][¸µ¶·¹¨»¾¼½©®§Æ]|[§®][A-Za-z]")  # combinations that no word contains
_VNI = re.compile("[AEOUYaeouy][ïøûõäëöåÿÏØÛÕÄËÖÅ]|[öÖ][ùøûõïÙØÛÕÏ]")  # a vowel and its mark as a letter of its own
SAMPLE_LENGTH = 200_000  # characters looked at
MIN_SIGNS = 5


def refuse_legacy_encoding(text: str) -> None:
    """Raise RecordError if the text is typed in TCVN3 or VNI."""
    sample = text[:SAMPLE_LENGTH]
    letters = len(_UNICODE.findall(sample))
    for name, pattern in (("TCVN3 (ABC)", _TCVN3), ("VNI", _VNI)):
        if (found := len(pattern.findall(sample))) >= MIN_SIGNS and 4 * found > letters:
            raise RecordError(
                "the text is typed in %(encoding)s, not in Unicode. Convert it first (for example with UniKey)",
                encoding=name,
            )
