"""How our own texts write words: learnt when words are counted, kept in each process, asked for what has no accents."""

import numpy as np
from django.db.models import F
from django.utils import timezone

from content.documents.models import LegalDocument, ProvisionVersion
from content.qa.models import Question
from content.search.models import Spelling, Synonym
from content.text import lexemes
from content.text.accents import Spellings, learn_spellings
from content.text.vietnamese import nfc

MAX_PROVISION_TEXTS = 600_000  # read, of provisions: of more each second, third …
ROWS_PER_BATCH = 5_000
QUESTION_PHRASES = """
bao nhiêu; bao nhiêu tiền; bao nhiêu ngày; bao nhiêu năm; bao lâu; mấy ngày; mấy năm; mấy năm tù; là gì; gì; nào;
thế nào; như thế nào; làm thế nào; làm sao; ra sao; thì sao; tại sao; vì sao; ở đâu; khi nào; lúc nào; vậy; hay không;
được không; có được không; có được phép không; có phải không; có cần không; có đúng không; có vi phạm không;
có bị phạt không; bị phạt bao nhiêu tiền; bị phạt thế nào; bị xử phạt như thế nào; phạt tiền bao nhiêu; phạm lỗi;
lỗi gì; mức phạt bao nhiêu; đi tù; phải làm gì; cần giấy tờ gì; cần những gì; cho tôi hỏi; cho em hỏi; tôi muốn hỏi;
xin hỏi; xin chào; anh chị; bạn; tôi; em; chúng tôi; của tôi; của bạn; nhà tôi; con tôi; vợ chồng tôi; ai có quyền;
ai được; cơ quan nào có; có thẩm quyền; trường hợp nào; pháp luật có quy định
"""  # how people ask, as no law is written
TIMES_ASKED, TIMES_SAID = 300, 20  # as if we had read it so often; the second: what an alias says and means

_cached = (None, None)


def learn_spelling():
    """Learn anew how words are written. Call it in the transaction that counts them."""
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


def _training_texts():
    published = LegalDocument.objects.filter(status=LegalDocument.Status.PUBLISHED)
    yield from published.values_list("title", flat=True).iterator(chunk_size=ROWS_PER_BATCH)
    versions = ProvisionVersion.objects.filter(provision__document__in=published)
    versions = versions.annotate(turn=F("pk") % (versions.count() // MAX_PROVISION_TEXTS + 1)).filter(turn=0)
    for pair in versions.values_list("heading", "text").iterator(chunk_size=ROWS_PER_BATCH):
        yield from pair
    asked = Question.objects.filter(published_at__isnull=False).values_list("public_title", "public_text")
    yield from (text for pair in asked.iterator(chunk_size=ROWS_PER_BATCH) for text in pair if not text.isascii())
    yield from [phrase.strip() for phrase in QUESTION_PHRASES.split(";")] * TIMES_ASKED
    for alias in Synonym.objects.all():
        yield from [alias.said, *alias.meant] * TIMES_SAID


def accented_words(words, may_change):
    """See Spellings.with_accents; the words as they are where nothing was learnt yet."""
    global _cached
    learnt_at, kept = Spelling.objects.values_list("learnt_at", flat=True).first(), _cached
    if kept[0] != learnt_at:
        kept = _cached = (learnt_at, _load_spelling() if learnt_at else None)
    return kept[1].with_accents(words, may_change) if kept[1] else list(words)


def restore_accents(text):
    """The NFC text with accents, where it was typed without any; else as it is."""
    text = nfc(text)
    spans = lexemes.word_spans(text)
    typed = [text[start:end] for _, start, end in spans]
    return replace_words(text, spans, accented_words(typed, [True] * len(typed))) if have_no_accents(typed) else text


def have_no_accents(words):
    """Whether they were typed without any accent."""
    return all(word.isascii() for word in words)


def replace_words(text, spans, words):
    """The text with these words in the place of those at lexemes' spans."""
    for (_, start, end), word in reversed(list(zip(spans, words, strict=True))):
        text = text[:start] + word + text[end:]
    return text


def _load_spelling():
    row = Spelling.objects.first()
    return row and Spellings(
        row.forms.split(" "),
        np.frombuffer(row.times, np.uint32),
        np.frombuffer(row.pairs, np.uint32),
        np.frombuffer(row.together, np.uint16),
    )
