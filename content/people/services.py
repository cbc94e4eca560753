"""Writing the audit, and making accounts for staff."""

import secrets

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import caller
from content.people.models import AuditRow, User


def audit(action, subject, *, by=None, reason="", **facts):
    """Note an act inside the transaction that does it, with the address of the current request; returns the row.

    `by` is a User, None the system. Facts are for whoever asks later what happened: no secrets, no personal data.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The audit is written in the transaction of the act.")
    return AuditRow.objects.create(
        action=action, subject=subject, by=by, address=caller.current().address, reason=reason, facts=facts
    )


@transaction.atomic
def create_account(username, *, roles, first_name="", by=None, reason=""):
    """Make an account for a member of staff. Returns (User, password): random, given this once, stored as a hash.

    Raises RuleBroken: "username_taken", "unknown_role".
    """
    groups = list(Group.objects.filter(name__in=roles))
    if unknown := set(roles) - {group.name for group in groups}:
        raise RuleBroken("unknown_role", _("There is no role %s.") % ", ".join(sorted(unknown)), field="roles")
    if User.objects.filter(username=username).exists():
        raise RuleBroken("username_taken", _("There is an account «%s» already.") % username, field="username")
    password = secrets.token_urlsafe(15)
    user = User.objects.create_user(username, password=password, first_name=first_name, is_staff=True)
    user.groups.set(groups)
    audit("account.created", f"user:{username}", by=by, reason=reason, roles=sorted(group.name for group in groups))
    return user, password
