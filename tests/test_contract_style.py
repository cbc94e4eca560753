"""Faults of an OpenAPI file that make generated clients fail or readers guess: none of them is in the contract.

Each check yields the places that have the fault. `test_each_fault_would_be_found` plants every one of them.
"""

import copy
import functools
import json
import re
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings

from api.openapi.renderers import OpenAPIRenderer
from config.management.commands.check_contract import read_openapi
from notifications.push.payload import PayloadData

ROOT = Path(settings.BASE_DIR)
FILES = {"en": ROOT / "openapi.yaml", "vi": ROOT / "openapi.vi.yaml"}
MAX_BYTES_AN_OPERATION = 4_400  # 320 kB for the first 72 operations; a new subject brings its own
METHODS = ("get", "put", "post", "patch", "delete")
NOT_SCHEMAS = ("example", "examples", "default", "enum", "const")
FILLER_BOUNDS = (2**30 - 1, 2**31 - 1, 2**63 - 1, -(2**63), 8190)  # what a database or a web server can take at most
# global names of JavaScript in a browser, Dart, Kotlin, Swift and Python
TAKEN_NAMES = {
    "Any", "Calendar", "Comment", "Data", "Date", "Document", "Enum", "Error", "Event", "Exception", "Export", "File",
    "Function", "Highlight", "History", "Iterable", "List", "Location", "Map", "Node", "Notification", "Object",
    "Optional", "Option", "Range", "Reader", "Record", "Request", "Response", "Result", "Selection", "Session", "Set",
    "String", "Text", "Type", "Unit", "URL",
}  # fmt: skip
TEXT_OF_A_READER = ("Ở đó?", "Ố", "Đ", "Đất của ông Ý", "«Sổ đỏ»")
VIETNAMESE_LETTER = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)


@functools.cache
def contract(language="en"):
    return read_openapi(FILES[language])


def target(contract, node):
    """The object that a reference points to, else the object itself."""
    while "$ref" in node:
        here = contract
        for part in node["$ref"].removeprefix("#/").split("/"):
            here = here[part.replace("~1", "/").replace("~0", "~")]
        node = here
    return node


