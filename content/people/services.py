"""Write the audit; create and change the accounts of staff."""

import datetime
import secrets
from collections.abc import Collection, Iterable
from typing import Any

from axes.utils import reset as forget_failures
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.errors import RuleBroken
from content.people import request_context
from content.people.models import ROLES_OF_TWO_PEOPLE, AuditRow, RoleProposal, User

PROPOSAL_DAYS = 7  # a role is confirmed within a week of its proposal, by people who remember why
PASSWORD_SET_ACTIONS = ("account.created", "account.password_renewed", "account.password_changed")  # in the audit


def audit(action: str, subject: str, *, by: User | None = None, reason: str = "", **facts: Any) -> AuditRow:
    """Record an action in the transaction that does it, with the IP address of the current request. Returns the row.

    `by` is None for the system. `facts` say what happened, without secrets and personal data. Raises RuntimeError
    outside a transaction.
    """
    return audit_all([AuditRow(action=action, subject=subject, by=by, reason=reason, facts=facts)])[0]


def audit_all(rows: Iterable[AuditRow]) -> list[AuditRow]:
    """Record several unsaved rows as `audit` does. Returns them."""
    if not connection.in_atomic_block:
        raise RuntimeError("Open a transaction first: the audit is written in the transaction of the action.")
    address, given = request_context.current_context().address, list(rows)
    for row in given:
        row.address = address
    return AuditRow.objects.bulk_create(given)


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

    The password is random, is returned only here and is stored as a hash. Roles that need two people are proposed (see
    `confirm_role`). Raises RuleBroken("already_exists", "unknown_role").
    """
    groups = _groups_of_roles(roles)
    if User.objects.filter(username=username).exists():
        raise RuleBroken(
            "already_exists", _("An account «%s» already exists. Choose another name.") % username, field="username"
        )
    password = new_password()
    names = {"first_name": first_name, "last_name": last_name}
    user = User.objects.create_user(username, password=password, is_staff=True, **names)
    given = _given_alone(groups, held=set(), by=by)
    user.groups.set(given)
    audit("account.created", audit_subject(user), by=by, reason=reason, roles=_role_names(given))
    _propose_others(user, groups, given, by=by, reason=reason)
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

    Roles that need two people and that the account does not have now, or did not while it was closed, are proposed (see
    `confirm_role`). The sessions of a closed account end at once. Raises RuleBroken: "unknown_role", "superuser_only"
    (only a superuser changes the account of a superuser), "own_account" (another person must change your roles or close
    your account).
    """
    refuse_change_of_superuser(user, by)
    groups = _groups_of_roles(roles)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    roles_before = _role_names(user.groups.all())
    before = {"roles": roles_before, "is_active": user.is_active}
    held = set(roles_before) if user.is_active else set()
    given = _given_alone(groups, held=held, by=by) if is_active else groups
    after = {"roles": _role_names(given), "is_active": is_active}
    wanted = {"roles": _role_names(groups), "is_active": is_active}
    if by is not None and by == user and before != wanted and not by.is_superuser:
        raise RuleBroken("own_account", _("Ask another administrator to change your roles or close your account."))
    _propose_others(user, groups, given, by=by, reason=reason)
    renamed = (user.first_name, user.last_name) != (first_name, last_name)
    if before == after and not renamed:
        return user
    user.first_name, user.last_name, user.is_active = first_name, last_name, is_active
    user.save(update_fields=["first_name", "last_name", "is_active"])
    user.groups.set(given)
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    audit("account.changed", audit_subject(user), by=by, reason=reason, renamed=renamed, **changed)
    return user


@transaction.atomic
def renew_password(user: User, *, by: User | None, reason: str) -> str:
    """Set another random password and return it; it is returned only here. The sessions of the account end.

    Somebody else who renews it could log in as the account, so its roles that need two people are proposed again (see
    `confirm_role`). Raises RuleBroken("superuser_only").
    """
    refuse_change_of_superuser(user, by)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    password = new_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    groups = list(user.groups.all())
    given = groups if by == user else _given_alone(groups, held=set(), by=by)
    user.groups.set(given)
    waiting = sorted(set(_role_names(groups)) - set(_role_names(given)))
    audit(
        "account.password_renewed",
        audit_subject(user),
        by=by,
        reason=reason,
        **({"suspended": waiting} if waiting else {}),
    )
    _propose_others(user, groups, given, by=by, reason=reason)
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


def needs_second_person(by: User | None) -> bool:
    """Whether what `by` gives waits for somebody else. Not for the server's commands (None) and for superusers.

    A superuser comes from `manage.py createsuperuser`, that is from somebody who has the whole database.
    """
    return by is not None and not by.is_superuser


