"""Give placements out and record their outcome. Nothing is posted twice, even if a report comes late."""

import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from content.dissemination import policy, subjects
from content.dissemination.choices import PlacementError, PlacementStatus
from content.dissemination.models import URL_LENGTH, Outlet, Placement
from content.dissemination.services import require_in_use, require_subject
from content.errors import RuleBroken
from content.people import services as people
from content.people.models import User

AGAIN_AFTER = datetime.timedelta(hours=2)  # a program may post as long as this: an upload of video takes up to one
WAITING = (PlacementStatus.PROPOSED, PlacementStatus.QUEUED)


def claim(placement: Placement, *, outlet: Outlet) -> Placement:
    """Give a placement to the program of its outlet, once. From now on it is unsure whether it was posted.

    A second claim is refused, also by the same program: a network that answered 500 may have posted it all the same.
    Raises RuleBroken: "already_claimed"; "subject_not_public" when the object was withdrawn: the placement has failed.
    """
    return _claimed(placement, outlet, None)


def take(placement: Placement, *, by: User) -> Placement:
    """A person posts it: no program gets it any more. Raises as `claim`, and NotAllowed("not_allowed").

    Repeated by the same person: a no-op.
    """
    policy.require(policy.may_place(by))
    return _claimed(placement, placement.outlet, by)


def _claimed(placement: Placement, outlet: Outlet, by: User | None) -> Placement:
    with transaction.atomic():
        placement = _locked(placement, outlet)
        if by and placement.status == PlacementStatus.UNSURE and placement.claimed_by_id == by.pk:
            return placement
        if placement.status != PlacementStatus.QUEUED:
            message = _("This placement does not wait to be posted. It is not given out again by itself.")
            raise RuleBroken("already_claimed", message)
        is_public = subjects.subject_of(placement) is not None
        if is_public:
            placement.status, placement.claimed_at = PlacementStatus.UNSURE, timezone.now()
            placement.claimed_by = by
            placement.save(update_fields=["status", "claimed_at", "claimed_by"])
            people.audit("placement.claimed", placement.key, by=by, outlet=outlet.key)
        else:
            _settle(placement, PlacementStatus.FAILED, error=PlacementError.SUBJECT_NOT_PUBLIC, by=by)
    if not is_public:  # after the transaction: the failure stays
        raise RuleBroken("subject_not_public", _("The object is not public any more. Do not post it."))
    return placement


@transaction.atomic
def report(placement: Placement, *, outlet: Outlet, is_placed: bool, url: str = "", error: str = "") -> Placement:
    """A program says what became of a placement. The same report again is a no-op; a later one may add the address.

    `is_placed` is always believed, also late or against what a person said: what is there must not be posted again.
    Raises RuleBroken: "not_claimed" (a failure of what the program does not have), "already_reported", "invalid_url".
    """
    placement = _locked(placement, outlet)
    if is_placed:
        return _placed(placement, url, None, None)
    if placement.status == PlacementStatus.FAILED:
        return placement
    if placement.status == PlacementStatus.PLACED:
        raise _something_else()
    if placement.status != PlacementStatus.UNSURE or placement.claimed_by_id is not None:
        raise RuleBroken("not_claimed", _("Claim the placement first."))
    _settle(placement, PlacementStatus.FAILED, error=error)
    return placement


