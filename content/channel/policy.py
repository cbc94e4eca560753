"""Who of the staff may do what with playlists and channels. The staff site and the services both ask here."""

from django.utils.translation import gettext as _

from content.errors import NotAllowed
from content.people.models import AnyUser, User


def may_write_playlists(user: AnyUser) -> bool:
    """May write playlists that are not public."""
    return user.has_perm("content.change_playlist")


def may_publish_playlists(user: AnyUser) -> bool:
    """May make playlists public and change public ones: whoever may publish speaks for the organisation."""
    return may_write_playlists(user) and user.has_perm("content.publish_material")


def may_run_channels(user: AnyUser) -> bool:
    """May write channels and plan what is on the air."""
    return user.has_perm("content.change_channel")


def require_playlists(user: User | None, *, is_public: bool) -> None:
    """Refuse who may not write playlists, or public ones; None is the system. Raises NotAllowed("not_allowed")."""
    if user is None:
        return
    if not may_write_playlists(user):
        raise NotAllowed("not_allowed", _("You are not allowed to write playlists."))
    if is_public and not may_publish_playlists(user):
        raise NotAllowed("not_allowed", _("Only who may publish materials publishes or changes a public playlist."))


def require_channels(user: User | None) -> None:
    """Refuse who may not plan channels; None is the system. Raises NotAllowed("not_allowed")."""
    if user is not None and not may_run_channels(user):
        raise NotAllowed("not_allowed", _("You are not allowed to plan channels."))
