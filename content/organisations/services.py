"""Redraw provinces: rows end, a new one begins with bodies of its own, and the change log says so."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from content.changes import event_types
from content.changes import services as changes
from content.errors import RuleBroken
from content.organisations.models import Organisation, OrganisationKind, OrganisationLevel, Province, Succession
from content.organisations.names import BODY_NAMES, COMMITTEE, COUNCIL
from content.people import services as people
from content.people.models import User
from content.text.vietnamese import slug
from content.vietnam_time import today

_KINDS = {COMMITTEE: OrganisationKind.LOCAL_COMMITTEE, COUNCIL: OrganisationKind.LOCAL_COUNCIL}


@transaction.atomic
def redraw_provinces(
    merged: Sequence[Province],
    *,
    code: str,
    name: str,
    short_name: str,
    type: str,
    on: datetime.date,
    by: User | None = None,
    reason: str = "",
) -> Province:
    """End these provinces and their bodies on the day `on`, and begin one that continues them. Returns the new one.

    Old rows, names, keys and documents stay. Nobody is told by this change: whoever follows a former one is moved to
    the new one and told then. Raises RuleBroken: "no_provinces", "province_ended" for one that does not exist on the
    day before, "not_yet" for a day to come.
    """
    if on > today():
        raise RuleBroken("not_yet", _("Enter this on the day on which it takes effect, or later."), field="on")
    former = list(Province.objects.select_for_update(no_key=True).filter(pk__in=[each.pk for each in merged]))
    if not former:
        raise RuleBroken("no_provinces", _("Name at least one province that is redrawn."), field="merged")
    for each in former:
        if each.valid_until or (each.valid_from and each.valid_from >= on):
            message = _("%(province)s does not exist until %(day)s. Choose a present province.")
            raise RuleBroken("province_ended", message % {"province": each.name, "day": on}, field="merged")
    Province.objects.filter(pk__in=[each.pk for each in former]).update(valid_until=on)
    province = Province.objects.create(
        key=_unused_key(code, short_name, on), code=code, name=name, short_name=short_name, type=type, valid_from=on
    )
    Province.objects.filter(pk__in=[each.pk for each in former]).update(successor=province)
    _begin_bodies(province, former, on)
    keys = [each.key for each in former]
    facts = {"title": name, "on": str(on), "merged": keys}
    changes.record_change(
        event_types.PROVINCE_REDRAWN, province.key, nature=event_types.LEGAL, notify=False, facts=facts
    )
    people.audit(event_types.PROVINCE_REDRAWN, province.key, by=by, reason=reason, on=str(on), merged=keys)
    return province


def _unused_key(code: str, short_name: str, on: datetime.date) -> str:
    key = f"{code}-{slug(short_name)}-{on.year}"
    return f"{code}-{slug(short_name)}-{on}" if Province.objects.filter(key=key).exists() else key


def _begin_bodies(province: Province, former: Sequence[Province], on: datetime.date) -> None:
    """End the bodies of the former provinces, and begin those of the new one as their successors."""
    Organisation.objects.filter(province__in=former, code__in=BODY_NAMES, valid_until=None).update(valid_until=on)
    for code, words in BODY_NAMES.items():
        body = Organisation.objects.create(
            key=f"{slug(code)}-{province.key}",
            code=code,
            name=f"{words} {province.name[:1].lower()}{province.name[1:]}",
            kind=_KINDS[code],
            level=OrganisationLevel.LOCAL,
            province=province,
            valid_from=on,
        )
        for earlier in Organisation.objects.filter(province__in=former, code=code):
            Succession.objects.create(predecessor=earlier, successor=body)