@transaction.atomic
def settle(
    placement: Placement,
    *,
    is_placed: bool,
    url: str = "",
    error: str = "",
    placed_at: datetime.datetime | None = None,
    by: User | None = None,
) -> Placement:
    """A person says what became of a placement: they posted it themselves, or looked whether it is there.

    What waits and is settled leaves the queue. `placed_at`: when it was posted; None: now. Raises RuleBroken:
    "not_claimed" (a program may take it at any moment: take it first), "not_waiting" (nobody approved it),
    "already_reported", "invalid_url", "placed_ahead"; NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    placement = _locked(placement, placement.outlet)
    if placement.status == PlacementStatus.QUEUED and placement.outlet.secret_hash:
        message = _("The program of the outlet may post it now. Press «I post this myself» first.")
        raise RuleBroken("not_claimed", message, field="status")
    if is_placed:
        if placement.status == PlacementStatus.PROPOSED:
            raise RuleBroken("not_approved", _("A second person looks at it first."), field="status")
        return _placed(placement, url, placed_at, by)
    if placement.status == PlacementStatus.PLACED:
        raise _something_else()
    if placement.status != PlacementStatus.FAILED:
        _settle(placement, PlacementStatus.FAILED, error=error, by=by)
    return placement


@transaction.atomic
def queue_again(placement: Placement, *, by: User | None = None) -> Placement:
    """Give out again what is not there, as the next wave with a key of its own. Returns that placement.

    The former one stays as it is: if it turns out to be there after all, what still waits for its sake leaves the
    queue. Repeated: the same placement. Raises RuleBroken: "already_reported" (it is there), "too_early" (its program
    may still post it: AGAIN_AFTER), "not_claimed" (it waits), "subject_not_public", "outlet_not_in_use";
    NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    outlet = Outlet.objects.select_for_update(no_key=True).get(pk=placement.outlet_id)  # waves are given in turn
    placement = _locked(placement, outlet)
    if following := Placement.objects.filter(again_of=placement).first():
        return following
    _require_over(placement)
    require_in_use(outlet)
    require_subject(placement.subject_type, placement.subject_key, placement.eid)
    following = _next_wave(placement)
    people.audit("placement.queued_again", placement.key, by=by, following=following.key)
    return following


def _require_over(placement: Placement) -> None:
    if placement.status == PlacementStatus.PLACED:
        raise RuleBroken("already_reported", _("This placement is there already."))
    if placement.status in WAITING:
        raise RuleBroken("not_claimed", _("This placement waits still."))
    if placement.claimed_at and placement.claimed_at > timezone.now() - AGAIN_AFTER:
        message = _("Whoever took this may still post it. Look again two hours after it was taken.")
        raise RuleBroken("too_early", message)


def _next_wave(placement: Placement) -> Placement:
    named = {"subject_type": placement.subject_type, "subject_key": placement.subject_key, "eid": placement.eid}
    waves = Placement.objects.filter(**named, outlet=placement.outlet).aggregate(last=Max("wave"))
    is_approved = placement.approved_by_id or placement.placed_by_id is None
    return Placement.objects.create(
        **named, title=placement.title, outlet=placement.outlet, wave=waves["last"] + 1, form=placement.form,
        text=placement.text, link=placement.link, placed_by=placement.placed_by, approved_by=placement.approved_by,
        status=PlacementStatus.QUEUED if is_approved else PlacementStatus.PROPOSED, again_of=placement,
    )  # fmt: skip


def _locked(placement: Placement, outlet: Outlet) -> Placement:
    return Placement.objects.select_for_update(no_key=True, of=("self",)).get(pk=placement.pk, outlet=outlet)


def _placed(placement: Placement, url: str, placed_at: datetime.datetime | None, by: User | None) -> Placement:
    url = _address(url)
    if placement.status == PlacementStatus.PLACED:
        if url and not placement.url:
            placement.url = url
            placement.save(update_fields=["url"])
        return placement
    moment = placed_at or timezone.now()
    if moment > timezone.now():
        raise RuleBroken("placed_ahead", _("This time has not come yet."), field="placed_at")
    _settle(placement, PlacementStatus.PLACED, by=by, placed_at=moment, url=url)
    for following in Placement.objects.select_for_update(no_key=True).filter(again_of=placement, status__in=WAITING):
        _settle(following, PlacementStatus.FAILED, error=PlacementError.ALREADY_THERE, by=by)
    return placement


def _settle(
    placement: Placement, status: PlacementStatus, *, error: str = "", by: User | None = None, **columns: Any
) -> None:
    columns |= {"status": status, "error": " ".join(error.split())[:500]}
    for name, value in columns.items():
        setattr(placement, name, value)
    placement.save(update_fields=list(columns))
    people.audit(f"placement.{status.value}", placement.key, by=by, outlet=placement.outlet.key)


def _something_else() -> RuleBroken:
    return RuleBroken("already_reported", _("Something else was reported already."))


def _address(text: str) -> str:
    """The address of a post, as given. People open it. Raises RuleBroken("invalid_url", field "url")."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and parts.hostname and parts.username is None
    except ValueError:
        is_address = False
    if text and not (is_address and text.isprintable() and " " not in text and len(text) <= URL_LENGTH):
        raise RuleBroken("invalid_url", _("Enter an address that begins with https:// or http://."), field="url")
    return text
