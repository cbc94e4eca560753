"""Place content at outlets: short addresses, the queue of an outlet, what is reported and what is counted."""

import datetime
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.services import defer_job
from content.dissemination import cards, policy, queries, subjects
from content.dissemination.choices import (
    DEFAULT_TEXT_LIMIT,
    TEXT_LIMITS,
    DisseminationForm,
    OutletKind,
    PlacementStatus,
    SubjectType,
)
from content.dissemination.models import (
    NAME_LENGTH,
    TEXT_LENGTH,
    URL_LENGTH,
    Outlet,
    Placement,
    PlacementCount,
    ShareLink,
)
from content.dissemination.subjects import Subject
from content.errors import RuleBroken
from content.media.addresses import external_video
from content.organisations.models import Organisation
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.vietnam_time import today

MAKE_CARDS = "make_cards"  # the worker's task
SECRET_BYTES = 32
MAX_COUNT = 1_000_000_000
MAX_CARDS = 200


@transaction.atomic
def save_outlet(
    outlet: Outlet | None = None,
    *,
    organisation: Organisation,
    kind: str,
    name: str,
    address: str = "",
    is_active: bool = True,
    by: User | None = None,
) -> Outlet:
    """Write an outlet, or change it. Raises RuleBroken("outlet_exists", "blank", "too_long"), NotAllowed."""
    policy.require(by is None or policy.may_keep_outlets(by))
    outlet = Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk) if outlet else Outlet()
    name = text_input.clean_line(name, "name", max_length=NAME_LENGTH)
    if Outlet.objects.filter(organisation=organisation, kind=kind, name=name).exclude(pk=outlet.pk).exists():
        message = _("The organisation has an outlet of this kind and name.")
        raise RuleBroken("outlet_exists", message, field="name")
    outlet.organisation, outlet.kind, outlet.name, outlet.is_active = organisation, kind, name, is_active
    outlet.address = address.strip() and text_input.clean_line(address, "address", max_length=URL_LENGTH)
    outlet.save()
    people.audit("outlet.saved", outlet.key, by=by, is_active=is_active)
    return outlet


@transaction.atomic
def renew_secret(outlet: Outlet, *, by: User | None = None) -> str:
    """Give the outlet a new secret and return it: it is shown once. The former one is void at once."""
    policy.require(by is None or policy.may_keep_outlets(by))
    secret = f"noi_{secrets.token_urlsafe(SECRET_BYTES)}"
    Outlet.objects.filter(pk=outlet.pk).update(secret_hash=queries.secret_hash(secret))
    people.audit("outlet.secret_renewed", outlet.key, by=by)
    return secret


@transaction.atomic
def share_link(subject_type: str, key: str, eid: str = "", *, outlet: Outlet | None = None) -> ShareLink:
    """The short address of an object for an outlet; made at the first call, and its card is drawn by the worker.

    Raises RuleBroken("subject_not_public").
    """
    require_subject(subject_type, key, eid)
    named: dict[str, Any] = {"subject_type": subject_type, "subject_key": key, "eid": eid}
    link, created = ShareLink.objects.get_or_create(**named, outlet=outlet)
    if created:
        defer_job(MAKE_CARDS)
    return link


def require_subject(subject_type: str, key: str, eid: str = "") -> Subject:
    """The public object. Raises RuleBroken("subject_not_public")."""
    subject = subjects.find_subject(SubjectType(subject_type), key, eid)
    if subject is None:
        message = _("Nothing public has this key. Copy the key or the address of its page.")
        raise RuleBroken("subject_not_public", message, field="subject")
    return subject


def text_for(subject: Subject, outlet: Outlet, address: str) -> str:
    """The words of the kit: title, summary and short address, cut to the limit of the outlet."""
    limit = text_limit(outlet)
    head, tail = f"{subject.title}\n\n", f"\n\n{address}"
    room = max(0, limit - len(head) - len(tail))
    return f"{head}{subjects.excerpt(subject.summary, room) if room > 1 else ''}{tail}"[:limit]


def text_limit(outlet: Outlet) -> int:
    """The longest text that the outlet takes, in characters."""
    return TEXT_LIMITS.get(OutletKind(outlet.kind), DEFAULT_TEXT_LIMIT)


