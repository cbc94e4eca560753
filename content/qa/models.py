"""Questions of readers, their answers, ratings, reports and deadlines."""

import secrets

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.basis.models import Basis
from content.copies import HOME_LENGTH
from content.organisations.models import Organisation, Province
from content.people.models import Reader
from content.qa.states import QuestionStatus, QuestionTransition, Resolution
from content.topics.models import Topic

TITLE_LENGTH, TEXT_LENGTH = 300, 10_000
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without those that are easily confused


def new_key() -> str:
    """A random key. A running number would tell how many questions there are."""
    return "hoi-" + "".join(secrets.choice(KEY_LETTERS) for _ in range(10))


class Question(models.Model):
    """A reader's question: the original text and the public copy.

    `title` and `text` are the original: shown to the reader and to staff, whose reading is audited, and erasable.
    `public_title` and `public_text` are the redacted copy, the only text that is ever published.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key)
    reader = models.ForeignKey(Reader, models.SET_NULL, null=True, blank=True, related_name="questions")
    source = models.CharField(max_length=200, blank=True)  # of an imported question; empty: a reader asked it here
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)  # blank: erased
    text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    public_title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    public_text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    redacted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    search_key = models.TextField(blank=True)  # public title and text, folded
    search_words = SearchVectorField(
        default="", db_default="", editable=False
    )  # of the public content, see search_keys.py
    search_codes = models.BinaryField(default=b"", db_default=b"")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="questions")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="questions")
    consent_to_publish = models.BooleanField()  # given by the reader, never assumed (Law 91/2025/QH15)
    status = models.CharField(max_length=10, choices=QuestionStatus, default=QuestionStatus.SUBMITTED)
    resolution = models.CharField(max_length=10, choices=Resolution, blank=True)
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="questions"
    )
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(null=True, blank=True)  # null: no answer is due
    published_at = models.DateTimeField(null=True, blank=True)  # of the first answer; a revision does not change it
    publication = models.BigIntegerField(null=True, blank=True, unique=True)  # id of the change: order of the list
    home = models.CharField(max_length=HOME_LENGTH, default="", db_default="", blank=True)  # of a copy; "": ours
    public_changed_at = models.DateTimeField(null=True, blank=True)  # when the public content last changed

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        permissions = [
            ("screen_question", _("Can screen questions")),
            ("answer_question", _("Can answer questions")),
            ("approve_question", _("Can approve answers")),
            ("read_original", _("Can read original texts")),
        ]
        constraints = [
            models.CheckConstraint(
                name="questions_closed_with_a_resolution",
                condition=Q(status__in=["closed", "published"]) ^ Q(resolution=""),
            ),
            models.CheckConstraint(
                name="questions_public_while_published_never_when_closed",
                condition=Q(status="published", published_at__isnull=False)
                | Q(status="closed", published_at=None)
                | ~Q(status__in=["published", "closed"]),
            ),
            models.CheckConstraint(
                name="questions_published_have_their_place",
                condition=Q(published_at=None, publication=None)
                | Q(published_at__isnull=False, publication__isnull=False, public_changed_at__isnull=False),
            ),
            models.UniqueConstraint(name="questions_imported_once", fields=["source"], condition=~Q(source="")),
            models.CheckConstraint(
                name="questions_published_with_consent_and_a_redacted_copy",
                condition=Q(published_at=None) | (Q(consent_to_publish=True) & ~Q(public_title="")),
            ),
            models.CheckConstraint(
                name="questions_duplicate_of_another",
                condition=Q(resolution="duplicate", same_as__isnull=False) & ~Q(same_as=F("id"))
                | ~Q(resolution="duplicate") & Q(same_as=None),
            ),
        ]
        indexes = [
            models.Index("due_on", condition=Q(due_on__isnull=False), name="questions_due"),
            models.Index("home", name="questions_by_home", condition=~Q(home="")),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="questions_search_key"),
            GinIndex(fields=["search_words"], fastupdate=False, name="questions_search_words"),
        ]

    def __str__(self) -> str:
        return self.key

    current_answers: "list[Answer]"  # set by queries.with_current_answer: one or none
    days_left: int | None  # set by the staff list

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def was_answered(self) -> bool:
        """Whether an answer was ever approved."""
        return self.answers.exclude(approved_at=None).exists()


class Answer(models.Model):
    """An answer. A revision is another row; the newest approved one is the current answer.

    One person writes it and another approves it. An imported answer has neither; its question names the source.
    """

    MAX_LENGTH = 50_000

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.TextField(max_length=MAX_LENGTH)
    basis = models.OneToOneField(Basis, models.PROTECT, related_name="answer")
    is_imported = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when it was last confirmed after a change of law
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.CheckConstraint(
                name="answers_are_approved_by_another", condition=Q(approved_by=None) | ~Q(approved_by=F("written_by"))
            ),
            models.CheckConstraint(
                name="answers_are_by_two_people_unless_imported",
                condition=Q(is_imported=False, written_by__isnull=False, approved_by=None, approved_at=None)
                | Q(is_imported=False, written_by__isnull=False, approved_by__isnull=False, approved_at__isnull=False)
                | Q(is_imported=True, written_by=None, approved_by=None, approved_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="answers_one_draft_at_a_time", fields=["question"], condition=Q(approved_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.created_at:%Y-%m-%d}"


class QuestionTransitionLog(models.Model):
    """One transition of a question: who made it, when and why."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="transitions")
    transition = models.CharField(max_length=12, choices=QuestionTransition)
    from_status = models.CharField(max_length=10, choices=QuestionStatus)
    to_status = models.CharField(max_length=10, choices=QuestionStatus)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)  # see states.REASON_SHOWN_TO_ASKER
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.question_id} {self.transition}"


class Rating(models.Model):
    """Whether a reader found an answer helpful."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="ratings")
    reader = models.ForeignKey(Reader, models.CASCADE, related_name="ratings")
    is_helpful = models.BooleanField()
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="ratings_once", fields=["question", "reader"])]

    def __str__(self) -> str:
        return f"{self.question_id} {self.is_helpful}"


class ProblemReport(models.Model):
    """A problem with a public answer that a reader reported."""

    class Kind(models.TextChoices):
        OUTDATED = "outdated", _("Outdated")
        WRONG = "wrong", _("Wrong")
        PERSONAL_DATA = "personal_data", _("Personal data")

    MAX_LENGTH = 2_000

    question = models.ForeignKey(Question, models.CASCADE, related_name="reports")
    reader = models.ForeignKey(Reader, models.SET_NULL, null=True, blank=True, related_name="reports")
    kind = models.CharField(max_length=13, choices=Kind)
    text = models.TextField(max_length=MAX_LENGTH, blank=True)
    reported_at = models.DateTimeField(auto_now_add=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("problem report")
        verbose_name_plural = _("problem reports")
        constraints = [
            models.UniqueConstraint(
                name="reports_once_while_open", fields=["question", "reader", "kind"], condition=Q(resolved_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} {self.kind}"
