"""The parts (`*.g.dart`) of a client for Dart that built_value_generator writes, for a machine that has not got it.

built_value_generator needs the Dart analyzer, which comes with pub.dev or the sources of the SDK. The models that
openapi-generator makes are all of one form, so a few patterns read them. Values and builders work as those of
built_value: unset required fields are refused, nested builders are made when they are asked for.
"""

import re
from dataclasses import dataclass
from pathlib import Path

PART = re.compile(r"^part '(.+\.g\.dart)';$", re.MULTILINE)
VALUE = re.compile(r"^abstract class (\w+) implements Built<")
FIELD = re.compile(r"^  ([\w<>?, ]+) get (\w+);$", re.MULTILINE)
ENUM = re.compile(r"^class (\w+) extends EnumClass {$", re.MULTILINE)
CONSTANT = re.compile(
    r"@BuiltValueEnumConst\(wireName: (r'.+?')(, fallback: true)?\)\n  static const \w+ (\w+) = (_\$\w+);"
)
SERIALIZER_NAME = re.compile(r"get serializer => (_\$\w+);")
COLLECTION = re.compile(r"Built(List|Set|Map)(<.+>)")


@dataclass(frozen=True)
class Field:
    type: str
    name: str
    builder: str  # type of its builder; empty: it has none

    @property
    def may_be_null(self) -> bool:
        return self.type.endswith("?")


def write_parts(client: Path) -> None:
    """Write every part that a file of `client/lib` names."""
    sources = {file: file.read_text() for file in sorted((client / "lib").rglob("*.dart"))}
    values = {found[1] for source in sources.values() if (found := re.search(VALUE.pattern, source, re.MULTILINE))}
    for file, source in sources.items():
        if not (part := PART.search(source)):
            continue
        enum, value = ENUM.search(source), re.search(VALUE.pattern, source, re.MULTILINE)
        if enum:
            written = enum_part(enum[1], source)
        elif value:
            written = value_part(value[1], fields(source, values), has_defaults="void _defaults(" in source)
        else:
            written = serializers_part(source)
        (file.parent / part[1]).write_text(f"part of '{file.name}';\n\n{written}")


def fields(source: str, values: set[str]) -> list[Field]:
    found = []
    for type_, name in FIELD.findall(source.partition("class _$")[0]):
        bare = type_.removesuffix("?")
        collection = COLLECTION.fullmatch(bare)
        builder = f"{collection[1]}Builder{collection[2]}" if collection else f"{bare}Builder" if bare in values else ""
        found.append(Field(type_, name, builder))
    return found


def value_part(name: str, fields: list[Field], *, has_defaults: bool) -> str:
    required = ", ".join(f"{'' if each.may_be_null else 'required '}this.{each.name}" for each in fields)
    declared = "\n".join(f"  @override\n  final {each.type} {each.name};" for each in fields)
    same = " && ".join(["other is " + name, *(f"{each.name} == other.{each.name}" for each in fields)])
    hashed = ", ".join(each.name for each in fields)
    return f"""class _${name} extends {name} {{
{declared}

  factory _${name}([void Function({name}Builder)? updates]) => ({name}Builder()..update(updates))._build();
  _${name}._({f"{{{required}}}" if fields else ""}) : super._();

  @override
  {name} rebuild(void Function({name}Builder) updates) => (toBuilder()..update(updates)).build();
  @override
  {name}Builder toBuilder() => {name}Builder()..replace(this);
  @override
  bool operator ==(Object other) => identical(this, other) || ({same});
  @override
  int get hashCode => Object.hashAll([{hashed}]);
  @override
  String toString() => '{name}(${{[{hashed}].join(', ')}})';
}}

{builder(name, fields, has_defaults=has_defaults)}"""


