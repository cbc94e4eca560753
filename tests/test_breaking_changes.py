"""openapi.yaml against the copy that was released last: additions are free, everything else is another version."""

import copy
import json

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config.management.breaking_changes import breaking_changes
from config.management.commands.check_contract import RELEASED_CONTRACT, read_openapi

CONTRACT = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "security": [{}],
                "parameters": [
                    {"in": "query", "name": "kind", "schema": {"type": "string", "enum": ["a", "b"]}},
                    {"in": "query", "name": "q", "schema": {"type": "string", "maxLength": 10}},
                    {"in": "path", "name": "part", "schema": {"type": "string", "pattern": "^(legs|seats)$"}},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "404": {},
                },
            },
            "post": {
                "operationId": "makeThing",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Asked"}}}},
                "responses": {"201": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["key", "kind"],
                "properties": {
                    "key": {"type": "string"},
                    "kind": {"type": "string", "enum": ["a"]},
                    "note": {"type": ["string", "null"]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                },
            },
            "Asked": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
            },
        }
    },
}


def changed(change):
    contract = copy.deepcopy(CONTRACT)
    get, post = (contract["paths"]["/things"][method] for method in ("get", "post"))
    change(contract, get, post, *contract["components"]["schemas"].values())
    return breaking_changes(CONTRACT, contract)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c, get, post, thing, sent: c["paths"].clear(), "GET /things was removed"),
        (lambda c, get, post, thing, sent: c["paths"]["/things"].pop("post"), "POST /things was removed"),
        (lambda c, get, post, thing, sent: get.update(operationId="all"), "its id listThings is now all"),
        (lambda c, get, post, thing, sent: get.update(security=[{"device": []}]), "requires authentication"),
        (lambda c, get, post, thing, sent: get["parameters"].pop(1), "parameter q was removed"),
        (lambda c, get, post, thing, sent: get["parameters"][0]["schema"].update(enum=["b"]), "no longer accepted"),
        (lambda c, get, post, thing, sent: get["parameters"][1]["schema"].update(maxLength=5), "maxLength is now 5"),
        (lambda c, get, post, thing, sent: get["parameters"][1]["schema"].update(pattern="x"), "its pattern changed"),
        (lambda c, get, post, thing, sent: get["parameters"][2]["schema"].update(pattern="^(legs)$"), "part: its"),
        (lambda c, get, post, thing, sent: get["parameters"][2]["schema"].update(pattern="^(legs.|seats)$"), "pattern"),
        (lambda c, get, post, thing, sent: get["parameters"][1].update(required=True), "q is now required"),
        (lambda c, get, post, thing, sent: get["responses"].pop("200"), "GET /things 200 was removed"),
        (lambda c, get, post, thing, sent: get["responses"]["200"]["content"].clear(), "json is no longer returned"),
        (lambda c, get, post, thing, sent: thing["properties"].pop("key"), "key was removed"),
        (lambda c, get, post, thing, sent: thing["required"].remove("kind"), "kind may now be missing"),
        (lambda c, get, post, thing, sent: thing["properties"]["key"].update(type="integer"), "key may now be integer"),
        (
            lambda c, get, post, thing, sent: thing["properties"]["key"].update(type=["string", "null"]),
            "may now be null",
        ),
        (lambda c, get, post, thing, sent: thing["properties"]["key"].update(format="uri"), "format was None"),
        (lambda c, get, post, thing, sent: sent["required"].append("size"), "size is now required"),
        (lambda c, get, post, thing, sent: sent["properties"].pop("size"), "size is no longer accepted"),
        (lambda c, get, post, thing, sent: sent["properties"]["size"].update(type="string"), "no longer accepted"),
    ],
)  # fmt: skip
def test_what_breaks_is_said(change, said):
    (sentence,) = changed(change)[:1]
    assert said in sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda c, get, post, thing, asked: None,
        lambda c, get, post, thing, asked: c["paths"].update({"/others": {}}),
        lambda c, get, post, thing, asked: thing["properties"].update(more={"type": "string"}),
        lambda c, get, post, thing, asked: thing["required"].append("note"),
        lambda c, get, post, thing, asked: thing["properties"]["note"].update(type="string"),
        lambda c, get, post, thing, asked: thing["properties"]["kind"]["enum"].append("b"),
        lambda c, get, post, thing, asked: asked["properties"].update(more={"type": "string"}),
        lambda c, get, post, thing, asked: asked["required"].remove("name"),
        lambda c, get, post, thing, asked: get["parameters"][0]["schema"]["enum"].append("c"),
        lambda c, get, post, thing, asked: get["parameters"][2]["schema"].update(pattern="^(arms|legs|seats)$"),
        lambda c, get, post, thing, asked: get["parameters"][2]["schema"].pop("pattern"),
        lambda c, get, post, thing, asked: get["responses"].update({"410": {}}),
        lambda c, get, post, thing, asked: get["responses"].pop("404"),
    ],
)
def test_what_is_added_breaks_nothing(change):
    assert changed(change) == []


def test_nothing_breaks_for_those_who_build_on_the_released_contract():
    current = read_openapi(settings.BASE_DIR / "openapi.yaml")
    assert breaking_changes(read_openapi(RELEASED_CONTRACT), current) == []


def shared(contract):
    """The same contract, with its parameters and a response as components."""
    moved = copy.deepcopy(contract)
    get = moved["paths"]["/things"]["get"]
    moved["components"]["parameters"] = {each["name"]: each for each in get["parameters"]}
    moved["components"]["responses"] = {"Things": get["responses"]["200"]}
    get["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in moved["components"]["parameters"]]
    get["responses"]["200"] = {"$ref": "#/components/responses/Things"}
    return moved


def test_what_is_moved_into_a_component_breaks_nothing_and_is_still_compared():
    moved = shared(CONTRACT)
    assert breaking_changes(CONTRACT, moved) == breaking_changes(moved, CONTRACT) == []
    moved["components"]["parameters"]["q"]["schema"]["maxLength"] = 5
    moved["components"]["responses"]["Things"]["content"].clear()
    assert breaking_changes(CONTRACT, moved) == [
        "GET /things ?q: maxLength is now 5",
        "GET /things 200: application/json is no longer returned",
    ]


def test_a_field_taken_out_of_the_real_contract_is_seen(tmp_path):
    released = read_openapi(RELEASED_CONTRACT)
    released["components"]["schemas"]["Topic"]["properties"]["colour"] = {"type": "string"}
    (tmp_path / "v1.yaml").write_text(json.dumps(released, default=str))
    with pytest.raises(CommandError, match="colour was removed"):
        call_command("check_contract", released=tmp_path / "v1.yaml")
