"""Who of the staff may do what with documents. The staff site and the services both ask here."""

from collections.abc import Iterable

from content.documents.models import LegalDocument
from content.people import transitions
from content.people.models import AnyUser
from content.publishing import states
from content.publishing.states import DocumentTransition


def may_read(user: AnyUser) -> bool:
    """May read documents, drafts included."""
    return user.has_perm("content.view_legaldocument")


def may_write(user: AnyUser) -> bool:
    """May write drafts and propose corrections."""
    return user.has_perm("content.add_legaldocument") and user.has_perm("content.change_legaldocument")


def may_publish(user: AnyUser) -> bool:
    """May publish, return, correct and withdraw what others wrote."""
    return user.has_perm("content.publish_legaldocument")


def may_publish_alone(user: AnyUser) -> bool:
    """May also publish what they wrote themselves, and what nobody reviewed: publishers."""
    return may_publish(user) and user.has_perm("content.publish_own_legaldocument")


def is_second_reader(user: AnyUser, authors: Iterable[AnyUser]) -> bool:
    """Whether `user` may review what `authors` wrote: another person than the authors, or a publisher."""
    return may_publish_alone(user) or user not in authors


def may(user: AnyUser, transition: DocumentTransition, document: LegalDocument) -> bool:
    """Whether the person may make the transition, whatever the status of the document. If not, the answer is 403."""
    match transition:
        case DocumentTransition.DRAFT | DocumentTransition.SUBMIT_FOR_REVIEW | DocumentTransition.CORRECT:
            return may_write(user)
        case DocumentTransition.RETURN_TO_DRAFT:
            return may_publish(user) or (may_write(user) and user in document.authors.all())
        case DocumentTransition.PUBLISH | DocumentTransition.WITHDRAW:
            return may_publish(user)


def available_transitions(user: AnyUser, document: LegalDocument) -> list[DocumentTransition]:
    """The transitions that the document has now and this user may make, in the order of its life."""

    def may_now(transition: DocumentTransition) -> bool:
        return may(user, transition, document) and (
            transition != DocumentTransition.PUBLISH or may_publish_now(user, document)
        )

    return transitions.offered(states.TABLE, document, may_now)


def may_publish_now(user: AnyUser, document: LegalDocument) -> bool:
    """A draft is published by publishers only, a document in review by anybody who did not write it."""
    if document.status == states.Status.DRAFT:
        return may_publish_alone(user)
    return is_second_reader(user, document.authors.all())
