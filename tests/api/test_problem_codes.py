"""The table of error codes: complete, served in both languages, and its URL is the type of each problem."""

import ast
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from api.problem_codes import PROBLEM_CODES, ProblemScope, codes_of

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("content", "notifications", "api", "config")
RAISED_WITH_CODE = {"RuleBroken": 0, "NotAllowed": 0, "QuotaExceeded": 0, "QueryTooSlow": 0, "_file_refusal": 0}
PROBLEMS = {"problem_response": 1, "problem_body": 1, "code_response": 1}
# the local FCM server and the phone page are no part of the API, nor are errors of commands
NO_ADDRESSES = ("config/local/", "config/backup/", "config/doctor/")


def called_codes(call: ast.Call) -> list[ast.expr]:
    """The expressions that a call gives as an error code."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    position = (RAISED_WITH_CODE | PROBLEMS).get(name)
    found = [call.args[position]] if position is not None and len(call.args) > position else []
    if name.endswith(("ValidationError", "BadValue", "AuthenticationFailed")):
        found += [keyword.value for keyword in call.keywords if keyword.arg == "code"]
    if name == "__init__":  # an APIException gives its code second
        found += call.args[1:2]
    return found


def codes_raised(source: str) -> set[str]:
    """Every code that a module names where it raises or answers an error."""
    expressions: list[ast.expr] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            expressions += called_codes(node)
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "default_code":
            expressions.append(node.value)
    constants = (each for expression in expressions for each in ast.walk(expression))
    return {each.value for each in constants if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_code_that_the_program_raises_is_in_the_table():
    missing = {}
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            where = str(path.relative_to(ROOT))
            if "migrations" in path.parts or where.startswith(NO_ADDRESSES):
                continue
            missing |= dict.fromkeys(codes_raised(path.read_text()) - PROBLEM_CODES.keys(), where)
    assert missing == {}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('raise RuleBroken("a_code", _("Words"))', "a_code"),
        ('raise ValidationError({"x": []}, code="a" if key else "b")', "a"),
        ('class Gone(APIException):\n    default_code = "gone_code"', "gone_code"),
        ('super().__init__(_("Words"), "merged_code")', "merged_code"),
        ('problem_response(400, "bad", "words")', "bad"),
    ],
)
def test_a_code_is_found_wherever_it_is_named(source, code):
    assert code in codes_raised(source)


def page(path: str, language: str) -> str:
    answer = Client().get(path, HTTP_ACCEPT_LANGUAGE=language)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    return answer.content.decode()


@pytest.mark.parametrize(("language", "heading"), [("vi", "Mã lỗi"), ("en", "Error codes")])
def test_one_page_lists_every_code(language, heading):
    shown = page("/problems", language)
    assert f"<h1>{heading}</h1>" in shown
    assert [code for code in PROBLEM_CODES if f'href="/problems/{code}"' not in shown] == []


@pytest.mark.parametrize("code", PROBLEM_CODES)
def test_each_code_has_a_page_in_both_languages(code):
    vietnamese, english = page(f"/problems/{code}", "vi"), page(f"/problems/{code}", "en")
    entry = PROBLEM_CODES[code]
    with translation.override("en"):
        assert all(str(sentence).endswith(".") for sentence in (entry.meaning, entry.action))
    assert vietnamese != english
    assert "{" not in vietnamese + english


@pytest.mark.parametrize("path", ["/problems", "/problems/invalid"])
def test_the_pages_speak_the_language_that_lang_names(path):
    assert page(f"{path}?lang=en", "vi") != page(path, "vi")
    assert '<html lang="en"' in page(f"{path}?lang=en", "vi")
    assert '<html lang="vi"' in page(f"{path}?lang=vi", "en")
    wrong = Client().get(f"{path}?lang=fr")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")


def test_a_code_that_does_not_exist_has_no_page():
    assert Client().get("/problems/no_such_code").status_code == 404


def test_every_scope_has_codes_and_each_code_one_scope():
    listed = [each.code for scope in ProblemScope for each in codes_of(scope)]
    assert sorted(listed) == sorted(PROBLEM_CODES)
