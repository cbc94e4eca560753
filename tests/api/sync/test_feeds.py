"""Feeds of filtered lists, and what programs find by well-known addresses."""

import copy
import datetime
import re
import xml.etree.ElementTree as ET

import pytest
from django.db.models.base import ModelState
from django.test import Client
from django.utils import timezone

from config import env
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.plans.models import Plan, Programme
from tests.builders import a_document, a_draft, a_local_document, an_answered_question, an_event, justice, land
from tests.builders_contests import a_running_contest

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def get(path, **headers):
    answer = Client().get(path, **headers)
    assert answer.status_code == 200, answer.content
    return answer


def atom(path):
    return ET.fromstring(get(path).content)


def test_a_feed_of_documents_takes_the_filters_of_their_list_in_both_forms():
    law = a_document("31/2024/QH15", topics=[land()], title="Luật Đất đai & nhà")
    a_document("32/2024/QH15", topics=[justice()])
    a_draft("33/2024/QH15", topics=[land()])
    feed = atom("/api/v1/feeds/documents.atom?topic=11-dat-dai")
    (entry,) = feed.iter(f"{ATOM}entry")
    address = f"http://127.0.0.1:8000/api/v1/documents/{law.key}"
    assert entry.findtext(f"{ATOM}id") == address
    assert entry.findtext(f"{ATOM}title") == "31/2024/QH15 Luật Đất đai & nhà"
    assert entry.find(f"{ATOM}link").get("href") == address.replace("/api/v1/documents/", "/van-ban/")
    assert entry.findtext(f"{ATOM}summary") == "Luật · Quốc hội · Còn hiệu lực"
    assert feed.findtext(f"{ATOM}id") == "http://127.0.0.1:8000/api/v1/feeds/documents.atom?topic=11-dat-dai"
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    answer = get("/api/v1/feeds/documents.json?topic=11-dat-dai&lang=en")
    assert answer["Content-Type"] == "application/feed+json"
    (item,) = answer.json()["items"]
    assert (item["id"], item["content_text"]) == (address, "Law · National Assembly · In force")
    assert answer.json()["version"] == "https://jsonfeed.org/version/1.1"


def test_an_rss_feed_has_the_entries_of_the_atom_feed():
    law = a_document("31/2024/QH15", topics=[land()], title="Luật Đất đai & nhà")
    a_document("32/2024/QH15", topics=[justice()])
    answer = get("/api/v1/feeds/documents.rss?topic=11-dat-dai")
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ET.fromstring(answer.content).find("channel")
    (item,) = channel.iter("item")
    address = f"http://127.0.0.1:8000/api/v1/documents/{law.key}"
    assert (item.findtext("guid"), item.find("guid").get("isPermaLink")) == (address, "false")
    assert item.findtext("title") == "31/2024/QH15 Luật Đất đai & nhà"
    assert item.findtext("link") == address.replace("/api/v1/documents/", "/van-ban/")
    assert item.findtext("description") == "Luật · Quốc hội · Còn hiệu lực"
    assert [each.text for each in item.iter("category")] == [land().name]
    assert channel.find(f"{ATOM}link").get("href").endswith("/api/v1/feeds/documents.rss?topic=11-dat-dai")
    for path in ("questions", "events", "contests"):
        ET.fromstring(get(f"/api/v1/feeds/{path}.rss").content)


def test_no_entry_was_updated_before_it_was_published():
    law = a_document("31/2024/QH15")
    LegalDocument.objects.filter(pk=law.pk).update(updated_at=law.published_at - datetime.timedelta(days=1))
    (entry,) = atom("/api/v1/feeds/documents.atom").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")
    (item,) = get("/api/v1/feeds/documents.json").json()["items"]
    assert item["date_modified"] == item["date_published"]


def test_the_latest_change_is_first_and_what_was_withdrawn_is_absent():
    old, new = a_document("1/2019/QH14"), a_document("2/2019/QH14")
    LegalDocument.objects.filter(pk=old.pk).update(updated_at=timezone.now() + datetime.timedelta(seconds=1))
    titles = [entry.findtext(f"{ATOM}title") for entry in atom("/api/v1/feeds/documents.atom").iter(f"{ATOM}entry")]
    assert [title.split()[0] for title in titles] == ["1/2019/QH14", "2/2019/QH14"]
    editing.withdraw_document(new, reason="Nhập hai lần")
    assert len(get("/api/v1/feeds/documents.json").json()["items"]) == 1


