"""What the API shows of materials: lists and filters, texts, files in parts, and why one is gone."""

import pytest
from django.conf import settings
from django.test import Client

from content.media import services as media
from content.media.models import Material
from content.stored_files import storage
from tests.builders import a_document, justice
from tests.builders_media import (
    CAPTIONS,
    a_material,
    a_material_on,
    a_picture,
    a_publisher,
    a_ready_material,
    a_recording,
    an_author,
    published,
)

pytestmark = pytest.mark.django_db


def keys(api, query=""):
    return [each["key"] for each in api("get", f"materials{query}").json()["results"]]


def test_a_list_has_public_materials_only_the_newest_first(api):
    first, second = a_material(), a_material("infographic")
    a_ready_material()
    gone = media.withdraw_material(a_material("leaflet"), by=a_publisher(), reason="Nhầm")
    assert keys(api) == [second.key, first.key]
    assert gone.key not in keys(api, "?count=true")


def test_each_filter_narrows_the_list(api):
    law = a_document()
    audio = a_material(law=law, audiences=["students"], title="Vườn chung")
    picture = a_material("infographic", topics=[justice()], title="Lối đi chung")
    for query, expected in {
        "?kind=audio": [audio], "?kind=video": [], "?topic=11-dat-dai": [audio],
        "?topic=15-hanh-chinh-tu-phap": [picture],
        "?audience=students": [audio], "?language=vi": [picture, audio], "?language=km": [], "?q=loi+di": [picture],
        "?q=xin+chao": [audio], "?q=loi+hoi+thue": [], f"?cites={law.key}": [audio], f"?cites={law.key}~art_2": [audio],
        f"?cites={law.key}~art_1": [],
    }.items():  # fmt: skip
        assert keys(api, query) == [each.key for each in expected], query


def test_a_material_has_its_files_texts_and_law(api):
    material, law = a_material_on(licence="CC-BY-4.0", credits="Phòng Tư pháp")
    shown = api("get", f"materials/{material.key}").json()
    assert shown["transcript"] == "Xin chào. Đây là mẫu."
    assert [each["role"] for each in shown["files"]] == ["main", "captions"]
    assert shown["files"][0]["media_type"] == "audio/mpeg" and shown["seconds"] == 12
    assert [(each["document"], each["eid"]) for each in shown["citations"]] == [(law.key, "art_2")]
    assert (shown["licence"], shown["external"], shown["basis_changed"]) == ("CC-BY-4.0", None, False)
    downloaded = Client().get(shown["files"][1]["url"].partition("/api/")[2].join(["/api/", ""]))
    assert b"".join(downloaded.streaming_content) == CAPTIONS


def test_variants_in_other_languages_name_each_other(api):
    first = a_material()
    english = media.write_variant(first, "en", by=an_author())
    media.add_file(english, "main", [a_recording()], by=an_author())
    media.add_file(english, "captions", [CAPTIONS], by=an_author())
    published(english)
    assert [each["key"] for each in api("get", f"materials/{first.key}").json()["variants"]] == [english.key]


def test_an_external_video_is_an_address_and_nothing_of_it_is_ours(api):
    material = a_ready_material_with_address()
    assert api("get", f"materials/{material.key}").json()["external"] == {
        "provider": "youtube", "id": "abc-123", "url": "https://youtu.be/abc-123",
    }  # fmt: skip
    page = Client().get(f"/tai-lieu/{material.key}?lang=vi")
    assert page.status_code == 200
    assert "iframe" not in page.content.decode() and "Xem trên YouTube" in page.content.decode()
    policy = page["Content-Security-Policy"]
    assert "youtu" not in policy and "media-src 'self'" in policy and "frame-src" not in policy


def a_ready_material_with_address():
    draft = a_ready_draft("video", external_url="https://youtu.be/abc-123", transcript="Lời thoại của phim.")
    return published(draft)


def a_ready_draft(kind, **columns):
    return media.write_material(
        kind=kind, by=an_author(), title="Phim", licence="CC-BY-4.0", topics=[justice()], **columns
    )


def test_a_withdrawn_material_answers_410_with_the_reason(api):
    material = a_material()
    media.withdraw_material(material, by=a_publisher(), reason="Hết phép dùng ảnh")
    for path in (f"materials/{material.key}", f"materials/{material.key}/transcript.txt"):
        answer = api("get", path)
        assert (answer.status_code, answer.json()["code"]) == (410, "withdrawn")
        assert "Hết phép dùng ảnh" in answer.json()["detail"]
    assert Client().get(f"/tai-lieu/{material.key}").status_code == 410
    assert api("get", "materials/tl-aaaaaaaaaa").status_code == 404


