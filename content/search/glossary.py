"""The terms that «Giải thích từ ngữ» articles explain."""

import re

from django.db.models import Q

from content.documents.models import ProvisionVersion
from content.documents.passages.models import Passage
from content.search.models import Term
from content.text import lexemes

_HEADING = re.compile(r"giải thích (?:từ|thuật) ngữ|giải thích các (?:từ|thuật) ngữ", re.IGNORECASE)
_MARK = re.compile(r"^(?:\d+(?:\.\d+)*[a-zđ]?[.)]|[a-zđ]\)|[-+*–])\s*", re.IGNORECASE)
_EXPLAINED = re.compile(r"(?P<term>[^:;.]{2,150}?)\s+(?:(?:được )?hiểu là|là)\s+(?P<definition>\S.*)", re.DOTALL)
_ASIDE = re.compile(r"\s*\([^)]*\)")
MOST_WORDS = 16


def explained(text):
    """(term, definition) of one clause: «2. Mẫu là vật để thử.»; None where it explains none."""
    text = _ASIDE.sub("", _MARK.sub("", " ".join(text.split())), count=1)
    found = _EXPLAINED.match(text)
    if not found:
        return None
    term = found["term"].strip(' "“”«»,')
    return (term, found["definition"]) if 0 < len(lexemes.words(term)) <= MOST_WORDS else None


def terms():
    """Term rows of all public articles as they stand, not saved."""
    heads = ProvisionVersion.objects.filter(
        Q(heading__icontains="từ ngữ") | Q(heading__icontains="thuật ngữ"), provision__kind="article", valid_until=None
    ).filter(provision__in=Passage.objects.filter(provision__isnull=False).values("provision"))
    for head in heads.order_by("provision").values("provision", "provision__document", "provision__eid", "heading"):
        if not _HEADING.search(head["heading"]):
            continue
        clauses = ProvisionVersion.objects.filter(
            provision__document=head["provision__document"],
            provision__parent=head["provision"],
            provision__kind="clause",
            valid_until=None,
        ).order_by("provision__position")
        for position, text in enumerate(clauses.values_list("text", flat=True)):
            if pair := explained(text):
                term, definition = pair
                yield Term(
                    provision_id=head["provision"],
                    term=term[:300],
                    term_key=" ".join(lexemes.words(term))[:300],
                    definition=definition,
                    position=position,
                )
