"""Write a material and revise its draft."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.basis import services as bases
from content.copies import refuse_copy
from content.documents.models import LegalDocument
from content.errors import NotAllowed, RuleBroken
from content.media import policy, requirements
from content.media.addresses import external_video
from content.media.choices import FileRole
from content.media.models import SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Material
from content.media.services import transitions
from content.media.states import MaterialTransition
from content.people import services as people
from content.people import text_input
from content.people.models import User
from content.topics.models import Topic

Citations = Iterable[tuple[LegalDocument, str]]
MAX_SECONDS = 24 * 3600


@transaction.atomic
def write_material(
    *, by: User | None = None, citations: Citations = (), topics: Iterable[Topic] = (), **columns: Any
) -> Material:
    """Write the draft of a material. Returns it.

    `columns` are those of Material; `external_url` sets the network and the id too. `citations` are [(LegalDocument,
    eid)]. Raises RuleBroken with the field: "invalid_url", "seconds_out_of_range", what `text_input.clean_text` and
    `basis.save_basis` raise; NotAllowed("not_allowed").
    """
    if by is not None and not policy.may_write(by):
        raise NotAllowed("not_allowed", _("You are not allowed to write materials."))
    material = Material(written_by=by, **columns)
    clean_material(material)
    material.basis = bases.save_basis(citations)
    material.save()
    material.topics.set(topics)
    people.audit("material.written", material.key, by=by)
    return material


@transaction.atomic
def revise_material(material: Material, *, by: User | None = None, seen: str = "", **columns: Any) -> Material:
    """Revise the draft: `columns`, `citations` and `topics` as for `write_material`; what is omitted stays.

    `alternatives_fit`: the texts that stay say what is said at another external address too.
    Raises what `write_material` raises, "wrong_status", and "changed_meanwhile" (`seen`).
    """
    material = transitions.locked_material(material)
    transitions.require_transition(material, MaterialTransition.REVISE, by=by, seen=seen)
    material.written_by = by or material.written_by
    update_material(material, columns)
    transitions.apply_transition(material, MaterialTransition.REVISE, by=by)
    return material


@transaction.atomic
def write_variant(material: Material, language: str, *, by: User | None = None) -> Material:
    """Write the draft of a variant in another language: with the same law, topics and audiences, without files.

    Raises NotAllowed("not_allowed"), RuleBroken: "language_variant_exists" (field "language"), "not_ours".
    """
    refuse_copy(material)
    group = material.group or material.key
    of_group = Material.objects.filter(group=group) | Material.objects.filter(key=group)
    if of_group.filter(language=language, home="").exclude(status="withdrawn").exists():
        message = _("This material already has a variant in this language.")
        raise RuleBroken("language_variant_exists", message, field="language")
    cited = material.basis.citations.select_related("document")
    names = ("kind", "title", "summary", "audiences", "organisation", "province", "licence", "credits")
    return write_material(
        by=by,
        citations=[(each.document, each.eid) for each in cited if each.document],
        topics=list(material.topics.all()),
        language=language,
        group=group,
        **{name: getattr(material, name) for name in names},
    )


def update_material(material: Material, columns: dict[str, Any]) -> None:
    """Set columns of a locked material, save it, and replace the citations and topics that `columns` has.

    Texts that stay while the address of an external video changes are outdated, unless `alternatives_fit`. The caller
    saves that once it has refused a public material without alternatives.
    """
    citations, topics = columns.pop("citations", None), columns.pop("topics", None)
    alternatives_fit = columns.pop("alternatives_fit", False)
    former = _video_and_texts(material)
    for name, value in columns.items():
        setattr(material, name, value)
    clean_material(material)
    if citations is not None:
        bases.save_basis(citations, basis=material.basis)
    material.save()
    if topics is not None:
        material.topics.set(topics)
    _compare_alternatives(material, former, alternatives_fit)


def _video_and_texts(material: Material) -> tuple[tuple[str, str], tuple[str, str]]:
    return (material.external_provider, material.external_id), (material.transcript, material.full_text)


def _compare_alternatives(
    material: Material, former: tuple[tuple[str, str], tuple[str, str]], alternatives_fit: bool
) -> None:
    """Note whether texts were written for another external video than the present one. `former`: both of before.

    Texts that were changed together with the address are those of the new video.
    """
    (video, texts), (present_video, present_texts) = former, _video_and_texts(material)
    if video == present_video or not any(video):
        return
    is_theirs = alternatives_fit or texts != present_texts
    material.alternatives_outdated = not is_theirs and requirements.has_alternatives(material)


def clean_material(material: Material) -> None:
    """Clean the texts and check the columns. Raises RuleBroken, see `write_material`."""
    material.title = text_input.clean_line(material.title, "title", max_length=TITLE_LENGTH)
    for name, most in (("licence", 300), ("credits", 500)):
        given = getattr(material, name)
        setattr(material, name, given.strip() and text_input.clean_line(given, name, max_length=most))
    for name, most in (("summary", SUMMARY_LENGTH), ("transcript", TEXT_LENGTH), ("full_text", TEXT_LENGTH)):
        given = getattr(material, name).replace("\r\n", "\n")
        setattr(material, name, given.strip() and text_input.clean_text(given, name, max_length=most))
    material.audiences = sorted(set(material.audiences))
    if material.seconds is not None and not 1 <= material.seconds <= MAX_SECONDS:
        message = _("Enter a length from 1 to %d seconds, or leave it empty.") % MAX_SECONDS
        raise RuleBroken("seconds_out_of_range", message, field="seconds")
    _set_external(material)


def _set_external(material: Material) -> None:
    if not material.external_url:
        material.external_provider = material.external_id = ""
        return
    if material.pk and material.files.filter(role=FileRole.MAIN).exists():
        message = _("The material has a file. Remove it before you enter an external address.")
        raise RuleBroken("file_and_address", message, field="external_url")
    video = external_video(material.external_url)
    material.external_provider, material.external_id, material.external_url = video.provider, video.id, video.url
