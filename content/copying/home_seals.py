"""Keeps the seals of the homes of copies, and gives them away with the copies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from content.copying.models import HomeSeal

NEVER = 2**63 - 1  # no line has this number: nobody but the home itself brings it back


@dataclass(frozen=True)
class Vouch:
    """A home's word for a record: its seal, and the line at which it sealed, as the home numbers them."""

    of_change: int
    seal: str


def kept(name: str, key: str) -> HomeSeal | None:
    """The seal of the copy as we hold it, None without one."""
    return HomeSeal.objects.filter(object=name, subject=key).first()


def handed_on(record: Mapping[str, Any]) -> dict[str, str] | None:
    """The home's seal of a copy's record as our record gives it; None where the home sealed something else."""
    seal = kept(record["object"], record["key"])
    if seal is None or (seal.home, seal.record_hash) != (record["home"], record["record_hash"]):
        return None
    return {"of_change": str(seal.of_change), "seal": seal.seal}


def keep(*sealed: tuple[Mapping[str, Any], Vouch]) -> None:
    """Remember what the homes of these records sealed, in the transaction that writes the copies."""
    said = ("home", "record_hash")
    seals = [
        HomeSeal(
            object=record["object"], subject=record["key"], of_change=vouch.of_change, seal=vouch.seal,
            **{name: record[name] for name in said},
        )
        for record, vouch in sealed
    ]  # fmt: skip
    place, columns = ["object", "subject"], [*said, "of_change", "seal", "is_gone"]
    HomeSeal.objects.bulk_create(seals, update_conflicts=True, unique_fields=place, update_fields=columns)


def is_outdated(held: HomeSeal | None, record: Mapping[str, Any], vouch: Vouch) -> bool:
    """Whether the home has sealed something newer than what is handed on, or has withdrawn it since."""
    if held is None or held.home != record["home"]:
        return False
    return vouch.of_change < held.of_change or (held.is_gone and vouch.of_change == held.of_change)


def keep_withdrawal(name: str, key: str, home: str, *, of_change: int) -> None:
    """Remember that a copy was withdrawn at this line of its home: no seal made before it brings the copy back."""
    held = kept(name, key)
    newest = max(of_change, held.of_change if held and held.home == home else 0)
    columns = {"home": home, "record_hash": "", "seal": "", "of_change": newest, "is_gone": True}
    HomeSeal.objects.update_or_create(object=name, subject=key, defaults=columns)


def is_gone(name: str, *keys: str) -> bool:
    """Whether the home withdrew one of these copies."""
    return HomeSeal.objects.filter(object=name, subject__in=keys, is_gone=True).exists()


def forget_numbers(home: str) -> None:
    """The home has another history: the numbers of its lines mean nothing any more. What it withdrew stays away."""
    HomeSeal.objects.filter(home=home, is_gone=False).delete()
    HomeSeal.objects.filter(home=home).update(of_change=NEVER)


def forget_seals_of(objects: QuerySet[Any]) -> None:
    """Forget the seals of copies, rows with `object` and `subject`, so that an older state may be taken."""
    theirs = objects.filter(object=OuterRef("object"), subject=OuterRef("subject"))
    HomeSeal.objects.filter(Exists(theirs), is_gone=False).delete()
