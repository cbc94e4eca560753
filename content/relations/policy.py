"""Who may confirm or reject a relation: those who may publish, because a confirmed relation is public at once."""

from django.contrib.auth.models import AnonymousUser

from content.people.models import User


def may_decide_on_relations(user: User | AnonymousUser) -> bool:
    return user.is_active and user.has_perm("content.confirm_relation")
