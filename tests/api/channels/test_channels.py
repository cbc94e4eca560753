"""What the API shows of playlists and channels: the same second on every phone, podcasts, and a schedule."""

import datetime
import io
import json
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from icalendar import Calendar
from lxml import etree

from api.v1.channels.now import now_of
from content.channel import queries
from content.channel import services as channels
from content.channel.models import Slot
from content.channel.programme import Airing, Clip
from content.channel.queries import OnAir
from content.media import services as media
from content.vietnam_time import VIETNAM_TIME
from notifications import fanout
from notifications.deliveries.models import Delivery
from notifications.follows import services as follows
from notifications.inbox import queries as inbox
from tests.builders import a_device
from tests.builders_media import a_channel, a_material, a_playlist, a_publisher, a_slot

pytestmark = pytest.mark.django_db
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
ATOM = "{http://www.w3.org/2005/Atom}"


HOUR = datetime.timedelta(hours=1)


def soon(hours=1):
    return timezone.now().replace(microsecond=0) + datetime.timedelta(hours=hours)


def test_what_is_not_public_is_not_there(api):
    hidden = a_channel(is_public=False)
    playlist = a_playlist(is_public=False)
    addresses = [f"channels/{hidden.key}{rest}" for rest in ("", "/now", "/schedule", "/schedule.ics")]
    addresses += [f"playlists/{playlist.key}{rest}" for rest in ("", ".rss", ".atom", ".json")]
    assert {api("get", each).status_code for each in addresses} == {404}
    assert api("get", "channels").json()["results"] == []
    assert [each["key"] for each in api("get", "playlists").json()["results"]] == [hidden.filler.key]


def test_a_phone_learns_which_second_of_which_file_is_on_the_air(api):
    one, two = a_material(), a_material("infographic")
    channel = a_channel(one, two)
    answer = api("get", f"channels/{channel.key}/now")
    shown = answer.json()
    now, on_air = datetime.datetime.fromisoformat(shown["server_now"]), shown["on_air"]
    place = (now - channel.epoch) % datetime.timedelta(seconds=12 + 20)
    expected = (one.key, place) if place.total_seconds() < 12 else (two.key, place - datetime.timedelta(seconds=12))
    assert on_air["material"]["key"] == expected[0]
    assert on_air["offset_seconds"] == round(expected[1].total_seconds(), 3)
    assert on_air["ends_at"] == shown["next"]["starts_at"] and shown["next"]["offset_seconds"] == 0
    assert on_air["material"]["files"][0]["role"] == "main" and on_air["slot"] is None
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_live_names_its_address(api):
    channel, start = a_channel(), soon()
    slot = a_slot(channel, start)
    found = now_of(queries.on_air(channel, start + datetime.timedelta(minutes=5)))
    assert (found["on_air"]["live_url"], found["on_air"]["slot"]) == (slot.live_url, slot.key)
    assert found["on_air"]["offset_seconds"] == 300 and found["on_air"]["material"] is None


def test_nothing_is_on_the_air_when_everything_was_withdrawn(api):
    material = a_material()
    channel = a_channel(material)
    a_slot(channel, soon(), title="Đối thoại")
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    shown = api("get", f"channels/{channel.key}/now").json()
    assert (shown["on_air"], shown["next"]["title"]) == (None, "Đối thoại")


NOW_ELSEWHERE = """
import datetime, json, sys, django; django.setup()
from content.channel import queries
channel = queries.public_channels().get(key=sys.argv[1])
for each in queries.on_air(channel, datetime.datetime.fromisoformat(sys.argv[2])).airings:
    print(each.clip and each.clip.key, each.slot, each.starts_at.isoformat(), each.ends_at.isoformat())
"""


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_a_restarted_one_say_the_same():
    channel = a_channel(a_material(), a_material("infographic"))
    a_slot(channel, soon())
    moment = soon() - datetime.timedelta(seconds=3)
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", NOW_ELSEWHERE, channel.key, moment.isoformat()]
    said = [
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(2)
    ]
    here = [
        f"{each.clip and each.clip.key} {each.slot} {each.starts_at.isoformat()} {each.ends_at.isoformat()}\n"
        for each in queries.on_air(channel, moment).airings
    ]
    assert said == ["".join(here)] * 2 and len(here) == 2


