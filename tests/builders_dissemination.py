"""Outlets and placements. Lan places; the ward's page on a network takes from its queue."""

from content.dissemination import services
from content.dissemination.models import Outlet
from content.organisations.models import Organisation
from tests.builders_media import a_material, an_author


def an_outlet(kind="facebook", name="Trang của phường", **columns):
    """An outlet with its secret on it."""
    organisation = columns.pop("organisation", None) or Organisation.objects.get(key="bo-tu-phap")
    saved = services.save_outlet(organisation=organisation, kind=kind, name=name, **columns)
    secret = services.renew_secret(saved)
    outlet = Outlet.objects.get(pk=saved.pk)
    outlet.secret = secret
    return outlet


def a_placement(outlet=None, *, material=None, form="mass_media", text="Vườn chung của xóm", wave=1):
    """A material that waits in the queue of an outlet."""
    material = material or a_material()
    return services.place(
        "material", material.key, outlet=outlet or an_outlet(), form=form, text=text, wave=wave, by=an_author()
    )
