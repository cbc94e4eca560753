"""Files: told by their bytes, drawn again, stored under their hash, and gone when nobody needs them."""

import datetime
import hashlib
import io
import os
import re
import threading

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from content.errors import RuleBroken
from content.media import queries, requirements
from content.media import services as media
from content.media.models import Material, MaterialFile
from content.stored_files import pictures, private_data, recordings, storage
from content.stored_files.file_types import HEAD_BYTES, MIB, MediaType, media_type_of
from content.stored_files.models import Rendition, StoredFile
from tests.builders_media import (
    CAPTIONS,
    a_draft_material,
    a_material,
    a_picture,
    a_publisher,
    a_ready_material,
    a_recording,
    an_author,
    an_mp4,
    box,
    published,
)
from tests.builders_recordings import a_cluster, a_webm, element, webm_info, webm_track

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **options):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def upload(material, role, content, **options):
    return media.add_file(material, role, [content], by=an_author(), **options)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"%PDF-1.7", MediaType.PDF),
        (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
        (b"\xff\xd8\xff\xe0", MediaType.JPEG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", MediaType.WEBP),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"ID3\x04", MediaType.MP3),
        (b"\xff\xfb\x90\x00", MediaType.MP3),
        (b"\xff\xfb\xf0\x00", None),  # no such bit rate
        (b"OggS", MediaType.OGG),
        (b"\x00\x00\x00\x18ftypisom", MediaType.MP4),
        (b"\x00\x00\x00\x18ftypM4A ", MediaType.M4A),
        (b"\x00\x00\x00\x18ftypheic", None),
        (b"\x1aE\xdf\xa3\x42\x82\x84webm", MediaType.WEBM),
        (b"WEBVTT\n", MediaType.VTT),
        (b"WEBVTTX", None),
        (b"<svg xmlns", None),
        (b"<!DOCTYPE html>", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_a_type_is_told_by_the_first_bytes(head, found):
    assert media_type_of(head) == found


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_the_type_does_not_depend_on_how_the_bytes_arrive(pieces):
    whole = b"\x89PNG\r\n\x1a\n" + b"".join(pieces)
    with storage.received([b"\x89PNG", b"\r\n", b"\x1a\n", *pieces]) as given_file:
        assert given_file.media_type == MediaType.PNG == media_type_of(whole[:HEAD_BYTES])
        assert given_file.file.read() == whole and given_file.size == len(whole)


def test_a_file_that_is_too_large_is_refused_before_it_has_all_come():
    def endless():
        yield a_picture()
        while True:
            yield bytes(MIB)

    assert refused(upload_chunks, a_draft_material(), "poster", endless()) == "file_too_large"
    assert not StoredFile.objects.exists()


def upload_chunks(material, role, chunks):
    return media.add_file(material, role, chunks, by=an_author())


def a_pdf_with(annotation):
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)[NameObject("/Annots")] = ArrayObject([annotation])
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


SCRIPT = DictionaryObject({NameObject("/S"): NameObject("/JavaScript")})


@pytest.mark.parametrize(
    ("role", "content", "code"),
    [
        ("main", a_pdf_with(DictionaryObject({NameObject("/A"): SCRIPT})), "pdf_with_script"),
        ("main", a_pdf_with(DictionaryObject({NameObject("/XFA"): ArrayObject()})), "pdf_with_script"),
        ("main", b"MZ\x90\x00" + bytes(100), "unknown_file_type"),
        ("main", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown_file_type"),
        ("main", b"", "file_empty"),
        ("poster", a_recording(), "wrong_file_type"),
        ("captions", a_picture(), "wrong_file_type"),
        ("sign", a_recording(), "wrong_file_type"),
        ("main", CAPTIONS, "wrong_file_type"),
        ("main", a_picture()[:200], "picture_not_readable"),
        ("main", b"%PDF-1.7\nnot really", "pdf_not_readable"),
        ("main", an_mp4(video=b"hvc1"), "not_playable"),
        ("main", an_mp4(audio=b"ac-3"), "not_playable"),
        ("main", b"ID3\x04" + bytes(20) + b"MZ a program" * 900, "not_playable"),
        ("main", b"OggS" + b"PK\x03\x04 an archive" * 900, "not_playable"),
        ("main", b"\x1aE\xdf\xa3" + bytes(20) + b"webm" + b"<html>" * 900, "not_playable"),
        ("main", b"\x00\x00\x00\x18ftypisom" + bytes(100), "not_playable"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(role, content, code):
    material = a_draft_material()
    assert refused(upload, material, role, content) == code
    assert not MaterialFile.objects.exists() and not StoredFile.objects.exists()


def test_a_picture_is_stored_in_three_widths_without_what_it_carried():
    exif = Image.Exif()
    exif[0x010E] = "bí mật"
    content = a_picture(2400, 1600, "JPEG", exif=exif) + b"<?php echo 1;"
    file = upload(a_draft_material("infographic"), "main", content, alt_text="Một bức tranh")
    stored = [file.stored, *(each.stored for each in file.stored.renditions.all())]
    assert sorted((each.width, each.height) for each in stored) == [(480, 320), (1080, 720), (1920, 1280)]
    for each in stored:
        with storage.open_file(each.sha256) as opened:
            saved = opened.read()
        assert "bí mật".encode() not in saved and b"php" not in saved and len(saved) == each.size
        assert not Image.open(io.BytesIO(saved)).getexif()


def test_a_small_picture_is_not_made_larger():
    file = upload(a_draft_material("infographic"), "main", a_picture(300, 200))
    assert (file.stored.width, file.stored.renditions.count()) == (300, 0)


def test_a_picture_keeps_the_right_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by the camera
    drawn = pictures.redraw(io.BytesIO(a_picture(400, 300, "JPEG", exif=exif)), MediaType.JPEG)
    assert (drawn[0].width, drawn[0].height) == (300, 400)


def test_a_picture_of_900_megapixels_is_refused_by_its_head():
    whole = bytearray(a_picture())
    whole[16:24] = (30_000).to_bytes(4, "big") * 2
    assert refused(pictures.redraw, io.BytesIO(bytes(whole)), MediaType.PNG) in (
        "picture_too_large",
        "picture_not_readable",
    )


def test_a_video_that_phones_can_play_is_taken():
    recordings.refuse_unplayable(io.BytesIO(an_mp4()))
    recordings.refuse_unplayable(io.BytesIO(an_mp4(video=b"")))


@given(st.binary(max_size=400))
def test_any_boxes_are_read_or_refused(content):
    try:
        recordings.refuse_unplayable(io.BytesIO(b"\x00\x00\x00\x10ftypisom" + bytes(4) + content))
    except RuleBroken as refusal:
        assert refusal.code == "not_playable"


def test_a_recording_tells_its_length():
    material = a_draft_material()
    upload(material, "main", a_recording(12))
    material.refresh_from_db()
    assert material.seconds == 12


def test_a_video_that_a_browser_recorded_tells_the_material_its_length():
    material = a_draft_material("video", seconds=7)
    browser = webm_info(element("5741", b"Browser of Lan"))
    file = upload(material, "main", a_webm(browser, webm_track(), a_cluster(0, 0), a_cluster(11_000, 0, 980)))
    material.refresh_from_db()
    assert (material.seconds, file.stored.seconds, b"Lan" in read(file)) == (12, 12, False)


def test_captions_give_a_draft_of_the_transcript_and_never_replace_one():
    material = a_ready_material()
    assert material.transcript == "Xin chào. Đây là mẫu."
    media.revise_material(material, by=an_author(), transcript="Lời đã sửa.")
    upload(material, "captions", CAPTIONS)
    material.refresh_from_db()
    assert material.transcript == "Lời đã sửa."


def test_a_second_main_file_replaces_the_first():
    material = a_draft_material()
    upload(material, "main", a_recording(12))
    upload(material, "main", a_recording(20))
    assert [each.stored.seconds for each in material.files.all()] == [20]


def test_a_file_and_an_external_address_exclude_each_other():
    external = a_draft_material("video", external_url="https://www.youtube.com/watch?v=abc123")
    assert refused(upload, external, "main", a_recording()) == "file_and_address"
    own = a_ready_material()
    assert (
        refused(media.revise_material, own, by=an_author(), external_url="https://youtu.be/abc") == "file_and_address"
    )


def test_two_materials_share_one_file():
    first, second = (upload(a_draft_material(), "main", a_recording()) for _ in range(2))
    assert first.stored == second.stored
    assert default_storage.size(storage.path_of(first.stored.sha256)) == len(a_recording())


def test_a_file_is_public_with_its_material_only():
    material = a_ready_material("infographic")
    main = [a_picture(1200, 800)]
    media.add_file(material, "main", main, alt_text="Tranh", alternatives_fit=True, by=an_author())
    stored = material.files.get(role="main").stored
    small = stored.renditions.first().stored
    assert queries.public_file(stored.sha256) is None and queries.public_file(small.sha256) is None
    media.submit_material(material, by=an_author())
    media.publish_material(material, by=a_publisher())
    assert queries.public_file(stored.sha256) == stored and queries.public_file(small.sha256) == small
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm bản")
    assert queries.public_file(stored.sha256) is None and queries.public_file(small.sha256) is None


def test_what_nobody_needs_goes_after_thirty_days_with_its_smaller_pictures():
    kept = a_material()
    file = upload(a_draft_material("infographic"), "main", a_picture(2400, 1600))
    hashes = [file.stored.sha256, *(each.stored.sha256 for each in file.stored.renditions.all())]
    media.remove_file(file, by=an_author())
    assert media.delete_unused_files() == 0
    later = timezone.now() + datetime.timedelta(days=31)
    assert media.delete_unused_files(later) == 3
    assert not StoredFile.objects.filter(sha256__in=hashes).exists() and not Rendition.objects.exists()
    assert [default_storage.exists(storage.path_of(each)) for each in hashes] == [False] * 3
    assert all(default_storage.exists(storage.path_of(each.stored.sha256)) for each in kept.files.all())
    assert media.delete_unused_files(later) == 0


def test_what_an_interrupted_write_left_is_replaced():
    file = upload(a_draft_material(), "main", a_recording())
    path = storage.path_of(file.stored.sha256)
    with default_storage.open(path, "wb") as cut:
        cut.write(b"cut")
    upload(a_draft_material(), "main", a_recording())
    with storage.open_file(file.stored.sha256) as opened:
        assert opened.read() == a_recording()


@pytest.mark.django_db(transaction=True)
def test_one_file_uploaded_twice_at_once_is_stored_once():
    materials, author = [a_draft_material() for _ in range(2)], an_author()
    start, failures = threading.Barrier(2), []

    def send(material):
        try:
            start.wait()
            media.add_file(material, "main", [a_recording()], by=author)
        except Exception as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[each]) for each in materials]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failures == []
    assert StoredFile.objects.count() == 1 and MaterialFile.objects.count() == 2


def test_the_thirty_days_count_from_the_last_use_and_not_from_the_upload():
    material = a_draft_material("leaflet")
    file = media.add_file(material, "main", [a_picture()], alt_text="Bốn ô chữ", by=an_author())
    StoredFile.objects.update(stored_at=timezone.now() - datetime.timedelta(days=31))
    media.remove_file(file, by=an_author())
    assert media.delete_unused_files() == 0
    assert media.delete_unused_files(timezone.now() + datetime.timedelta(days=31)) > 0


# -- files and their alternatives


def test_another_file_asks_that_captions_and_texts_are_compared_with_it():
    material = a_ready_material()
    assert requirements.missing(material) == []
    upload(material, "main", a_recording(20))
    material.refresh_from_db()
    assert requirements.missing(material) == ["compared"]
    assert refused(media.submit_material, material, by=an_author()) == "not_accessible"
    material = media.confirm_alternatives(material, by=an_author())
    assert requirements.missing(material) == []
    assert media.confirm_alternatives(material, by=an_author()) == material  # a repeat changes nothing


def test_the_same_file_again_and_the_first_file_ask_nothing():
    material = a_ready_material()
    upload(material, "main", a_recording())
    material.refresh_from_db()
    assert requirements.missing(material) == []
    described = a_draft_material("infographic", full_text="Bốn ô chữ.")
    upload(described, "main", a_picture(), alt_text="Bốn ô chữ")
    described.refresh_from_db()
    assert requirements.missing(described) == []


def test_captions_that_run_past_the_end_of_the_new_file_do_not_fit_it():
    material = a_ready_material()
    upload(material, "main", a_recording(1))
    material.refresh_from_db()
    assert refused(media.confirm_alternatives, material, by=an_author()) == "caption_after_the_end"
    assert refused(upload, material, "main", a_recording(2), alternatives_fit=True) == "caption_after_the_end"
    assert requirements.missing(material) == ["compared"]


def test_a_file_that_was_removed_takes_the_word_for_its_texts_along():
    material = a_ready_material()
    media.remove_file(material.files.get(role="main"), by=an_author())
    upload(material, "main", a_recording(20))
    material.refresh_from_db()
    assert requirements.missing(material) == ["compared"]


def test_the_file_of_a_published_material_is_replaced_with_the_word_that_its_texts_fit():
    material, hoa = a_material(), a_publisher()
    replace = {"by": hoa, "reason": "Thu lại"}
    assert refused(media.add_file, material, "main", [a_recording(20)], **replace) == "not_accessible"
    media.add_file(material, "main", [a_recording(20)], alternatives_fit=True, **replace)
    material.refresh_from_db()
    assert (material.seconds, material.is_public, requirements.missing(material)) == (20, True, [])
    with pytest.raises(IntegrityError), transaction.atomic():
        Material.objects.filter(pk=material.pk).update(alternatives_outdated=True)


def test_captions_from_before_the_first_file_must_fit_it():
    material = a_draft_material()
    upload(material, "captions", CAPTIONS)
    assert refused(upload, material, "main", a_recording(2)) == "caption_after_the_end"
    assert not material.files.filter(role="main").exists()
    upload(material, "main", a_recording(12))
    material.refresh_from_db()
    assert requirements.missing(material) == []


def test_a_video_without_a_length_takes_none_of_the_one_it_replaces():
    webm = b"\x1a\x45\xdf\xa3\x84webm" + b"\x16\x54\xae\x6b" + bytes(4)
    material = a_draft_material("video", seconds=7)
    upload(material, "main", webm)
    material.refresh_from_db()
    assert material.seconds == 7  # as a person said
    upload(material, "main", webm + b"another")
    material.refresh_from_db()
    assert material.seconds is None
    media.revise_material(material, by=an_author(), seconds=7)
    media.remove_file(material.files.get(role="main"), by=an_author())
    upload(material, "main", webm)
    material.refresh_from_db()
    assert material.seconds is None


def an_external_draft(**columns):
    texts = {"external_url": "https://youtu.be/abc-123", "transcript": "Ai trồng thì chăm."}
    return a_draft_material("video", **(texts | columns))


def test_another_external_video_asks_that_its_texts_are_compared():
    material = an_external_draft()
    revise = {"by": an_author(), "external_url": "https://youtu.be/def-456"}
    material = media.revise_material(material, **revise)
    assert requirements.missing(material) == ["compared"]
    assert Material.objects.get(pk=material.pk).alternatives_outdated
    material = media.revise_material(material, **revise | {"title": "Vườn xóm"})  # the same address changes nothing
    assert requirements.missing(material) == ["compared"]
    assert requirements.missing(media.confirm_alternatives(material, by=an_author())) == []
    assert requirements.missing(media.revise_material(an_external_draft(), **revise, alternatives_fit=True)) == []
    assert requirements.missing(media.revise_material(an_external_draft(), **revise, transcript="Lời mới.")) == []
    bare = media.revise_material(an_external_draft(transcript=""), **revise)
    assert requirements.missing(bare) == ["transcript"]


def test_a_public_video_gets_another_address_with_the_word_that_its_texts_fit():
    material, hoa = published(an_external_draft()), a_publisher()
    correct = {"by": hoa, "reason": "Kênh mới", "external_url": "https://youtu.be/def-456"}
    assert refused(media.correct_material, material, **correct) == "not_accessible"
    material.refresh_from_db()
    assert (material.external_id, material.alternatives_outdated) == ("abc-123", False)
    media.correct_material(material, **correct, alternatives_fit=True)
    material.refresh_from_db()
    assert (material.external_id, material.is_public) == ("def-456", True)


def test_an_address_that_came_while_a_file_was_on_its_way_refuses_the_file():
    material = a_draft_material("video")

    def chunks():
        yield an_mp4()
        media.revise_material(material, by=an_author(), external_url="https://youtu.be/abc-123")

    assert refused(upload_chunks, material, "main", chunks()) == "file_and_address"


# -- what a file says of people and places


def read(file):
    with storage.open_file(file.stored.sha256) as opened:
        return opened.read()


def test_a_video_loses_where_its_phone_was():
    place = box(b"\xa9xyz", b"\x00\x12\x15\xc7+10.7769+106.7009/")
    keys = box(b"meta", box(b"keys", b"com.apple.quicktime.location.ISO6709"), box(b"ilst", b"+10.7769+106.7009/"))
    whole = an_mp4(more=(box(b"udta", place), keys), after=box(b"uuid", b"XMP: Lan"))
    saved = read(upload(a_draft_material("video"), "main", whole))
    assert len(saved) == len(whole) and saved != whole
    assert b"10.7769" not in saved and b"location" not in saved and b"Lan" not in saved
    recordings.refuse_unplayable(io.BytesIO(saved))
    assert saved[: whole.index(b"moov")] == whole[: whole.index(b"moov")]  # nothing moved


def test_a_large_box_with_64_bits_of_size_is_emptied_too():
    content = b"+10.7769+106.7009/"
    large = (1).to_bytes(4, "big") + b"uuid" + (len(content) + 16).to_bytes(8, "big") + content
    saved = read(upload(a_draft_material("video"), "main", an_mp4(after=large + box(b"udta", content))))
    assert content not in saved


def test_a_recording_loses_its_tags_and_still_tells_its_length():
    size = 2 * 1024
    head = b"ID3\x04\x00\x10" + bytes([0, 0, size >> 7, size & 127])  # with a footer
    tag = head + b"TPE1 Nguyen Van A".ljust(size) + b"3DI\x04\x00\x10" + head[6:]
    ape = b"APETAGEX" + (2000).to_bytes(4, "little") + (64).to_bytes(4, "little") + bytes(16)
    last = b"TAG" + b"Nguyen Van A".ljust(125)
    whole = tag + a_recording(12) + b"Nguyen Van A".ljust(32) + ape + last
    file = upload(a_draft_material(), "main", whole)
    saved = read(file)
    assert b"Nguyen" not in saved and b"TAG" not in saved and a_recording(12) in saved
    assert (file.stored.seconds, len(saved), file.stored.media_type) == (12, len(whole), MediaType.MP3)


def test_a_recording_with_too_many_tags_is_refused_before_they_are_kept():
    empty, material = b"ID3\x04" + bytes(6), a_draft_material()
    assert refused(upload, material, "main", empty * 17 + a_recording()) == "not_playable"
    assert not material.files.exists()
    assert upload(material, "main", empty * 16 + a_recording()).stored.seconds == 12


@given(st.binary(max_size=600), st.sampled_from([MediaType.MP4, MediaType.MP3]))
def test_any_bytes_are_cleaned_without_growing(content, media_type):
    head = b"\x00\x00\x00\x10ftypisom" + bytes(4) if media_type == MediaType.MP4 else b"ID3\x04\x00\x00"
    with storage.received([head + content]) as given_file:
        cleaned = private_data.without_private_data(given_file)
        saved = cleaned.file.read()
        assert len(saved) == len(head + content) and cleaned.sha256 == hashlib.sha256(saved).hexdigest()


def test_who_uploads_a_pdf_that_names_its_author_is_told():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Nguyễn Văn A"})
    written = io.BytesIO()
    writer.write(written)
    material = a_draft_material("leaflet")
    (warning,) = upload(material, "main", written.getvalue()).warnings
    assert "«Nguyễn Văn A»" in warning
    assert upload(material, "poster", a_picture()).warnings == ()


def a_pdf(words=b"/Info [1]", *, xmp=b""):
    """A PDF of one blank page, whose trailer has these words instead of its information."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)
    if xmp:
        stream = StreamObject()
        stream.set_data(xmp)
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    written = io.BytesIO()
    writer.write(written)
    content, count = re.subn(rb"/Info \d+ 0 R", words, written.getvalue())
    assert count == 1
    return content


def test_a_pdf_whose_information_is_broken_is_read():
    file = upload(a_draft_material("leaflet"), "main", a_pdf())
    assert (file.stored.media_type, file.stored.has_text, file.warnings) == (MediaType.PDF, False, ())


def test_an_author_that_only_xmp_names_is_told_too():
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about=""><dc:creator><rdf:Seq>'
        "<rdf:li>Nguyễn Văn A</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    for information in (b"", b"/Info [1]"):
        (warning,) = upload(a_draft_material("leaflet"), "main", a_pdf(information, xmp=xmp.encode())).warnings
        assert "«Nguyễn Văn A»" in warning
    assert upload(a_draft_material("leaflet"), "main", a_pdf(b"", xmp=b"<x:xmpmeta")).warnings == ()


# -- bytes without a row


@pytest.fixture
def own_folder(settings, tmp_path):
    """A folder of this test alone, for what is counted: bytes of other tests are there without a row."""
    if settings.MEDIA_BUCKET:
        pytest.skip("the bucket has the bytes of other tests")
    location = settings.STORAGES["default"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": location}
    return tmp_path


def bytes_without_a_row(folder, content=b"x", days=60):
    """Bytes written that many days ago. Returns their hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / default_storage.save(storage.path_of(sha256), io.BytesIO(content))
    moment = (timezone.now() - datetime.timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))
    return sha256


def some_known_files(count=20):
    for seconds in range(40, 40 + count):
        upload(a_draft_material(), "main", a_recording(seconds))


def run_the_nightly_job(now=None):
    media.register_lost_files(now)
    media.delete_unused_files(now)


def is_stored(sha256):
    return default_storage.exists(storage.path_of(sha256))


def test_bytes_that_a_refused_upload_left_go_after_thirty_days(own_folder):
    some_known_files()
    material, hoa = a_material(), a_publisher()
    assert refused(media.add_file, material, "main", [a_recording(20)], by=hoa, reason="Thu lại") == "not_accessible"
    (left,) = [each for found in storage.stored_hashes() for each in found
               if not StoredFile.objects.filter(sha256=each)]  # fmt: skip
    assert media.register_lost_files() == 0  # its upload may not be over
    later = timezone.now() + datetime.timedelta(days=2)
    assert media.register_lost_files(later) == 1
    assert media.register_lost_files(later) == 0
    assert queries.public_file(left) is None
    media.delete_unused_files(later + datetime.timedelta(days=29))
    assert is_stored(left)
    media.delete_unused_files(later + datetime.timedelta(days=31))
    assert not is_stored(left)


def test_old_bytes_without_a_row_are_kept_for_thirty_days_from_the_night_they_were_found(own_folder):
    some_known_files()
    left, now = bytes_without_a_row(own_folder), timezone.now()
    run_the_nightly_job()
    assert is_stored(left) and StoredFile.objects.filter(sha256=left).exists()
    run_the_nightly_job(now + datetime.timedelta(days=29))
    assert is_stored(left)
    run_the_nightly_job(now + datetime.timedelta(days=31))
    assert not is_stored(left)


@pytest.mark.parametrize("known", [0, 3])
def test_the_database_of_another_installation_deletes_nothing(own_folder, caplog, known):
    some_known_files(known)
    of_others = [bytes_without_a_row(own_folder, bytes([number])) for number in range(5)]
    for days in (0, 1, 32, 64):
        caplog.clear()
        run_the_nightly_job(timezone.now() + datetime.timedelta(days=days))
        assert all(is_stored(each) for each in of_others)
        assert [record.levelname for record in caplog.records if "5 of " in record.message] == ["ERROR"]


def test_lost_bytes_that_have_a_row_vouch_for_no_others(own_folder):
    some_known_files(9)
    first = bytes_without_a_row(own_folder)
    assert media.register_lost_files() == 1
    second = bytes_without_a_row(own_folder, b"y")
    third = bytes_without_a_row(own_folder, b"z")
    assert media.register_lost_files() == 0
    assert set(StoredFile.objects.filter(sha256__in=[first, second, third])) == {StoredFile.objects.get(sha256=first)}


def test_bytes_without_a_row_serve_who_uploads_them_again(own_folder):
    some_known_files()
    content = a_recording(33)
    sha256 = bytes_without_a_row(own_folder, content)
    assert media.register_lost_files() == 1
    file = upload(a_draft_material(), "main", content)
    assert (file.stored.sha256, file.stored.media_type, file.stored.seconds) == (sha256, MediaType.MP3, 33)


def test_a_correction_without_a_reason_stores_nothing():
    material, hoa = a_material(), a_publisher()
    content = a_recording(34)
    assert refused(media.add_file, material, "main", [content], by=hoa) == "reason_required"
    assert storage.stored_facts(hashlib.sha256(content).hexdigest()) is None


def test_what_is_no_file_of_ours_in_the_storage_is_left_alone(own_folder):
    some_known_files(9)
    left = bytes_without_a_row(own_folder)
    default_storage.save("ab/notes.txt", io.BytesIO(b"x"))
    default_storage.save("lost+found/notes.txt", io.BytesIO(b"x"))
    assert media.register_lost_files(timezone.now() + datetime.timedelta(days=2)) == 1
    assert StoredFile.objects.filter(sha256=left).exists()
    assert not [each for found in storage.stored_hashes() for each in found if "notes" in each]
    assert default_storage.exists("ab/notes.txt")
