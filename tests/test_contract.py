"""openapi.yaml and what the server really answers. That the files equal the code is a step of script/test, too."""

import functools
from pathlib import Path

import jsonschema
import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)

from api.openapi.committed import CONTRACTS
from api.request_validation import MAX_QUERY_LENGTH
from config.management.breaking_changes import component
from config.management.commands.check_contract import read_openapi
from tests.builders import a_device, a_document, an_answered_question, an_event, land

CONTRACT = Path(settings.BASE_DIR) / "openapi.yaml"
UNSAYABLE_VALUES = ("listDocuments", "getDocument", "listEffects", "getEffectCalendar", "diffDocument")
UNSAYABLE_VALUES += ("listQuestions", "getQuestion", "ask", "search", "suggest", "lookUpTerm", "countDocuments")
UNSAYABLE_VALUES += ("listEvents", "getEvent", "askAhead")
UNSAYABLE_VALUES += ("lookUpDocument", "resolveCitations", "getDocumentStatuses")
UNSAYABLE_VALUES += ("listContests", "getContestFeed", "getLeaderboard", "enterContest")
UNSAYABLE_VALUES += ("listMaterials", "getMaterial", "getMaterialFeed", "getProvision")
UNSAYABLE_VALUES += ("objectToDisqualification", "sayWhoTheWinnerIs")
UNSAYABLE_VALUES += ("addDetail", "findSimilarQuestions", "register", "reportProblem")
UNSAYABLE_VALUES += ("listChanges", "getDocumentFeed", "getEventFeed", "getQuestionFeed", "getPlanFeed", "listPlans")
UNSAYABLE_VALUES += ("getDissemination", "listChannelSchedule")
schema = schemathesis.openapi.from_path(CONTRACT)
schema.config.phases.coverage.enabled = False
application = WSGIHandler()
# what gunicorn calls, but in this thread
schema.app = lambda environ, start: application(
    environ | {"REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT_ENCODING": ""}, start
)


@functools.cache
def contract():
    """openapi.yaml, read once: to parse it takes a third of a second, and no test changes it."""
    return read_openapi(CONTRACT)


@functools.cache
def closed_components():
    """Its components, each of which refuses a field that it does not name."""
    components = contract()["components"]
    shapes = components["schemas"].items()
    closed = {name: shape | {"additionalProperties": False} for name, shape in shapes if "properties" in shape}
    return components | {"schemas": dict(shapes) | closed}


@pytest.fixture
def minh(committed):
    """A device to call as, and a law to read."""
    a_document("1/2019/QH14", topics=[land()])
    return a_device()


@schema.parametrize()
@hypothesis_settings(
    max_examples=5,  # bench/made_up_requests.py sends ten thousand to a real server
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_every_answer_is_one_the_contract_names(case, minh):
    headers = {"Authorization": f"Bearer {minh.secret}"}
    case.call_and_validate(headers=headers, excluded_checks=unsayable(case))


def unsayable(case):
    """Checks of what a schema cannot say: which topics and cursors there are, which of two days is first,
    how long all parameters together may be, that a text has a letter, that one of several parameters is needed."""
    unsayable = []
    operation = case.operation.definition.raw
    too_long = len(str(case.query)) > MAX_QUERY_LENGTH  # refused before anybody looks at the method
    if too_long:
        unsayable.append(unsupported_method)
    if operation["operationId"] in UNSAYABLE_VALUES or "cursor" in case.query or too_long:
        unsayable.append(positive_data_acceptance)
    if case.method == "GET" and operation.get("security") == [{"device": []}]:
        # a case whose wrong part was a missing secret is right again once we add ours
        unsayable.append(negative_data_rejection)
    return unsayable


@pytest.mark.parametrize("body", [{}, {"text": "Ố"}], ids=["nothing", "a letter with marks"])
def test_a_report_of_few_words_fits_its_schema(minh, body):
    question = an_answered_question()
    path = f"/api/v1/questions/{question.key}/reports/outdated"
    answer = Client().put(path, body, "application/json", HTTP_AUTHORIZATION=f"Bearer {minh.secret}")
    assert (answer.status_code, answer.json()["text"]) == (201, body.get("text", ""))
    shape = {"$ref": "#/components/schemas/ProblemReport", "components": contract()["components"]}
    assert list(jsonschema.Draft202012Validator(shape).iter_errors(answer.json())) == []


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("search", "search?q=đất"),
        ("search", "search?q=điều 2 luật đất đai mẫu"),
        ("listDocuments", "documents"),
        ("getDocument", "documents/{law}?include=text"),
        ("getDocumentText", "documents/{law}/text"),
        ("getProvision", "documents/{law}/provisions/art_2"),
        ("listDocumentRelations", "documents/{law}/relations"),
        ("getDocumentTimeline", "documents/{law}/timeline"),
        ("listCitingProvisions", "documents/{law}/cited-by"),
        ("listQuestions", "questions"),
        ("listEvents", "events"),
        ("listChanges", "changes"),
        ("listTopics", "topics"),
    ],
)
def test_an_answer_has_no_field_that_the_contract_leaves_out(operation, path, committed):
    law = a_document("31/2024/QH15", topics=[land()], title="Luật Đất đai mẫu")
    an_answered_question()
    an_event()
    answer = Client().get(f"/api/v1/{path.format(law=law.key)}")
    shape = {**dict(answers())[operation]["schema"], "components": closed_components()}
    assert list(jsonschema.Draft202012Validator(shape).iter_errors(answer.json())) == []


