"""The sealed head of our change log: who has it can prove what the log was."""

import functools
from dataclasses import dataclass
from typing import Any

from content.changes import chain
from content.record_fields.fields import iso_moment
from content.seals import services as seals

SEALED_HEAD = "head"


@dataclass(frozen=True)
class SealedHead:
    """A line of the log by its id, its chain and moment; `seal` is None where we have no key."""

    key: str
    chain: str
    at: str | None
    seal: str | None


def sealed_head() -> SealedHead:
    """That of the newest public line."""
    return _sealed(chain.head())


def sealed_head_at(key: int) -> SealedHead:
    """That of the log as it was at that id."""
    return _sealed(chain.head_at(key))


def _sealed(head: chain.Head) -> SealedHead:
    key, at = str(head.key), iso_moment(head.at)
    seal = _seal_of(key, head.chain, at, seals.signing_key_id()) if seals.can_sign() else None
    return SealedHead(key, head.chain, at, seal)


@functools.lru_cache(maxsize=64)
def _seal_of(key: str, chained: str, at: str | None, key_id: str) -> str:
    """Made when the head or the key moves; many readers ask for the same one."""
    return seals.sign({"about": SEALED_HEAD, "key": key, "chain": chained, "at": at})


def claims_of(head: dict[str, Any]) -> dict[str, Any]:
    """What the seal of a head says."""
    return {"about": SEALED_HEAD, "key": head.get("key"), "chain": head.get("chain"), "at": head.get("at")}
