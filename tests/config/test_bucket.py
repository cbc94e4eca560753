"""Files of materials in a bucket of S3. Only where MEDIA_BUCKET names one: bench/s3_files.py starts a server for it."""

import json

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from content.media import services as media
from content.stored_files import storage
from tests.builders_media import a_draft_material, a_material, a_picture, an_author

pytestmark = pytest.mark.skipif(not settings.MEDIA_BUCKET, reason="MEDIA_BUCKET is not set (bench/s3_files.py sets it)")


@pytest.mark.django_db
def test_a_file_is_read_in_parts_from_the_bucket():
    stored = a_material().files.get(role="main").stored
    assert default_storage.bucket_name == settings.MEDIA_BUCKET
    with storage.open_file(stored.sha256) as opened:
        whole = opened.read()
    path = f"/api/v1/files/{stored.sha256}/am-thanh.mp3"
    answer = Client().get(path, headers={"Range": "bytes=100-299"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (206, whole[100:300])
    assert answer["Content-Range"] == f"bytes 100-299/{len(whole)}"
    assert b"".join(Client().get(path).streaming_content) == whole
    with storage.open_part(stored.sha256, 5, 7) as part:
        assert part.read() == whole[5:12]  # nothing else was fetched


@pytest.mark.django_db
def test_a_file_that_the_bucket_lost_is_not_found():
    stored = a_material().files.get(role="main").stored
    storage.delete(stored.sha256)
    assert Client().get(f"/api/v1/files/{stored.sha256}/am-thanh.mp3").status_code == 404
    with pytest.raises(FileNotFoundError):
        storage.open_part(stored.sha256, 0, 10)
    assert storage.stored_facts(stored.sha256) is None


def test_a_backup_names_the_bucket_and_is_refused_while_the_bucket_lacks_a_file(committed, settings, tmp_path, capsys):
    settings.EXPORTS_FOLDER = str(tmp_path / "exports")
    settings.SEAL_KEYS_LOCAL_FILE = str(tmp_path / "seal_keys.pem")
    draft = a_draft_material("infographic")
    file = media.add_file(draft, "main", [a_picture()], alt_text="Bốn ô chữ", by=an_author())
    call_command("backup", tmp_path / "backup")
    manifest = json.loads((tmp_path / "backup" / "manifest.json").read_text())
    assert manifest["bucket"] == settings.MEDIA_BUCKET
    assert "media.tar" not in {each["name"] for each in manifest["files"]}
    assert settings.MEDIA_BUCKET in capsys.readouterr().out
    storage.delete(file.stored.sha256)
    with pytest.raises(CommandError, match=file.stored.sha256):
        call_command("backup", tmp_path / "another")
    assert not (tmp_path / "another").exists()
