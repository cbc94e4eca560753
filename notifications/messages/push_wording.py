"""Find the text of a notification: one module for each kind of subject, all with the same functions."""

import datetime
from collections.abc import Mapping
from typing import Protocol

from content.changes.models import Change
from notifications.follows.models import NotificationType
from notifications.messages import channels, contests, documents, events, materials, provinces, questions
from notifications.messages.message_text import MessageText


class MessageModule(Protocol):
    """What a module of messages provides. Every function takes a change of one of its event types.

    The texts say what the facts of the change say: give it with its public facts (`content.public_changes`).
    """

    NOTIFICATION_TYPES: Mapping[str, NotificationType]  # event type → which followers are notified

    def full_text(self, change: Change, language: str, title: str | None = None) -> MessageText:
        """The full text. `title` is the current title of the subject, if the caller has looked it up."""

    def lock_screen_text(self, change: Change, language: str) -> MessageText:
        """The text of a private change for a lock screen: it does not say what the news is about."""

    def link_path(self, change: Change) -> str:
        """The path that opens the subject, under PUBLIC_URL."""

    def page_path(self, change: Change) -> str:
        """The path of the page on which a person reads the news, under PUBLIC_URL."""

    def relevant_until(self, change: Change) -> datetime.datetime | None:
        """The instant after which nobody needs this news; None for news that ages like any other."""


MODULES: tuple[MessageModule, ...] = (documents, questions, events, contests, materials, channels, provinces)
MODULE_BY_EVENT_TYPE = {event_type: module for module in MODULES for event_type in module.NOTIFICATION_TYPES}


def is_notified(change: Change) -> bool:
    """Whether readers are notified about this change."""
    return change.notify and change.event_type in MODULE_BY_EVENT_TYPE


def notification_type(change: Change) -> NotificationType:
    """The notification type that a reader must want to be notified about this change."""
    return MODULE_BY_EVENT_TYPE[change.event_type].NOTIFICATION_TYPES[change.event_type]


def push_text(change: Change, language: str) -> MessageText:
    """The text of the push. That of a private change does not say what it is about: a lock screen shows it."""
    module = MODULE_BY_EVENT_TYPE[change.event_type]
    return module.lock_screen_text(change, language) if change.reader_id else module.full_text(change, language)


def inbox_text(change: Change, language: str, title: str) -> MessageText:
    """The text in the inbox, with the current title of the subject."""
    return MODULE_BY_EVENT_TYPE[change.event_type].full_text(change, language, title)


def link_path(change: Change) -> str:
    """The path that opens the subject, under PUBLIC_URL."""
    return MODULE_BY_EVENT_TYPE[change.event_type].link_path(change)


def page_path(change: Change) -> str:
    """The path of the page on which a person reads the news, under PUBLIC_URL.

    That of private news is the start page: a push does not say what such news is about.
    """
    return "/" if change.reader_id else MODULE_BY_EVENT_TYPE[change.event_type].page_path(change)


def relevant_until(change: Change) -> datetime.datetime | None:
    """The instant after which nobody needs this news; None for news that ages like any other."""
    return MODULE_BY_EVENT_TYPE[change.event_type].relevant_until(change)