def test_a_feed_of_questions():
    question = an_answered_question()
    (item,) = get(f"/api/v1/feeds/questions.json?topic={land().key}").json()["items"]
    assert (item["id"].rpartition("/")[2], item["content_text"]) == (question.key, "Trong 30 ngày.")
    (entry,) = atom("/api/v1/feeds/questions.atom").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Sang tên xe"


def test_a_feed_of_contests():
    contest = a_running_contest(text="Về đất đai.")
    (item,) = get(f"/api/v1/feeds/contests.json?open=true&topic={land().key}").json()["items"]
    assert (item["id"].rpartition("/")[2], item["url"].rpartition("/")[2]) == (contest.key, contest.key)
    assert item["content_text"].endswith(" · Đã công bố · Về đất đai.")
    (entry,) = atom("/api/v1/feeds/contests.atom").iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == contest.title
    assert get("/api/v1/feeds/contests.json?status=cancelled").json()["items"] == []


def test_a_feed_of_events():
    event = an_event()
    (item,) = get("/api/v1/feeds/events.json").json()["items"]
    assert (item["id"].rpartition("/")[2], item["title"]) == (event.key, event.title)
    assert get("/api/v1/feeds/events.json?to=2020-01-01&from=2020-01-01").json()["items"] == []
    assert Client().get("/api/v1/feeds/events.atom?from=2030-01-02&to=2030-01-01").status_code == 400


