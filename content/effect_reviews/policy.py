"""Who may look at the queue, decide on its cases, and decide on many at once."""

from content.people.models import AnyUser
from content.relations import policy as relations


def may_look(user: AnyUser) -> bool:
    return user.has_perm("content.view_relation")


def may_decide(user: AnyUser) -> bool:
    return relations.may_decide_on_relations(user)


def may_decide_many(user: AnyUser) -> bool:
    """Publishers: nobody reviews what they confirm."""
    return may_decide(user) and user.has_perm("content.publish_own_legaldocument")
