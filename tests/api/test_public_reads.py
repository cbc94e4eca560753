"""What every public read keeps to: validators, caches, languages, sparse answers, limits, other origins."""

import gzip
import itertools
import json
import re
import unicodedata

import brotli
import pytest
from django.conf import settings as django_settings
from django.test import Client

from api.limits.counters import UNCHANGED_PER_READ, FixedWindowCounter
from tests.builders import a_device, a_document, land

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count(1)


@pytest.fixture
def law():
    return a_document("31/2024/QH15", topics=[land()], title="Luật Đất đai 2024")


@pytest.fixture
def url(law):
    return f"/api/v1/documents/{law.key}"


def test_a_sitemap_is_sent_in_one_piece(law):
    """A web server sends each piece by itself: 374,000 pieces of 34,000 addresses took it 11 seconds."""
    for path in ("/sitemap.xml", "/sitemap-documents-1.xml", "/sitemap-articles-1.xml"):
        assert len(list(Client().get(path))) == 1, path


def get(url, **headers):
    return Client().get(url, **{f"HTTP_{name.upper()}": value for name, value in headers.items()})


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/topics",
        "/api/v1/documents",
        "{law}",
        "{law}/text",
        "{law}/text?format=html",
        "{law}/files",
        "{law}/relations",
        "{law}/provisions/art_1",
    ],
)
def test_public_reads_may_be_cached_and_have_a_strong_etag(url, path):
    answer = get(path.format(law=url))
    seconds = dict(part.split("=") for part in answer["Cache-Control"].removeprefix("public, ").split(", "))
    assert sorted(seconds) == ["max-age", "stale-while-revalidate"]
    assert sum(map(int, seconds.values())) <= 60  # then what was withdrawn is gone from every cache
    assert answer["ETag"].startswith('"')
    assert {"Accept", "Accept-Language", "Accept-Encoding"} <= set(answer["Vary"].replace(" ", "").split(","))
    assert not answer.cookies


@pytest.mark.parametrize("proof", ["Bearer dvc_nobody", "Bearer \xff", "Basic YQ==", "Api-Key key_1"])
@pytest.mark.parametrize(
    "path", ["/api/v1/topics", "/api/v1/openapi.yaml", "{law}", "{law}/text", "/docs", "/docs/reference"]
)
def test_public_reads_ask_nobody_who_they_are(url, path, proof):
    assert get(path.format(law=url), authorization=proof).status_code == 200


def test_what_the_caller_has_is_304_without_a_body(url):
    whole = get(url)
    for tag in (whole["ETag"], f'"zz", {whole["ETag"]}', f"W/{whole['ETag']}", "*"):
        answer = get(url, if_none_match=tag)
        assert (answer.status_code, answer.content) == (304, b"")
        for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
            assert answer[name] == whole[name]
    assert get(url, if_none_match='"zz"').status_code == 200
    assert get(url, if_modified_since=whole["Last-Modified"]).status_code == 304


def test_another_content_another_language_another_encoding_has_another_etag(url, law):
    vietnamese, english = get(url), get(url, accept_language="en")
    zipped = get(url, accept_encoding="gzip")
    a_document("32/2024/QH15")
    assert len({vietnamese["ETag"], english["ETag"], zipped["ETag"]}) == 3
    assert get("/api/v1/documents")["ETag"] != get("/api/v1/documents?page_size=1")["ETag"]


