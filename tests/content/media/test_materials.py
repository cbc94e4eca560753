"""A material from its draft to its withdrawal: two people, text alternatives, the law it cites."""

import pytest

from content import vietnam_time
from content.changes.event_types import EventType
from content.changes.models import Change
from content.errors import NotAllowed, RuleBroken
from content.media import addresses, queries, requirements
from content.media import services as media
from content.media.models import Material
from content.media.services import outdated
from content.media.states import MaterialStatus
from content.qa.services import outdated as answers
from tests.builders import a_document, a_member_of_staff, amend, an_amending_law, land
from tests.builders_media import (
    CAPTIONS,
    a_draft_material,
    a_material,
    a_material_on,
    a_picture,
    a_publisher,
    a_ready_material,
    a_recording,
    an_author,
    an_mp4,
    published,
)

pytestmark = pytest.mark.django_db


def refused(call, *arguments, **options):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def changes_of(material):
    return list(Change.objects.filter(subject=material.key).order_by("pk").values_list("event_type", flat=True))


def lacking(material):
    return [str(need) for need in requirements.missing(material)]


def test_a_material_is_published_by_another_person():
    material = a_ready_material()
    author = a_member_of_staff("minh-both", "publisher")
    media.revise_material(material, by=author)
    media.submit_material(material, by=author)
    with pytest.raises(NotAllowed):
        media.publish_material(material, by=author)
    material = media.publish_material(material, by=a_publisher())
    assert (material.status, material.approved_by) == (MaterialStatus.PUBLISHED, a_publisher())
    assert changes_of(material) == [EventType.MATERIAL_PUBLISHED]


def test_publishing_twice_records_one_change():
    material = a_material()
    media.publish_material(material, by=a_publisher())
    assert changes_of(material) == [EventType.MATERIAL_PUBLISHED]


def test_an_author_without_the_permission_publishes_nothing():
    material = a_ready_material()
    media.submit_material(material, by=an_author())
    with pytest.raises(NotAllowed):
        media.publish_material(material, by=a_member_of_staff("another-editor", "editor"))
    assert changes_of(material) == []


@pytest.mark.parametrize(
    ("kind", "file", "needs"),
    [
        ("audio", None, ["content"]),
        ("audio", a_recording(), ["transcript"]),
        ("video", an_mp4(), ["captions", "transcript"]),
        ("infographic", a_picture(), ["alt_text", "full_text"]),
        ("leaflet", a_picture(), ["alt_text", "full_text"]),
        ("video", a_picture(), ["kind", "alt_text", "full_text"]),
        ("audio", an_mp4(), ["kind", "captions", "transcript"]),
        ("leaflet", a_recording(), ["kind", "transcript"]),
    ],
)
def test_each_kind_of_content_needs_its_alternatives(kind, file, needs):
    material = a_draft_material(kind)
    if file:
        media.add_file(material, "main", [file], by=an_author())
    assert lacking(material) == needs
    with pytest.raises(RuleBroken) as refusal:
        media.submit_material(material, by=an_author())
    assert refusal.value.code == "not_accessible"
    assert all(str(requirements.LABELS[requirements.Need(need)]) in refusal.value.message for need in needs)


def test_an_external_video_needs_a_transcript():
    material = a_draft_material("video", external_url="https://youtu.be/abc-123")
    assert lacking(material) == ["transcript"]
    assert (material.external_provider, material.external_id) == ("youtube", "abc-123")


def test_captions_in_another_language_are_not_those_of_the_material():
    material = a_draft_material("video")
    media.add_file(material, "main", [an_mp4()], by=an_author())
    media.add_file(material, "captions", [CAPTIONS], language="km", by=an_author())
    assert lacking(material) == ["captions", "transcript"]
    media.add_file(material, "captions", [CAPTIONS], by=an_author())
    material.refresh_from_db()
    assert lacking(material) == []


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://youtu.be/abc",
        "https://",
        "https://a@b.example/x",
        "https://x.example/ y",
        "ftp://x",
    ],
)
def test_an_address_that_people_could_not_open_is_refused(address):
    assert refused(a_draft_material, "video", external_url=address) == "invalid_url"


@pytest.mark.parametrize(
    ("address", "provider", "video"),
    [
        ("https://www.youtube.com/watch?v=a1_b-2&t=3", "youtube", "a1_b-2"),
        ("https://youtu.be/xyz", "youtube", "xyz"),
        ("https://www.facebook.com/watch/?v=1", "facebook", ""),
        ("https://youtube.com.evil.example/watch?v=1", "other", ""),
    ],
)
def test_the_network_of_an_address_is_told_by_its_host(address, provider, video):
    found = addresses.external_video(address)
    assert (found.provider, found.id) == (provider, video)


@pytest.mark.parametrize(
    ("columns", "code"), [({"licence": ""}, "licence_required"), ({"topics": []}, "topic_required")]
)
def test_a_material_without_a_licence_or_topic_is_not_submitted(columns, code):
    assert refused(media.submit_material, a_ready_material(**columns), by=an_author()) == code


def test_the_system_publishes_nothing_but_samples():
    material = a_ready_material()
    media.submit_material(material)
    with pytest.raises(Exception, match="materials_published_by_somebody"):
        media.publish_material(material)


