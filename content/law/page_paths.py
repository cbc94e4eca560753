"""Paths of the pages that people read: «/van-ban/luat-2024-31-2024-qh15/dieu-15/khoan-2/diem-dd». Pure.

Those of documents, provisions, questions, events, contests, certificates, materials, playlists, channels, programmes
and plans. The words of the law stand in the address, one step for each step of the eid, so that each tells the other.
"""

import re

from content.law.eids import SEPARATOR
from content.law.units import EID_PREFIXES, UNIT_FORMS, UnitKind
from content.text.vietnamese import slug

DOCUMENTS, QUESTIONS, EVENTS, CONTESTS = "/van-ban", "/hoi-dap", "/su-kien", "/cuoc-thi"
MATERIALS, PROGRAMMES, PLANS, SHORT = "/tai-lieu", "/de-an", "/ke-hoach", "/s"
PLAYLISTS, CHANNELS, CERTIFICATES = "/danh-sach-phat", "/kenh", "/chung-nhan"
PAGES = (  # of objects
    DOCUMENTS, QUESTIONS, EVENTS, CONTESTS, MATERIALS, PLAYLISTS, CHANNELS, PROGRAMMES, PLANS, CERTIFICATES,
)  # fmt: skip
_WORDS = {kind: slug(form.word) for kind, form in UNIT_FORMS.items()} | {UnitKind.FORM: "mau"}
_WORDS_BY_PREFIX = {EID_PREFIXES[kind]: word for kind, word in _WORDS.items()}
_PREFIXES_BY_WORD = {word: prefix for prefix, word in _WORDS_BY_PREFIX.items()}
_STEP = re.compile(rf"({'|'.join(sorted(_PREFIXES_BY_WORD, key=len, reverse=True))})(?:-([a-z0-9_]{{1,60}}))?")


def document_path(key: str) -> str:
    """The path of a document's page."""
    return f"{DOCUMENTS}/{key}"


def provision_path(key: str, eid: str) -> str:
    """The path of a provision's page; the document's where the eid has a form that no page has."""
    steps = [step.partition("_") for step in eid.split(SEPARATOR)]
    if not eid or any(prefix not in _WORDS_BY_PREFIX for prefix, _, _ in steps):
        return document_path(key)
    return "/".join([document_path(key), *(_step(prefix, token) for prefix, _, token in steps)])


def question_path(key: str) -> str:
    """The path of a question's page."""
    return f"{QUESTIONS}/{key}"


def event_path(key: str) -> str:
    """The path of an event's page."""
    return f"{EVENTS}/{key}"


def contest_path(key: str) -> str:
    """The path of a contest's page."""
    return f"{CONTESTS}/{key}"


def certificate_path(serial: str) -> str:
    """The path of the page where a certificate is verified; `serial` in groups, as it is printed and typed."""
    return f"{CERTIFICATES}/{serial}"


def material_path(key: str) -> str:
    """The path of a material's page."""
    return f"{MATERIALS}/{key}"


def playlist_path(key: str) -> str:
    """The path of a playlist's page."""
    return f"{PLAYLISTS}/{key}"


def channel_path(key: str) -> str:
    """The path of a channel's page."""
    return f"{CHANNELS}/{key}"


def programme_path(key: str) -> str:
    """The path of a programme's page: who has a plan, and what is counted."""
    return f"{PROGRAMMES}/{key}"


def plan_path(key: str) -> str:
    """The path of a plan's page."""
    return f"{PLANS}/{key}"


def short_path(code: str) -> str:
    """The path of a short address."""
    return f"{SHORT}/{code}"


def _step(prefix: str, token: str) -> str:
    word = _WORDS_BY_PREFIX[prefix]
    return f"{word}-{token}" if token else word


def eid_of_path(path: str) -> str | None:
    """The eid of «dieu-15/khoan-2», what follows the key in a path; None where it is not one."""
    steps = []
    for step in path.split("/"):
        found = _STEP.fullmatch(step)
        if found is None:
            return None
        prefix = _PREFIXES_BY_WORD[found[1]]
        steps.append(f"{prefix}_{found[2]}" if found[2] else prefix)
    return SEPARATOR.join(steps)
