"""A playlist as RSS 2.0 with the namespaces of podcasts: itunes, podcast (transcripts) and media (Media RSS).

Sources: rssboard.org/rss-specification, rssboard.org/media-rss, podcasters.apple.com (required tags),
podcastindex.org/namespace/1.0 (transcript). Read in November 2026.
"""

from email.utils import format_datetime

from django.conf import settings
from lxml import etree

from api.v1 import resource_urls
from api.v1.materials.materials import file_name
from api.v1.sync.feeds import XML_FORBIDDEN_CHARACTERS
from content.channel.models import Playlist, PlaylistItem
from content.media.choices import FileRole, MaterialKind
from content.media.models import Material, MaterialFile
from content.vietnam_time import VIETNAM_TIME

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
NAMESPACES = {"atom": ATOM, "itunes": ITUNES, "podcast": PODCAST, "media": MEDIA}
CATEGORY = "Government"  # of Apple's list
OWNER = "Luật Mở"
MEDIUMS = {MaterialKind.AUDIO: "audio", MaterialKind.VIDEO: "video", MaterialKind.INFOGRAPHIC: "image"}


def podcast(playlist: Playlist, items: list[PlaylistItem], address: str) -> str:
    """The feed as text. `items` as `queries.items_of` has them, `address` is its own URL."""
    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    channel = etree.SubElement(root, "channel")
    made_by = playlist.organisation.shown_name if playlist.organisation else OWNER
    _add(channel, "title", playlist.title)
    _add(channel, "link", resource_urls.playlist_url(playlist))
    _add(channel, "description", playlist.summary or playlist.title)
    _add(channel, "language", playlist.language)
    _add(channel, "lastBuildDate", format_datetime(playlist.changed_at.astimezone(VIETNAM_TIME)))
    _add(channel, f"{{{ATOM}}}link", href=address, rel="self", type="application/rss+xml")
    _add(channel, f"{{{ITUNES}}}author", made_by)
    _add(channel, f"{{{ITUNES}}}category", text=CATEGORY)
    _add(channel, f"{{{ITUNES}}}explicit", "false")
    _add(channel, f"{{{ITUNES}}}type", "serial")
    _add(channel, f"{{{ITUNES}}}image", href=f"{settings.PUBLIC_URL}{settings.STATIC_URL}api/card.png")
    for number, item in enumerate(items, 1):
        _add_item(channel, item.material, number)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8").decode()


def _add_item(channel: etree._Element, material: Material, number: int) -> None:
    item = etree.SubElement(channel, "item")
    _add(item, "title", material.title)
    _add(item, "link", resource_urls.material_page_url(material))
    _add(item, "description", material.summary or material.title)
    _add(item, "guid", resource_urls.material_url(material), isPermaLink="false")
    if material.published_at:
        _add(item, "pubDate", format_datetime(material.published_at.astimezone(VIETNAM_TIME)))
    for topic in material.topics.all():
        _add(item, "category", topic.name)
    _add(item, f"{{{ITUNES}}}explicit", "false")
    _add(item, f"{{{ITUNES}}}episode", str(number))
    if material.seconds:
        _add(item, f"{{{ITUNES}}}duration", str(material.seconds))
    for file in material.files.all():
        _add_file(item, material, file)


def _add_file(item: etree._Element, material: Material, file: MaterialFile) -> None:
    stored = file.stored
    url = resource_urls.file_url(stored.sha256, file_name(material, file.role, stored.media_type))
    if file.role == FileRole.MAIN:
        _add(item, "enclosure", url=url, length=str(stored.size), type=stored.media_type)
        medium = MEDIUMS.get(MaterialKind(material.kind), "document")
        sizes = {"width": stored.width, "height": stored.height, "duration": material.seconds}
        known = {name: str(value) for name, value in sizes.items() if value}
        content = _add(
            item, f"{{{MEDIA}}}content",
            url=url, fileSize=str(stored.size), type=stored.media_type, medium=medium, lang=material.language, **known,
        )  # fmt: skip
        if file.alt_text:
            _add(content, f"{{{MEDIA}}}description", file.alt_text, type="plain")
    elif file.role == FileRole.CAPTIONS:
        _add(item, f"{{{PODCAST}}}transcript", url=url, type=stored.media_type, language=file.language, rel="captions")
    elif file.role == FileRole.POSTER:
        _add(item, f"{{{ITUNES}}}image", href=url)
        _add(item, f"{{{MEDIA}}}thumbnail", url=url)


def _add(parent: etree._Element, tag: str, content: str = "", /, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    if content:
        element.text = XML_FORBIDDEN_CHARACTERS.sub("", content)
    return element