def test_one_variant_of_each_language_is_public():
    first = a_material()
    english = media.write_variant(first, "en", by=an_author())
    assert refused(media.write_variant, first, "en", by=an_author()) == "language_variant_exists"
    assert refused(media.write_variant, first, "vi", by=an_author()) == "language_variant_exists"
    media.add_file(english, "main", [a_recording()], by=an_author())
    media.add_file(english, "captions", [CAPTIONS], by=an_author())
    published(english)
    assert list(queries.variants_of(first)) == [english] and list(queries.variants_of(english)) == [first]


def test_a_correction_needs_a_reason_and_keeps_the_alternatives():
    material = a_material()
    assert (
        refused(media.correct_material, material, by=a_publisher(), reason=" ", title="Tên khác") == "reason_required"
    )
    assert refused(media.correct_material, material, by=a_publisher(), reason="Sửa", transcript="") == "not_accessible"
    assert changes_of(material) == [EventType.MATERIAL_PUBLISHED]
    media.correct_material(material, by=a_publisher(), reason="Sai tên", title="Vườn của xóm")
    assert Material.objects.get(pk=material.pk).title == "Vườn của xóm"
    assert Change.objects.latest("pk").facts["removes_words"] is True


def test_a_file_of_a_published_material_is_corrected_with_a_reason():
    material = a_material()
    author = a_publisher()
    assert refused(media.add_file, material, "main", [a_recording(20)], by=author) == "reason_required"
    assert material.files.get(role="main").stored.seconds == 12
    media.add_file(material, "main", [a_recording(20)], alternatives_fit=True, by=author, reason="Bản rõ hơn")
    assert changes_of(material) == [EventType.MATERIAL_PUBLISHED, EventType.MATERIAL_CORRECTED]
    captions = material.files.get(role="captions")
    media.remove_file(captions, by=author, reason="Thay sau")  # the recording still has its transcript
    assert refused(media.remove_file, material.files.get(role="main"), by=author, reason="Bỏ") == "not_accessible"


def test_who_changed_a_file_of_a_draft_does_not_publish_it():
    material = a_ready_material()
    media.add_file(material, "main", [a_recording(13)], alternatives_fit=True, by=a_publisher())
    media.submit_material(material, by=an_author())
    with pytest.raises(NotAllowed):
        media.publish_material(material, by=a_publisher())
    assert not queries.public_materials().exists()


def test_a_withdrawn_material_keeps_its_reason_and_is_not_public():
    material = a_material()
    assert refused(media.withdraw_material, material, by=a_publisher(), reason="") == "reason_required"
    media.withdraw_material(material, by=a_publisher(), reason="Hết phép dùng ảnh")
    assert queries.withdrawn_material(material.key).withdrawal_reason == "Hết phép dùng ảnh"
    assert not queries.public_materials().exists()
    media.withdraw_material(material, by=a_publisher(), reason="Lần nữa")
    assert changes_of(material) == [EventType.MATERIAL_PUBLISHED, EventType.MATERIAL_WITHDRAWN]


def test_somebody_who_read_another_version_decides_nothing():
    material = a_ready_material()
    seen = queries.material_fingerprint(material)
    media.revise_material(material, by=an_author(), title="Tên khác")
    assert refused(media.submit_material, material, by=an_author(), seen=seen) == "changed_meanwhile"


def test_a_material_is_flagged_when_its_law_changes_and_confirmed_by_a_person():
    material, law = a_material_on()
    amend(an_amending_law(law, on=vietnam_time.today()))
    while media.flag_outdated_materials():
        pass
    assert queries.public_materials().get().basis_changed
    assert changes_of(material)[-1] == EventType.MATERIAL_BASIS_CHANGED
    media.confirm_material(material, by=a_publisher())
    assert not queries.public_materials().get().basis_changed
    assert changes_of(material)[-1] == EventType.MATERIAL_CONFIRMED


def test_answers_and_materials_are_flagged_whoever_reads_the_change_first():
    for consumers in ((media.flag_outdated_materials, answers.flag_outdated_answers),
                      (answers.flag_outdated_answers, media.flag_outdated_materials)):  # fmt: skip
        material, law = a_material_on(a_document())
        amend(an_amending_law(law, on=vietnam_time.today()))
        for consumer in consumers:
            while consumer():
                pass
        assert changes_of(material).count(EventType.MATERIAL_BASIS_CHANGED) == 1


def test_a_repeat_flags_nothing():
    material, law = a_material_on()
    amend(an_amending_law(law, on=vietnam_time.today()))
    change = Change.objects.filter(event_type=EventType.DOCUMENT_AMENDED).latest("pk")
    assert [outdated.flag_materials_citing(change) for _ in range(2)] == [1, 0]
    assert changes_of(material).count(EventType.MATERIAL_BASIS_CHANGED) == 1


def test_the_samples_are_made_here_and_everybody_can_use_them():
    law = a_document()
    materials, created = media.publish_sample_materials(law)
    assert created and [lacking(each) for each in materials] == [[], []]
    assert [each.kind for each in materials] == ["infographic", "audio"]
    assert media.publish_sample_materials(law) == (materials, False)
    assert media.remove_sample_materials() == 2 and not Material.objects.exists()
    assert not Change.objects.filter(subject__startswith="tl-", notify=True).exists()
    assert land().materials.count() == 0
