"""Pages of playlists and channels: where a push about them leads, what is on the air, and what comes."""

import datetime

import pytest
from django.utils import timezone

from content.channel import services as channels
from content.media import services as media
from notifications import fanout
from notifications.deliveries.models import Delivery
from notifications.follows import services as follows
from tests.builders import a_device
from tests.builders_media import a_channel, a_material, a_playlist, a_publisher, a_slot
from tests.web_pages import alternates_of, data_of, links, page, words

pytestmark = pytest.mark.django_db
HOME = "http://127.0.0.1:8000"
HOUR = datetime.timedelta(hours=1)


def soon(hours=1):
    return timezone.now().replace(microsecond=0) + hours * HOUR


def pushed_page():
    """The path of the page that the only push opens; the push is taken away."""
    while fanout.read_changes():
        pass
    address = Delivery.objects.get().payload["data"]["page_url"]
    Delivery.objects.all().delete()
    return address.removeprefix(HOME)


def test_a_push_about_a_playlist_opens_its_page(client):
    playlist = a_playlist(a_material())
    follows.follow(a_device("minh").reader, playlist)
    added = a_material(title="Hàng xóm và bờ rào")
    channels.save_playlist(playlist, title=playlist.title, materials=[added], is_public=True)
    path = pushed_page()
    assert path == f"/danh-sach-phat/{playlist.key}"
    assert links(page(client, path))["Hàng xóm và bờ rào"] == f"/tai-lieu/{added.key}"


def test_a_push_about_what_starts_live_opens_the_channel_with_its_address(client):
    channel = a_channel(a_material())
    follows.follow(a_device("minh").reader, channel.filler)
    starts_at = soon(-1) + datetime.timedelta(minutes=59, seconds=30)
    a_slot(channel, starts_at)
    assert channels.record_live_starts(timezone.now()) == 1
    path = pushed_page()
    assert path == f"/kenh/{channel.key}"
    shown = page(client, path)
    assert links(shown)["Đối thoại trực tiếp"] == "https://example.com/truc-tiep"
    assert "có thể theo dõi bạn" in words(shown)
    assert shown["Cache-Control"] == "no-store"


def test_the_page_of_a_playlist_names_its_public_materials_in_order_and_its_podcast(client):
    one, two, gone = (a_material(title=title) for title in ("Phần một", "Phần hai", "Phần bị rút"))
    playlist = a_playlist(two, gone, one, summary="Mỗi sáng một bài.")
    media.withdraw_material(gone, by=a_publisher(), reason="Nhầm")
    shown = page(client, f"/danh-sach-phat/{playlist.key}")
    named = [text for text in links(shown) if text.startswith("Phần")]
    assert named == ["Phần hai", "Phần một"] and "Mỗi sáng một bài." in words(shown)
    assert alternates_of(shown)["application/rss+xml"] == f"{HOME}/api/v1/playlists/{playlist.key}.rss"
    assert data_of(shown)["numberOfItems"] == 2
    assert 'lang="en"' in client.get(f"/danh-sach-phat/{playlist.key}?lang=en").content.decode()


def test_the_page_of_a_channel_says_what_is_on_and_what_comes_in_seven_days(client):
    material = a_material(title="Nghe mỗi ngày")
    channel = a_channel(material)
    a_slot(channel, soon(30), title="Đối thoại ngày kia")
    a_slot(channel, soon(24 * 9), title="Đối thoại tháng sau")
    shown = page(client, f"/kenh/{channel.key}")
    assert links(shown)["Nghe mỗi ngày"] == f"/tai-lieu/{material.key}"
    assert "Đối thoại ngày kia" in words(shown) and "Đối thoại tháng sau" not in words(shown)
    assert alternates_of(shown)["text/calendar"] == f"{HOME}/api/v1/channels/{channel.key}/schedule.ics"


def test_a_channel_with_nothing_on_the_air_says_so(client):
    material = a_material()
    channel = a_channel(material)
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert "Lúc này kênh không phát gì." in words(page(client, f"/kenh/{channel.key}"))


@pytest.mark.parametrize("path", ["/danh-sach-phat/ds-2222222222", "/kenh/kn-2222222222", "/kenh/x"])
def test_what_is_not_there_or_not_public_is_a_page_of_404(client, path):
    hidden = a_channel(is_public=False)
    for each in (path, f"/kenh/{hidden.key}", f"/danh-sach-phat/{a_playlist(is_public=False).key}"):
        answer = client.get(each, headers={"Accept": "*/*"})
        assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (404, "text/html")


def test_a_program_is_sent_to_the_api_which_names_the_page(client, api):
    channel = a_channel(a_material())
    for path, address in ((f"/kenh/{channel.key}", f"channels/{channel.key}"),
                          (f"/danh-sach-phat/{channel.filler.key}", f"playlists/{channel.filler.key}")):  # fmt: skip
        answer = client.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer["Location"]) == (303, f"{HOME}/api/v1/{address}")
        assert api("get", address).json()["page_url"] == HOME + path


def test_the_sitemaps_name_public_playlists_and_channels(client):
    channel, hidden = a_channel(a_material()), a_channel(is_public=False)
    index = client.get("/sitemap.xml").content.decode()
    assert "sitemap-playlists-1.xml" in index and "sitemap-channels-1.xml" in index
    named = client.get("/sitemap-channels-1.xml").content.decode()
    assert f"/kenh/{channel.key}<" in named and hidden.key not in named
    assert f"/danh-sach-phat/{channel.filler.key}<" in client.get("/sitemap-playlists-1.xml").content.decode()
