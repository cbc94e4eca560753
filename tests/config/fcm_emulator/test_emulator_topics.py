"""Topic subscriptions through the real SDK, and the list it has no call for."""

import pytest
from firebase_admin import messaging
from google.auth.transport.requests import AuthorizedSession

BASE = "https://fcm.googleapis.com/v1/projects/luatmo-local/registrations"


@pytest.fixture
def session(app):
    return AuthorizedSession(app.credential.get_credential())


def test_subscribing_and_unsubscribing_twice_is_as_good_as_once(fcm, app):
    fcm.call("POST", "devices", {"token": "lan", "fid": "fidOfLan"})
    for registration in ("lan", "fidOfLan"):  # 409 the second time; the SDK counts it as success
        assert messaging.subscribe_to_topic([registration], "/topics/news", app).success_count == 1
    assert fcm.phone("lan")["topics"] == ["news"]
    for registration in ("fidOfLan", "lan"):
        assert messaging.unsubscribe_from_topic([registration], "news", app).success_count == 1
    assert fcm.phone("lan")["topics"] == []
    assert [entry["status"] for entry in fcm.log("topic")] == [200, 409, 200, 200]
    assert fcm.log("topic")[0]["target"] == "lan news"


def test_each_registration_has_its_own_result(fcm, app):
    fcm.call("POST", "devices", {"token": "lan"})
    result = messaging.subscribe_to_topic(["lan", "nobody"], "news", app)
    assert (result.success_count, [(error.index, error.reason) for error in result.errors]) == (
        1,
        [(1, "UNREGISTERED")],
    )


def test_a_registration_with_a_slash_and_a_topic_with_a_percent_survive_the_url(fcm, app):
    fcm.call("POST", "devices", {"token": "a/b:c"})
    messaging.subscribe_to_topic(["a/b:c"], "100%25~x", app)
    assert fcm.phone("a/b:c")["topics"] == ["100%25~x"]


def test_the_list_comes_in_pages(fcm, app, session):
    fcm.call("POST", "devices", {"token": "lan", "fid": "fidOfLan"})
    names = [f"t{n:02}" for n in range(7)]
    for name in names:
        session.post(f"{BASE}/lan/topicSubscriptions", params={"topic_name": name}, json={})
    seen, token = [], ""
    while token is not None:
        parameters = {"page_size": 3, "page_token": token}
        page = session.get(f"{BASE}/fidOfLan/topicSubscriptions", params=parameters).json()
        seen.append([entry["topic_name"] for entry in page["topic_subscriptions"]])
        token = page.get("next_page_token")
    assert seen == [names[:3], names[3:6], names[6:]]
    assert page["topic_subscriptions"][0]["name"].endswith("/registrations/fidOfLan/topicSubscriptions/t06")
    whole = session.get(f"{BASE}/lan/topicSubscriptions").json()
    assert len(whole["topic_subscriptions"]) == 7 and "next_page_token" not in whole


def test_refusals_of_the_subscription_api(fcm, session):
    fcm.call("POST", "devices", {"token": "lan"})

    def status(method, path, **parameters):
        return session.request(method, f"{BASE}/{path}", params=parameters).status_code

    assert status("POST", "lan/topicSubscriptions") == 400
    assert status("POST", "lan/topicSubscriptions", topic_name="not good") == 400
    assert status("GET", "nobody/topicSubscriptions") == 404
    assert status("GET", "lan/topicSubscriptions", page_size="many") == 400
    assert status("GET", "lan/topicSubscriptions", page_token="đ") == 400
    assert status("DELETE", "lan/topicSubscriptions/news") == 404
    assert status("DELETE", "lan/topicSubscriptions/news", allow_missing="true") == 200
    assert status("PUT", "lan/topicSubscriptions/news") == 405


def test_the_two_thousand_and_first_topic_is_refused(fcm, app, session):
    fcm.call("POST", "devices", {"token": "lan"})
    for n in range(2000):
        session.post(f"{BASE}/lan/topicSubscriptions", params={"topic_name": f"t{n}"})
    assert messaging.subscribe_to_topic(["lan"], "one-more", app).errors[0].reason == "FAILED_PRECONDITION"
    first = session.get(f"{BASE}/lan/topicSubscriptions").json()
    assert len(first["topic_subscriptions"]) == 1000 and first["next_page_token"]
    large = session.get(f"{BASE}/lan/topicSubscriptions", params={"pageSize": 5000}).json()
    assert len(large["topic_subscriptions"]) == 2000
