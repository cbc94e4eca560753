"""An app's main job through the generated Python client, against a live server: main_job.py BASE_URL

Register, follow, list, read a provision, ask, come to an event, read the inbox, read the change log.
The package `luatmo` is on PYTHONPATH.
"""

import enum
import sys
import uuid

import luatmo


def keep_unknown(cls, value):
    """A value that this version of the client does not know, as it is (`/docs/clients` of the guide)."""
    member = str.__new__(cls, value)
    member._name_, member._value_ = value, value
    return member


def check_unknown_values():
    """A page with an unknown value is lost without `keep_unknown`, and kept with it."""
    step = {"transition": "sealed", "status": "closed", "at": "2026-01-01T00:00:00.123456+07:00", "reason": ""}
    try:
        luatmo.QuestionTransition.from_dict(step)
    except ValueError:
        pass
    else:
        raise AssertionError("unknown values need nothing any more: shorten the page clients of the guide")
    for each in vars(luatmo).values():
        if isinstance(each, enum.EnumMeta):
            each._missing_ = classmethod(keep_unknown)
    assert luatmo.QuestionTransition.from_dict(step).transition == "sealed"


def main(base):
    check_unknown_values()
    anybody = luatmo.ApiClient(luatmo.Configuration(host=base))
    installation = f"client-{uuid.uuid4()}"
    body = luatmo.DeviceRequest(registration_id=f"registration-{uuid.uuid4()}", id_kind="token", platform="android")
    device = luatmo.DevicesApi(anybody).put_device(installation, body)
    mine = luatmo.ApiClient(luatmo.Configuration(host=base, access_token=device.secret))

    topic = luatmo.TopicsApi(anybody).list_topics().results[0]
    follow = luatmo.FollowsApi(mine).follow("topic", topic.key, luatmo.FollowRequest(kinds=["new"]))
    assert follow.key == topic.key

    page = luatmo.DocumentsApi(anybody).list_documents(status=["in_force"], page_size=5)
    law = page.results[0]
    assert law.to_dict()["key"] == law.key  # nothing is left out of what an answer has
    feed = luatmo.FeedsApi(anybody).get_document_feed("atom", q="luật")
    assert feed.startswith(b"<?xml"), feed
    text = luatmo.DocumentsApi(anybody).get_document_text(law.key)
    article = next(unit for unit in text.provisions if unit.kind == "article")
    provision = luatmo.DocumentsApi(anybody).get_provision(law.key, article.eid)
    assert provision.text and provision.citation, provision

    asked = luatmo.NewQuestionRequest(title="Thử máy", text="Điều này còn hiệu lực không?", consent_to_publish=False)
    question = luatmo.QuestionsApi(mine).ask(str(uuid.uuid4()), asked)
    own = luatmo.QuestionsApi(mine).list_my_questions().results
    assert [each.key for each in own] == [question.key], own

    event = luatmo.EventsApi(anybody).list_events(status="announced").results[0]
    assert b"BEGIN:VCALENDAR" in luatmo.EventsApi(anybody).get_event_calendar(event.key)
    registration = luatmo.EventsApi(mine).register(event.key, luatmo.NewRegistrationRequest())
    assert registration.status == "seated", registration
    (coming,) = luatmo.EventsApi(mine).list_my_events().results
    assert coming.event.key == event.key, coming
    assert luatmo.InboxApi(mine).list_inbox().results == []

    changes = luatmo.ChangesApi(anybody).list_changes(after="0", page_size=3)
    assert int(changes.cursor) == int(changes.results[-1].key)
    luatmo.DevicesApi(mine).delete_device(installation)
    print(f"python client: {law.number}, {provision.citation}, {event.key}: the main job is done")


if __name__ == "__main__":
    main(sys.argv[1])
