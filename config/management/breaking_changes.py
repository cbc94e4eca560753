"""Breaking changes between two OpenAPI descriptions, for clients generated from the old one. Pure functions.

The policy is in docs/contract.md.
"""

import re
from collections.abc import Iterator

from api.types import JSONObject

SeenPairs = tuple[tuple[str, str], ...]  # names of the schemas compared so far; ends recursion
METHODS = ("get", "put", "post", "delete", "patch")
TIGHTER_WHEN_RAISED = ("minLength", "minItems", "minimum")  # in what a client sends
TIGHTER_WHEN_LOWERED = ("maxLength", "maxItems", "maximum")
LIST_OF_WORDS = re.compile(r"\^\(([\w|-]+)\)\$")  # «^(documents|events)$»


def breaking_changes(old: JSONObject, new: JSONObject) -> list[str]:
    """A sentence for each breaking change. `old` and `new` are parsed openapi.yaml files."""
    return [*_Comparison(old, new).paths()]


class _Comparison:
    def __init__(self, old: JSONObject, new: JSONObject) -> None:
        self.old, self.new = old, new

    def paths(self) -> Iterator[str]:
        for path, operations in self.old["paths"].items():
            for method in METHODS:
                if method in operations:
                    now = self.new["paths"].get(path, {}).get(method)
                    where = f"{method.upper()} {path}"
                    if now is None:
                        yield f"{where} was removed"
                    else:
                        yield from self.operation(where, operations[method], now)

    def operation(self, where: str, old: JSONObject, new: JSONObject) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where}: its id {old['operationId']} is now {new['operationId']}"
        if is_public(old) and not is_public(new):
            yield f"{where} now requires authentication"
        yield from self.parameters(where, old.get("parameters", []), new.get("parameters", []))
        yield from self.body(where, old.get("requestBody"), new.get("requestBody"))
        for status, response in old["responses"].items():
            yield from self.response(f"{where} {status}", response, new["responses"].get(status))

    def parameters(self, where: str, old: list[JSONObject], new: list[JSONObject]) -> Iterator[str]:
        known = {(each["in"], each["name"]): each for each in (component(each, self.old) for each in old)}
        now = {(each["in"], each["name"]): each for each in (component(each, self.new) for each in new)}
        for key, parameter in known.items():
            if key not in now:
                yield f"{where}: parameter {key[1]} was removed"
            else:
                yield from self.request_schema(f"{where} ?{key[1]}", parameter["schema"], now[key]["schema"])
        for key, parameter in now.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{where}: parameter {key[1]} is now required"

    def body(self, where: str, old: JSONObject | None, new: JSONObject | None) -> Iterator[str]:
        if new and new.get("required") and not (old and old.get("required")):
            yield f"{where}: a body is now required"
        for media_type, content in (old or {}).get("content", {}).items():
            now = (new or {}).get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: {media_type} is no longer accepted"
            else:
                yield from self.request_schema(f"{where} body", content["schema"], now["schema"])

    def response(self, where: str, old: JSONObject, new: JSONObject | None) -> Iterator[str]:
        if new is None:
            if where[-3:] < "400":  # clients distinguish errors by their code
                yield f"{where} was removed"
            return
        old, new = component(old, self.old), component(new, self.new)
        for media_type, content in old.get("content", {}).items():
            now = new.get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: {media_type} is no longer returned"
            else:
                yield from self.response_schema(where, content.get("schema", {}), now.get("schema", {}))

    def request_schema(self, where: str, old: JSONObject, new: JSONObject, seen: SeenPairs = ()) -> Iterator[str]:
        """Compare what a client sends: the new description must accept everything that the old one accepted."""
        names, (old, new) = self.resolved_pair(old, new)
        if names in seen:
            return
        seen = (*seen, names) if any(names) else seen
        if missing := schema_types(old) - schema_types(new):
            yield f"{where}: {', '.join(sorted(missing))} is no longer accepted"
        if "enum" in new and (refused := set(map(str, old.get("enum", ["anything"]))) - set(map(str, new["enum"]))):
            yield f"{where}: {', '.join(sorted(refused))} is no longer accepted"
        for name in TIGHTER_WHEN_RAISED:
            if name in new and new[name] > old.get(name, float("-inf")):
                yield f"{where}: {name} is now {new[name]}"
        for name in TIGHTER_WHEN_LOWERED:
            if name in new and new[name] < old.get(name, float("inf")):
                yield f"{where}: {name} is now {new[name]}"
        if "pattern" in new and not _accepts_as_before(old.get("pattern", ""), new["pattern"]):
            yield f"{where}: its pattern changed"
        properties = new.get("properties", {})
        for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{where}: {name} is now required"
        for name, schema in old.get("properties", {}).items():
            if name in properties:
                yield from self.request_schema(f"{where}.{name}", schema, properties[name], seen)
            elif new.get("additionalProperties") is False:
                yield f"{where}: {name} is no longer accepted"
        if "items" in old and "items" in new:
            yield from self.request_schema(f"{where}[]", old["items"], new["items"], seen)

    def response_schema(self, where: str, old: JSONObject, new: JSONObject, seen: SeenPairs = ()) -> Iterator[str]:
        """Compare what a client reads: every old field must remain. New fields and new enum values are allowed."""
        names, (old, new) = self.resolved_pair(old, new)
        if names in seen:
            return
        seen = (*seen, names) if any(names) else seen
        if more := schema_types(new) - schema_types(old):
            yield f"{where} may now be {', '.join(sorted(more))}"
        if old.get("format") != new.get("format"):
            yield f"{where}: its format was {old.get('format')} and is {new.get('format')}"
        properties, always = new.get("properties", {}), set(new.get("required", []))
        for name, schema in old.get("properties", {}).items():
            if name not in properties:
                yield f"{where}.{name} was removed"
                continue
            if name in old.get("required", []) and name not in always:
                yield f"{where}.{name} may now be missing"
            yield from self.response_schema(f"{where}.{name}", schema, properties[name], seen)
        if "items" in old and "items" in new:
            yield from self.response_schema(f"{where}[]", old["items"], new["items"], seen)

    def resolved_pair(self, old: JSONObject, new: JSONObject) -> tuple[tuple[str, str], tuple[JSONObject, JSONObject]]:
        """Both schemas with references resolved, and the names of the references."""
        (one, old), (other, new) = resolve_reference(old, self.old), resolve_reference(new, self.new)
        return (one, other), (old, new)


