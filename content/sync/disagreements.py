"""Where another installation agrees or disagrees about an object: its witness, a conflict, and neither any more.

Each is called in the transaction that applies what the other installation says.
"""

from django.db.models import Q
from django.utils import timezone

from content.copying.records import Record
from content.documents.models import LegalDocument
from content.sync import queries
from content.sync.models import Conflict, ConflictDecision, ConflictKind, Peer, Witness

OF_TWO = (ConflictKind.WORDS, ConflictKind.KEY)  # where two documents may be meant


def forget_words(peer: Peer, name: str, subject: str) -> None:
    """Nothing of an object that its home withdrew may come back, or count, here: no conflict, no witness.

    That it was another document than ours is forgotten too: what comes later is asked again.
    """
    Conflict.objects.filter(peer=peer, object=name, subject=subject, decision=ConflictDecision.TWO).update(theirs="")
    Conflict.objects.filter(peer=peer, object=name, subject=subject, decision="").delete()
    Conflict.objects.filter(peer=peer, object=name, subject=subject).exclude(record=None).update(record=None)
    _forget_witness(peer, name, subject)


def witness(peer: Peer, record: Record, ours: str, digest: str) -> None:
    """It holds the words of our object with that key, which it may call otherwise."""
    name, theirs = record["object"], record["key"]
    columns = {"hash": digest, "their_key": theirs}
    Witness.objects.update_or_create(peer=peer, object=name, subject=ours, defaults=columns)
    Conflict.objects.filter(peer=peer, object=name, subject=theirs, decision="").delete()  # they agree now
    _count_witnesses(name, ours)


def _forget_witness(peer: Peer, name: str, theirs: str) -> None:
    """It does not hold these words any more."""
    gone = Witness.objects.filter(peer=peer, object=name, their_key=theirs)
    keys = list(gone.values_list("subject", flat=True))
    gone.delete()
    for key in keys:
        _count_witnesses(name, key)


def conflict(peer: Peer, record: Record, kind: ConflictKind, ours: str, *, is_ours_public: bool) -> None:
    """Put it before a person, unless one decided the same. Two documents are two whatever theirs says, while ours is
    public and theirs was not withdrawn in between.
    """
    place = {"peer": peer, "object": record["object"], "subject": record["key"]}
    Conflict.objects.filter(**place, decision="").exclude(kind=kind).delete()  # of what it said before
    decided = Conflict.objects.filter(**place).exclude(decision="")
    is_two, is_same = Q(decision=ConflictDecision.TWO), Q(kind=kind, theirs=record["record_hash"])
    is_still_two = is_two & ~Q(theirs="") if is_ours_public and kind in OF_TWO else Q(pk=None)
    if not decided.filter((is_same & ~is_two) | is_still_two).exists():  # the same disagreement is decided once
        columns = {"ours": ours, "theirs": record["record_hash"], "record": record}
        Conflict.objects.update_or_create(**place, kind=kind, decision="", defaults=columns)
    _forget_witness(peer, record["object"], record["key"])


def _count_witnesses(name: str, key: str) -> None:
    """Show in the provenance how many other installations hold the same words."""
    if name == "document":
        count = queries.witness_count(name, key)
        other = LegalDocument.objects.filter(key=key).exclude(witness_count=count)
        other.update(witness_count=count, updated_at=timezone.now())
