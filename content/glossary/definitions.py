"""Extract terms and their definitions from «Giải thích từ ngữ» articles."""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from content.documents.models import ProvisionVersion
from content.glossary.models import GlossaryEntry
from content.passages.models import Passage
from content.text import lexemes

_GLOSSARY_HEADING = re.compile(r"giải thích (?:từ|thuật) ngữ|giải thích các (?:từ|thuật) ngữ", re.IGNORECASE)
_CLAUSE_MARK = re.compile(r"^(?:\d+(?:\.\d+)*[a-zđ]?[.)]|[a-zđ]\)|[-+*–])\s*", re.IGNORECASE)
_TERM_AND_DEFINITION = re.compile(
    r"(?P<term>[^:;.]{2,150}?)\s+(?:(?:được )?hiểu là|là)\s+(?P<definition>\S.*)", re.DOTALL
)
_PARENTHESIS = re.compile(r" ?\([^)]{0,500}\)")  # a limit, or the time is quadratic in opening ones
MAX_TERM_WORDS = 16
MAX_TERM_LETTERS = 300


def term_and_definition(text: str) -> tuple[str, str] | None:
    """(term, definition) of one clause such as «2. Mẫu là vật để thử.»; None where it defines no term."""
    text = _PARENTHESIS.sub("", _CLAUSE_MARK.sub("", " ".join(text.split())), count=1)
    found = _TERM_AND_DEFINITION.match(text)
    if not found:
        return None
    term = found["term"].strip(' "“”«»,')
    return (term, found["definition"]) if 0 < len(lexemes.words(term)) <= MAX_TERM_WORDS else None


def current_pairs(articles: Iterable[int]) -> dict[int, set[tuple[str, str]]]:
    """{primary key of each article: (term, definition) of its clauses as they are now}. One query."""
    clauses = ProvisionVersion.objects.filter(
        provision__parent__in=articles, provision__kind="clause", valid_until=None
    )
    found: dict[int, set[tuple[str, str]]] = {}
    for article, text in clauses.values_list("provision__parent", "text"):
        pair = term_and_definition(text)
        if article and pair:
            found.setdefault(article, set()).add((pair[0][:MAX_TERM_LETTERS], pair[1]))
    return found


def extract_entries() -> Iterator[GlossaryEntry]:
    """Unsaved entries of all public articles, from the text that is valid without an end."""
    headings = ProvisionVersion.objects.filter(
        Q(heading__icontains="từ ngữ") | Q(heading__icontains="thuật ngữ"), provision__kind="article", valid_until=None
    ).filter(provision__in=Passage.objects.filter(provision__isnull=False).values("provision"))
    columns = ("provision", "provision__document", "heading")
    for article, document, heading in headings.order_by("provision").values_list(*columns):
        if not _GLOSSARY_HEADING.search(heading):
            continue
        clauses = ProvisionVersion.objects.filter(
            provision__document=document,
            provision__parent=article,
            provision__kind="clause",
            valid_until=None,
        ).order_by("provision__position")
        for position, text in enumerate(clauses.values_list("text", flat=True)):
            if pair := term_and_definition(text):
                term, definition = pair
                yield GlossaryEntry(
                    provision_id=article,
                    term=term[:MAX_TERM_LETTERS],
                    term_key=" ".join(lexemes.words(term))[:300],
                    definition=definition,
                    position=position,
                )
