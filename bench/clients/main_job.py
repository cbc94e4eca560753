"""An app's main job through the generated Python client, against a live server: main_job.py BASE_URL

Register, follow, list, read a provision with what it cites, ask, come to an event, read the inbox, read the change log.
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


def check_citations(api, law):
    """`law`: key of a sample law one of whose points names a clause of it."""
    of_documents, of_citations = luatmo.DocumentsApi(api), luatmo.CitationsApi(api)
    units = of_documents.get_document_text(law).provisions
    unit, link = next((unit, link) for unit in units for link in unit.links)
    assert "khoản 2 Điều 2" in unit.text[link.start : link.end] and link.eids == ["art_2__clause_2"], link
    assert of_documents.get_provision(law, unit.eid).links == [link]
    citing = of_citations.list_citing_provisions(law, eid=link.eids[0]).results
    assert unit.eid in [each.eid for each in citing], citing

    context = luatmo.CitationContextRequest(document=law)
    text = luatmo.ResolveCitationsRequest(text="Xem khoản 2 Điều 2 Luật này.", context=context)
    (citation,) = of_citations.resolve_citations(text).citations
    assert citation.certainty == "exact" and citation.candidates[0].provisions[0].eid == link.eids[0], citation
    (asked,) = of_citations.get_document_statuses(luatmo.DocumentStatusesRequest(references=[law])).results
    assert asked.candidates[0].document.key == law, asked
    number = asked.candidates[0].document.number
    assert law in [each.document.key for each in of_citations.look_up_document(number=number).candidates]

    # what is not JSON: the types are of JSON only (`/docs/clients` of the guide)
    markdown = of_documents.get_document_text_without_preload_content(law, format="md").data.decode()
    assert markdown.startswith("---"), markdown[:80]
    akn = of_documents.get_provision_without_preload_content(law, unit.eid, format="akn").data
    assert b"<akomaNtoso" in akn, akn[:80]


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

    check_citations(anybody, "luat-2024-00-0000-mau")

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