def test_a_transcript_comes_as_text_and_with_its_times(api):
    material = a_material()
    assert api("get", f"materials/{material.key}/transcript.txt").content.decode() == "Xin chào. Đây là mẫu.\n"
    answer = api("get", f"materials/{material.key}/transcript.vtt")
    assert (answer.content, answer["Content-Type"]) == (CAPTIONS, "text/vtt; charset=utf-8")
    picture = a_material("infographic")
    assert api("get", f"materials/{picture.key}/transcript.vtt").status_code == 404


def file_address(material, role, name):
    return f"/api/v1/files/{material.files.get(role=role).stored.sha256}/{name}"


def test_a_file_comes_whole_or_in_parts_with_hardened_headers():
    material = a_material()
    address, content = file_address(material, "main", "ghi-am.mp3"), a_recording()
    whole = Client().get(address)
    assert (whole.status_code, b"".join(whole.streaming_content)) == (200, content)
    part = Client().get(address, HTTP_RANGE="bytes=100-199")
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(content)}"
    beyond = Client().get(address, HTTP_RANGE=f"bytes={len(content)}-")
    assert (beyond.status_code, "public" in beyond["Cache-Control"]) == (416, False)
    assert whole["ETag"] == f'"{material.files.get(role="main").stored.sha256}"'
    assert Client().get(address, HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    assert whole["Cache-Control"] == "public, max-age=60"  # it may be withdrawn: no copy lives longer
    assert "attachment" in whole["Content-Disposition"]
    assert whole["X-Content-Type-Options"] == "nosniff" and "sandbox" in whole["Content-Security-Policy"]


def test_a_file_has_the_ending_of_its_type_and_a_public_material():
    material = a_material()
    for name in ("a.html", "a.mp4", "a", "mp3"):
        assert Client().get(file_address(material, "main", name)).status_code == 404
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert Client().get(file_address(material, "main", "a.mp3")).status_code == 404
    draft = a_ready_material("leaflet")
    media.add_file(draft, "poster", [a_picture(700, 500)], alt_text="Ảnh", by=an_author())
    assert Client().get(file_address(draft, "poster", "a.png")).status_code == 404


@pytest.mark.skipif(bool(settings.MEDIA_BUCKET), reason="A bucket that fails is tried in test_bucket_failures")
def test_a_file_that_the_storage_does_not_give_is_asked_for_again_later(media_folder):
    stored = a_material().files.get(role="main").stored
    place, aside = media_folder / storage.path_of(stored.sha256), media_folder / "aside"
    place.rename(aside)
    place.mkdir()  # nobody reads this as a file
    try:
        answer = Client(raise_request_exception=False).get(f"/api/v1/files/{stored.sha256}/am-thanh.mp3")
        assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (503, "files_unavailable", "5")
        place.rmdir()
        assert Client().get(f"/api/v1/files/{stored.sha256}/am-thanh.mp3").status_code == 404  # it is lost
    finally:
        aside.rename(place)


def test_a_search_finds_what_is_said_in_a_recording(api):
    material = a_material(title="Không có từ nào")
    Material.objects.exclude(pk=material.pk).delete()
    hits = api("get", "search?q=xin+chao&kind=material").json()["results"]
    assert [(each["kind"], each["material"]["key"]) for each in hits] == [("material", material.key)]


def test_a_material_is_described_for_search_engines(api):
    material = a_material()
    shown = api("get", f"materials/{material.key}?format=jsonld").json()
    assert (shown["@type"], shown["accessMode"]) == ("LearningResource", ["auditory"])
    assert shown["accessibilityFeature"] == ["captions", "transcript"] and shown["duration"] == "PT12S"


def test_the_feed_and_the_sitemap_name_it():
    material = a_material()
    feed = Client().get("/api/v1/feeds/materials.json").json()
    assert [each["id"].rpartition("/")[2] for each in feed["items"]] == [material.key]
    assert f"/tai-lieu/{material.key}" in Client().get("/sitemap-materials-1.xml").content.decode()
    assert "sitemap-materials-1.xml" in Client().get("/sitemap.xml").content.decode()


def test_the_queries_of_a_list_do_not_grow_with_its_rows(api, django_assert_num_queries):
    api("get", "materials")  # fills the caches of the process
    for count in (1, 3):
        for _ in range(count):
            a_material("infographic")
        with django_assert_num_queries(6):
            assert api("get", "materials").status_code == 200
