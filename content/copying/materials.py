"""A public material as data, and put from data: its texts and alternatives, its files by SHA-256, the law it explains.

Who wrote and published it is no part of it. Its variants in other languages are found by their group and home.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from content.basis.models import Basis
from content.copying import fields, material_files
from content.copying.citations import citations_data, put_citations
from content.copying.fields import Data, RecordRefused, iso_day, iso_moment
from content.media import search_keys
from content.media.addresses import external_video
from content.media.choices import MaterialKind
from content.media.models import SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH, URL_LENGTH, Material
from content.media.states import PUBLIC_STATUSES, MaterialStatus
from content.organisations.models import Organisation, Province
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic

KEY = re.compile(r"tl-[a-z0-9]{10}")
TEXTS = {
    "title": TITLE_LENGTH, "summary": SUMMARY_LENGTH, "licence": 300, "credits": 500, "external_url": URL_LENGTH,
    "transcript": TEXT_LENGTH, "full_text": TEXT_LENGTH, "group": 20,
}  # fmt: skip
MOST_SECONDS = 24 * 3600


def public_materials() -> QuerySet[Material]:
    """The published materials, with what their records say."""
    return Material.objects.filter(status__in=PUBLIC_STATUSES).select_related("organisation", "province", "basis")


def as_data(material: Material) -> dict[str, Any]:
    """All that is public of a published material, as JSON."""
    return {
        **{name: fields.told(getattr(material, name)) for name in TEXTS},
        "kind": str(material.kind),
        "language": str(material.language),
        "audiences": [str(each) for each in material.audiences],
        "topics": list(material.topics.order_by("key").values_list("key", flat=True)),
        "organisation": material.organisation.key if material.organisation else "",
        "province": material.province.key if material.province else "",
        "seconds": material.seconds,
        "is_sample": material.is_sample,
        "published_at": iso_moment(material.published_at),
        "read_on": iso_day(material.basis.read_on),
        "citations": citations_data(material.basis),
        "files": material_files.files_data(material),
    }


def put(material: Material, data: Data) -> Material:
    """Make the material (new or locked, with its key and home) what the data say. Raises RecordRefused, RecordWaits."""
    _set_columns(material, data)
    topics = fields.known_rows(Topic, fields.texts(data, "topics"), "topic")
    files = material_files.files_of(data)
    if material.is_external and any(each.role == "main" for each in files):
        raise RecordRefused(_("The material of the record has a file and an external address."))
    _put_basis(material, data)
    material.save()
    material.topics.set(topics)
    material_files.put_files(material, files)
    search_keys.refresh_material_search_keys(material)
    return material


def _set_columns(material: Material, data: Data) -> None:
    columns: dict[str, Any] = {name: fields.typed(data, name, most=most) for name, most in TEXTS.items()}
    columns["kind"] = fields.choice(data, "kind", MaterialKind.values)
    columns["language"] = fields.choice(data, "language", ContentLanguage.values)
    audiences = fields.texts(data, "audiences")
    columns["audiences"] = [fields.choice({"audiences": each}, "audiences", Audience.values) for each in audiences]
    columns["organisation"] = fields.known_row(Organisation, fields.text(data, "organisation"), "body")
    columns["province"] = fields.known_row(Province, fields.text(data, "province"), "province")
    columns["seconds"] = fields.number(data, "seconds", most=MOST_SECONDS)
    columns["is_sample"] = fields.flag(data, "is_sample")
    columns["published_at"] = fields.moment(data, "published_at")
    if not (KEY.fullmatch(material.key) and columns["title"].strip() and columns["published_at"]):
        raise RecordRefused(_("The record has no key, no title or no day of publication."))
    if not columns["licence"].strip() or (columns["group"] and not KEY.fullmatch(columns["group"])):
        raise RecordRefused(_("The material of the record has no licence, or a group that is none."))
    for name, value in columns.items():
        setattr(material, name, value)
    video = external_video(material.external_url) if material.external_url else None
    material.external_provider, material.external_id = (video.provider, video.id) if video else ("", "")
    material.status, material.withdrawn_at, material.withdrawal_reason = MaterialStatus.PUBLISHED, None, ""
    material.changed_at, material.alternatives_outdated = timezone.now(), False
    _clean(material)


def _clean(material: Material) -> None:
    try:
        material.clean_fields(exclude=["basis", "organisation", "province", "written_by", "approved_by"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise RecordRefused(f"«{field}»: {messages[0]}") from error


def _put_basis(material: Material, data: Data) -> None:
    """Make the law that it explains that of the record. Where it was read again, what had changed is settled."""
    read_on, rows = fields.day(data, "read_on"), fields.items(data, "citations")
    if read_on is None:
        raise RecordRefused(_("The material of the record does not say of which day its law is."))
    if material.basis_id is None:
        material.basis = Basis.objects.create(read_on=read_on)
    elif (material.basis.read_on, citations_data(material.basis)) != (read_on, rows):
        material.basis.changes.filter(settled_at=None).update(settled_at=timezone.now())
        Basis.objects.filter(pk=material.basis_id).update(read_on=read_on)
        material.basis.read_on = read_on
    put_citations(material.basis, rows)


def withdraw(material: Material, reason: str) -> None:
    """Withdraw a copy with the reason of its home. Nobody gets its files any more."""
    moment = timezone.now()
    material.status, material.withdrawal_reason = MaterialStatus.WITHDRAWN, reason
    material.withdrawn_at = material.changed_at = moment
    material.save()
    material_files.put_files(material, [])


def scope_of(data: Data) -> Sequence[str]:
    """Keys of the bodies and provinces that the object speaks for."""
    return [each for each in (fields.text(data, "organisation"), fields.text(data, "province")) if each]
