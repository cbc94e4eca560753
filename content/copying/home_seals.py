"""Keeps the seals of the homes of copies, and gives them away with the copies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.copying.models import HomeSeal


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


def keep(record: Mapping[str, Any], vouch: Vouch) -> None:
    """Remember what the home sealed, in the transaction that writes the copy."""
    columns = {name: record[name] for name in ("home", "record_hash")}
    columns |= {"of_change": vouch.of_change, "seal": vouch.seal}
    HomeSeal.objects.update_or_create(object=record["object"], subject=record["key"], defaults=columns)


def forget_numbers(home: str) -> None:
    """The home has another history: the numbers of its lines mean nothing any more."""
    HomeSeal.objects.filter(home=home).delete()
