"""A push fits into FCM's bytes whatever the law is called, and never ends in half a letter or word."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.local.fcm_emulator.messages import TOPIC_BYTES, message_bytes, parse_send_request
from notifications.messages.message_text import MessageText
from notifications.push import payload
from notifications.push.firebase import sdk_message

ARGUMENTS = {
    "nid": 1,
    "kind": "new",
    "link": "https://luatmo.example/api/v1/documents/x",
    "page_url": "https://luatmo.example/van-ban/x",
    "key": "x",
    "ttl_seconds": 60,
}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=3000), st.text(max_size=300))
def test_it_fits(title, body):
    made = payload.compose_payload(MessageText(title, body), **ARGUMENTS)
    assert payload.payload_bytes(made) <= payload.MAX_BYTES
    json.dumps(made).encode()


@pytest.mark.parametrize("page_url", ["https://luatmo.example/van-ban/" + "x" * 200, "http://127.0.0.1:8000/van-ban/x"])
@pytest.mark.parametrize("title", ["Luật " * 700, 'Luật "a" ' * 300, "x" * 5000, "Luật Đất đai"])
def test_what_all_platforms_get_is_taken_by_fcm_for_a_topic(title, page_url):
    made = payload.compose_payload(
        MessageText(title, "Văn bản mới."), **(ARGUMENTS | {"page_url": page_url, "nid": 10**15})
    )
    sent = json.loads(str(sdk_message(made, "topic", "vn.lv.11.moi.vi")))
    accepted = parse_send_request({"message": sent})
    assert message_bytes(accepted.message) <= TOPIC_BYTES
    webpush = sent["webpush"]
    assert webpush["headers"] == {"TTL": "60", "Urgency": "normal", "Topic": "1" + "0" * 15}
    assert webpush["notification"] == {"tag": "1" + "0" * 15}
    assert webpush.get("fcm_options") == ({"link": page_url} if page_url.startswith("https") else None)


def test_a_long_title_is_cut_at_a_word():
    made = payload.compose_payload(MessageText("Luật " * 700, "Văn bản mới."), **ARGUMENTS)
    assert made["title"].endswith("Luật…")
    assert payload.payload_bytes(made) > payload.MAX_BYTES - 20


def test_what_json_writes_longer_than_it_is_fits_too_and_the_body_stays():
    made = payload.compose_payload(MessageText('Luật "a" ' * 300, "Văn bản mới."), **ARGUMENTS)
    assert payload.payload_bytes(made) <= payload.MAX_BYTES
    assert made["body"] == "Văn bản mới."


def test_a_title_without_a_space_is_cut_within_it():
    assert len(payload.compose_payload(MessageText("x" * 5000, "Mới."), **ARGUMENTS)["title"]) > 1000


def test_a_short_one_is_left_alone():
    assert payload.compose_payload(MessageText("Luật Đất đai", "Mới."), **ARGUMENTS)["title"] == "Luật Đất đai"


def test_a_browser_opens_the_address_in_the_api_of_a_push_stored_before_pushes_named_pages():
    made = payload.compose_payload(MessageText("Luật Đất đai", "Mới."), **ARGUMENTS)
    del made["data"]["page_url"]
    sent = json.loads(str(sdk_message(made, "topic", "vn.lv.11.moi.vi")))
    assert sent["webpush"]["fcm_options"] == {"link": ARGUMENTS["link"]}
