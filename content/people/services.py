"""Writing the audit, and the accounts of staff."""

import secrets

from axes.utils import reset as forget_failures
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import request_context
from content.people.models import AuditRow, User


def audit(action, subject, *, by=None, reason="", **facts):
    """Note an act inside the transaction that does it, with the address of the current request; returns the row.

    `by` is a User, None the system. Facts are for whoever asks later what happened: no secrets, no personal data.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The audit is written in the transaction of the act.")
    return AuditRow.objects.create(
        action=action,
        subject=subject,
        by=by,
        address=request_context.current_context().address,
        reason=reason,
        facts=facts,
    )


def audit_subject(user):
    """The key by which the audit names an account."""
    return f"user:{user.username}"


@transaction.atomic
def create_account(username, *, roles, first_name="", last_name="", by=None, reason=""):
    """Make an account for a member of staff. Returns (User, password): random, given this once, stored as a hash.

    Raises RuleBroken: "username_taken", "unknown_role".
    """
    groups = _groups_of_roles(roles)
    if User.objects.filter(username=username).exists():
        raise RuleBroken("username_taken", _("There is an account «%s» already.") % username, field="username")
    password = new_password()
    names = {"first_name": first_name, "last_name": last_name}
    user = User.objects.create_user(username, password=password, is_staff=True, **names)
    user.groups.set(groups)
    audit("account.created", audit_subject(user), by=by, reason=reason, roles=_role_names(groups))
    return user, password


@transaction.atomic
def change_account(user, *, roles, first_name, last_name, is_active, by, reason):
    """Set roles, name and whether the account is open. Returns the User. Nothing different: nothing noted.

    A closed account's sessions end at once. Raises RuleBroken: "unknown_role", "superuser_only" (only another superuser
    changes one), "own_account" (one's own roles, or closing one's own account, is for somebody else to do).
    """
    refuse_change_of_superuser(user, by)
    groups = _groups_of_roles(roles)
    user = User.objects.select_for_update().get(pk=user.pk)
    before = {"roles": _role_names(user.groups.all()), "is_active": user.is_active}
    after = {"roles": _role_names(groups), "is_active": is_active}
    if by == user and before != after and not by.is_superuser:
        raise RuleBroken("own_account", _("Somebody else must change your roles or close your account."))
    renamed = (user.first_name, user.last_name) != (first_name, last_name)
    if before == after and not renamed:
        return user
    user.first_name, user.last_name, user.is_active = first_name, last_name, is_active
    user.save(update_fields=["first_name", "last_name", "is_active"])
    user.groups.set(groups)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    audit("account.changed", audit_subject(user), by=by, reason=reason, renamed=renamed, **changed)
    return user


@transaction.atomic
def renew_password(user, *, by, reason):
    """Give the account another random password, returned this once. Its sessions end. RuleBroken("superuser_only")."""
    refuse_change_of_superuser(user, by)
    user = User.objects.select_for_update().get(pk=user.pk)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    audit("account.password_renewed", audit_subject(user), by=by, reason=reason)
    return password


@transaction.atomic
def unlock_account(user, *, by, reason):
    """Forget the wrong passwords tried for this account, so that it may sign in at once."""
    forget_failures(username=user.username)
    audit("account.unlocked", audit_subject(user), by=by, reason=reason)


def refuse_change_of_superuser(user, by):
    """An administrator must not take over an account that may do more. `by` None, the system, may."""
    if user.is_superuser and by is not None and not by.is_superuser:
        raise RuleBroken("superuser_only", _("Only a superuser changes the account of a superuser."))


def new_password():
    return secrets.token_urlsafe(15)


def _groups_of_roles(roles):
    groups = list(Group.objects.filter(name__in=roles))
    if unknown := set(roles) - {group.name for group in groups}:
        raise RuleBroken("unknown_role", _("There is no role %s.") % ", ".join(sorted(unknown)), field="roles")
    return groups


def _role_names(groups):
    return sorted(group.name for group in groups)
