"""What a change of openapi.yaml breaks for those who build on the copy they have. Pure; the policy is docs/contract.md.

`breaking(old, new)` reads two descriptions and lists in words what a client made from the old one would stumble over.
"""

METHODS = ("get", "put", "post", "delete", "patch")
TIGHTER_WHEN_RAISED = ("minLength", "minItems", "minimum")  # of what a client sends
TIGHTER_WHEN_LOWERED = ("maxLength", "maxItems", "maximum")


def breaking_changes(old, new):
    """A list of sentences, empty where nothing breaks. Both are openapi.yaml as read by a YAML reader."""
    return [*_Comparison(old, new).paths()]


class _Comparison:
    def __init__(self, old, new):
        self.old, self.new = old, new

    def paths(self):
        for path, operations in self.old["paths"].items():
            for method in METHODS:
                if method in operations:
                    now = self.new["paths"].get(path, {}).get(method)
                    where = f"{method.upper()} {path}"
                    if now is None:
                        yield f"{where} is gone"
                    else:
                        yield from self.operation(where, operations[method], now)

    def operation(self, where, old, new):
        if old["operationId"] != new["operationId"]:
            yield f"{where}: its id {old['operationId']} became {new['operationId']}"
        if is_public(old) and not is_public(new):
            yield f"{where} asks who is calling now"
        yield from self.parameters(where, old.get("parameters", []), new.get("parameters", []))
        yield from self.body(where, old.get("requestBody"), new.get("requestBody"))
        for status, response in old["responses"].items():
            yield from self.response(f"{where} {status}", response, new["responses"].get(status))

    def parameters(self, where, old, new):
        known = {(each["in"], each["name"]): each for each in old}
        now = {(each["in"], each["name"]): each for each in new}
        for key, parameter in known.items():
            if key not in now:
                yield f"{where}: parameter {key[1]} is gone"
            else:
                yield from self.sent(f"{where} ?{key[1]}", parameter["schema"], now[key]["schema"])
        for key, parameter in now.items():
            if parameter.get("required") and not known.get(key, {}).get("required"):
                yield f"{where}: parameter {key[1]} must be given now"

    def body(self, where, old, new):
        if new and new.get("required") and not (old and old.get("required")):
            yield f"{where}: a body must be given now"
        for media_type, content in (old or {}).get("content", {}).items():
            now = (new or {}).get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: {media_type} is not taken any more"
            else:
                yield from self.sent(f"{where} body", content["schema"], now["schema"])

    def response(self, where, old, new):
        if new is None:
            if where[-3:] < "400":  # errors are told apart by their code
                yield f"{where} is gone"
            return
        for media_type, content in old.get("content", {}).items():
            now = new.get("content", {}).get(media_type)
            if now is None:
                yield f"{where}: {media_type} is not given any more"
            else:
                yield from self.given(where, content.get("schema", {}), now.get("schema", {}))

    def sent(self, where, old, new, seen=()):
        """What a client sends: nothing more may be asked of it."""
        names, (old, new) = self.pair(old, new)
        if names in seen:
            return
        seen = (*seen, names) if any(names) else seen
        if missing := schema_types(old) - schema_types(new):
            yield f"{where}: {', '.join(sorted(missing))} is not taken any more"
        if "enum" in new and (refused := set(map(str, old.get("enum", ["anything"]))) - set(map(str, new["enum"]))):
            yield f"{where}: {', '.join(sorted(refused))} is not taken any more"
        for name in TIGHTER_WHEN_RAISED:
            if name in new and new[name] > old.get(name, float("-inf")):
                yield f"{where}: {name} is {new[name]} now"
        for name in TIGHTER_WHEN_LOWERED:
            if name in new and new[name] < old.get(name, float("inf")):
                yield f"{where}: {name} is {new[name]} now"
        if "pattern" in new and new["pattern"] != old.get("pattern"):
            yield f"{where}: its pattern is another"
        properties = new.get("properties", {})
        for name in sorted(set(new.get("required", [])) - set(old.get("required", []))):
            yield f"{where}: {name} must be given now"
        for name, schema in old.get("properties", {}).items():
            if name in properties:
                yield from self.sent(f"{where}.{name}", schema, properties[name], seen)
            elif new.get("additionalProperties") is False:
                yield f"{where}: {name} is not taken any more"
        if "items" in old and "items" in new:
            yield from self.sent(f"{where}[]", old["items"], new["items"], seen)

    def given(self, where, old, new, seen=()):
        """What a client reads: all that was there must be there. More, and other values of a list, may come."""
        names, (old, new) = self.pair(old, new)
        if names in seen:
            return
        seen = (*seen, names) if any(names) else seen
        if more := schema_types(new) - schema_types(old):
            yield f"{where} may be {', '.join(sorted(more))} now"
        if old.get("format") != new.get("format"):
            yield f"{where}: its format was {old.get('format')} and is {new.get('format')}"
        properties, always = new.get("properties", {}), set(new.get("required", []))
        for name, schema in old.get("properties", {}).items():
            if name not in properties:
                yield f"{where}.{name} is gone"
                continue
            if name in old.get("required", []) and name not in always:
                yield f"{where}.{name} may be left out now"
            yield from self.given(f"{where}.{name}", schema, properties[name], seen)
        if "items" in old and "items" in new:
            yield from self.given(f"{where}[]", old["items"], new["items"], seen)

    def pair(self, old, new):
        """Both as they are where their names lead, and the names."""
        (one, old), (other, new) = resolve_reference(old, self.old), resolve_reference(new, self.new)
        return (one, other), (old, new)


def resolve_reference(schema, contract):
    """(name, what the reference of that name leads to); ("", the schema itself) where it is none.

    Of alternatives and parts, as the generator writes them around a reference, all are taken together.
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


def is_public(operation):
    """Whether it may be called without saying who calls."""
    return {} in operation.get("security", [{}])


def schema_types(schema):
    """The types a value may have; none said: an empty set."""
    listed = schema.get("type", [])
    return {listed} if isinstance(listed, str) else set(listed)