def test_the_schedule_has_a_slot_over_midnight_on_both_days(api):
    channel, material = a_channel(), a_material()
    late = timezone.localtime(soon(48), VIETNAM_TIME).replace(hour=23, minute=0, second=0)
    slot = a_slot(channel, late)
    other = a_slot(channel, late + datetime.timedelta(days=2), material=material)
    days = [(late + datetime.timedelta(days=number)).date() for number in (0, 1, 2)]

    def keys(first, last):
        return [each["key"] for each in api("get", f"channels/{channel.key}/schedule?from={first}&to={last}").json()[
            "results"]]  # fmt: skip

    assert keys(days[0], days[0]) == keys(days[1], days[1]) == [slot.key]
    assert keys(days[0], days[2]) == [slot.key, other.key]
    assert api("get", f"channels/{channel.key}/schedule?from={days[1]}&to={days[0]}").status_code == 400
    assert api("get", f"channels/{channel.key}/schedule?from=2026-01-01&to=2026-03-01").status_code == 400
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    shown = api("get", f"channels/{channel.key}/schedule?from={days[2]}&to={days[2]}").json()["results"]
    assert [(each["title"], each["material"]) for each in shown] == [("", None)]
    calendar = Calendar.from_ical(api("get", f"channels/{channel.key}/schedule.ics").content)
    assert [str(each["uid"]) for each in calendar.walk("VEVENT")] == [f"{slot.key}@luatmo"]


def test_a_playlist_is_a_podcast_with_captions(api):
    audio, picture = a_material(title="Nghe & hiểu"), a_material("infographic")
    playlist = a_playlist(audio, picture)
    answer = api("get", f"playlists/{playlist.key}.rss")
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = etree.parse(io.BytesIO(answer.content)).getroot().find("channel")
    assert [channel.findtext(name) for name in ("title", "language")] == [playlist.title, "vi"]
    assert channel.find(f"{ATOM}link").get("href").endswith(f"/playlists/{playlist.key}.rss")
    assert channel.findtext(f"{ITUNES}explicit") == "false" and channel.find(f"{ITUNES}category").get("text")
    first, second = channel.findall("item")
    assert [each.findtext("title") for each in (first, second)] == ["Nghe & hiểu", picture.title]
    enclosure, content = first.find("enclosure"), first.find(f"{MEDIA}content")
    stored = audio.files.get(role="main").stored
    assert (enclosure.get("type"), enclosure.get("length")) == ("audio/mpeg", str(stored.size))
    assert enclosure.get("url") == content.get("url") and content.get("medium") == "audio"
    transcript = first.find(f"{PODCAST}transcript")
    assert (transcript.get("type"), transcript.get("language")) == ("text/vtt", "vi")
    assert first.findtext(f"{ITUNES}duration") == "12" and first.find("guid").get("isPermaLink") == "false"
    assert second.find(f"{MEDIA}content").findtext(f"{MEDIA}description") == "Bốn ô chữ"
    path = enclosure.get("url").partition("/api/")[2]
    assert Client().get(f"/api/{path}").status_code == 200


def test_a_playlist_is_atom_json_feed_and_json_ld(api):
    audio = a_material()
    playlist = a_playlist(audio)
    atom = etree.fromstring(api("get", f"playlists/{playlist.key}.atom").content)
    assert atom.find(f"{ATOM}entry/{ATOM}link[@rel='enclosure']").get("type") == "audio/mpeg"
    feed = api("get", f"playlists/{playlist.key}.json").json()
    assert [each["mime_type"] for each in feed["items"][0]["attachments"]] == ["audio/mpeg"]
    linked = api("get", f"playlists/{playlist.key}?format=jsonld").json()
    assert (linked["@type"], linked["numberOfItems"]) == ("ItemList", 1)
    item = linked["itemListElement"][0]["item"]
    assert item["accessMode"] == ["auditory"] and "transcript" not in item
    assert item["accessibilityFeature"] == ["captions", "transcript"]


def test_a_podcast_has_a_picture(api):
    feed = etree.fromstring(api("get", f"playlists/{a_playlist().key}.rss").content)
    image = feed.find("channel/{http://www.itunes.com/dtds/podcast-1.0.dtd}image").get("href")
    assert image.endswith("api/card.png")


def test_long_texts_of_materials_are_not_read_for_lists(api):
    playlist = a_playlist(a_material(), a_material())
    for path in (
        f"playlists/{playlist.key}",
        f"playlists/{playlist.key}?format=jsonld",
        f"playlists/{playlist.key}.rss",
    ):
        with CaptureQueriesContext(connection) as asked:
            assert api("get", path).status_code == 200
        statements = [each["sql"] for each in asked.captured_queries]
        assert not any('"content_material"."transcript",' in each or '"full_text"' in each for each in statements), path


