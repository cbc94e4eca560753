"""Sample materials to try the program with: an infographic and a recording with captions, over the sample act."""

from typing import Any

from django.db import transaction

from content.changes.event_types import EventType, Nature
from content.documents.models import LegalDocument
from content.media import sample_files
from content.media.choices import FileRole, MaterialKind
from content.media.models import Material
from content.media.services import drafts, files, lifecycle, transitions
from content.people import services as people
from content.topics.choices import Audience
from content.topics.models import Topic

LAND = "11-dat-dai"
LICENCE, CREDITS = "CC-BY-4.0", "Luật Mở"
TITLE = "TÀI LIỆU MẪU – không có thật: Vườn chung của xóm"
RECORDING_TITLE = "BẢN GHI MẪU – không có thật: Vườn chung của xóm"
LINES = [
    "Vườn chung là của cả xóm.",
    "Ai trồng thì người ấy chăm.",
    "Hái rau thì ghi vào sổ.",
    "Đây là mẫu, không phải luật.",
]
SOURCE = "Tài liệu mẫu của Luật Mở, dùng để thử. Giấy phép CC BY 4.0."


@transaction.atomic
def publish_sample_materials(act: LegalDocument, *, reason: str = "") -> tuple[list[Material], bool]:
    """Publish the sample materials about that sample act, without notifying anybody. Returns (materials, created).

    Those that are public already are returned unchanged.
    """
    existing = list(Material.objects.filter(is_sample=True, status="published", home="").order_by("pk"))
    if existing:
        return existing, False
    return [_infographic(act, reason), _recording(act, reason)], True


@transaction.atomic
def remove_sample_materials(*, reason: str = "") -> int:
    """Delete the sample materials and record it without notifying anybody. Returns how many."""
    ours = Material.objects.select_for_update(no_key=True).filter(is_sample=True, home="")
    materials = list(ours.order_by("pk"))
    for material in materials:
        people.audit("material.removed", material.key, reason=reason)
        transitions.record_material_change(
            material, EventType.MATERIAL_WITHDRAWN, nature=Nature.WITHDRAWAL, notify=False, reason=reason
        )
        basis = material.basis
        material.delete()
        basis.delete()
    return len(materials)


def _infographic(act: LegalDocument, reason: str) -> Material:
    material = _draft(act, MaterialKind.INFOGRAPHIC, TITLE, full_text="\n".join([TITLE, *LINES, SOURCE]))
    picture = sample_files.draw_infographic("Vườn chung của xóm (mẫu)", LINES, SOURCE)
    files.add_file(material, FileRole.MAIN, [picture], alt_text="Bốn ô chữ về vườn chung của xóm, ghi rõ là mẫu.")
    return _published(material, reason)


def _recording(act: LegalDocument, reason: str) -> Material:
    material = _draft(act, MaterialKind.AUDIO, RECORDING_TITLE)
    files.add_file(material, FileRole.MAIN, [sample_files.silent_mp3()])
    files.add_file(material, FileRole.CAPTIONS, [sample_files.captions_of(LINES)])  # gives it its transcript
    return _published(material, reason)


def _draft(act: LegalDocument, kind: MaterialKind, title: str, **columns: Any) -> Material:
    return drafts.write_material(
        kind=kind,
        title=title,
        summary="Do Luật Mở làm ra để thử: tệp, phụ đề, bản chữ và kênh pháp luật. Bản ghi không có tiếng.",
        audiences=[Audience.EVERYBODY],
        topics=Topic.objects.filter(key=LAND),
        citations=[(act, "")],
        licence=LICENCE,
        credits=CREDITS,
        is_sample=True,
        **columns,
    )


def _published(material: Material, reason: str) -> Material:
    lifecycle.submit_material(material)
    return lifecycle.publish_material(material, notify=False, reason=reason)
