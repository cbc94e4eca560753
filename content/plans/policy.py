"""Who of the staff may do what with plans and measurements. The services ask here."""

from django.utils.translation import gettext as _

from content.errors import NotAllowed
from content.people.models import AnyUser


def may_write(user: AnyUser) -> bool:
    """May enter plans, statements and measurements."""
    return user.has_perm("content.add_plan")


def may_publish(user: AnyUser) -> bool:
    """May publish, correct and withdraw plans, and approve measurements, that somebody else entered."""
    return user.has_perm("content.publish_plan")


def require(is_allowed: bool) -> None:
    """Raise NotAllowed("not_allowed") unless it is allowed."""
    if not is_allowed:
        raise NotAllowed("not_allowed", _("You may not do this with plans."))