def test_what_was_withdrawn_a_moment_ago_is_skipped():
    moment = soon()
    gone = Airing(moment, moment + HOUR, Clip("tl-gone", 60))
    live = Airing(moment + HOUR, moment + 2 * HOUR, None, "gio-a")
    slot = Slot(key="gio-a", title="Đối thoại", live_url="https://a.example/")
    answer = now_of(OnAir(moment, [gone, live], {}, {"gio-a": slot}))
    assert answer["on_air"] is None and answer["next"]["slot"] == "gio-a"


def test_a_calendar_has_the_slots_of_31_days(api):
    channel = a_channel()
    near, far = (a_slot(channel, soon() + datetime.timedelta(days=days)) for days in (30, 32))
    file = api("get", f"channels/{channel.key}/schedule.ics").content.decode()
    assert near.key in file and far.key not in file


def test_an_empty_feed_is_a_feed(api):
    material = a_material()
    playlist = a_playlist(material)
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    for ending in ("rss", "atom"):
        etree.fromstring(api("get", f"playlists/{playlist.key}.{ending}").content)
    assert api("get", f"playlists/{playlist.key}.json").json()["items"] == []


def test_who_follows_a_playlist_is_told_of_what_is_new_corrected_and_live(api):
    material = a_material()
    channel = a_channel(material)
    playlist, minh = channel.filler, a_device("minh", language="vi")
    assert api("put", f"follows/playlist/{playlist.key}", {}, device=minh).status_code == 201
    read_log()
    before = Delivery.objects.count()
    channels.save_playlist(playlist, materials=[material, a_material()], is_public=True)
    media.correct_material(material, by=a_publisher(), reason="Sai chính tả", title="Vườn chung mới")
    a_slot(channel, soon())
    channels.record_live_starts(soon())
    read_log()
    told = [each.payload["body"] for each in Delivery.objects.order_by("pk")[before:]]
    assert told == ["Tài liệu mới trong danh sách này: 1.", "Đã sửa: Âm thanh.", "Đang trực tiếp."]
    titles = [each.change.event_type for each in inbox.inbox_of(minh.reader).order_by("pk")]
    assert titles == ["playlist.changed", "material.corrected", "channel.starts_live"]
    channels.save_channel(channel, filler=playlist, is_public=False)
    channels.save_playlist(playlist, materials=[material], is_public=False, title="Tên riêng")
    assert "Đối thoại trực tiếp" not in api("get", "changes").content.decode()
    shown = {each.title for each in inbox.inbox_of(minh.reader)}
    assert shown & {"Tên riêng", channel.title} == set()
    (followed,) = api("get", "follows", device=minh).json()["results"]
    assert followed["subject"]["name"] == ""
    follows.unfollow(minh.reader, playlist)


def read_log():
    while fanout.read_changes():
        pass


def test_the_change_log_says_what_happened_without_words(api):
    channel = a_channel()
    a_slot(channel, soon(), title="Chị Hoa ở xóm Đông")
    answer = api("get", "changes").json()["results"]
    assert [each["event_type"] for each in answer][-3:] == [
        "playlist.published", "channel.scheduled", "channel.scheduled",
    ]  # fmt: skip
    assert "Chị Hoa" not in json.dumps(answer, ensure_ascii=False)
    assert answer[-1]["url"].endswith(f"/channels/{channel.key}")


def test_what_is_kept_for_the_next_phone_is_read_anew_after_a_change(api):
    one, two = a_material(title="Một"), a_material(title="Hai")
    channel = a_channel(one, two)
    path = f"channels/{channel.key}/now"
    on_air = api("get", path).json()["on_air"]["material"]["key"]
    with CaptureQueriesContext(connection) as said:
        again = api("get", path).json()
    assert again["on_air"]["material"]["key"] == on_air and len(said) == 1
    with translation.override("en"):
        assert api("get", f"{path}?lang=en").json()["on_air"]["material"]["kind_name"] == "Audio"
    on, other = (one, two) if on_air == one.key else (two, one)
    media.correct_material(on, by=a_publisher(), reason="Sai tên", title="Tên đúng")
    assert api("get", path).json()["on_air"]["title"] == "Tên đúng"
    media.withdraw_material(on, by=a_publisher(), reason="Nhầm")
    assert api("get", path).json()["on_air"]["material"]["key"] == other.key
    media.withdraw_material(other, by=a_publisher(), reason="Nhầm")
    assert api("get", path).json()["on_air"] is None