@transaction.atomic
def place(
    subject_type: str,
    key: str,
    eid: str = "",
    *,
    outlet: Outlet,
    form: str,
    text: str,
    wave: int = 1,
    by: User | None = None,
) -> Placement:
    """Queue an object for an outlet with its text as given. Nothing is queued twice in a wave.

    Raises RuleBroken: "already_placed", "subject_not_public", "outlet_not_in_use", "text_too_long", "blank";
    NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    subject = require_subject(subject_type, key, eid)
    outlet = Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk)
    if not outlet.is_active:
        raise RuleBroken("outlet_not_in_use", _("This outlet is not in use any more."), field="outlet")
    text = text_input.clean_text(text.replace("\r\n", "\n"), "text", max_length=TEXT_LENGTH)
    if len(text) > text_limit(outlet):
        raise RuleBroken("text_too_long", _("This outlet takes %d characters.") % text_limit(outlet), field="text")
    named = {"subject_type": subject_type, "subject_key": key, "eid": eid}
    if Placement.objects.filter(**named, outlet=outlet, wave=wave).exists():
        message = _("This was placed there in this wave already. Choose the next wave to place it again.")
        raise RuleBroken("already_placed", message, field="wave")
    placement = Placement.objects.create(
        **named, title=subject.title[:300], outlet=outlet, wave=wave, form=DisseminationForm(form), text=text,
        link=share_link(subject_type, key, eid, outlet=outlet), placed_by=by,
    )  # fmt: skip
    people.audit("placement.queued", placement.key, by=by, outlet=outlet.key, object=key, eid=eid)
    return placement


@transaction.atomic
def claim(placement: Placement, *, outlet: Outlet) -> Placement:
    """Give a placement to the program of its outlet, once. From now on it is unsure whether it was posted.

    A second claim is refused, also by the same program: a network that answered 500 may have posted it all the same.
    Raises RuleBroken("already_claimed").
    """
    placement = _locked(placement, outlet)
    if placement.status != PlacementStatus.QUEUED:
        message = _("This placement was given out already. It is not given out again by itself.")
        raise RuleBroken("already_claimed", message)
    placement.status, placement.claimed_at = PlacementStatus.UNSURE, timezone.now()
    placement.save(update_fields=["status", "claimed_at"])
    return placement


@transaction.atomic
def report(
    placement: Placement, *, outlet: Outlet, is_placed: bool, url: str = "", error: str = "", by: User | None = None
) -> Placement:
    """Say what became of a claimed placement. The same report again is a no-op.

    Raises RuleBroken: "not_claimed", "already_reported" (something else was said), "invalid_url".
    """
    placement = _locked(placement, outlet)
    wanted = PlacementStatus.PLACED if is_placed else PlacementStatus.FAILED
    if placement.status == wanted:
        return placement
    if placement.status == PlacementStatus.QUEUED:
        raise RuleBroken("not_claimed", _("Claim the placement first."))
    if placement.status != PlacementStatus.UNSURE:
        raise RuleBroken("already_reported", _("Something else was reported already."))
    _settle(placement, wanted, url, error, by)
    return placement


@transaction.atomic
def settle(
    placement: Placement, *, is_placed: bool, url: str = "", error: str = "", by: User | None = None
) -> Placement:
    """A person says what became of a placement: they posted it themselves, or looked whether it is there.

    What is queued and is settled leaves the queue. Raises RuleBroken("already_reported", "invalid_url"),
    NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    placement = _locked(placement, placement.outlet)
    wanted = PlacementStatus.PLACED if is_placed else PlacementStatus.FAILED
    if placement.status == wanted:
        return placement
    if placement.status == PlacementStatus.PLACED:
        raise RuleBroken("already_reported", _("Something else was reported already."))
    _settle(placement, wanted, url, error, by)
    return placement


@transaction.atomic
def queue_again(placement: Placement, *, by: User | None = None) -> Placement:
    """A person decides that what failed, or was looked for and is not there, may be given out again.

    Raises RuleBroken("already_reported") for what is placed; NotAllowed("not_allowed"). Queued: a no-op.
    """
    policy.require(by is None or policy.may_place(by))
    placement = _locked(placement, placement.outlet)
    if placement.status == PlacementStatus.PLACED:
        raise RuleBroken("already_reported", _("This placement is there already."))
    placement.status, placement.claimed_at, placement.error = PlacementStatus.QUEUED, None, ""
    placement.save(update_fields=["status", "claimed_at", "error"])
    people.audit("placement.queued_again", placement.key, by=by)
    return placement


@transaction.atomic
def enter_count(
    placement: Placement, *, day: datetime.date, source: str, by: User | None = None, **counts: int | None
) -> PlacementCount:
    """Enter what somebody counted of a placement on a day. The same day and source again replaces the numbers.

    Raises RuleBroken: "nothing_counted", "count_out_of_range", "day_ahead", "blank"; NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    known: dict[str, Any] = {name: counts.get(name) for name in queries.COUNTED}
    if all(value is None for value in known.values()):
        raise RuleBroken("nothing_counted", _("Enter at least one number."), field="reach")
    for name, value in known.items():
        if value is not None and not 0 <= value <= MAX_COUNT:
            raise RuleBroken("count_out_of_range", _("Enter a number from 0 to a thousand million."), field=name)
    if day > today():
        raise RuleBroken("day_ahead", _("This day has not come yet."), field="day")
    source = text_input.clean_line(source, "source", max_length=NAME_LENGTH)
    row, _created = PlacementCount.objects.update_or_create(placement=placement, day=day, source=source, defaults=known)
    people.audit("placement.counted", placement.key, by=by, day=str(day), **known)
    return row


def make_cards() -> int:
    """Draw the cards that the newest short addresses lack. Returns how many. May run twice, and on several machines."""
    made = 0
    for link in ShareLink.objects.order_by("-pk")[:MAX_CARDS]:
        subject = subjects.subject_of(link)
        if subject and cards.card_of(subject) is None:
            cards.make_card(subject)
            made += 1
    return made


def _locked(placement: Placement, outlet: Outlet) -> Placement:
    return Placement.objects.select_for_update(no_key=True, of=("self",)).get(pk=placement.pk, outlet=outlet)


def _settle(placement: Placement, status: PlacementStatus, url: str, error: str, by: User | None) -> None:
    columns: dict[str, Any] = {"status": status, "error": " ".join(error.split())[:500]}
    if status == PlacementStatus.PLACED:
        columns |= {"placed_at": timezone.now(), "url": _address(url), "error": ""}
    for name, value in columns.items():
        setattr(placement, name, value)
    placement.save(update_fields=list(columns))
    people.audit(f"placement.{status.value}", placement.key, by=by, outlet=placement.outlet.key)


def _address(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return external_video(text).url
    except RuleBroken as refusal:
        raise RuleBroken(refusal.code, refusal.message, field="url") from refusal
