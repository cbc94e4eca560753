"""Write the audit; create and change the accounts of staff."""

import secrets
from collections.abc import Iterable
from typing import Any

from axes.utils import reset as forget_failures
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import request_context
from content.people.models import AuditRow, User


def audit(action: str, subject: str, *, by: User | None = None, reason: str = "", **facts: Any) -> AuditRow:
    """Record an action in the transaction that does it, with the IP address of the current request. Returns the row.

    `by` is None for the system. `facts` say what happened, without secrets and personal data. Raises RuntimeError
    outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Open a transaction first: the audit is written in the transaction of the action.")
    return AuditRow.objects.create(
        action=action,
        subject=subject,
        by=by,
        address=request_context.current_context().address,
        reason=reason,
        facts=facts,
    )


def audit_subject(user: User) -> str:
    """The subject under which the audit stores actions on an account."""
    return f"user:{user.username}"


@transaction.atomic
def create_account(
    username: str,
    *,
    roles: Iterable[str],
    first_name: str = "",
    last_name: str = "",
    by: User | None = None,
    reason: str = "",
) -> tuple[User, str]:
    """Create an account for a member of staff. Returns (User, password).

    The password is random, is returned only here and is stored as a hash. Raises RuleBroken("already_exists",
    "unknown_role").
    """
    groups = _groups_of_roles(roles)
    if User.objects.filter(username=username).exists():
        raise RuleBroken(
            "already_exists", _("An account «%s» already exists. Choose another name.") % username, field="username"
        )
    password = new_password()
    names = {"first_name": first_name, "last_name": last_name}
    user = User.objects.create_user(username, password=password, is_staff=True, **names)
    user.groups.set(groups)
    audit("account.created", audit_subject(user), by=by, reason=reason, roles=_role_names(groups))
    return user, password


@transaction.atomic
def change_account(
    user: User,
    *,
    roles: Iterable[str],
    first_name: str,
    last_name: str,
    is_active: bool,
    by: User | None,
    reason: str,
) -> User:
    """Set roles and name, and open or close the account. Returns the User. Records nothing if nothing differs.

    The sessions of a closed account end at once. Raises RuleBroken: "unknown_role", "superuser_only" (only a superuser
    changes the account of a superuser), "own_account" (another person must change your roles or close your account).
    """
    refuse_change_of_superuser(user, by)
    groups = _groups_of_roles(roles)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = {"roles": _role_names(user.groups.all()), "is_active": user.is_active}
    after = {"roles": _role_names(groups), "is_active": is_active}
    if by is not None and by == user and before != after and not by.is_superuser:
        raise RuleBroken("own_account", _("Ask another administrator to change your roles or close your account."))
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
def renew_password(user: User, *, by: User | None, reason: str) -> str:
    """Set another random password and return it; it is returned only here. The sessions of the account end.

    Raises RuleBroken("superuser_only").
    """
    refuse_change_of_superuser(user, by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    audit("account.password_renewed", audit_subject(user), by=by, reason=reason)
    return password


@transaction.atomic
def unlock_account(user: User, *, by: User | None, reason: str) -> None:
    """Delete the failed logins of the account, so that its owner can log in at once."""
    forget_failures(username=user.username)
    audit("account.unlocked", audit_subject(user), by=by, reason=reason)


def refuse_change_of_superuser(user: User, by: User | None) -> None:
    """Raise RuleBroken("superuser_only") if `by`, who is no superuser, changes the account of one. None: the system."""
    if user.is_superuser and by is not None and not by.is_superuser:
        raise RuleBroken("superuser_only", _("Only a superuser can change the account of a superuser."))


def new_password() -> str:
    return secrets.token_urlsafe(15)


def _groups_of_roles(roles: Iterable[str]) -> list[Group]:
    names = set(roles)
    groups = list(Group.objects.filter(name__in=names))
    if unknown := names - {group.name for group in groups}:
        raise RuleBroken("unknown_role", _("Unknown role: %s.") % ", ".join(sorted(unknown)), field="roles")
    return groups


def _role_names(groups: Iterable[Group]) -> list[str]:
    return sorted(group.name for group in groups)
