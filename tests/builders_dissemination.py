"""Outlets and placements. Lan places; the ward's page on a network takes from its queue."""

from datetime import timedelta

from django.utils import timezone

from content.dissemination import outcomes, services
from content.dissemination.models import Outlet, Placement
from content.organisations.models import Organisation
from tests.builders_media import a_material, a_publisher, an_author


def an_outlet(kind="facebook", name="Trang của phường", *, has_program=True, **columns):
    """An outlet; with its secret on it if a program posts there."""
    organisation = columns.pop("organisation", None) or Organisation.objects.get(key="bo-tu-phap")
    saved = services.save_outlet(organisation=organisation, kind=kind, name=name, **columns)
    secret = services.renew_secret(saved) if has_program else ""
    outlet = Outlet.objects.get(pk=saved.pk)
    outlet.secret = secret
    return outlet


def a_placement(outlet=None, *, material=None, form="mass_media", text="Vườn chung của xóm", wave=1):
    """A material that waits in the queue of an outlet: one person placed it, another approved it."""
    return services.approve(a_proposal(outlet, material=material, form=form, text=text, wave=wave), by=a_publisher())


def a_proposal(outlet=None, *, material=None, form="mass_media", text="Vườn chung của xóm", wave=1):
    """A material that a second person has not let into the queue yet. Its text ends with the short address."""
    material, outlet = material or a_material(), outlet or an_outlet()
    link = services.share_link("material", material.key, outlet=outlet)
    text = text.strip() and f"{text}\n/s/{link.code}"
    return services.place("material", material.key, outlet=outlet, form=form, text=text, wave=wave, by=an_author())


def placed(placement, **said):
    """The placement as its outlet's program claimed and reported it."""
    outcomes.claim(placement, outlet=placement.outlet)
    return outcomes.report(placement, outlet=placement.outlet, is_placed=True, **said)


def earlier(placement, hours=3):
    """The placement as if it had been claimed so many hours ago."""
    Placement.objects.filter(pk=placement.pk).update(claimed_at=timezone.now() - timedelta(hours=hours))
    placement.refresh_from_db()
    return placement
