"""Banks of quiz questions. Each question cites the provisions that its key follows from."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from content.basis.models import Basis
from content.organisations.models import Organisation
from content.question_banks.states import QuizStatus
from content.random_keys import random_key
from content.topics.models import Topic

TEXT_LENGTH, CHOICE_LENGTH, ANSWER_LENGTH, NAME_LENGTH = 2_000, 1_000, 200, 200
MAX_CHOICES, MAX_ACCEPTED = 8, 20
LETTERS = "ABCDEFGH"  # of the choices, in the order in which they were written


def new_bank_key() -> str:
    return random_key("nh-")


def new_question_key() -> str:
    return random_key("cau-")


class QuizKind(models.TextChoices):
    SINGLE = "single", _("One right choice")
    TRUE_FALSE = "true_false", _("True or false")
    FILL_IN = "fill_in", _("Fill in")


class QuestionBank(models.Model):
    """A collection of quiz questions, from which the rounds of contests draw."""

    key = models.CharField(max_length=20, unique=True, default=new_bank_key)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")

    def __str__(self) -> str:
        return self.name


class QuizQuestion(models.Model):
    """One revision of a quiz question. Once a round has used it, a change is a new revision under the same key.

    `right` is the position of the right choice, from 1; `accepted` are the answers to a question without choices.
    Citations of its `basis` are at least one when it is approved, and a used revision never changes: triggers see to
    both.
    """

    key = models.CharField(max_length=20, default=new_question_key)
    revision = models.PositiveIntegerField(default=1)
    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="questions", verbose_name=_("question bank"))
    kind = models.CharField(_("kind"), max_length=10, choices=QuizKind)
    text = models.TextField(_("question"), max_length=TEXT_LENGTH)
    choices = ArrayField(models.TextField(max_length=CHOICE_LENGTH), default=list, blank=True)
    right = models.PositiveIntegerField(_("right choice"), null=True, blank=True)
    accepted = ArrayField(models.CharField(max_length=ANSWER_LENGTH), default=list, blank=True)
    accents_count = models.BooleanField(_("accents count"), default=True)  # of a question without choices
    keeps_order = models.BooleanField(_("choices keep their order"), default=False)  # «cả A và B»
    explanation = models.TextField(_("explanation"), max_length=TEXT_LENGTH, blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="quiz_questions", verbose_name=_("topic")
    )
    source = models.CharField(_("source"), max_length=200, blank=True)  # of an imported question: «collection:id»
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    basis = models.OneToOneField(Basis, models.PROTECT, related_name="quiz_question")
    status = models.CharField(_("status"), max_length=9, choices=QuizStatus, default=QuizStatus.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revised_by = models.ForeignKey(  # without what would lock tables while it is added
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # when a round first froze it
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("quiz question")
        verbose_name_plural = _("quiz questions")
        permissions = [("approve_quizquestion", "Can approve quiz questions")]
        constraints = [
            models.UniqueConstraint(name="quiz_questions_revision_once", fields=["key", "revision"]),
            models.UniqueConstraint(
                name="quiz_questions_one_approved", fields=["key"], condition=Q(status=QuizStatus.APPROVED)
            ),
            models.UniqueConstraint(
                name="quiz_questions_one_draft", fields=["key"], condition=Q(status=QuizStatus.DRAFT)
            ),
            models.UniqueConstraint(
                name="quiz_questions_imported_once", fields=["source", "revision"], condition=~Q(source="")
            ),
            models.CheckConstraint(
                name="quiz_questions_have_one_right_choice",
                condition=Q(kind="fill_in", right=None, choices__len=0, accepted__len__gte=1)
                | Q(
                    kind="true_false",
                    right__isnull=False,
                    right__gte=1,
                    right__lte=F("choices__len"),
                    choices__len=2,
                    accepted__len=0,
                )
                | Q(
                    kind="single",
                    right__isnull=False,
                    right__gte=1,
                    right__lte=F("choices__len"),
                    choices__len__gte=2,
                    accepted__len=0,
                ),
            ),
            models.CheckConstraint(
                name="quiz_questions_are_approved_by_another",
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=F("written_by")),
            ),
            models.CheckConstraint(
                name="quiz_questions_are_approved_by_no_reviser",
                condition=Q(approved_by=None) | Q(revised_by=None) | ~Q(approved_by=F("revised_by")),
            ),
            models.CheckConstraint(
                name="quiz_questions_approved_by_somebody",
                condition=Q(status__in=["draft", "withdrawn"])
                | Q(approved_at__isnull=False, approved_by__isnull=False)
                | Q(approved_at__isnull=False, source__startswith="sample:"),
            ),
            models.CheckConstraint(
                name="quiz_questions_used_were_approved",
                condition=Q(used_at=None) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["bank", "status", "topic"], name="quiz_questions_of_a_bank")]

    def __str__(self) -> str:
        return f"{self.key}/{self.revision}"

    @property
    def is_used(self) -> bool:
        return self.used_at is not None

    @property
    def lettered_choices(self) -> list[tuple[str, str, bool]]:
        """[(letter, text, whether it is right)] of the choices, in the order in which they were written."""
        return [(LETTERS[place - 1], text, place == self.right) for place, text in enumerate(self.choices, 1)]

    @property
    def is_shuffled(self) -> bool:
        """Whether each paper shows the choices in an order of its own."""
        return self.kind == QuizKind.SINGLE and not self.keeps_order
