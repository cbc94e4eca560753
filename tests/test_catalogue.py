"""Every string the code offers to translators is in the Vietnamese catalogue, and the compiled one is of today."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("api", "config", "content", "notifications")
CATALOGUES = [ROOT / layer / "locale" / "vi" / "LC_MESSAGES" for layer in ("config", "api")]
ENGLISH = ROOT / "config" / "locale" / "en" / "LC_MESSAGES"  # what is said in other words than those of a library
STOCK = Path(__import__("django").__file__).parent  # words that Django's own catalogues have
FRAMEWORK = Path(__import__("rest_framework").__file__).parent
# what a reader of the API can be told by the framework itself
SAYING = ("exceptions.py", "fields.py", "relations.py", "serializers.py", "validators.py")
CALLS = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "RecordError"}
VALUES = re.compile(r"%\((\w+)\)[sd]")
IN_TEMPLATES = re.compile(r"""\b(?:_|n?gettext)\(\s*(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")""")


def in_python(source):
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    for call in calls:
        first = call.args[0]
        if getattr(call.func, "id", "") in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def record_errors():
    """(place, call) of each RecordError that is raised or kept."""
    for path in (ROOT / "content").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "RecordError":
                yield f"{path.name}:{node.lineno}", node


def in_template(source):
    for found in IN_TEMPLATES.findall(templatize(source)):
        yield ast.literal_eval(found)


def offered():
    """{msgid: file that offers it} of all layers."""
    found = {}
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*"):
            reader = {".py": in_python, ".html": in_template}.get(path.suffix)
            if reader and "migrations" not in path.parts:
                found |= dict.fromkeys(reader(path.read_text()), str(path.relative_to(ROOT)))
    return found


def catalogue():
    """{msgid: msgstr} that Django would use: its own catalogues, then ours over them."""
    words = {}
    for folder in (*STOCK.glob("**/locale/vi/LC_MESSAGES"), *CATALOGUES):
        with (folder / "django.mo").open("rb") as file:
            for key, value in gettext.GNUTranslations(file)._catalog.items():
                words[key[0] if isinstance(key, tuple) else key] = value
    return words


def test_all_that_is_said_is_said_in_vietnamese():
    words = catalogue()
    assert {msgid: where for msgid, where in offered().items() if not words.get(msgid, "").strip()} == {}


def test_each_reason_to_refuse_a_file_is_one_msgid_with_its_values_in_both_languages():
    words, wrong, seen = catalogue(), {}, 0
    for place, call in record_errors():
        if place.startswith("record_json.py"):  # there it comes back from the process that reads
            continue
        seen += 1
        msgid = getattr(call.args[0], "value", "")
        values = {each.arg for each in call.keywords} - {"lines", "detail"}
        if not isinstance(msgid, str) or not msgid:
            wrong[place] = "no msgid"
        elif not set(VALUES.findall(msgid)) == set(VALUES.findall(words.get(msgid, ""))) == values:
            wrong[place] = msgid
    assert wrong == {}
    assert seen > 40


def test_what_the_rest_framework_says_is_said_in_vietnamese():
    said = {msgid for name in SAYING for msgid in in_python((FRAMEWORK / name).read_text())}
    assert len(said) > 60
    said.remove("Expected available in {wait} seconds.")  # the plural of another, and found by that
    with translation.override("vi"):
        assert [msgid for msgid in sorted(said) if translation.gettext(msgid) == msgid] == []


@pytest.mark.parametrize("folder", [*CATALOGUES, ENGLISH], ids=lambda folder: f"{folder.parts[-4]}-{folder.parts[-2]}")
def test_the_compiled_catalogue_is_that_of_the_source(folder):
    entries = re.findall(r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"\n)+)',
                         (folder / "django.po").read_text() + "\n", re.MULTILINE)  # fmt: skip
    written = {_joined(msgid): _joined(msgstr) for msgid, msgstr in entries}
    with (folder / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    compiled = {key[0] if isinstance(key, tuple) else key: value for key, value in compiled.items()}
    assert {key: words for key, words in compiled.items() if key} == {key: v for key, v in written.items() if key}


def test_no_message_is_in_both_catalogues():
    """Else a change in one of them would be without effect."""
    first, second = (
        set(re.findall(r'^msgid ((?:".*"\n)+)', (folder / "django.po").read_text(), re.MULTILINE))
        for folder in CATALOGUES
    )
    assert first & second == {'""\n'}


def _joined(lines):
    return "".join(ast.literal_eval(line) for line in lines.splitlines())


@pytest.mark.parametrize(
    ("reader", "source"),
    [
        (in_python, '_("Not there")'),
        (in_template, "{% load i18n %}{% blocktranslate %}Not there{% endblocktranslate %}"),
    ],
)
def test_what_is_missing_would_be_found(reader, source):
    assert list(reader(source)) == ["Not there"]
    assert "Not there" not in catalogue()