def operations():
    for path, methods in contract()["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def answers():
    """(operation, its answer that went well as JSON) of each operation that has one."""
    for _name, operation in operations():
        for status, response in operation["responses"].items():
            if status.startswith("2") and "application/json" in response.get("content", {}):
                yield operation["operationId"], response["content"]["application/json"]


@pytest.mark.parametrize(("language", "name"), list(CONTRACTS.items()))
def test_the_committed_files_are_what_the_code_generates(language, name, tmp_path):
    made = tmp_path / name
    call_command("spectacular", api_version="v1", lang=language, file=str(made))
    assert made.read_bytes() == Path(settings.BASE_DIR, name).read_bytes()


def test_examples_are_of_every_answer_and_fit_it():
    for name, content in answers():
        assert "example" in content, name
        schema = {**content["schema"], "components": contract()["components"]}
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(content["example"]))
        assert errors == [], name


@pytest.mark.parametrize("path", ["topics", "documents", "changes", "events", "questions", "organisations", "effects"])
def test_the_fields_that_a_row_always_has_are_those_that_it_can_be_reduced_to(path, minh):
    operation = contract()["paths"][f"/api/v1/{path}"]["get"]
    page = operation["responses"]["200"]["content"]["application/json"]["schema"]
    rows = component(page, contract())["properties"]["results"]["items"]
    names = sorted(component(rows, contract())["required"])
    refusal = Client().get(f"/api/v1/{path}?fields=nobody_has_this", HTTP_ACCEPT_LANGUAGE="en").json()
    assert operation["x-sparse-fields"] is True
    assert refusal["errors"][0]["detail"].endswith(f"Known: {', '.join(names)}.")


@pytest.mark.parametrize("path", ["", "/text", "/provisions/{eid}", "/diff"])
def test_the_fields_that_a_detail_always_has_are_those_that_it_can_be_reduced_to(path, committed):
    law = a_document("1/2019/QH14")
    operation = contract()["paths"][f"/api/v1/documents/{{key}}{path}"]["get"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
    names = component(shape, contract())["required"]
    answer = Client().get(f"/api/v1/documents/{law.key}{path.format(eid='art_1')}", {"fields": ",".join(names)})
    assert answer.json().keys() == set(names)
    assert Client().get(f"/api/v1/documents/{law.key}").json()["provenance"]["source_url"] is None


@pytest.mark.parametrize("name", ["q", "number", "signer"])
def test_the_longest_value_of_a_filter_is_said(name, minh):
    parameters = [component(each, contract()) for each in contract()["paths"]["/api/v1/documents"]["get"]["parameters"]]
    (longest,) = (each["schema"]["maxLength"] for each in parameters if each["name"] == name)
    assert Client().get("/api/v1/documents", {name: "a" * longest}).status_code == 200
    assert Client().get("/api/v1/documents", {name: "a" * (longest + 1)}).status_code == 400


def test_every_operation_has_an_id_a_summary_a_tag_and_its_errors():
    for name, operation in operations():
        assert operation["operationId"], name
        assert "_" not in operation["operationId"], name
        assert operation["summary"] and operation["tags"], name
        assert operation["responses"].keys() >= {"400", "404", "406"}, name
