"""What the script of the staff site keeps of a form, on a page made for it: all kinds of fields, lists that grow."""

import contextlib
import math
import re

import pytest
from django.conf import settings

from tests.journeys.browser import CHROMIUM, chromium

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)")
SCRIPT = (settings.BASE_DIR / "content" / "static" / "staff" / "kept_text.js").read_text()
ADDRESS = "http://127.0.0.1:9/staff/form/"
NOTICES = (
    '<template id="kept-text"><p class="restored">Có lại. <span hidden>Khác.</span> '
    '<button type="button">Bản đã lưu</button></p>'
    '<p class="no-room">Không đủ chỗ.</p><p class="too-large">Chưa gửi.</p></template>'
)
FORM = """
<form method="post" id="form"><textarea name="text">Cũ</textarea>
<select name="kind"><option value="law" selected>Luật<option value="decree">Nghị định</select>
<select name="several" multiple><option value="1" selected>Một<option value="2">Hai<option value="3">Ba</select>
<input type="date" name="day"><input type="number" name="count" value="1">
<input type="checkbox" name="agrees">
<input type="checkbox" name="grounds" value="a:0" checked><input type="checkbox" name="grounds" value="b:0">
<input type="radio" name="answer" value="yes"><input type="radio" name="answer" value="no" checked>
<input type="password" name="password"><input type="hidden" name="token" value="t">
<ul data-ticks="cite"><li>
<input type="checkbox" name="cite" value="art_1" id="c1" checked><label for="c1">Điều 1</label>
</li></ul>
<div id="found"></div><input type="submit" value="Lưu"></form>
"""
STATES = """() => [...document.getElementById("form").elements].filter((field) => field.name).map((field) => {
  if (field.matches("[type=checkbox], [type=radio]")) return `${field.name}=${field.value}:${field.checked}`;
  if (field.tagName === "SELECT") return `${field.name}=${[...field.selectedOptions].map((option) => option.value)}`;
  return `${field.name}=${field.value}`;
})"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A page of the form, in a context of its own. It counts what was sent in `page.sent`."""
    with contextlib.closing(browser.new_page()) as page:
        page.sent, page.complaints, page.form, page.person = [], [], FORM, 7
        page.on("pageerror", lambda error: page.complaints.append(str(error)))

        def answer(route):
            page.sent += [1] if route.request.method == "POST" else []
            tools = f'<div id="user-tools" data-person="{page.person}"></div>' if page.person else ""
            body = f'{tools}<div id="content">{page.form}</div>{NOTICES}<script>{SCRIPT}</script>'
            route.fulfill(content_type="text/html; charset=utf-8", body=f"<!DOCTYPE html><meta charset=utf-8>{body}")

        page.route("**/*", answer)
        page.goto(ADDRESS)
        yield page
        assert page.complaints == []


def fill_everything(page):
    page.locator("[name=text]").fill("Mới")
    page.locator("[name=kind]").select_option("decree")
    page.locator("[name=several]").select_option(["2", "3"])
    page.locator("[name=day]").fill("2026-01-31")
    page.locator("[name=count]").fill("5")
    page.locator("[name=agrees]").check()
    page.locator("[value='a:0']").uncheck()
    page.locator("[value='b:0']").check()
    page.locator("[value=yes]").check()
    page.locator("[name=password]").fill("bí mật")
    page.locator("#c1").uncheck()


def test_every_kind_of_field_is_there_again_except_secrets(page):
    before = page.evaluate(STATES)
    fill_everything(page)
    filled = [state for state in page.evaluate(STATES) if not state.startswith("password")]
    page.goto(ADDRESS)
    assert [state for state in page.evaluate(STATES) if not state.startswith("password")] == filled
    assert page.locator("[name=password]").input_value() == ""
    assert "bí mật" not in page.evaluate("JSON.stringify(sessionStorage)")
    page.locator(".restored button").click()
    assert page.evaluate(STATES) == before
    page.goto(ADDRESS)
    assert page.evaluate(STATES) == before


@pytest.mark.parametrize("choose", [
    lambda page: page.locator("[name=kind]").select_option("decree"),
    lambda page: page.locator("[name=agrees]").check(),
    lambda page: page.locator("[value=yes]").check(),
])  # fmt: skip
def test_a_choice_alone_is_kept_too(page, choose):
    choose(page)
    chosen = page.evaluate(STATES)
    page.goto(ADDRESS)
    assert page.evaluate(STATES) == chosen
    assert page.locator(".restored").count() == 1


def test_what_was_not_touched_is_what_somebody_else_saved_since(page):
    page.locator("[name=count]").fill("5")
    page.form = FORM.replace(">Cũ<", ">Của Hoa<").replace(
        ' selected>Luật<option value="decree"', '>Luật<option value="decree" selected'
    )
    page.form = page.form.replace('value="yes"', 'value="yes" checked').replace('value="no" checked', 'value="no"')
    page.form = page.form.replace('name="agrees"', 'name="agrees" checked').replace(
        'value="a:0" checked', 'value="a:0"'
    )
    page.goto(ADDRESS)
    assert page.locator("[name=count]").input_value() == "5"
    assert page.locator("[name=text]").input_value() == "Của Hoa"
    assert page.locator("[name=kind]").input_value() == "decree"
    ticks = {name: page.locator(name).is_checked() for name in ("[value=yes]", "[name=agrees]", "[value='a:0']")}
    assert ticks == {"[value=yes]": True, "[name=agrees]": True, "[value='a:0']": False}


