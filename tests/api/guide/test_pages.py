"""The guide says the same in both languages, its links lead somewhere, and it is read without a script."""

import functools
import io
import re
import zipfile

import brotli
import pytest
from django.conf import settings
from django.test import Client
from markdown_it import MarkdownIt

from api.guide import pages, reference
from api.guide.pages import SLUGS

PAGES = [pages.path_of(slug) for slug in SLUGS]
OTHER_PAGES = ["/docs/operations", "/docs/search", "/docs/search?q=push"]


def read(path, language="vi", **headers):
    answer = Client().get(path, HTTP_ACCEPT_LANGUAGE=language, **headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def shape(slug, language):
    """Headings by level, the languages of code, the samples, and the width of tables: what must be alike."""
    tokens = MarkdownIt("commonmark").enable("table").parse(pages.source_of(slug, language))
    return [
        (token.tag, token.info, token.content if token.info == "sample" else "")
        for token in tokens
        if token.type in ("heading_open", "fence", "th_open", "tr_open")
    ]


def test_each_page_is_there_in_both_languages_and_no_other_file():
    files = sorted(file.name for file in (pages.FOLDER / "texts").iterdir())
    assert files == sorted(f"{slug}.{language}.md" for slug in SLUGS for language in ("vi", "en"))


@pytest.mark.parametrize("slug", SLUGS)
def test_both_languages_have_the_same_headings_samples_and_tables(slug):
    assert shape(slug, "vi") == shape(slug, "en")


def test_each_sample_is_on_a_page():
    used = {name for slug in SLUGS for name in pages.page(slug, "vi").samples}
    assert used == {file.name for file in (pages.FOLDER / "samples").iterdir()}


def test_the_start_page_is_vietnamese_unless_english_is_asked_for():
    assert "<h1>Bắt đầu</h1>" in Client().get("/docs").content.decode()
    assert "<h1>Bắt đầu</h1>" in read("/docs", "fr")
    assert "<h1>Get started</h1>" in read("/docs", "en")
    assert "<h1>Get started</h1>" in read("/docs?lang=en", "vi")
    assert "<h1>Bắt đầu</h1>" in read("/docs?lang=vi", "en")


def test_a_chosen_language_stays_on_every_link():
    page = read("/docs?lang=en")
    inside = re.findall(r'href="(/docs[^"]*)"', page)
    files = "/docs/starters/"  # they have no language
    assert [link for link in inside if "lang=" not in link and not link.startswith(files)] == []
    assert 'lang="en"' in page


def test_an_unknown_language_is_400_and_an_unknown_page_404():
    wrong = Client().get("/docs/errors?lang=fr")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")
    assert Client().get("/docs/nothing").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_link_and_anchor_leads_somewhere(language):
    texts = {path: read(path, language) for path in [*PAGES, *OTHER_PAGES]}
    anchors = {path: set(re.findall(r' id="([^"]+)"', text)) for path, text in texts.items()}
    status_of = functools.cache(lambda target: Client().get(target).status_code)  # pages have many links in common
    for path, text in texts.items():
        for link in set(re.findall(r'href="([^"]+)"', text)):
            target, _, anchor = link.replace("&amp;", "&").partition("#")
            target = (target or path).partition("?")[0]
            if target.startswith("/static/"):
                continue
            if anchor:
                assert anchor in anchors[target], (path, link)
            else:
                assert status_of(target) == 200, (path, link)


@pytest.mark.parametrize("path", [*PAGES, *OTHER_PAGES])
def test_no_page_needs_a_script_or_another_host(path):
    page = read(path)
    assert "<script" not in page
    assert re.findall(r'(?:src|rel="stylesheet" href)="(?!/static/)', page) == []
    assert page.count("<h1>") == 1


def test_anchors_are_the_same_in_both_languages_and_unique():
    for slug in SLUGS:
        vietnamese, english = ([each.anchor for each in pages.page(slug, code).sections] for code in ("vi", "en"))
        assert vietnamese == english
        assert len(set(english)) == len(english)


def test_samples_show_the_address_of_this_installation(settings):
    settings.PUBLIC_URL = "https://luat.example"
    pages.page.cache_clear()
    try:
        page = read("/docs")
    finally:
        pages.page.cache_clear()
    assert "https://luat.example/api/v1" in page
    assert pages.EXAMPLE_HOST not in page


def test_in_local_mode_samples_name_the_law_of_the_first_start_and_elsewhere_a_real_one(settings):
    local = read("/docs")
    assert "/documents/luat-2024-00-0000-mau\n" in local
    assert "/provisions/art_2__clause_2__point_a?" in local
    settings.LOCAL = False
    pages.page.cache_clear()
    try:
        page = read("/docs")
    finally:
        pages.page.cache_clear()
    assert "/documents/luat-2024-31-2024-qh15\n" in page
    assert "/provisions/art_15__clause_2__point_a?" in page


@pytest.mark.parametrize("name", ["web", "flutter"])
def test_a_starter_is_served_as_text_and_as_an_archive_of_the_same_files(name):
    listed = re.findall(rf'href="(/docs/starters/{name}/[^"]+)"', read("/docs"))
    archive = Client().get(f"/docs/starters/{name}.zip")
    assert archive["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        assert [f"/docs/starters/{file}" for file in packed.namelist()] == listed
        for path in listed:
            file = Client().get(path)
            assert (file["Content-Type"], file["X-Content-Type-Options"]) == ("text/plain; charset=utf-8", "nosniff")
            assert file.content == packed.read(path.removeprefix("/docs/starters/"))
    assert {"web": "web/app.js", "flutter": "flutter/lib/main.dart"}[name] in packed.namelist()


@pytest.mark.parametrize(
    "name", ["README.md", "web", "web/", "../clients.md", "web/../README.md", "web/nothing.js", "nothing.zip", "zip"]
)
def test_no_other_file_is_served_as_a_starter(name):
    assert Client().get(f"/docs/starters/{name}").status_code == 404


@pytest.mark.parametrize(
    "words", ["firebase", "google-services", "vapid", "emulator", "10.0.2.2", "adb", "typescript", "cleartext"]
)
def test_search_finds_what_builders_of_apps_look_for(words):
    for language in ("vi", "en"):
        assert '<li><a href="/docs/' in read(f"/docs/search?q={words}", language)


def test_the_changelog_has_what_was_added_for_apps_and_not_what_was_for_operators():
    page = read("/docs/changelog")
    assert "<p>Devices, follows, push</p>" in page
    assert "<p>Open data</p>" in page
    assert "Staff site and operation" not in page
    assert page.count("<h3>Changed</h3>") >= 1


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_changelog_says_in_both_languages_and_in_short_what_each_version_is(language):
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)
    main = read("/docs/changelog", language).partition("<main")[2]
    shown, _, folded = main.partition("<details")
    assert re.findall(r'<h2 id="[^"]+"><a [^>]+>(\d+\.\d+\.\d+)</a></h2>', shown) == versions
    assert "<li>" in shown
    assert len(re.sub(r"<[^>]+>", "", shown).split()) < 400 * len(versions)
    assert '<div lang="en">' in folded


def test_limits_are_those_of_the_settings(settings):
    assert f"{settings.READS_PER_MINUTE} lần mỗi phút" in read("/docs/limits")
    assert "{{" not in "".join(read(path) for path in PAGES)


@pytest.mark.parametrize("typed", ["thong bao day", "Thông Báo đẩy", "thông báo đ"])
def test_search_finds_a_page_with_and_without_accents(typed):
    found = re.findall(r'<li><a href="([^"]+)">', read(f"/docs/search?q={typed}").partition("<ol")[2])
    assert "/docs/pushes" in found


def test_search_finds_an_operation_and_marks_the_words():
    page = read("/docs/search?q=inbox+unread", "en")
    assert 'href="/docs/operations#listInbox"' in page
    assert "<mark>" in page


def test_search_escapes_what_is_typed_and_says_when_it_finds_nothing():
    page = read("/docs/search?q=<script>zzzz")
    assert "<script" not in page
    assert "Không có nơi nào" in page
    assert "Nothing has all" in read("/docs/search?q=zzzz", "en")


def test_every_operation_of_the_contract_is_listed_in_both_languages():
    vietnamese, english = reference.operations("vi"), reference.operations("en")
    assert [each.id for each in vietnamese] == [each.id for each in english]
    assert len({each.id for each in english}) == len(english) > 60
    page = read("/docs/operations")
    assert all(f'id="{each.id}"' in page for each in vietnamese)
    assert {each.id for each in english if each.needs_secret} >= {"listInbox", "follow", "eraseMe"}
    assert not next(each for each in english if each.id == "search").needs_secret
    for language, words in (("vi", "Phản hồi rút gọn"), ("en", "Sparse answers")):
        page = read("/docs/operations", language)
        assert page.count(f'<a href="/docs/paging#choose-fields">{words}</a>') > 10
        assert f"«{words}»" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs/reference", "/docs/redoc"])
def test_the_reference_shows_the_contract_in_the_readers_language(path):
    assert "/api/v1/openapi.vi.yaml" in read(path)
    assert "/api/v1/openapi.yaml" in read(path, "en")
    assert "/api/v1/openapi.yaml" in read(f"{path}?lang=en")
    assert '<html lang="vi">' in read(path)
    assert '<a href="/docs?lang=vi">← ' in read(path)
    assert '<a href="/docs?lang=en">← ' in read(path, "en")


@pytest.mark.django_db
def test_the_script_of_redoc_asks_no_other_host_and_is_kept():
    (path,) = re.findall(r'<script src="([^"]+)"', read("/docs/redoc"))
    script = Client().get(path, HTTP_ACCEPT_ENCODING="br")
    text = (brotli.decompress(script.content) if "Content-Encoding" in script else script.getvalue()).decode()
    assert "Redoc" in text
    assert re.findall(r'src:"(https?:[^"]+)"', text) == []
    assert (script["Content-Encoding"], script["Content-Type"]) == ("br", "text/javascript; charset=utf-8")
    assert "immutable" in script["Cache-Control"]
    assert Client().get("/docs/redoc-000000000000.js").status_code == 404


def test_a_page_is_compressed_and_who_has_it_gets_304():
    whole = Client().get("/docs/operations")
    packed = Client().get("/docs/operations", HTTP_ACCEPT_ENCODING="br")
    assert brotli.decompress(packed.content) == whole.content
    assert len(packed.content) < len(whole.content) / 4
    assert "Accept-Language" in packed["Vary"]
    again = Client().get("/docs/operations", HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=packed["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get("/docs/operations?lang=en")["ETag"] != whole["ETag"]


def test_the_contact_page_names_whom_the_operator_named(settings):
    assert "chưa ghi địa chỉ" in read("/docs/contact")
    settings.SECURITY_CONTACTS = ["mailto:api@luat.example"]
    pages.page.cache_clear()
    try:
        assert '<a href="mailto:api@luat.example">api@luat.example</a>' in read("/docs/contact")
    finally:
        pages.page.cache_clear()
