"""A playlist as a parser of podcasts that is not ours reads it. `script/check-more podcasts` fetches the parser."""

import io

import pytest

from tests.builders_media import a_material, a_playlist

podcastparser = pytest.importorskip("podcastparser")
pytestmark = pytest.mark.django_db


def test_a_parser_of_podcasts_reads_titles_files_lengths_and_days(api):
    audio, picture = a_material(title="Nghe & hiểu"), a_material("infographic", title="Tranh")
    playlist = a_playlist(audio, picture, summary="Mỗi ngày một điều luật.")
    address = f"https://luatmo.example/api/v1/playlists/{playlist.key}.rss"
    read = podcastparser.parse(address, io.BytesIO(api("get", f"playlists/{playlist.key}.rss").content))
    assert (read["title"], read["description"]) == (playlist.title, "Mỗi ngày một điều luật.")
    by_title = {each["title"]: each for each in read["episodes"]}
    assert by_title.keys() == {"Nghe & hiểu", "Tranh"}
    heard = by_title["Nghe & hiểu"]
    stored = audio.files.get(role="main").stored
    files = {(each["mime_type"], each["file_size"]) for each in heard["enclosures"]}  # `media:content` names it again
    assert files == {("audio/mpeg", stored.size)}
    assert heard["total_time"] == 12 and heard["published"] == int(audio.published_at.timestamp())
    assert heard["guid"].endswith(audio.key)
