"""Where public objects stand. Always under PUBLIC_URL, never under the Host header a caller sent."""

from django.conf import settings
from django.urls import reverse


def of(name, /, **kwargs):
    return settings.PUBLIC_URL + reverse(f"v1:{name}", kwargs=kwargs)


def of_topic(topic):
    return of("topic-detail", key=topic.key)


def of_organisation(organisation):
    return of("organisation-detail", key=organisation.key)


def of_province(province):
    return of("province-detail", key=province.key)


def of_document(document):
    return of("document-detail", key=document.key)


def of_provision(document, eid):
    return of("document-provision", key=document.key, eid=eid)


def of_event(event):
    return of("event-detail", key=event.key)


def of_question(question):
    return of("question-detail", key=question.key)