@pytest.mark.parametrize("name", ["documents", "questions", "events"])
def test_an_empty_feed_is_whole_and_the_same_each_time(name):
    first, second = (get(f"/api/v1/feeds/{name}.atom") for _ in range(2))
    assert first["ETag"] == second["ETag"]
    assert ET.fromstring(first.content).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
    assert Client().get(f"/api/v1/feeds/{name}.atom", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


@pytest.mark.parametrize("query", ["topc=1", "type=poem", "page_size=1", "issued_from=yesterday", "lang=fr"])
def test_bad_parameters_are_400_in_a_feed_too(query):
    assert Client().get(f"/api/v1/feeds/documents.atom?{query}").status_code == 400


def test_a_letter_that_xml_cannot_write_is_left_out():
    law = a_document("1/2019/QH14")
    LegalDocument.objects.filter(pk=law.pk).update(title="Luật\x0b Mẫu\ufffe")
    assert atom("/api/v1/feeds/documents.atom").findtext(f"{ATOM}entry/{ATOM}title") == "1/2019/QH14 Luật Mẫu"


def test_the_catalogue_leads_to_the_contract():
    answer = get("/.well-known/api-catalog")
    assert answer["Content-Type"] == "application/linkset+json"
    (api,) = answer.json()["linkset"]
    for description, language in zip(api["service-desc"], ("en", "vi"), strict=True):
        contract = get(description["href"].removeprefix("http://127.0.0.1:8000"))
        assert (contract.status_code, contract["Content-Language"]) == (200, language)
        assert description["hreflang"] == [language]
        assert description["type"] == contract["Content-Type"].partition(";")[0]
    assert (api["anchor"], api["service-doc"][0]["href"]) == (
        "http://127.0.0.1:8000/api/v1/",
        "http://127.0.0.1:8000/docs",
    )


def test_security_txt_names_a_contact_and_ends_within_a_year(settings):
    settings.SECURITY_CONTACTS = ["mailto:an-ninh@luatmo.example", "https://luatmo.example/security"]
    answer = get("/.well-known/security.txt")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[:2] == ["Contact: mailto:an-ninh@luatmo.example", "Contact: https://luatmo.example/security"]
    expires = datetime.datetime.fromisoformat(re.search(r"Expires: (\S+)", answer.content.decode())[1])
    assert datetime.timedelta(days=170) < expires - timezone.now() < datetime.timedelta(days=365)


def test_apps_are_those_of_the_settings_and_none_without(settings):
    assert get("/.well-known/assetlinks.json").json() == []
    assert get("/.well-known/apple-app-site-association").json() == {"applinks": {"details": []}}
    settings.ANDROID_PACKAGE, settings.ANDROID_FINGERPRINTS = "vn.luatmo", ["AB:" * 31 + "CD"]
    settings.APPLE_APP_IDS = ["TEAM123456.vn.luatmo"]
    (statement,) = get("/.well-known/assetlinks.json").json()
    assert statement["target"]["package_name"] == "vn.luatmo"
    assert statement["target"]["sha256_cert_fingerprints"] == ["AB:" * 31 + "CD"]
    answer = get("/.well-known/apple-app-site-association")
    assert answer["Content-Type"] == "application/json"
    (detail,) = answer.json()["applinks"]["details"]
    assert detail["appIDs"] == ["TEAM123456.vn.luatmo"]
    assert {"/van-ban/*", "/hoi-dap/*", "/su-kien/*"} < {each["/"] for each in detail["components"]}


@pytest.mark.parametrize(
    ("reader", "value"),
    [(env.fingerprints, "AB:CD"), (env.fingerprints, "x"), (env.contact_addresses, "an-ninh@luatmo.vn")],
)
def test_a_wrong_setting_of_these_is_said_by_name(monkeypatch, reader, value):
    monkeypatch.setenv("LOOKED_AT", value)
    with pytest.raises(Exception, match="LOOKED_AT has"):
        reader("LOOKED_AT", default="")


def test_robots_are_led_to_every_public_page_and_to_nothing_else():
    law = a_document("1/2019/QH14")
    a_draft("2/2019/QH14")
    robots = get("/robots.txt").content.decode()
    assert {"Disallow: /staff/", "Disallow: /api/"} < set(robots.splitlines())
    index = ET.fromstring(get(robots.split("Sitemap: ")[1].strip().removeprefix("http://127.0.0.1:8000")).content)
    pages = [
        page
        for part in index.iter(f"{MAP}loc")
        for page in ET.fromstring(get(part.text.removeprefix("http://127.0.0.1:8000")).content)
    ]
    addresses = [page.findtext(f"{MAP}loc").removeprefix("http://127.0.0.1:8000") for page in pages]
    articles = [f"/van-ban/{law.key}/dieu-{each.number}" for each in law.provisions.filter(kind="article")]
    programmes = [f"/de-an/{each.key}" for each in Programme.objects.order_by("pk")]  # facts, always there
    plans = [f"/ke-hoach/{each.key}" for each in Plan.objects.filter(status=Plan.Status.PUBLISHED)]  # facts too
    assert addresses[: len(articles) + len(programmes) + 1] == [f"/van-ban/{law.key}", *articles, *programmes]
    assert sorted(addresses[len(articles) + len(programmes) + 1 :]) == sorted(plans)
    assert all(Client().get(address).status_code == 200 for address in addresses)
    page = pages[len(articles)]
    assert datetime.datetime.fromisoformat(page.findtext(f"{MAP}lastmod")).utcoffset() == datetime.timedelta(hours=7)
    assert Client().get("/sitemap-documents-2.xml").status_code == 404
    assert Client().get("/sitemap-articles-999.xml").status_code == 404


def test_each_of_many_documents_is_in_one_file_of_the_sitemap():
    law = a_document("1/2019/QH14")
    keys = [law.key, *(f"{law.key}-{number}" for number in range(2, 503))]
    copies = []
    for key in keys[1:]:
        copies.append(copy.copy(law))
        copies[-1].pk, copies[-1].key, copies[-1].number, copies[-1].number_key = None, key, key, key
        copies[-1]._state = ModelState()  # a new row
    LegalDocument.objects.bulk_create(copies)
    names = re.findall(r"/sitemap-documents-[0-9]+\.xml", get("/sitemap.xml").content.decode())
    files = [[page.findtext(f"{MAP}loc") for page in ET.fromstring(get(name).content)] for name in names]
    assert [len(each) for each in files] == [500, 2]
    assert [page.rpartition("/")[2] for pages in files for page in pages] == keys


def test_only_articles_of_normative_documents_are_in_the_sitemap():
    a_local_document("1/2019/QĐ-UBND")
    a_local_document("2/QĐ-UBND", issued_on=datetime.date(2019, 1, 1))
    pages = [page.findtext(f"{MAP}loc") for page in ET.fromstring(get("/sitemap-articles-1.xml").content)]
    assert pages
    assert all("-1-2019-" in page for page in pages)


def test_programs_that_read_pages_are_told_of_the_day_and_the_contract():
    text = get("/llms.txt").content.decode()
    assert text.startswith("# Luật Mở\n")
    for address in re.findall(r"\]\(http://127.0.0.1:8000([^)]+)\)", text):
        assert Client().get(address).status_code == 200, address


def test_an_empty_installation_has_an_empty_sitemap():
    assert list(ET.fromstring(get("/sitemap-documents-1.xml").content)) == []
