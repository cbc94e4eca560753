"""Addresses that are written from one prefix are those of the routes."""

from types import SimpleNamespace

import pytest

from api.v1 import resource_urls

KEY, EID = "luat-2024-31-2024-qh15", "art_15__clause_2__point_dd"


@pytest.mark.parametrize(
    ("written", "route", "names"),
    [
        (resource_urls.topic_url, "topic-detail", {}),
        (resource_urls.organisation_url, "organisation-detail", {}),
        (resource_urls.province_url, "province-detail", {}),
        (resource_urls.document_url, "document-detail", {}),
        (resource_urls.document_text_url, "document-text", {}),
        (resource_urls.provision_url, "document-provision", {"eid": EID}),
        (resource_urls.event_url, "event-detail", {"key": "sk-abcdefghij"}),
        (resource_urls.contest_url, "contest-detail", {"key": "ct-abcdefghij"}),
        (resource_urls.question_url, "question-detail", {"key": "hoi-abcdefghij"}),
    ],
)
@pytest.mark.parametrize("public", ["http://127.0.0.1:8000", "https://luatmo.example"])
def test_an_address_of_one_prefix_is_what_reverse_gives(written, route, names, public, settings):
    settings.PUBLIC_URL = public
    named = {"key": KEY} | names
    address = written(SimpleNamespace(key=named["key"]), *([EID] if "eid" in named else []))
    assert address == resource_urls.resource_url(route, **named)
    assert address.startswith(f"{public}/api/v1/")


@pytest.mark.parametrize("public", ["http://127.0.0.1:8000", "https://luatmo.example"])
def test_the_address_of_a_round_is_what_reverse_gives(public, settings):
    settings.PUBLIC_URL = public
    round = SimpleNamespace(contest=SimpleNamespace(key="ct-abcdefghij"), number=12)
    address = resource_urls.contest_round_url(round)
    assert address == resource_urls.resource_url("contest-round", key="ct-abcdefghij", number=12)


@pytest.mark.parametrize("public", ["http://127.0.0.1:8000", "https://luatmo.example"])
@pytest.mark.parametrize("key", ["0b5c2f60-8d0e-4f0e-9f5e-0a7c5b1d2e3f", "a.b_C~9-"])
def test_the_addresses_of_a_device_and_of_a_follow_are_what_reverse_gives(key, public, settings):
    settings.PUBLIC_URL = public
    assert resource_urls.device_url(key) == resource_urls.resource_url("device", installation_key=key)
    for target, of_it in (("document", KEY), ("article", f"{KEY}~art_15"), ("topic", "11-dat-dai")):
        address = resource_urls.follow_url(target, of_it)
        assert address == resource_urls.resource_url("follow", target=target, key=of_it)
