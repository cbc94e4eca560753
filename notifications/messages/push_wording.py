"""Who finds the words for which line of the day-book: one module for each room of the library.

A module has FOLLOW_KINDS (event type → kind of follow), `full_text(change, language, title=None)` and `link_path(change)`, and
where it tells a reader of their own things, `lock_screen_text(change, language)`; where its news is worth nothing after a
moment, `relevant_until(change)`. `title` is what the thing is called today, where the day-book does not keep it; whoever has
looked it up already gives it.
"""

from notifications.messages import documents, events, questions

MODULE_BY_EVENT_TYPE = {kind: module for module in (documents, questions, events) for kind in module.FOLLOW_KINDS}


def is_notified(change):
    return change.notify and change.event_type in MODULE_BY_EVENT_TYPE


def follow_kind(change):
    """What a reader must want to hear of, to hear of this."""
    return MODULE_BY_EVENT_TYPE[change.event_type].FOLLOW_KINDS[change.event_type]


def push_text(change, language):
    """The Words a push shows; on a lock screen, of a reader's own things, nothing that tells what they are."""
    module = MODULE_BY_EVENT_TYPE[change.event_type]
    return module.lock_screen_text(change, language) if change.reader_id else module.full_text(change, language)


def inbox_text(change, language, title):
    return MODULE_BY_EVENT_TYPE[change.event_type].full_text(change, language, title)


def link_path(change):
    """Where what it is about stands, under PUBLIC_URL."""
    return MODULE_BY_EVENT_TYPE[change.event_type].link_path(change)


def relevant_until(change):
    """After which moment nobody needs to hear of it; None where it is news like any other."""
    module = MODULE_BY_EVENT_TYPE[change.event_type]
    return module.relevant_until(change) if module is events else None
