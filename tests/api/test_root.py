"""The root of the API names everything else, so that a newcomer finds it from one address."""

import pytest

from tests.api.test_routes import PUBLIC, routes

pytestmark = pytest.mark.django_db
NEED_WORDS = ("search", "glossary")
HOME = "http://127.0.0.1:8000"


@pytest.mark.parametrize("path", ["/api/v1", "/api/v1/"])
def test_the_root_leads_to_everything_and_every_address_in_it_answers(client, path):
    answer = client.get(path)
    root = answer.json()
    assert (answer.status_code, root["version"], root["url"]) == (200, "v1", f"{HOME}/api/v1")
    assert answer["Cache-Control"].startswith("public")
    addresses = [value for name, value in root.items() if name.endswith("_url")]
    addresses += [root["url"], *(each["url"] for each in root["resources"] if each["name"] not in NEED_WORDS)]
    addresses += [f"{each['url']}?q=dat" for each in root["resources"] if each["name"] in NEED_WORDS]
    assert {address: client.get(address.removeprefix(HOME)).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )
    assert root["licence"]["metadata"] == "CC0-1.0"


def test_every_public_list_is_in_the_root(client):
    lists = {
        str(route.pattern).strip("^$\\Z") for route in routes() if route.name in PUBLIC and route.name.endswith("-list")
    }
    named = [each["name"] for each in client.get("/api/v1").json()["resources"]]
    named.remove("dissemination")  # counts
    assert set(named) == lists - {"records"} | set(NEED_WORDS)  # records need keys; `changes` names their address


def test_both_contracts_are_named(client):
    root = client.get("/api/v1").json()
    languages = [
        client.get(root[name].removeprefix(HOME))["Content-Language"] for name in ("contract_url", "contract_vi_url")
    ]
    assert languages == ["en", "vi"]


def test_a_parameter_that_the_root_does_not_know_is_refused(client):
    assert client.get("/api/v1?topc=1").json()["code"] == "invalid"
    assert client.get("/api/v1?lang=en")["Content-Language"] == "en"
