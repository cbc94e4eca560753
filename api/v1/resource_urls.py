"""URLs of public resources. They start with PUBLIC_URL; the Host header of a request is never used.

Those that stand many times in one answer are written from one prefix: `reverse` took half of the time of a document.
tests/api/test_resource_urls.py proves that they are what `reverse` gives.
"""

from typing import Protocol

from django.conf import settings
from django.urls import reverse

from content.channel.models import Channel, Playlist
from content.contest_certificates.models import Certificate
from content.contests.models import Contest, Round
from content.events.models import Event
from content.law import page_paths
from content.media.models import Material
from content.organisations.models import Organisation, Province
from content.qa.models import Question
from content.topics.models import Topic

API = "/api/v1"


class HasKey(Protocol):
    """A document, or what is known of one beside another."""

    @property
    def key(self) -> str: ...


def resource_url(name: str, /, **kwargs: object) -> str:
    """The URL of a route by its name. For what an answer has once; it costs some 50 µs."""
    return settings.PUBLIC_URL + reverse(f"v1:{name}", kwargs=kwargs)


def topic_url(topic: Topic) -> str:
    return f"{settings.PUBLIC_URL}{API}/topics/{topic.key}"


def organisation_url(organisation: Organisation) -> str:
    return f"{settings.PUBLIC_URL}{API}/organisations/{organisation.key}"


def province_url(province: Province) -> str:
    return f"{settings.PUBLIC_URL}{API}/provinces/{province.key}"


def document_url(document: HasKey) -> str:
    return f"{settings.PUBLIC_URL}{API}/documents/{document.key}"


def provision_url(document: HasKey, eid: str) -> str:
    return f"{settings.PUBLIC_URL}{API}/documents/{document.key}/provisions/{eid}"


def document_text_url(document: HasKey) -> str:
    return f"{settings.PUBLIC_URL}{API}/documents/{document.key}/text"


def document_page_url(document: HasKey) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.document_path(document.key)


def provision_page_url(document: HasKey, eid: str) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.provision_path(document.key, eid)


def event_url(event: Event) -> str:
    return f"{settings.PUBLIC_URL}{API}/events/{event.key}"


def event_page_url(event: Event) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.event_path(event.key)


def contest_url(contest: Contest) -> str:
    return f"{settings.PUBLIC_URL}{API}/contests/{contest.key}"


def contest_page_url(contest: Contest) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.contest_path(contest.key)


def contest_round_url(round: Round) -> str:
    """Needs the contest of the round."""
    return f"{contest_url(round.contest)}/rounds/{round.number}"


def certificate_url(certificate: Certificate) -> str:
    return f"{settings.PUBLIC_URL}{API}/certificates/{certificate.serial}"


def certificate_page_url(certificate: Certificate) -> str:
    """The page where people verify it: short, for it is printed and typed."""
    return settings.PUBLIC_URL + page_paths.certificate_path(certificate.shown_serial)


def question_url(question: Question) -> str:
    return f"{settings.PUBLIC_URL}{API}/questions/{question.key}"


def question_page_url(question: Question) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.question_path(question.key)


def material_url(material: Material) -> str:
    return f"{settings.PUBLIC_URL}{API}/materials/{material.key}"


def material_page_url(material: Material) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.material_path(material.key)


def plan_page_url(plan: HasKey) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.plan_path(plan.key)


def programme_page_url(programme: HasKey) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.programme_path(programme.key)


def playlist_url(playlist: Playlist) -> str:
    return f"{settings.PUBLIC_URL}{API}/playlists/{playlist.key}"


def playlist_page_url(playlist: Playlist) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.playlist_path(playlist.key)


def channel_url(channel: Channel) -> str:
    return f"{settings.PUBLIC_URL}{API}/channels/{channel.key}"


def channel_page_url(channel: Channel) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.channel_path(channel.key)


def device_url(installation_key: str) -> str:
    return f"{settings.PUBLIC_URL}{API}/devices/{installation_key}"


def follow_url(target: str, key: str) -> str:
    """`target`: the kind of object, `key`: its key."""
    return f"{settings.PUBLIC_URL}{API}/follows/{target}/{key}"


def file_url(sha256: str, name: str) -> str:
    """The content of a stored file; its hash is in the URL, so it never changes."""
    return f"{settings.PUBLIC_URL}{API}/files/{sha256}/{name}"
