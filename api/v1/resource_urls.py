"""URLs of public resources. They start with PUBLIC_URL; the Host header of a request is never used."""

from django.conf import settings
from django.urls import reverse


def resource_url(name, /, **kwargs):
    return settings.PUBLIC_URL + reverse(f"v1:{name}", kwargs=kwargs)


def topic_url(topic):
    return resource_url("topic-detail", key=topic.key)


def organisation_url(organisation):
    return resource_url("organisation-detail", key=organisation.key)


def province_url(province):
    return resource_url("province-detail", key=province.key)


def document_url(document):
    return resource_url("document-detail", key=document.key)


def provision_url(document, eid):
    return resource_url("document-provision", key=document.key, eid=eid)


def event_url(event):
    return resource_url("event-detail", key=event.key)


def question_url(question):
    return resource_url("question-detail", key=question.key)
