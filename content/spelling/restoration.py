"""Restore the accents of words typed without any, as our own texts write them.

The spelling is learned when the search index is rebuilt, and each process caches it until the next time.
"""

import datetime
from collections.abc import Iterator, Sequence

import numpy as np
from django.db.models import F
from django.utils import timezone

from content.documents.models import LegalDocument, ProvisionVersion
from content.qa.models import Question
from content.spelling.models import Spelling
from content.synonyms.models import Synonym
from content.text import lexemes
from content.text.accents import Spellings, learn_spellings
from content.text.vietnamese import nfc

MAX_PROVISION_TEXTS = 600_000  # of more provisions each second, third … is read
ROWS_PER_BATCH = 5_000
QUESTION_PHRASES = """
bao nhiêu; bao nhiêu tiền; bao nhiêu ngày; bao nhiêu năm; bao lâu; mấy ngày; mấy năm; mấy năm tù; là gì; gì; nào;
thế nào; như thế nào; làm thế nào; làm sao; ra sao; thì sao; tại sao; vì sao; ở đâu; khi nào; lúc nào; vậy; hay không;
được không; có được không; có được phép không; có phải không; có cần không; có đúng không; có vi phạm không;
có bị phạt không; bị phạt bao nhiêu tiền; bị phạt thế nào; bị xử phạt như thế nào; phạt tiền bao nhiêu; phạm lỗi;
lỗi gì; mức phạt bao nhiêu; đi tù; phải làm gì; cần giấy tờ gì; cần những gì; cho tôi hỏi; cho em hỏi; tôi muốn hỏi;
xin hỏi; xin chào; anh chị; bạn; tôi; em; chúng tôi; của tôi; của bạn; nhà tôi; con tôi; vợ chồng tôi; ai có quyền;
ai được; cơ quan nào có; có thẩm quyền; trường hợp nào; pháp luật có quy định
"""  # how people ask; no law is written so
TIMES_ASKED = 300  # how often a question phrase counts as read
TIMES_SAID = 20  # how often a synonym does

_cached: tuple[datetime.datetime | None, Spellings | None] = (None, None)  # (learnt at, spelling)


def learn_spelling() -> None:
    """Learn how words are written and replace what was learned before. Call it in the transaction of a rebuild."""
    learnt = learn_spellings(_training_texts())
    Spelling.objects.all().delete()
    if learnt.forms:
        Spelling.objects.create(
            forms=" ".join(learnt.forms),
            times=learnt.times.tobytes(),
            pairs=learnt.pairs.tobytes(),
            together=learnt.together.tobytes(),
            learnt_at=timezone.now(),
        )


def _training_texts() -> Iterator[str]:
    published = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    yield from published.values_list("title", flat=True).iterator(chunk_size=ROWS_PER_BATCH)
    versions = ProvisionVersion.objects.filter(provision__document__in=published)
    versions = versions.annotate(turn=F("pk") % (versions.count() // MAX_PROVISION_TEXTS + 1)).filter(turn=0)
    for pair in versions.values_list("heading", "text").iterator(chunk_size=ROWS_PER_BATCH):
        yield from pair
    asked = Question.objects.filter(published_at__isnull=False).values_list("public_title", "public_text")
    yield from (text for pair in asked.iterator(chunk_size=ROWS_PER_BATCH) for text in pair if not text.isascii())
    yield from [phrase.strip() for phrase in QUESTION_PHRASES.split(";")] * TIMES_ASKED
    for synonym in Synonym.objects.all():
        yield from [synonym.said, *synonym.meant] * TIMES_SAID


def accented_words(words: Sequence[str], may_change: Sequence[bool]) -> list[str]:
    """The words with their likeliest accents, those with `may_change` only. Unchanged where nothing was learned yet.

    See Spellings.with_accents.
    """
    global _cached
    learnt_at = Spelling.objects.values_list("learnt_at", flat=True).first()
    cached = _cached  # another thread may replace it meanwhile
    if cached[0] != learnt_at:
        cached = _cached = (learnt_at, _load_spelling() if learnt_at else None)
    spellings = cached[1]
    return list(spellings.with_accents(words, may_change)) if spellings else list(words)


def restore_accents(text: str) -> str:
    """The text (NFC) with accents where it was typed without any; otherwise unchanged."""
    text = nfc(text)
    spans = lexemes.word_spans(text)
    typed = [text[start:end] for _, start, end in spans]
    return replace_words(text, spans, accented_words(typed, [True] * len(typed))) if have_no_accents(typed) else text


def have_no_accents(words: Sequence[str]) -> bool:
    """Whether all words were typed without accents."""
    return all(word.isascii() for word in words)


def replace_words(text: str, spans: Sequence[tuple[str, int, int]], words: Sequence[str]) -> str:
    """The text with the words at `spans` (of lexemes.word_spans) replaced by `words`."""
    for (_, start, end), word in reversed(list(zip(spans, words, strict=True))):
        text = text[:start] + word + text[end:]
    return text


def _load_spelling() -> Spellings | None:
    row = Spelling.objects.first()
    if row is None:
        return None
    return Spellings(
        row.forms.split(" "),
        np.frombuffer(row.times, np.uint32),
        np.frombuffer(row.pairs, np.uint32),
        np.frombuffer(row.together, np.uint16),
    )