def test_names_days_and_moments_are_written_one_way_and_letters_are_composed():
    """Zalando 118 and 169, RFC 3339, RFC 5198."""
    key = a_document("33/2024/QH15", title=unicodedata.normalize("NFD", "Luật Quốc tịch")).key
    shown = [get(f"/api/v1/documents/{key}").json(), get("/api/v1/documents").json(), get("/api/v1/changes").json()]
    members = list(members_of(shown))
    assert [name for name, _value in members if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []
    texts = [(name, value) for name, value in members if isinstance(value, str)]
    assert [value for _name, value in texts if not unicodedata.is_normalized("NFC", value)] == []
    days = [value for name, value in texts if name.endswith("_on")]
    moments = [value for name, value in texts if name.endswith("_at")]
    assert days and all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
    assert moments and all(re.fullmatch(r"[\d-]{10}T[\d:]{8}(\.\d+)?\+07:00", moment) for moment in moments)


def members_of(shown):
    """(name, value) of every member, however deep."""
    for each in shown if isinstance(shown, list) else [shown] if isinstance(shown, dict) else []:
        if not isinstance(each, dict):
            continue
        for name, value in each.items():
            yield name, value
            yield from members_of(value)


@pytest.mark.parametrize(
    "query",
    ["q=%ED%A0%80", "q[]=1", "page=1e309", "limit=%D9%A3", "ordering=__class__", "q=" + "a%20" * 500,
     "q=" + "%F0%9F%92%A9" * 50, "cursor=%00", "cursor=AAAA", "page_size=-1"],
)  # fmt: skip
def test_a_hostile_query_never_breaks_anything(query):
    assert get(f"/api/v1/documents?{query}").status_code in (200, 400)


def test_head_is_get_without_the_body(url):
    whole, head = get(url), Client().head(url)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Last-Modified"):
        assert head.get(name) == whole.get(name)


def test_brotli_and_gzip_when_asked_and_only_then(url):
    plain, small = get(url), get(url, accept_encoding="gzip, deflate, br, zstd")
    assert (small["Content-Encoding"], brotli.decompress(small.content)) == ("br", plain.content)
    assert get(url, accept_encoding="gzip, br", if_none_match=small["ETag"]).status_code == 304
    zipped = get(url, accept_encoding="br;q=0, gzip;q=0.5")
    assert len({plain["ETag"], small["ETag"], zipped["ETag"]}) == 3
    assert "Content-Encoding" not in plain
    assert (zipped["Content-Encoding"], gzip.decompress(zipped.content)) == ("gzip", plain.content)
    assert get(url, accept_encoding="gzip", if_none_match=zipped["ETag"]).status_code == 304
    assert "Content-Encoding" not in get(url, accept_encoding="gzip;q=0")


def test_errors_and_what_is_personal_are_not_kept(api):
    assert get("/api/v1/nowhere")["Cache-Control"] == "no-store"
    assert get("/api/v1/documents?topc=1")["Cache-Control"] == "no-store"
    assert api("put", "follows/topic/11-dat-dai", {}, device=a_device())["Cache-Control"] == "no-store"
    assert api("put", "follows/topic/11-dat-dai", {})["Cache-Control"] == "no-store"


def test_lang_beats_the_header_and_an_unknown_one_is_400(url):
    assert get(url + "?lang=en", accept_language="vi").json()["type_name"] == "Law"
    assert get(url + "?lang=en")["Content-Language"] == "en"
    assert get(url).json()["type_name"] == "Luật"
    answer = get(url + "?lang=fr")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/lang")


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("level=central&level=local", "level", "repeated"),
        ("q=a&q=a", "q", "repeated"),
        ("lang=en&lang=vi", "lang", "repeated"),
        ("page_size=1&page_size=2", "page_size", "repeated"),
        ("fields=key&fields=title", "fields", "repeated"),
        ("type=&type=law", "type", "blank"),
        ("topic=11-dat-dai&topic=", "topic", "blank"),
        ("format=xml", "format", "unknown_parameter"),
        ("format=json", "format", "unknown_parameter"),
    ],
)
def test_of_several_values_none_is_ignored(query, name, code):
    answer = get(f"/api/v1/documents?{query}")
    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(f"/{name}", code)]


def test_topic_may_be_given_several_times(url):
    rows = get("/api/v1/documents?topic=11-dat-dai&topic=15-hanh-chinh-tu-phap").json()["results"]
    assert [row["number"] for row in rows] == ["31/2024/QH15"]