VERSIONED = FORM.replace("<textarea", '<input type="hidden" name="seen" value="v1" data-kept="with-text"><textarea')


def test_what_comes_back_over_a_newer_text_is_sent_with_the_version_it_was_typed_over(page):
    page.form = VERSIONED
    page.goto(ADDRESS)
    page.locator("[name=text]").fill("Của Lan")
    page.form = VERSIONED.replace(">Cũ<", ">Của Hoa<").replace('value="v1"', 'value="v2"')
    page.goto(ADDRESS)
    typed = [page.locator(f"[name={name}]").input_value() for name in ("text", "seen")]
    assert typed == ["Của Lan", "v1"]
    assert page.locator(".restored span").is_visible()
    page.locator(".restored button").click()
    assert [page.locator(f"[name={name}]").input_value() for name in ("text", "seen")] == ["Của Hoa", "v2"]


def test_a_page_that_shows_what_was_typed_beside_the_newer_text_keeps_its_own_version(page):
    page.form = VERSIONED
    page.goto(ADDRESS)
    page.locator("[name=text]").fill("Của Lan")
    page.form = VERSIONED.replace(">Cũ<", ">Của Lan<").replace('value="v1"', 'value="v2"')
    page.locator("[type=submit]").click()
    assert [page.locator(f"[name={name}]").input_value() for name in ("text", "seen")] == ["Của Lan", "v2"]


def test_what_was_typed_before_an_error_is_kept_with_what_is_typed_after_it(page):
    page.locator("[name=text]").fill("Mới")
    page.form = FORM.replace(">Cũ<", ">Mới<")  # the page of the error shows what was sent
    page.goto(ADDRESS)
    page.locator("[name=count]").fill("5")
    page.form = FORM
    page.goto(ADDRESS)
    assert [page.locator(f"[name={name}]").input_value() for name in ("text", "count")] == ["Mới", "5"]


@pytest.mark.parametrize("name", ["accepted", "by_issuer", "instruction", "is_whole", "notify", "delete_files"])
def test_what_confirms_or_cannot_be_undone_is_not_ticked_again_and_may_be_unticked_again(page, name):
    page.form = FORM.replace('name="agrees"', f'name="{name}"')
    page.goto(ADDRESS)
    page.locator(f"[name={name}]").check()
    page.locator("[name=text]").fill("Mới")
    page.goto(ADDRESS)
    assert page.locator("[name=text]").input_value() == "Mới"
    assert not page.locator(f"[name={name}]").is_checked()
    page.form = FORM.replace('name="agrees"', f'name="{name}" checked')
    page.evaluate("sessionStorage.clear()")
    page.goto(ADDRESS)
    page.locator(f"[name={name}]").uncheck()
    page.goto(ADDRESS)
    assert not page.locator(f"[name={name}]").is_checked()


def test_what_a_script_chose_without_telling_anybody_is_kept_when_it_is_sent(page):
    page.evaluate("document.querySelector('[name=kind]').value = 'decree'")
    page.locator("[type=submit]").click()
    assert page.sent == [1]
    assert page.locator("[name=kind]").input_value() == "decree"


def test_a_tick_that_was_added_to_a_list_is_added_again_with_its_words(page):
    page.evaluate("""() => {
      const row = document.createElement("li");
      row.innerHTML = "<input type=checkbox name=cite value=art_2 id=c2 checked><label for=c2>Điều <b>2</b></label>";
      document.querySelector("[data-ticks]").append(row);
      document.getElementById("found").innerHTML = "<input type=checkbox name=cite value=art_2>";
    }""")
    page.locator("[name=text]").fill("Mới")
    page.goto(ADDRESS)
    assert page.get_by_label("Điều 2").is_checked()
    assert page.locator("[data-ticks] li").count() == 2
    page.locator(".restored button").click()
    assert page.locator("[data-ticks] li").count() == 1


def test_a_tick_for_something_else_than_what_is_shown_now_is_not_given(page):
    page.locator("[value='b:0']").check()
    page.form = FORM.replace('value="b:0"', 'value="c:0"')
    page.goto(ADDRESS)
    assert not page.locator("[value='c:0']").is_checked()


def test_an_option_that_is_not_offered_any_more_is_not_chosen(page):
    page.locator("[name=kind]").select_option("decree")
    page.form = FORM.replace('<option value="decree">Nghị định', "")
    page.goto(ADDRESS)
    assert page.locator("[name=kind] option").count() == 1


def test_nothing_is_given_to_another_person_and_nothing_is_kept_of_a_page_that_was_only_read(page):
    page.goto(ADDRESS)
    assert page.evaluate("sessionStorage.length") == 0
    page.locator("[name=kind]").select_option("decree")
    page.person = 8
    page.goto(ADDRESS)
    assert page.locator("[name=kind]").input_value() == "law"
    assert page.evaluate("sessionStorage.length") == 0


def test_the_script_knows_the_limits_of_the_server():
    stated = dict(re.findall(r"const (MOST_\w+) = ([0-9 *]+);", SCRIPT))
    most = {name: math.prod(map(int, value.split(" * "))) for name, value in stated.items()}
    assert most == {
        "MOST_MILLISECONDS": settings.SESSION_MAX_SECONDS * 1000,
        "MOST_BYTES": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    }