def _accepts_as_before(old: str, new: str) -> bool:
    """Whether a pattern accepts all that the old one did: it is the same, or a list of words that only grew."""
    before, now = LIST_OF_WORDS.fullmatch(old), LIST_OF_WORDS.fullmatch(new)
    return old == new or bool(before and now and set(before[1].split("|")) <= set(now[1].split("|")))


def component(part: JSONObject, contract: JSONObject) -> JSONObject:
    """The shared parameter or response that a reference names; the part itself if it is no reference."""
    if "$ref" not in part:
        return part
    kind, name = part["$ref"].split("/")[-2:]
    shared: JSONObject = contract["components"][kind][name]
    return shared


def resolve_reference(schema: JSONObject, contract: JSONObject) -> tuple[str, JSONObject]:
    """Name and target of a reference; "" and the schema itself if it is none.

    allOf, oneOf and anyOf, which the generator writes around a reference, are merged into one schema.
    """
    name = ""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = contract["components"]["schemas"][name]
    parts = [part for word in ("allOf", "oneOf", "anyOf") for part in schema.get(word, [])]
    for inner_name, part in (resolve_reference(part, contract) for part in parts):
        name = name or inner_name
        kinds = (
            schema_types(schema) | schema_types(part)
            if "oneOf" in schema or "anyOf" in schema
            else schema_types(schema) or schema_types(part)
        )
        schema = part | schema | ({"type": sorted(kinds)} if kinds else {})
    return name, schema


def is_public(operation: JSONObject) -> bool:
    """Whether the operation needs no authentication."""
    return {} in operation.get("security", [{}])


def schema_types(schema: JSONObject) -> set[str]:
    """The types that a value may have; an empty set if the schema names none."""
    listed = schema.get("type", [])
    return {listed} if isinstance(listed, str) else set(listed)