def open_proposals(user: User | None = None) -> QuerySet[RoleProposal]:
    """Proposals that nobody has decided, oldest first: of one account, or of all."""
    proposals = RoleProposal.objects.filter(decided_at=None).select_related("user", "proposed_by").order_by("pk")
    return proposals.filter(user=user) if user else proposals


def propose_roles(user: User, roles: Collection[str], *, by: User, reason: str) -> None:
    """Propose these roles for the account, inside the caller's transaction. A role proposed already stays as it is."""
    waiting = set(open_proposals(user).values_list("role", flat=True))
    for role in sorted(set(roles) - waiting):
        RoleProposal.objects.create(user=user, role=role, proposed_by=by, reason=reason)
        audit("role.proposed", audit_subject(user), by=by, reason=reason, role=role)


@transaction.atomic
def confirm_role(proposal: RoleProposal, *, by: User, reason: str) -> RoleProposal:
    """Give the proposed role to the account.

    Raises RuleBroken: "already_decided"; "wrong_status" (proposed more than `PROPOSAL_DAYS` ago);
    "second_person_required" (who proposed it does not confirm it); "own_account" (nobody confirms a role of their
    own); "account_closed"; "password_not_changed" (somebody else set the password of the account last, and could sign
    in with it).
    """
    proposal = _undecided(proposal)
    if timezone.now() - proposal.proposed_at > datetime.timedelta(days=PROPOSAL_DAYS):
        message = _("The role was proposed more than %d days ago. Refuse it, and propose the role again.")
        raise RuleBroken("wrong_status", message % PROPOSAL_DAYS)
    if proposal.proposed_by_id == by.pk:
        raise RuleBroken(
            "second_person_required", _("You proposed this role. Ask another administrator to confirm it.")
        )
    if proposal.user_id == by.pk:
        raise RuleBroken("own_account", _("Ask another administrator to change your roles or close your account."))
    user = User.objects.select_for_update(no_key=True).get(pk=proposal.user_id)
    if not user.is_active:
        raise RuleBroken("account_closed", _("The account is closed. Open it first."))
    if _is_password_known_to_another(user):
        message = _(
            "Somebody else set the password of «%s» last. Its owner must sign in and change it before you confirm."
        )
        raise RuleBroken("password_not_changed", message % user.username)
    user.groups.add(Group.objects.get(name=proposal.role))
    proposed_by = proposal.proposed_by.username
    return _decide(proposal, "role.confirmed", is_confirmed=True, by=by, reason=reason, proposed_by=proposed_by)


@transaction.atomic
def refuse_role(proposal: RoleProposal, *, by: User, reason: str) -> RoleProposal:
    """End the proposal without giving the role. Who proposed it may do so too. Raises RuleBroken("already_decided")."""
    return _decide(_undecided(proposal), "role.refused", is_confirmed=False, by=by, reason=reason)


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


def _given_alone(groups: Iterable[Group], *, held: set[str], by: User | None) -> list[Group]:
    """Those of the groups that `by` gives alone: what the account holds already, and roles of one person."""
    if not needs_second_person(by):
        return list(groups)
    return [group for group in groups if group.name in held or group.name not in ROLES_OF_TWO_PEOPLE]


def _is_password_known_to_another(user: User) -> bool:
    """Whether an administrator made the account or renewed its password, and nobody has changed the password since.

    The audit says it: it has a row each time a password is set, and nobody deletes rows. The server's commands (None)
    do not count, as in `needs_second_person`. Lock the account first, so that nobody renews the password meanwhile.
    """
    last = AuditRow.objects.filter(subject=audit_subject(user), action__in=PASSWORD_SET_ACTIONS).order_by("pk").last()
    return last is not None and last.by_id not in (None, user.pk)


def _propose_others(
    user: User, groups: Iterable[Group], given: Iterable[Group], *, by: User | None, reason: str
) -> None:
    """Propose the groups that are not given at once."""
    if by is not None:
        propose_roles(user, set(_role_names(groups)) - set(_role_names(given)), by=by, reason=reason)


def _undecided(proposal: RoleProposal) -> RoleProposal:
    locked = (
        RoleProposal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("proposed_by")
        .get(pk=proposal.pk)
    )
    if locked.decided_at:
        raise RuleBroken("already_decided", _("Somebody has decided on this proposal already."))
    return locked


def _decide(
    proposal: RoleProposal, action: str, *, is_confirmed: bool, by: User, reason: str, **facts: Any
) -> RoleProposal:
    proposal.decided_by, proposal.decided_at, proposal.is_confirmed = by, timezone.now(), is_confirmed
    proposal.save(update_fields=["decided_by", "decided_at", "is_confirmed"])
    subject = audit_subject(proposal.user)
    audit(action, subject, by=by, reason=reason, role=proposal.role, **facts)
    return proposal