@pytest.mark.parametrize("query", ["format=json", "version=v2", "lang=zz", "topc=1"])
def test_the_contract_takes_no_other_parameter_either(query):
    assert get(f"/api/v1/openapi.yaml?{query}").status_code == 400
    assert get("/api/v1/openapi.json?lang=en").status_code == 200


def test_fields_leave_out_the_rest_everywhere(url):
    assert get(url + "?fields=key,title").json().keys() == {"key", "title"}
    assert get(url + "/text?fields=sha256").json().keys() == {"sha256"}
    assert get(url + "/provisions/art_1?fields=citation").json() == {"citation": "Điều 1 Luật Đất đai năm 2024"}
    (row,) = get("/api/v1/documents?fields=number").json()["results"]
    assert row == {"number": "31/2024/QH15"}
    assert get("/api/v1/topics?fields=key").json()["results"][0] == {"key": "1-an-ninh-quoc-gia"}
    answer = get(url + "?fields=key,secret")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/fields")


def test_include_brings_the_text_in_one_call(url):
    assert get(url + "?include=text").json()["text"] == get(url + "/text").json()
    assert get(url + "?include=secrets").status_code == 400


def test_links_of_a_list_are_in_its_headers_and_never_made_from_the_host(url):
    a_document("32/2024/QH15")
    answer = Client().get("/api/v1/documents?page_size=1", HTTP_HOST="localhost:9999")
    following = answer.json()["next"]
    assert following.startswith("http://127.0.0.1:8000/api/v1/documents?")
    assert f'<{following}>; rel="next"' in answer["Link"]
    assert 'rel="service-desc"' in answer["Link"]
    assert 'rel="prev"' in get(following.removeprefix("http://127.0.0.1:8000"))["Link"]


def another_address():
    """An address that has not asked before."""
    return f"198.51.100.{next(NUMBERS)}"


def assert_three_in_a_minute(answers):
    """Of several requests under a limit of three, those past it are refused. The minute may turn, but not twice."""
    minutes = []
    for answer in answers:
        if ";r=2;" in answer["RateLimit"]:
            minutes.append([])
        minutes[-1].append(answer.status_code == 429)
    assert len(minutes) in (1, 2)
    for refused in minutes:
        assert refused == [place >= 3 for place in range(len(refused))]


