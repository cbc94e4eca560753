"""Materials, and files made for them here. Lan writes, Hoa publishes."""

import datetime
import io

from PIL import Image

from content.channel import services as channels
from content.media import sample_files
from content.media import services as media
from content.people.models import User
from content.provision_layers import services as layers
from tests.builders import a_document, a_member_of_staff, land

TINY_PDF = b"%PDF-1.4\n"
CAPTIONS = sample_files.captions_of(["Xin chào.", "Đây là mẫu."])


def an_author():
    return User.objects.filter(username="lan-writes").first() or a_member_of_staff("lan-writes", "editor")


def a_publisher():
    return User.objects.filter(username="hoa-publishes").first() or a_member_of_staff("hoa-publishes", "publisher")


def a_picture(width=600, height=400, picture_format="PNG", **options):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "#8a1020").save(content, picture_format, **options)
    return content.getvalue()


def a_recording(seconds=12):
    return sample_files.silent_mp3(seconds)


def an_mp4(video=b"avc1", audio=b"mp4a", *, more=(), after=b""):
    """An MP4 with the boxes that name its formats, and no picture. `more` boxes are in its film, `after` behind it."""
    tracks = b"".join(
        box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12)), box(b"minf", box(b"stbl", stsd(name)))))
        for handler, name in ((b"vide", video), (b"soun", audio))
        if name
    )
    return box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", bytes(200)) + box(b"moov", tracks, *more) + after


def box(name, *parts):
    content = b"".join(parts)
    return (len(content) + 8).to_bytes(4, "big") + name + content


def stsd(name):
    return box(b"stsd", bytes(4) + (1).to_bytes(4, "big") + box(name, bytes(70)))


def a_draft_material(kind="audio", *, law=None, by=None, **columns):
    defaults = {"title": "Vườn chung của xóm", "summary": "Ai trồng thì chăm.", "licence": "CC-BY-4.0"}
    return media.write_material(
        kind=kind,
        by=by or an_author(),
        citations=[(law, "art_2")] if law else [],
        **(defaults | {"topics": [land()]} | columns),
    )


def a_ready_material(kind="audio", **columns):
    """A draft that everybody can use."""
    material = a_draft_material(kind, **columns)
    if kind == "audio":
        media.add_file(material, "main", [a_recording()], by=an_author())
        media.add_file(material, "captions", [CAPTIONS], by=an_author())
    else:
        media.add_file(material, "main", [a_picture()], alt_text="Bốn ô chữ", by=an_author())
        material.refresh_from_db()
        media.revise_material(material, by=an_author(), full_text="Vườn chung là của cả xóm.")
    material.refresh_from_db()
    return material


def published(material, *, notify=False):
    media.submit_material(material, by=an_author())
    return media.publish_material(material, by=a_publisher(), notify=notify)


def a_material(kind="audio", *, notify=False, **columns):
    """A public material."""
    return published(a_ready_material(kind, **columns), notify=notify)


def a_material_on(law=None, **columns):
    """A public recording that cites Điều 2 of a law. Returns (material, law)."""
    law = law or a_document()
    return a_material(law=law, **columns), law


def a_layer(law, eid="art_2", **columns):
    """A public summary of a provision."""
    draft = layers.write_layer(law, eid, by=an_author(), **({"kind": "summary", "text": "Mẫu là vật."} | columns))
    return layers.publish_layer(draft, by=a_publisher())


def a_playlist(*materials, is_public=True, by=None, **columns):
    """A public playlist of these materials, of one recording if none is named."""
    columns = {"title": "Nghe luật mỗi ngày"} | columns
    return channels.save_playlist(materials=materials or [a_material()], is_public=is_public, by=by, **columns)


def a_channel(*materials, is_public=True, **columns):
    """A public channel that fills its gaps with these materials."""
    filler = a_playlist(*materials)
    return channels.save_channel(filler=filler, is_public=is_public, **({"title": "Kênh pháp luật"} | columns))


def a_slot(channel, starts_at, **columns):
    """A slot of that channel; two hours live if no material is named."""
    if "material" not in columns:
        live = {"live_url": "https://example.com/truc-tiep", "title": "Đối thoại trực tiếp"}
        columns = live | {"ends_at": starts_at + datetime.timedelta(hours=2)} | columns
    return channels.plan_slot(channel, starts_at=starts_at, **columns)
