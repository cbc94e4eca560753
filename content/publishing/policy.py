"""Who of the staff may do what with documents. Readable without HTTP: the desk asks here, the verbs ask here."""

from content.publishing import states


def may_read(user):
    """Drafts too."""
    return user.has_perm("content.view_legaldocument")


def may_write(user):
    """Drafts, and proposals of corrections."""
    return user.has_perm("content.add_legaldocument") and user.has_perm("content.change_legaldocument")


def may_publish(user):
    """What others wrote: publish, send back, correct, withdraw."""
    return user.has_perm("content.publish_legaldocument")


def may_publish_alone(user):
    """Also what they wrote themselves, or what nobody has read: publishers."""
    return may_publish(user) and user.has_perm("content.publish_own_legaldocument")


def is_second_reader(user, authors):
    """Whether `user` reads with other eyes than those who wrote. `authors`: Users."""
    return may_publish_alone(user) or user not in authors


def may_perform(user, act, document):
    """Whether the person may, whatever the status of the document allows: what a 403 is about."""
    return {
        "draft": may_write,
        "submit_for_review": may_write,
        "return_to_draft": lambda user: may_publish(user) or (may_write(user) and user in document.authors.all()),
        "publish": may_publish,
        "correct": may_write,
        "withdraw": may_publish,
    }[act](user)


def available_transitions(user, document):
    """The acts this user may do on the document as it stands now, in the order of its life."""
    return [
        act
        for act in states.TRANSITIONS
        if states.is_transition_allowed(document, act)
        and may_perform(user, act, document)
        and (act != "publish" or may_publish_now(user, document))
    ]


def may_publish_now(user, document):
    """A draft is published by nobody but publishers, what is in review by anybody who did not write it."""
    if document.status == states.Status.DRAFT:
        return may_publish_alone(user)
    return is_second_reader(user, document.authors.all())
