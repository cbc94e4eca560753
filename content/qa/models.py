"""Questions of readers, their answers, and what happened to them."""

import secrets

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.basis.models import Basis
from content.organisations.models import Organisation, Province
from content.people.models import Reader
from content.qa.states import QuestionStatus, QuestionTransition, Resolution
from content.topics.models import Topic

TITLE_LENGTH, TEXT_LENGTH = 300, 10_000
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another


def new_key():
    """Not a running number: it tells neither how many ask nor where the next question stands."""
    return "hoi-" + "".join(secrets.choice(KEY_LETTERS) for _ in range(10))


class Question(models.Model):
    """A question as it was asked, and the copy of it the public may read.

    `title` and `text` are the reader's own words: shown to them and to staff, whose reading is audited, and erasable.
    `public_title` and `public_text` are the redacted copy; they are shown to the public once published, nothing else.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key)
    reader = models.ForeignKey(Reader, models.SET_NULL, null=True, blank=True, related_name="questions")
    source = models.CharField(max_length=200, blank=True)  # of an imported one; empty: a reader asked it here
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)  # blank: erased
    text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    public_title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    public_text = models.TextField(max_length=TEXT_LENGTH, blank=True)
    redacted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    search_key = models.TextField(blank=True)  # public title and text, folded
    search_words = SearchVectorField(default="", db_default="", editable=False)  # of what is public, see searching.py
    search_codes = models.BinaryField(default=b"", db_default=b"")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True, related_name="questions")
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="questions")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="questions")
    consent_to_publish = models.BooleanField()  # said by the reader, never assumed (Law 91/2025/QH15)
    status = models.CharField(max_length=10, choices=QuestionStatus, default=QuestionStatus.SUBMITTED)
    resolution = models.CharField(max_length=10, choices=Resolution, blank=True)
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="questions"
    )
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(null=True, blank=True)  # null: nothing is owed any more
    published_at = models.DateTimeField(null=True, blank=True)  # first; a revision does not change it
    publication = models.BigIntegerField(null=True, blank=True, unique=True)  # the day-book's line: order of the list
    public_changed_at = models.DateTimeField(null=True, blank=True)  # when what the public sees of it last changed

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        permissions = [
            ("screen_question", _("Can screen questions")),
            ("answer_question", _("Can answer questions")),
            ("approve_question", _("Can approve answers")),
            ("read_original", _("Can read a question as it was asked")),
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
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="questions_search_key"),
            GinIndex(fields=["search_words"], fastupdate=False, name="questions_search_words"),
        ]

    def __str__(self):
        return self.key

    @property
    def is_public(self):
        return self.published_at is not None

    @property
    def was_answered(self):
        """Has an answer been approved, whatever happened since?"""
        return self.answers.exclude(approved_at=None).exists()


class Answer(models.Model):
    """What the public and the asker read. A revision is another row; the newest approved one stands.

    Written by one person and approved by another; an imported one has neither, its question names the source.
    """

    MOST_LETTERS = 50_000

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    text = models.TextField(max_length=MOST_LETTERS)
    basis = models.OneToOneField(Basis, models.PROTECT, related_name="answer")
    is_imported = models.BooleanField(default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # last time somebody stood by it after a change
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

    def __str__(self):
        return f"{self.question_id} {self.created_at:%Y-%m-%d}"


class QuestionTransitionLog(models.Model):
    """One step of a question's life: who, when, why."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="transitions")
    transition = models.CharField(max_length=12, choices=QuestionTransition)
    from_status = models.CharField(max_length=10, choices=QuestionStatus)
    to_status = models.CharField(max_length=10, choices=QuestionStatus)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)  # told to the asker where it is theirs to know
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.question_id} {self.transition}"


class Rating(models.Model):
    """A reader found an answer helpful, or not."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="ratings")
    reader = models.ForeignKey(Reader, models.CASCADE, related_name="ratings")
    is_helpful = models.BooleanField()
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="ratings_once", fields=["question", "reader"])]

    def __str__(self):
        return f"{self.question_id} {self.is_helpful}"


class ProblemReport(models.Model):
    """A reader says that something about a public answer is not right."""

    class Kind(models.TextChoices):
        OUTDATED = "outdated", _("Outdated")
        WRONG = "wrong", _("Wrong")
        PERSONAL_DATA = "personal_data", _("Personal data")

    MOST_LETTERS = 2_000

    question = models.ForeignKey(Question, models.CASCADE, related_name="reports")
    reader = models.ForeignKey(Reader, models.SET_NULL, null=True, blank=True, related_name="reports")
    kind = models.CharField(max_length=13, choices=Kind)
    text = models.TextField(max_length=MOST_LETTERS, blank=True)
    reported_at = models.DateTimeField(auto_now_add=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("reported problem")
        verbose_name_plural = _("reported problems")
        constraints = [
            models.UniqueConstraint(
                name="reports_once_while_open", fields=["question", "reader", "kind"], condition=Q(resolved_at=None)
            ),
        ]

    def __str__(self):
        return f"{self.question_id} {self.kind}"


class DeadlineRule(models.Model):
    """Within how many working days questions of a subject are answered; the rule without a topic is for all others."""

    topic = models.OneToOneField(
        Topic, models.CASCADE, null=True, blank=True, related_name="deadline_rule", verbose_name=_("topic")
    )
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        constraints = [
            models.UniqueConstraint(name="deadline_rules_one_for_all_others", fields=["topic"], nulls_distinct=False),
            models.CheckConstraint(name="deadline_rules_have_days", condition=Q(working_days__gte=1)),
        ]

    def __str__(self):
        return f"{self.topic or _('Every topic')}: {_('within %d working days') % self.working_days}"


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a Saturday worked for a day that was given off."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("is worked"), default=False)
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("source"), max_length=200)  # the act or announcement that says so
    is_provisional = models.BooleanField(  # written down without the announcement at hand, or not announced yet
        _("provisional"), default=False, db_default=False
    )

    class Meta:
        ordering = ["day"]
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("calendar")

    def __str__(self):
        return f"{self.day} {self.name}"