def test_past_the_limit_is_429_with_when_to_come_back_and_a_forged_address_does_not_help(settings):
    settings.READS_PER_MINUTE = 3
    client = Client(REMOTE_ADDR="192.0.2.7")
    answers = [client.get("/api/v1/topics/11-dat-dai", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"anonymous";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"anonymous";r=2;t=')
    last = next(answer for answer in answers if answer.status_code == 429)
    assert (last["Content-Type"], last.json()["code"]) == ("application/problem+json; charset=utf-8", "throttled")
    assert 1 <= int(last["Retry-After"]) <= 61
    assert Client(REMOTE_ADDR="192.0.2.8").get("/api/v1/topics/11-dat-dai").status_code == 200
    assert client.get("/health/live").status_code == 200


def test_what_has_not_changed_costs_nothing_of_the_quota_but_not_without_end(settings):
    settings.READS_PER_MINUTE = 3
    client, url = Client(REMOTE_ADDR="192.0.2.12"), "/api/v1/topics/11-dat-dai"
    first = client.get(url)
    free = 3 * UNCHANGED_PER_READ
    answers = [client.get(url, HTTP_IF_NONE_MATCH=first["ETag"]) for _ in range(free)]
    assert {answer.status_code for answer in answers} == {304}
    # the minute may turn between two of them, but not twice
    assert answers[9]["RateLimit"].partition(";t=")[0] in ('"anonymous";r=2', '"anonymous";r=3')
    more = [client.get(url, HTTP_IF_NONE_MATCH=first["ETag"]).status_code for _ in range(free + 10)]
    assert 429 in more


def test_whoever_does_not_say_what_they_have_pays_for_a_304(settings):
    settings.READS_PER_MINUTE = 3
    client = Client(REMOTE_ADDR="192.0.2.13")
    answers = [client.get("/api/v1/topics/11-dat-dai", HTTP_IF_NONE_MATCH="*") for _ in range(7)]
    assert {answer.status_code for answer in answers} == {304, 429}
    assert_three_in_a_minute(answers)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/docs", "get"),
        ("/problems", "get"),
        ("/problems/throttled", "get"),
        ("/sitemap-documents-1.xml", "get"),
        ("/nothing-here", "get"),
        ("/api/v1/topics/11-dat-dai", "options"),
    ],
)
def test_pages_outside_the_api_and_options_count_as_reads(settings, path, method):
    settings.READS_PER_MINUTE = 3
    client = Client(REMOTE_ADDR=another_address())
    answers = [getattr(client, method)(path) for _ in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"anonymous";q=3;w=60'


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/api/v1/devices/phone-1", "/docs"])
def test_writes_have_a_limit_of_their_own(settings, path, method):
    settings.WRITES_PER_MINUTE = 3
    client = Client(REMOTE_ADDR=another_address())
    answers = [getattr(client, method)(path) for _ in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"writes";q=3;w=60'
    last = next(answer for answer in answers if answer.status_code == 429)
    assert (last["Content-Type"], last.json()["code"]) == ("application/problem+json; charset=utf-8", "throttled")
    assert 1 <= int(last["Retry-After"]) <= 61
    assert client.get("/api/v1/topics/11-dat-dai").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "attempts/lt-aaaaaaaaaaaaaaaa/submission",
        "attempts/lt-aaaaaaaaaaaaaaaa/answers",
        "contests/ct-aaaaaaaaaa/entry",
        "contests/ct-aaaaaaaaaa/rounds/1/attempts",
    ],
)
def test_a_school_behind_one_address_enters_starts_saves_and_submits(settings, path):
    settings.WRITES_PER_MINUTE, settings.ATTEMPT_WRITES_PER_MINUTE = 1, 3
    client = Client(REMOTE_ADDR=another_address())
    path = f"/api/v1/{path}"
    answers = [client.post(path) for _ in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"attempts";q=3;w=60'
    assert client.put("/api/v1/devices/phone-1").status_code != 429  # the other quota is untouched


@pytest.mark.parametrize(
    "path", ["attempts/lt-aaaaaaaaaaaaaaaa", "contests/ct-aaaaaaaaaa/entry", "contests/ct-aaaaaaaaaa/standing"]
)
def test_a_school_behind_one_address_reads_its_results_with_a_quota_of_their_own(settings, path):
    settings.READS_PER_MINUTE, settings.ATTEMPT_WRITES_PER_MINUTE = 1, 3
    client = Client(REMOTE_ADDR=another_address())
    answers = [client.get(f"/api/v1/{path}") for _ in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"results";q=3;w=60'
    assert client.post("/api/v1/attempts/lt-aaaaaaaaaaaaaaaa/submission").status_code != 429
    assert client.get("/api/v1/topics/11-dat-dai").status_code == 200  # the other quota is untouched


def test_a_video_in_many_parts_takes_nothing_from_other_reads(settings):
    settings.READS_PER_MINUTE, settings.FILE_PARTS_PER_MINUTE = 1, 3
    client = Client(REMOTE_ADDR=another_address())
    answers = [client.get(f"/api/v1/files/{'0' * 64}/a.mp4", HTTP_RANGE="bytes=4194304-8388607") for _ in range(7)]
    assert_three_in_a_minute(answers)
    assert answers[0]["RateLimit-Policy"] == '"files";q=3;w=60'
    assert client.get("/api/v1/topics/no").status_code == 404  # the other quota is untouched


def test_a_certificate_is_no_save_of_a_contest(settings):
    settings.WRITES_PER_MINUTE, settings.ATTEMPT_WRITES_PER_MINUTE = 3, 1_000
    client = Client(REMOTE_ADDR=another_address())
    answers = [client.post("/api/v1/attempts/lt-aaaaaaaaaaaaaaaa/certificate") for _ in range(7)]
    assert_three_in_a_minute(answers)


@pytest.mark.parametrize("path", ["/health/live", "/static/nothing.css", "/staff/login/"])
def test_probes_files_and_the_staff_site_have_no_limit_of_reads(settings, path):
    settings.READS_PER_MINUTE = 1
    client = Client(REMOTE_ADDR="192.0.2.11")
    assert 429 not in [client.get(path).status_code for _ in range(4)]


def test_a_request_that_is_taken_back_counts_no_more_and_only_in_its_own_window():
    now = [0.0]
    window = FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: now[0])
    window.count_request("minh")
    window.take_back("minh")
    window.take_back("minh")
    assert window.count_request("minh")[0] == 1
    now[0] = 60.5
    window.take_back("minh")
    assert window.count_request("minh")[0] == 1


def test_a_new_minute_is_a_new_account():
    now = [0.0]
    window = FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: now[0])
    assert [window.count_request("minh")[0] for _ in range(3)] == [1, 2, 3]
    assert window.count_request("hoa") == (1, 61)
    now[0] = 60.5
    assert window.count_request("minh") == (1, 60)


