"""Who finds the words for which line of the day-book: one module for each room of the library.

A module has KINDS (kind of a line → kind of follow), `words(change, language, title=None)` and `path(change)`, and
where it tells a reader of their own things, `generic(change, language)`; where its news is worth nothing after a
moment, `until(change)`. `title` is what the thing is called today, where the day-book does not keep it; whoever has
looked it up already gives it.
"""

from notifications.messages import documents, events, questions

MODULES = {kind: module for module in (documents, questions, events) for kind in module.KINDS}


def is_told(change):
    return change.notify and change.kind in MODULES


def follow_kind(change):
    """What a reader must want to hear of, to hear of this."""
    return MODULES[change.kind].KINDS[change.kind]


def push_words(change, language):
    """The Words a push shows; on a lock screen, of a reader's own things, nothing that tells what they are."""
    module = MODULES[change.kind]
    return module.generic(change, language) if change.reader_id else module.words(change, language)


def inbox_words(change, language, title):
    return MODULES[change.kind].words(change, language, title)


def path(change):
    """Where what it is about stands, under PUBLIC_URL."""
    return MODULES[change.kind].path(change)


def until(change):
    """After which moment nobody needs to hear of it; None where it is news like any other."""
    module = MODULES[change.kind]
    return module.until(change) if module is events else None
