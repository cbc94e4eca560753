"""Place content at outlets: outlets, short addresses, texts that wait for a second person, and what is counted."""

import datetime
import logging
import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
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
    Card,
    Outlet,
    Placement,
    PlacementCount,
    ShareLink,
)
from content.dissemination.subjects import Subject
from content.errors import RuleBroken
from content.law.page_paths import short_path
from content.organisations.models import Organisation
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.vietnam_time import today

logger = logging.getLogger(__name__)
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
    """Propose an object for an outlet with its text as given: a second person lets it into the queue (`approve`).

    What the system places, `by` None, is queued at once. Nothing is placed twice in a wave. The text has the short
    address of the object for this outlet, else its openings would not be counted. Raises RuleBroken: "already_placed",
    "subject_not_public", "outlet_not_in_use", "text_too_long", "address_missing", "blank"; NotAllowed("not_allowed").
    """
    policy.require(by is None or policy.may_place(by))
    subject = require_subject(subject_type, key, eid)
    outlet = Outlet.objects.select_for_update(no_key=True).get(pk=outlet.pk)
    require_in_use(outlet)
    link = share_link(subject_type, key, eid, outlet=outlet)
    text = _require_text(text, outlet, link)
    named = {"subject_type": subject_type, "subject_key": key, "eid": eid}
    if Placement.objects.filter(**named, outlet=outlet, wave=wave).exists():
        message = _("This was placed there in this wave already. Choose the next wave to place it again.")
        raise RuleBroken("already_placed", message, field="wave")
    placement = Placement.objects.create(
        **named, title=subject.title[:300], outlet=outlet, wave=wave, form=DisseminationForm(form), text=text,
        link=link, placed_by=by, status=PlacementStatus.PROPOSED if by else PlacementStatus.QUEUED,
    )  # fmt: skip
    people.audit(f"placement.{placement.status}", placement.key, by=by, outlet=outlet.key, object=key, eid=eid)
    return placement


def require_in_use(outlet: Outlet) -> None:
    """Raises RuleBroken("outlet_not_in_use")."""
    if not outlet.is_active:
        raise RuleBroken("outlet_not_in_use", _("This outlet is not in use any more."), field="outlet")


def _require_text(text: str, outlet: Outlet, link: ShareLink) -> str:
    text = text_input.clean_text(text.replace("\r\n", "\n"), "text", max_length=TEXT_LENGTH)
    if len(text) > text_limit(outlet):
        raise RuleBroken("text_too_long", _("This outlet takes %d characters.") % text_limit(outlet), field="text")
    if short_path(link.code) not in text:
        message = _("Keep the short address in the text: %s") % (settings.PUBLIC_URL + short_path(link.code))
        raise RuleBroken("address_missing", message, field="text")
    return text


@transaction.atomic
def approve(placement: Placement, *, by: User | None = None) -> Placement:
    """Let what another person proposed into the queue. Raises RuleBroken("not_proposed"), NotAllowed("not_allowed").

    Repeated by the same person: a no-op.
    """
    placement = Placement.objects.select_for_update(no_key=True, of=("self",)).get(pk=placement.pk)
    policy.require(by is None or (policy.may_approve(by) and by.pk != placement.placed_by_id))
    if by and placement.approved_by_id == by.pk:
        return placement
    if placement.status != PlacementStatus.PROPOSED:
        raise RuleBroken("not_proposed", _("This placement does not wait for a second person."))
    placement.status, placement.approved_by = PlacementStatus.QUEUED, by
    placement.save(update_fields=["status", "approved_by"])
    people.audit("placement.queued", placement.key, by=by, outlet=placement.outlet.key)
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
    return sum(_draw_if_lacking(link)[1] for link in ShareLink.objects.order_by("-pk")[:MAX_CARDS])


def renew_cards() -> int:
    """Draw the cards that any short address lacks, and delete those that none has. Returns how many were drawn."""
    made, wanted = 0, set()
    old = set(Card.objects.values_list("pk", flat=True))
    for link in ShareLink.objects.order_by("pk").iterator(chunk_size=MAX_CARDS):
        content_hash, is_new = _draw_if_lacking(link)
        wanted.add(content_hash)
        made += is_new
    Card.objects.filter(pk__in=old).exclude(content_hash__in=wanted).delete()
    return made


def _draw_if_lacking(link: ShareLink) -> tuple[str, bool]:
    """(hash of its card, whether it was drawn now). One that cannot be drawn keeps no other from its card."""
    try:
        subject = cards.subject_of_card(link)
        if subject is None or cards.card_of(subject) is not None:
            return subject.content_hash if subject else "", False
        cards.make_card(subject)
    except Exception:
        logger.exception("a card could not be drawn")
        return "", False
    return subject.content_hash, True