def builder(name: str, fields: list[Field], *, has_defaults: bool) -> str:
    return f"""class {name}Builder implements Builder<{name}, {name}Builder> {{
  _${name}? _$v;
{"".join(property_of_builder(each) for each in fields)}
  {name}Builder() {{
    {f"{name}._defaults(this);" if has_defaults else ""}
  }}

  {name}Builder get _$this {{
    final kept = _$v;
    if (kept != null) {{
      {" ".join(taken_over(each) for each in fields)}
      _$v = null;
    }}
    return this;
  }}

  @override
  void replace({name} other) => _$v = other as _${name};
  @override
  void update(void Function({name}Builder)? updates) => updates?.call(this);
  @override
  {name} build() => _build();

  _${name} _build() => _$v ?? _${name}._({", ".join(built(name, each) for each in fields)});
}}
"""


def property_of_builder(field: Field) -> str:
    type_ = f"{field.builder or field.type.removesuffix('?')}?"
    if field.builder:
        getter = f"{field.builder} get {field.name} => _$this._{field.name} ??= {field.builder}();"
    else:
        getter = f"{type_} get {field.name} => _$this._{field.name};"
    setter = f"set {field.name}({type_} value) => _$this._{field.name} = value;"
    return f"\n  {type_} _{field.name};\n  {getter}\n  {setter}\n"


def taken_over(field: Field) -> str:
    step = f"{'?' if field.may_be_null else ''}.toBuilder()" if field.builder else ""
    return f"_{field.name} = kept.{field.name}{step};"


def built(name: str, field: Field) -> str:
    if field.builder:
        return f"{field.name}: {f'_{field.name}?' if field.may_be_null else field.name}.build()"
    if field.may_be_null:
        return f"{field.name}: {field.name}"
    return f"{field.name}: BuiltValueNullFieldError.checkNotNull({field.name}, r'{name}', r'{field.name}')"


def enum_part(name: str, source: str) -> str:
    constants = CONSTANT.findall(source)
    declared = "\n".join(f"const {name} {kept} = {name}._('{of}');" for _wire, _fallback, of, kept in constants)
    by_name = "\n".join(f"    case '{of}':\n      return {kept};" for _wire, _fallback, of, kept in constants)
    to_wire = ", ".join(f"'{of}': {wire}" for wire, _fallback, of, _kept in constants)
    from_wire = ", ".join(f"{wire}: '{of}'" for wire, _fallback, of, _kept in constants)
    (fallback,) = [kept for _wire, is_fallback, _of, kept in constants if is_fallback]
    (serializer,) = SERIALIZER_NAME.findall(source)
    return f"""{declared}

{name} _$valueOf(String name) {{
  switch (name) {{
{by_name}
    default:
      return {fallback};
  }}
}}

final BuiltSet<{name}> _$values = BuiltSet<{name}>(const <{name}>[{", ".join(each[3] for each in constants)}]);
Serializer<{name}> {serializer} = _${name}Serializer();

mixin _${name}Mixin {{}}

class _${name}Serializer implements PrimitiveSerializer<{name}> {{
  static const _toWire = <String, Object>{{{to_wire}}};
  static const _fromWire = <Object, String>{{{from_wire}}};
  @override
  final Iterable<Type> types = const [{name}];
  @override
  final String wireName = '{name}';
  @override
  Object serialize(Serializers serializers, {name} object, {{FullType specifiedType = FullType.unspecified}}) =>
      _toWire[object.name] ?? object.name;
  @override
  {name} deserialize(Serializers serializers, Object serialized, {{FullType specifiedType = FullType.unspecified}}) =>
      {name}.valueOf(_fromWire[serialized] ?? serialized as String);
}}
"""


def serializers_part(source: str) -> str:
    (listed,) = re.findall(r"@SerializersFor\(\[(.*?)\]\)", source, re.DOTALL)
    added = "".join(f"\n      ..add({name}.serializer)" for name in re.findall(r"\w+", listed))
    return f"Serializers _$serializers = (Serializers().toBuilder(){added})\n    .build();\n"
