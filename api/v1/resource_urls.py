"""URLs of public resources. They start with PUBLIC_URL; the Host header of a request is never used."""

from django.conf import settings
from django.urls import reverse

from content.documents.models import LegalDocument
from content.events.models import Event
from content.law import page_paths
from content.organisations.models import Organisation, Province
from content.qa.models import Question
from content.topics.models import Topic


def resource_url(name: str, /, **kwargs: object) -> str:
    return settings.PUBLIC_URL + reverse(f"v1:{name}", kwargs=kwargs)


def topic_url(topic: Topic) -> str:
    return resource_url("topic-detail", key=topic.key)


def organisation_url(organisation: Organisation) -> str:
    return resource_url("organisation-detail", key=organisation.key)


def province_url(province: Province) -> str:
    return resource_url("province-detail", key=province.key)


def document_url(document: LegalDocument) -> str:
    return resource_url("document-detail", key=document.key)


def provision_url(document: LegalDocument, eid: str) -> str:
    return resource_url("document-provision", key=document.key, eid=eid)


def document_page_url(document: LegalDocument) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.document_path(document.key)


def provision_page_url(document: LegalDocument, eid: str) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.provision_path(document.key, eid)


def event_url(event: Event) -> str:
    return resource_url("event-detail", key=event.key)


def event_page_url(event: Event) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.event_path(event.key)


def question_url(question: Question) -> str:
    return resource_url("question-detail", key=question.key)


def question_page_url(question: Question) -> str:
    """The page that people read."""
    return settings.PUBLIC_URL + page_paths.question_path(question.key)