def test_the_api_loads_nothing_and_is_framed_by_nobody(url):
    answer = get(url)
    policy = set(answer["Content-Security-Policy"].split("; "))
    assert policy == {"default-src 'none'", "frame-ancestors 'none'"}
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_decomposed_letters_find_what_composed_ones_do(url):
    answer = get("/api/v1/documents?q=Đất")
    assert [row["number"] for row in answer.json()["results"]] == ["31/2024/QH15"]


def test_another_address_of_the_same_subscriber_starts_no_new_count():
    """A provider gives a subscriber a /64: whoever changes the rest of the address is still the same caller."""
    window = FixedWindowCounter("tried", "READS_PER_MINUTE", clock=lambda: 0)
    addresses = ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2", "")
    assert [window.count_request(address)[0] for address in addresses] == [1, 2, 1, 1, 2, 1, 1]


@pytest.mark.parametrize(
    ("address", "name", "language"),
    [
        ("openapi.yaml", "openapi.yaml", "en"),
        ("openapi.yaml?lang=vi", "openapi.vi.yaml", "vi"),
        ("openapi.vi.yaml", "openapi.vi.yaml", "vi"),
    ],
)
def test_openapi_is_served_as_it_is_committed_in_both_languages(address, name, language):
    served = get(f"/api/v1/{address}")
    assert served.content.startswith(b"openapi: 3.1")
    assert served.content.decode() == (django_settings.BASE_DIR / name).read_text()
    assert (served["Content-Type"], served["Content-Language"]) == (
        "application/vnd.oai.openapi; charset=utf-8",
        language,
    )
    assert get(f"/api/v1/{address}", if_none_match=served["ETag"]).status_code == 304


def test_openapi_is_saved_under_a_name_that_every_browser_reads():
    assert get("/api/v1/openapi.yaml")["Content-Disposition"] == 'inline; filename="openapi.yaml"'


def test_openapi_is_the_same_the_second_time_and_json_stays_json():
    first, again = get("/api/v1/openapi.yaml"), get("/api/v1/openapi.yaml")
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    assert json.loads(get("/api/v1/openapi.json").content)["openapi"].startswith("3.1")
    assert get("/api/v1/openapi.yaml", accept="application/vnd.oai.openapi+json").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1", "/docs"])
def test_a_cookie_changes_no_public_answer(path):
    plain = Client(HTTP_ACCEPT_LANGUAGE="vi").get(path)
    browser = Client(HTTP_ACCEPT_LANGUAGE="vi", HTTP_COOKIE="django_language=en; ;=en; =en")
    assert browser.get(path).content == plain.content
