"""Who of the staff may do what with outlets and placements."""

from django.utils.translation import gettext as _

from content.errors import NotAllowed
from content.people.models import AnyUser


def may_place(user: AnyUser) -> bool:
    """May make short addresses, place content at outlets and enter what was counted."""
    return user.has_perm("content.add_placement")


def may_approve(user: AnyUser) -> bool:
    """May let what another person placed into the queue: whoever may publish speaks for the organisation."""
    return user.has_perm("content.publish_material")


def may_keep_outlets(user: AnyUser) -> bool:
    """May write outlets and give them a secret."""
    return user.has_perm("content.change_outlet")


def require(is_allowed: bool) -> None:
    """Raises NotAllowed("not_allowed")."""
    if not is_allowed:
        raise NotAllowed("not_allowed", _("You are not allowed to do this."))
