"""Administrators save and delete synonyms. Both are audited."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User
from content.synonyms.models import Synonym
from content.text import lexemes
from content.text.vietnamese import nfc

# audit rows keep the actions "search.alias_saved" and "search.alias_deleted", so that old and new rows read alike


@transaction.atomic
def save_synonym(synonym: Synonym, *, by: User) -> Synonym:
    """Create or change a synonym. Raises what `refuse_unusable_synonym` raises."""
    refuse_unusable_synonym(synonym.said, synonym.meant, pk=synonym.pk)
    synonym.said = nfc(" ".join(synonym.said.split()))
    synonym.said_key = _folded_key(synonym.said)
    synonym.meant = [nfc(" ".join(meant.split())) for meant in synonym.meant]
    synonym.save()
    people.audit("search.alias_saved", synonym.said_key, by=by, meant=synonym.meant)
    return synonym


def refuse_unusable_synonym(said: str, meant: Sequence[str], *, pk: int | None = None) -> None:
    """Raise RuleBroken "blank", "synonym_adds_nothing" or "already_exists". `pk`: of the synonym that is changed."""
    if not _folded_key(said):
        raise RuleBroken("blank", _("This has no word. Enter at least one word."), field="said")
    if not meant or any(_folded_key(each) in ("", _folded_key(said)) for each in meant):
        message = _("The law's words repeat what people say. Enter different words.")
        raise RuleBroken("synonym_adds_nothing", message, field="meant")
    others = Synonym.objects.exclude(pk=pk) if pk else Synonym.objects.all()
    if others.filter(said_key=_folded_key(said)).exists():
        raise RuleBroken("already_exists", _("This synonym already exists. Change the existing one."), field="said")


def _folded_key(text: str) -> str:
    return " ".join(lexemes.words(nfc(text)))


@transaction.atomic
def delete_synonym(synonym: Synonym, *, by: User) -> None:
    """Delete a synonym. A repeat is a no-op."""
    if Synonym.objects.filter(pk=synonym.pk).delete()[0]:
        people.audit("search.alias_deleted", synonym.said_key, by=by)
