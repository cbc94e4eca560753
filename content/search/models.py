"""What search knows beside the texts: how often a word stands in them, what lay people call things, what to suggest."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from content.documents.models import Provision
from content.documents.passages.models import Passage

VECTOR_LENGTH = 384


class TermFrequency(models.Model):
    """A word or bigram of the passages, as lexemes makes them, and in how many of them it stands."""

    lexeme = models.CharField(max_length=130, primary_key=True, db_collation="C")
    passages = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.lexeme


class PostingList(models.Model):
    """A word or bigram of many rows of one kind, and the first of them by what it says about each.

    Ids of four bytes, best first; of each its part of BM25 without the word's weight, two bytes of 1/65,535.
    """

    kind = models.CharField(max_length=10)  # of results: provision, document, question, event
    lexeme = models.CharField(max_length=130, db_collation="C")
    best = models.BinaryField()
    parts = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="posting_lists_once", fields=["kind", "lexeme"])]

    def __str__(self):
        return f"{self.kind} {self.lexeme}"


class SearchStatistics(models.Model):
    """One row: how many passages the terms were counted in, and how many words those have on average.

    `newest`: {kind of result: the highest id there was}; what is newer stands under no common word yet.
    """

    passages = models.PositiveIntegerField()
    mean_length = models.FloatField()
    newest = models.JSONField(default=dict, db_default={})
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.passages} {self.counted_at}"


class Spelling(models.Model):
    """One row: how words are written with their accents, and which stand beside which. See content.text.accents."""

    forms = models.TextField()  # with a space between each two
    times = models.BinaryField()
    pairs = models.BinaryField()
    together = models.BinaryField()
    learnt_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.learnt_at}"


class Synonym(models.Model):
    """What people say, and what the law calls it: «sổ đỏ», «bhxh». Searched for beside what was typed, for less."""

    said = models.CharField(_("said"), max_length=80, validators=[MinLengthValidator(2)])
    said_key = models.CharField(max_length=80, unique=True, editable=False)  # its words, folded
    meant = ArrayField(models.CharField(max_length=200), verbose_name=_("meant"), help_text=_("Separated by commas."))
    is_abbreviation = models.BooleanField(_("abbreviation"), default=False)

    class Meta:
        verbose_name = _("search alias")
        verbose_name_plural = _("search aliases")
        ordering = ["said"]
        constraints = [
            models.CheckConstraint(name="synonyms_have_words", condition=~Q(said_key="") & Q(meant__len__gte=1))
        ]

    def __str__(self):
        return self.said


class GlossaryEntry(models.Model):
    """A term as a «Giải thích từ ngữ» article explains it."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="terms")  # the article
    term = models.CharField(max_length=300)
    term_key = models.CharField(max_length=300, db_collation="C")  # its words, folded
    definition = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        default_permissions = ()
        ordering = ["term_key", "pk"]
        constraints = [models.UniqueConstraint(name="glossary_entries_once", fields=["provision", "position"])]
        indexes = [models.Index(F("term_key"), name="glossary_entries_key")]

    def __str__(self):
        return self.term


class PassageVector(models.Model):
    """What an article means, as numbers: made only where SEARCH_VECTORS is on.

    A passage never changes, another takes its place: so nor does this, and it goes with it.
    """

    # the database takes it away: so a program that knows of no vectors can take passages back too, and none is fetched
    passage = models.OneToOneField(Passage, models.DO_NOTHING, related_name="vector", db_constraint=False)
    numbers = models.BinaryField()  # 384 of int8; only the direction counts, they have no common length
    made_by = models.CharField(max_length=40)  # the model, and how texts are put to it: what another made is made anew

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="passage_vectors_have_384_numbers", condition=Exact(Length("numbers"), VECTOR_LENGTH)
            )
        ]

    def __str__(self):
        return f"{self.passage_id} {self.made_by}"


class Suggestion(models.Model):
    """A name or heading to be offered while somebody types, with the number of passages that bear it."""

    text_key = models.CharField(max_length=200, unique=True, db_collation="C")  # its words, folded
    text = models.CharField(max_length=300)
    passages = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.text
