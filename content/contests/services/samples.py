"""A sample contest to try the program with: three questions over the sample act, open for a day."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from content.basis.models import Basis
from content.changes.event_types import EventType, Nature
from content.contests.choices import ResultsShown
from content.contests.models import Contest
from content.contests.services import drafts, freezing, lifecycle, transitions
from content.contests.states import ContestStatus
from content.documents.models import LegalDocument
from content.people import services as people
from content.question_banks import services as banks
from content.question_banks.models import QuestionBank, QuizKind
from content.topics.choices import Audience
from content.topics.models import Topic

LAND = "11-dat-dai"
SAMPLE_TITLE = "CUỘC THI MẪU – không có thật: Tìm hiểu vườn chung của xóm"
SAMPLE_TEXT = "Cuộc thi do Luật Mở đặt ra để thử làm bài, biên nhận và bảng xếp hạng. Không ai được giải gì cả."
SECONDS_AHEAD, OPEN_FOR, SECONDS = 5, datetime.timedelta(days=1), 300
SAMPLE_QUESTIONS: list[dict[str, Any]] = [
    {
        "kind": QuizKind.SINGLE, "eid": "art_4", "right": 2,
        "text": "Nguồn nước sạch cách vườn chung không quá bao nhiêu bước chân?",
        "choices": ["Một trăm", "Hai trăm", "Ba trăm", "Bốn trăm"],
    },
    {
        "kind": QuizKind.TRUE_FALSE, "eid": "art_8a", "right": 1,
        "text": "Khách đến thăm vườn chung được hái một quả để nếm, đúng hay sai?",
    },
    {
        "kind": QuizKind.FILL_IN, "eid": "art_4", "accepted": ["hai", "2", "hai hộ"], "accents_count": False,
        "text": "Ít nhất mấy hộ cùng xin thì lập được vườn chung?",
    },
]  # fmt: skip


@transaction.atomic
def publish_sample_contest(act: LegalDocument, *, reason: str = "") -> tuple[Contest, bool]:
    """Freeze and announce the sample contest over the sample act. Returns (contest, created). Nobody is notified.

    It opens in five seconds. A sample contest that has not ended yet is returned unchanged.
    """
    now = timezone.now()
    running = Contest.objects.filter(
        is_sample=True, home="", status=ContestStatus.ANNOUNCED, rounds__ends_at__gt=now
    ).first()
    if running:
        return running, False
    contest = drafts.plan(
        title=SAMPLE_TITLE,
        text=SAMPLE_TEXT,
        topics=Topic.objects.filter(key=LAND),
        audiences=[Audience.EVERYBODY],
        max_attempts=3,
        results_shown=ResultsShown.AT_ONCE,
        is_sample=True,
    )
    starts_at = now + datetime.timedelta(seconds=SECONDS_AHEAD)
    round = drafts.add_round(
        contest,
        bank=QuestionBank.objects.filter(is_sample=True).first() or _sample_bank(act),
        starts_at=starts_at,
        ends_at=starts_at + OPEN_FOR,
        seconds=SECONDS,
        sections=[{"topic": "", "count": len(SAMPLE_QUESTIONS)}],
    )
    freezing.propose_freeze(round, by=None)
    freezing.freeze(round, by=None)
    return lifecycle.announce(contest, notify=False, reason=reason), True


def _sample_bank(act: LegalDocument) -> QuestionBank:
    bank = banks.write_bank(SAMPLE_TITLE, is_sample=True)
    for number, columns in enumerate(SAMPLE_QUESTIONS, 1):
        written = {name: value for name, value in columns.items() if name != "eid"}
        question = banks.write_question(
            bank, citations=[(act, columns["eid"])], source=f"sample:{number}", licence="CC0-1.0", **written
        )
        banks.approve_question(question, by=None)
    return bank


@transaction.atomic
def remove_sample_contests(*, reason: str = "") -> int:
    """Delete the sample contests with entries and attempts, and their bank. Returns how many. Nobody is notified."""
    contests = list(Contest.objects.filter(is_sample=True, home="").order_by("pk"))
    for contest in contests:
        people.audit("contest.removed", contest.key, reason=reason)
        transitions.record_contest_change(
            contest, EventType.CONTEST_CANCELLED, nature=Nature.WITHDRAWAL, notify=False, reason=reason
        )
        contest.delete()
    for bank in QuestionBank.objects.filter(is_sample=True):
        bases = list(bank.questions.values_list("basis", flat=True))
        bank.questions.all().delete()
        Basis.objects.filter(pk__in=bases).delete()
        bank.delete()
    return len(contests)
