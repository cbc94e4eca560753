"""Find personal data in a text by rules. A person decides about each finding.

There are two strengths. Some kinds are never published (`NEVER_PUBLISHED`): phone numbers, identity numbers, e-mail
addresses, number plates, bank accounts and links to social networks are recognised by their form, and publishing is
refused while the text contains one. Names, addresses and days of birth are guesses: a person confirms or rejects each.

Law 91/2025/QH15 on personal data; Law 26/2023/QH15 Art. 18 (the personal identification number has 12 digits), the
former identity card had 9; Circular 24/2023/TT-BCA Art. 37 and later for plates. Numbers of legal documents, sums of
money and dates of law are none of these.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from content.personal_data.addresses import address_spans
from content.personal_data.kinds import NEVER_PUBLISHED, PLACEHOLDERS, Finding, PersonalDataKind
from content.personal_data.names import name_spans
from content.personal_data.number_rules import NUMBER_RULES
from content.personal_data.plain_text import letters_and_digits, plain_texts
from content.text.vietnamese import nfc

__all__ = [
    "NEVER_PUBLISHED", "PLACEHOLDERS", "Finding", "PersonalDataKind", "find_personal_data", "redacted_text",
    "repeated_findings", "unpublishable_findings", "without_invisible",
]  # fmt: skip
JOINERS = "\u200d"  # makes one sign of several emoji


def find_personal_data(text: str) -> list[Finding]:
    """Findings in order, without overlaps; the surer kind wins. Linear in the length of the text.

    Digits and signs of other scripts, and characters hidden between digits, make no difference.
    """
    taken = bytearray(len(text))
    found = []
    for plain in plain_texts(text):
        for kind, plain_span in _spans(plain.words):
            start, end = plain.span_as_given(*plain_span)
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(start, end, kind))
    return sorted(found, key=lambda finding: finding.start)


def _spans(words: str) -> Iterator[tuple[PersonalDataKind, tuple[int, int]]]:
    """(kind, span) of all that may be personal data, the surer first. They may overlap."""
    for kind, rule in NUMBER_RULES:
        for match in rule.finditer(words):
            yield kind, match.span("it") if "it" in rule.groupindex else match.span()
    for span in address_spans(words):
        yield PersonalDataKind.ADDRESS, span
    for span in name_spans(words):
        yield PersonalDataKind.NAME, span


def redacted_text(text: str, chosen: Iterable[Finding]) -> str:
    """The text with each chosen finding replaced by the placeholder of its kind."""
    pieces, at = [], 0
    for finding in sorted(chosen, key=lambda finding: finding.start):
        pieces += [text[at : finding.start], PLACEHOLDERS[finding.kind]]
        at = finding.end
    return "".join([*pieces, text[at:]])


def without_invisible(text: str) -> str:
    """The text in NFC without zero-width characters, so that nothing is hidden in what is published."""
    return "".join(sign for sign in nfc(text) if unicodedata.category(sign) != "Cf" or sign in JOINERS)


def unpublishable_findings(text: str) -> list[Finding]:
    """Findings that may never be published, whatever a person decided."""
    return [finding for finding in find_personal_data(text) if finding.kind in NEVER_PUBLISHED]


def repeated_findings(original: str, text: str) -> list[Finding]:
    """Findings of `text` that may never be published and that `original` has too, however they are spaced."""
    secrets = {_bare_words(original, finding) for finding in unpublishable_findings(original)}
    return [finding for finding in unpublishable_findings(text) if _bare_words(text, finding) in secrets]


def _bare_words(text: str, finding: Finding) -> str:
    return letters_and_digits(text[finding.start : finding.end])