def operations(contract):
    """(path, operation) of all operations."""
    for path, item in contract["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, item[method]


def parameters(contract):
    """(where, path, parameter) of all parameters of all operations, references followed."""
    for path, operation in operations(contract):
        for each in operation.get("parameters", []):
            parameter = target(contract, each)
            yield f"{operation['operationId']} ?{parameter['name']}", path, parameter


def responses(contract):
    """(operation, status, response) of all operations, references followed."""
    for _path, operation in operations(contract):
        for status, response in operation["responses"].items():
            yield operation, status, target(contract, response)


def schemas(contract):
    """(where, schema) of every schema in the file, those inside others too."""
    for name, schema in contract["components"]["schemas"].items():
        yield from inner_schemas(name, schema)
    for where, _path, parameter in parameters(contract):
        yield from inner_schemas(where, parameter["schema"])
    for _path, operation in operations(contract):
        for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
            yield from inner_schemas(f"{operation['operationId']} {media_type}", content["schema"])
    for operation, status, response in responses(contract):
        for media_type, content in response.get("content", {}).items():
            yield from inner_schemas(f"{operation['operationId']} {status} {media_type}", content["schema"])


def inner_schemas(where, schema):
    yield where, schema
    for name, inner in schema.get("properties", {}).items():
        yield from inner_schemas(f"{where}.{name}", inner)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from inner_schemas(f"{where}[]", schema[word])
    for word in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(word, []):
            yield from inner_schemas(where, inner)


def properties(contract):
    """(where, schema) of every property of every component."""
    for name, schema in contract["components"]["schemas"].items():
        for where, inner in inner_schemas(name, schema):
            for name_of_property, each in inner.get("properties", {}).items():
                yield f"{where}.{name_of_property}", each


# -- what makes clients fail


def url_or_empty_string(contract):
    """Dart does not compile `oneOf: [uri, ""]`, and Kotlin cannot read it."""
    for where, schema in schemas(contract):
        if any(part.get("maxLength") == 0 for part in schema.get("oneOf", [])):
            yield where
        if "" in schema.get("enum", []):
            yield where


def fields_of_requests_that_may_be_left_out_but_not_be_null(contract):
    """The client generated for Dart sends null for what was not set, and a list that is empty."""
    for name, schema in contract["components"]["schemas"].items():
        if not name.endswith("Request"):
            continue
        for field, each in schema["properties"].items():
            if field not in schema.get("required", []) and "default" not in each and not may_be_empty(each):
                yield f"{name}.{field}"


def may_be_empty(schema):
    types = schema.get("type", [])
    is_list = types == "array" and not schema.get("minItems")
    return is_list or "null" in types or {"type": "null"} in schema.get("oneOf", [])


def sparse_answers_of_required_fields(contract):
    """A typed client cannot read an answer that lacks a required field because `fields` left it out."""
    for where, _path, parameter in parameters(contract):
        if parameter["name"] == "fields":
            yield where


def cursors_of_two_types(contract):
    """A cursor that is text in an answer is text in the next request."""
    for where, _path, parameter in parameters(contract):
        if parameter["name"] in ("after", "cursor", "since") and parameter["schema"].get("type") != "string":
            yield where


def booleans_as_text(contract):
    for where, schema in schemas(contract):
        if set(schema.get("enum", [])) == {"true", "false"}:
            yield where


def defaults_that_do_not_fit(contract):
    """A generated client sends the default of what its program leaves out."""
    for where, schema in schemas(contract):
        shape = {**schema, "components": contract["components"]}
        if "default" in schema and not jsonschema.Draft202012Validator(shape).is_valid(schema["default"]):
            yield where


def patterns_that_refuse_vietnamese(contract):
    """Text that people write has letters that ASCII has not."""
    for name, schema in contract["components"]["schemas"].items():
        if not name.endswith("Request"):
            continue
        for field in ("title", "text", "name", "contact"):
            pattern = schema.get("properties", {}).get(field, {}).get("pattern")
            if pattern and not all(re.search(pattern, text) for text in TEXT_OF_A_READER):
                yield f"{name}.{field}"


def include_of_anything(contract):
    for where, _path, parameter in parameters(contract):
        if parameter["name"] == "include" and "enum" not in target(contract, parameter["schema"].get("items", {})):
            yield where


def feeds_without_the_filters_of_their_lists(contract):
    takes = {each["operationId"]: names_of_parameters(contract, each) for _path, each in operations(contract)}
    for plural, singular in (("Documents", "Document"), ("Events", "Event"), ("Questions", "Question")):
        missing = (
            takes[f"list{plural}"]
            - takes[f"get{singular}Feed"]
            - {"cursor", "page_size", "ordering", "count", "fields"}
        )
        yield from (f"get{singular}Feed ?{name}" for name in sorted(missing))


def names_of_parameters(contract, operation):
    return {target(contract, each)["name"] for each in operation.get("parameters", [])}


def files_as_text(contract):
    """Python refuses a text of a media type it does not know; bytes are bytes in every client."""
    for operation, status, response in responses(contract):
        for media_type, content in response.get("content", {}).items():
            is_text = media_type.endswith("json") or media_type in ("text/html", "text/plain")
            if not is_text and content["schema"].get("format") != "binary":
                yield f"{operation['operationId']} {status} {media_type}"


def read_only_answers(contract):
    """`to_dict` of a Python client leaves out what is `readOnly`."""
    for where, schema in schemas(contract):
        if "readOnly" in schema or "writeOnly" in schema:
            yield where


def slashes_in_path_parameters(contract):
    for where, _path, parameter in parameters(contract):
        if parameter["in"] == "path" and re.search(parameter["schema"].get("pattern", "$^"), "a/b"):
            yield where


def path_parameters_in_another_order(contract):
    for path, operation in operations(contract):
        found = [target(contract, each) for each in operation.get("parameters", [])]
        in_path = [each["name"] for each in found if each["in"] == "path"]
        if in_path != re.findall(r"\{(\w+)\}", path) or any(each["in"] == "path" for each in found[len(in_path) :]):
            yield operation["operationId"]


def names_that_languages_have(contract):
    return [name for name in contract["components"]["schemas"] if name in TAKEN_NAMES]


def shapes_without_a_name(contract):
    """A generator calls an object inside a response `ListFollows200Response`."""
    for operation, status, response in responses(contract):
        for media_type, content in response.get("content", {}).items():
            if media_type == "application/json" and "$ref" not in content["schema"]:
                yield f"{operation['operationId']} {status}"


# -- what makes the file long


def enums_in_place(contract):
    """A list of values has one name, and is written once."""
    for where, schema in schemas(contract):
        is_component = schema is contract["components"]["schemas"].get(where)
        if "enum" in schema and not is_component:
            yield where


def enums_twice(contract):
    seen = {}
    for name, schema in contract["components"]["schemas"].items():
        if "enum" in schema and (other := seen.setdefault(frozenset(schema["enum"]), name)) != name:
            yield f"{name} = {other}"


def errors_in_place(contract):
    for _path, operation in operations(contract):
        for status, response in operation["responses"].items():
            if status >= "400" and "$ref" not in response:
                yield f"{operation['operationId']} {status}"


def parameters_in_place_twice(contract):
    seen = {}
    for _path, operation in operations(contract):
        for each in operation.get("parameters", []):
            if "$ref" not in each:
                seen.setdefault(json.dumps(each, sort_keys=True), []).append(operation["operationId"])
    for parameter, where in seen.items():
        if len(where) > 1:
            yield f"{json.loads(parameter)['name']} of {', '.join(where)}"


def filler(contract):
    for where, schema in schemas(contract):
        for word in ("maxLength", "maxItems", "minimum", "maximum"):
            if schema.get(word) in FILLER_BOUNDS:
                yield f"{where} {word}"
        yield from (f"{where} {word}" for word in schema if word.startswith("x-spec"))


# -- what makes readers guess


def properties_without_description(contract):
    return [where for where, schema in properties(contract) if not schema.get("description")]


def neighbours_described_alike(contract):
    """`next` and `previous` of one page are two things, unless there is neither."""
    for name, schema in contract["components"]["schemas"].items():
        said = [schema.get("properties", {}).get(each, {}).get("description") for each in ("next", "previous")]
        if said[0] and said[0] == said[1] and not said[0].startswith("Always null"):
            yield name


def parameters_without_description(contract):
    return [where for where, _path, parameter in parameters(contract) if not parameter.get("description")]


def components_without_description(contract):
    for name, schema in contract["components"]["schemas"].items():
        if not schema.get("description"):
            yield name


def operations_without_description(contract):
    for _path, operation in operations(contract):
        if not operation.get("description"):
            yield operation["operationId"]


def descriptions_that_are_no_sentence(contract):
    for where, text in texts(contract):
        if not where.endswith(".summary") and not re.search(r"[.»…)`*!?]$", text.split("\n\n* `")[0]):
            yield f"{where}: {text}"


def parameters_without_example(contract):
    for where, _path, parameter in parameters(contract):
        if not parameter.keys() & {"example", "examples"}:
            yield where


def bodies_without_example(contract):
    for _path, operation in operations(contract):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if not content.keys() & {"example", "examples"}:
                yield operation["operationId"]


def problems_without_example(contract):
    for operation, status, response in responses(contract):
        content = response.get("content", {}).get("application/problem+json", {"example": None})
        if not content.keys() & {"example", "examples"}:
            yield f"{operation['operationId']} {status}"


def examples_that_do_not_fit(contract):
    for where, schema, example in sorted(examples(contract), key=lambda each: each[0]):
        shape = {**schema, "components": contract["components"]}
        for error in jsonschema.Draft202012Validator(shape).iter_errors(example):
            yield f"{where}: {error.message}"


def examples(contract):
    """(where, schema, example) of all parameters, bodies and answers."""
    for where, _path, parameter in parameters(contract):
        yield from examples_of(where, parameter, parameter["schema"])
    for _path, operation in operations(contract):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            yield from examples_of(operation["operationId"], content, content["schema"])
    for operation, status, response in responses(contract):
        for content in response.get("content", {}).values():
            yield from examples_of(f"{operation['operationId']} {status}", content, content["schema"])


def examples_of(where, holder, schema):
    if "example" in holder:
        yield where, schema, holder["example"]
    for each in holder.get("examples", {}).values():
        yield where, schema, each["value"]


def texts(contract, where=""):
    """(where, text) of everything that is written for people, examples left out."""
    if isinstance(contract, list):
        for number, each in enumerate(contract):
            yield from texts(each, f"{where}.{number}")
    elif isinstance(contract, dict):
        for name, each in contract.items():
            if name in ("description", "summary") and isinstance(each, str):
                yield f"{where}.{name}", each
            elif name not in NOT_SCHEMAS:
                yield from texts(each, f"{where}.{name}")


CHECKS = [
    url_or_empty_string, fields_of_requests_that_may_be_left_out_but_not_be_null,
    sparse_answers_of_required_fields, cursors_of_two_types, booleans_as_text,
    defaults_that_do_not_fit, patterns_that_refuse_vietnamese, include_of_anything,
    feeds_without_the_filters_of_their_lists, files_as_text,
    read_only_answers, slashes_in_path_parameters, path_parameters_in_another_order, names_that_languages_have,
    shapes_without_a_name, enums_in_place, enums_twice, errors_in_place, parameters_in_place_twice, filler,
    properties_without_description, neighbours_described_alike, parameters_without_description,
    components_without_description,
    operations_without_description, descriptions_that_are_no_sentence, parameters_without_example,
    bodies_without_example, problems_without_example, examples_that_do_not_fit,
]  # fmt: skip


def faults(check, contract):
    return sorted(set(check(contract)))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_contract_has_no(check):
    assert faults(check, contract()) == []


def test_the_contract_is_short_enough_to_be_read():
    limit = MAX_BYTES_AN_OPERATION * sum(1 for _ in operations(contract()))
    assert FILES["en"].stat().st_size <= limit
    assert FILES["vi"].stat().st_size <= limit * 1.1  # its letters have two or three bytes


# -- both languages


def test_both_files_say_the_same_in_two_languages():
    english, vietnamese = dict(texts(contract("en"))), dict(texts(contract("vi")))
    assert english.keys() == vietnamese.keys()
    assert [text for where, text in english.items() if VIETNAMESE_LETTER.search(first_sentence(text))] == []
    same = [text for where, text in vietnamese.items() if text == english[where]]
    assert same + [text for text in vietnamese.values() if not VIETNAMESE_LETTER.search(text)] == []


def first_sentence(text):
    """The beginning of a text without quotations, which are Vietnamese in both languages."""
    return re.sub(r"«.*?»|`.*?`|\(.*?\)|\*\*.*?\*\*", "", text.split(". ")[0].split("\n")[0].split(":")[0])


def test_the_files_differ_in_words_only():
    def silent(value):
        if isinstance(value, dict):
            return {name: silent(each) for name, each in value.items() if name not in ("description", "summary")}
        return [silent(each) for each in value] if isinstance(value, list) else value

    problems = r"'detail': '.*?'"
    assert re.sub(problems, "", str(silent(contract("vi")))) == re.sub(problems, "", str(silent(contract("en"))))


def test_the_examples_in_vietnamese_fit_too():
    assert faults(examples_that_do_not_fit, contract("vi")) == []


def test_every_value_of_a_list_is_explained():
    for name, schema in contract()["components"]["schemas"].items():
        explained = re.findall(r"^\* `(.+?)` – \S", schema.get("description", ""), re.MULTILINE)
        assert explained == schema.get("enum", []), name


# -- the checks themselves


def plant(check, contract):
    """Put the fault that the check looks for into the contract."""
    components = contract["components"]
    schemas_ = components["schemas"]
    summary = schemas_["DocumentSummary"]["properties"]
    question = schemas_["NewQuestionRequest"]["properties"]
    path = "/api/v1/documents/{key}/provisions/{eid}"
    documents, provision = contract["paths"]["/api/v1/documents"]["get"], contract["paths"][path]["get"]
    page = documents["responses"]["200"]["content"]["application/json"]
    key, fields = {"in": "path", "name": "key", "schema": {"pattern": "^[a-z/]+$"}}, {"in": "query", "name": "fields"}
    planted = {
        url_or_empty_string: lambda: summary["url"].update(oneOf=[{"format": "uri"}, {"maxLength": 0}]),
        fields_of_requests_that_may_be_left_out_but_not_be_null: lambda: question["topic"].update(type="string"),
        sparse_answers_of_required_fields: lambda: documents["parameters"].append(fields | {"schema": {}}),
        cursors_of_two_types: lambda: components["parameters"]["cursor"]["schema"].update(type="integer"),
        booleans_as_text: lambda: summary["number"].update(enum=["false", "true"]),
        defaults_that_do_not_fit: lambda: question["text"].update(default="", minLength=1),
        patterns_that_refuse_vietnamese: lambda: question["text"].update(pattern="^.*[0-9A-Za-z].*$"),
        include_of_anything: lambda: documents["parameters"].append(
            {"in": "query", "name": "include", "schema": {"type": "string"}}
        ),
        feeds_without_the_filters_of_their_lists: lambda: contract["paths"]["/api/v1/feeds/documents.{feed_format}"][
            "get"
        ].update(parameters=[]),
        files_as_text: lambda: components["responses"]["Calendar"]["content"]["text/calendar"].update(
            schema={"type": "string"}
        ),
        read_only_answers: lambda: summary["url"].update(readOnly=True),
        slashes_in_path_parameters: lambda: provision["parameters"].insert(0, key),
        path_parameters_in_another_order: lambda: provision["parameters"].reverse(),
        names_that_languages_have: lambda: schemas_.update(File={"type": "object"}),
        shapes_without_a_name: lambda: page.update(schema={"type": "object"}),
        enums_in_place: lambda: summary["number"].update(enum=["1", "2"]),
        enums_twice: lambda: schemas_.update(SecondLanguage=schemas_["Language"]),
        errors_in_place: lambda: documents["responses"].update({"400": {"description": "Wrong."}}),
        parameters_in_place_twice: lambda: [
            each["parameters"].append(fields | {"schema": {}}) for each in (documents, provision)
        ],
        filler: lambda: summary["number"].update(maxLength=2**30 - 1),
        properties_without_description: lambda: summary["number"].pop("description"),
        neighbours_described_alike: lambda: schemas_["FollowPage"]["properties"].update(
            {each: {"description": "A page."} for each in ("next", "previous")}
        ),
        parameters_without_description: lambda: components["parameters"]["lang"].pop("description"),
        components_without_description: lambda: schemas_["DocumentSummary"].pop("description"),
        operations_without_description: lambda: documents.pop("description"),
        descriptions_that_are_no_sentence: lambda: summary["number"].update(description="A number"),
        parameters_without_example: lambda: components["parameters"]["lang"].pop("example"),
        bodies_without_example: lambda: contract["paths"]["/api/v1/questions"]["post"]["requestBody"]["content"][
            "application/json"
        ].pop("example"),
        problems_without_example: lambda: components["responses"]["NotFound"]["content"][
            "application/problem+json"
        ].pop("example"),
        examples_that_do_not_fit: lambda: page["example"].pop("results"),
    }
    planted[check]()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_fault_would_be_found(check):
    planted = copy.deepcopy(contract())
    plant(check, planted)
    assert faults(check, planted) != []


# -- what an app receives that no operation returns


def test_the_data_of_a_push_are_described_and_an_outline_is_a_tree():
    described = contract()
    register = described["paths"]["/api/v1/devices/{installation_key}"]["put"]
    (push,) = register["callbacks"]["push"].values()
    reference = push["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    data = described["components"]["schemas"][reference.rpartition("/")[2]]
    assert list(data["properties"]) == data["required"] == list(PayloadData.__annotations__)
    children = described["components"]["schemas"]["OutlineUnit"]["properties"]["children"]
    assert children["items"] == {"$ref": "#/components/schemas/OutlineUnit"}
    assert described["servers"][0]["description"]


def test_a_text_of_digits_is_a_text_to_readers_of_yaml_1_2_too():
    written = OpenAPIRenderer().render({"example": {"number": "001099012345", "power": "1e3", "name": "07/2019"}})
    assert written.decode().split("\n")[1:4] == ["  number: '001099012345'", "  power: '1e3'", "  name: 07/2019"]
