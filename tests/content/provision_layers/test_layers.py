"""A layer is shown with the words it explains: gone when they change, back when somebody looked, right on each day."""

import datetime

import pytest

from content import vietnam_time
from content.changes.event_types import EventType
from content.changes.models import Change
from content.document_reads import contexts
from content.documents.provisions import text_sha256
from content.editing import services as editing
from content.errors import NotAllowed, RuleBroken
from content.media import services as media
from content.provision_layers import queries
from content.provision_layers import services as layers
from tests.builders import a_document, a_member_of_staff, amend, an_amending_law
from tests.builders_media import a_material, a_publisher, an_author

pytestmark = pytest.mark.django_db
WORDS = "Mẫu là vật để thử; thử là xem có đúng không."


def lan():
    return a_member_of_staff("lan-layers", "editor")


def hoa(name="hoa-layers"):
    return a_member_of_staff(name, "publisher")


def a_draft_layer(law, eid="art_2", *, by=None, **columns):
    return layers.write_layer(law, eid, by=by or lan(), **({"kind": "summary", "text": WORDS} | columns))


def a_layer(law, eid="art_2", **columns):
    return layers.publish_layer(a_draft_layer(law, eid, **columns), by=hoa())


def shown(law, eid, day):
    context = contexts.provision_context(law, eid, day)
    return queries.layers_of_text(law.key, eid, context.text)


def refused(call, *arguments, **options):
    with pytest.raises(RuleBroken) as refusal:
        call(*arguments, **options)
    return refusal.value.code


def events_of(layer):
    return list(Change.objects.filter(subject=layer.key).order_by("pk").values_list("event_type", flat=True))


def read_log():
    while layers.flag_outdated_layers():
        pass


def test_a_layer_leaves_when_its_provision_changes_and_comes_back_when_somebody_looked():
    law, today = a_document(), vietnam_time.today()
    layer, day_before = a_layer(law), today - datetime.timedelta(days=1)
    assert shown(law, "art_2", today) == [layer]
    amend(an_amending_law(law, on=today))
    assert shown(law, "art_2", today) == []  # at once, before anything reads the change log
    assert shown(law, "art_2", day_before) == [layer]
    read_log()
    assert events_of(layer) == [EventType.LAYER_PUBLISHED, EventType.LAYER_OUTDATED]
    layers.confirm_layer(layer, by=hoa("hoa-confirms"))
    assert shown(law, "art_2", today) == [layer] and shown(law, "art_2", day_before) == [layer]
    read_log()
    assert events_of(layer) == [EventType.LAYER_PUBLISHED, EventType.LAYER_OUTDATED, EventType.LAYER_PUBLISHED]


def test_a_layer_of_an_article_that_did_not_change_stays():
    law = a_document()
    layer = a_layer(law, "art_1")
    amend(an_amending_law(law, on=vietnam_time.today()))
    read_log()
    assert shown(law, "art_1", vietnam_time.today()) == [layer]
    assert events_of(layer) == [EventType.LAYER_PUBLISHED]


def test_an_amendment_of_a_later_day_leaves_the_layer_until_then():
    law, later = a_document(), vietnam_time.today() + datetime.timedelta(days=10)
    layer = a_layer(law)
    amend(an_amending_law(law, on=later))
    read_log()
    assert shown(law, "art_2", vietnam_time.today()) == [layer] and shown(law, "art_2", later) == []
    assert EventType.LAYER_OUTDATED not in events_of(layer)


def test_a_draft_for_words_that_changed_is_not_published():
    law = a_document()
    draft = a_draft_layer(law)
    amend(an_amending_law(law, on=vietnam_time.today()))
    assert refused(layers.publish_layer, draft, by=hoa()) == "provision_changed"
    revised = layers.revise_layer(draft, by=lan_again(), text=WORDS)
    assert layers.publish_layer(revised, by=hoa("hoa-two")).status == "published"


def lan_again():
    return a_member_of_staff("lan-again", "editor")


def test_who_wrote_a_layer_does_not_publish_it():
    law, both = a_document(), hoa("minh-both")
    draft = a_draft_layer(law, by=both)
    with pytest.raises(NotAllowed):
        layers.publish_layer(draft, by=both)


def test_a_minority_language_is_approved_only_by_a_reviewer_of_it():
    law, reviewer = a_document(), hoa()
    draft = a_draft_layer(law, kind="translation", language="km", text="Bản dịch tiếng Khmer.")
    with pytest.raises(NotAllowed):
        layers.publish_layer(draft, by=reviewer)
    layers.allow_language(reviewer, "km")
    assert layers.publish_layer(draft, by=reviewer).status == "published"
    layers.forbid_language(reviewer.reviewer_languages.get())
    amend(an_amending_law(law, on=vietnam_time.today()))
    with pytest.raises(NotAllowed):
        layers.confirm_layer(draft, by=reviewer)


def test_a_new_layer_replaces_the_public_one_of_its_kind_and_language():
    law = a_document()
    former = a_layer(law)
    new = layers.publish_layer(a_draft_layer(law, by=lan_again(), text="Ngắn hơn."), by=hoa("hoa-two"))
    former.refresh_from_db()
    assert former.status == "withdrawn" and shown(law, "art_2", vietnam_time.today()) == [new]


def test_a_layer_that_is_replaced_after_an_amendment_still_explains_the_days_before():
    law, today = a_document(), vietnam_time.today()
    former, day_before = a_layer(law), today - datetime.timedelta(days=1)
    amend(an_amending_law(law, on=today))
    new = layers.publish_layer(a_draft_layer(law, by=lan_again(), text="Lời mới."), by=hoa("hoa-two"))
    assert shown(law, "art_2", today) == [new] and shown(law, "art_2", day_before) == [former]
    former.refresh_from_db()
    assert former.status == "replaced" and events_of(former)[-1] == EventType.LAYER_OUTDATED
    read_log()
    assert events_of(former).count(EventType.LAYER_OUTDATED) == 1
    layers.withdraw_layer(former, by=hoa("hoa-three"), reason="Sai từ đầu.")
    assert shown(law, "art_2", day_before) == []


def test_who_wrote_a_layer_does_not_confirm_it_and_nobody_confirms_words_that_changed_meanwhile():
    law, both = a_document(), hoa("minh-both")
    layer = layers.publish_layer(a_draft_layer(law, by=both), by=hoa())
    seen = queries.layer_fingerprint(layer)
    amend(an_amending_law(law, on=vietnam_time.today()))
    with pytest.raises(NotAllowed):
        layers.confirm_layer(layer, by=both)
    assert refused(layers.confirm_layer, layer, by=hoa("hoa-two"), seen=seen) == "changed_meanwhile"


def test_a_summary_has_at_most_120_words():
    law = a_document()
    assert refused(a_draft_layer, law, text="từ " * 121) == "summary_too_long"
    assert a_draft_layer(law, by=lan_again(), text="từ " * 120).text


def test_audio_is_a_public_material_of_the_same_language():
    law, recording = a_document(), a_material()
    assert refused(a_draft_layer, law, kind="audio") == "material_required"
    picture = a_material("infographic")
    assert refused(a_draft_layer, law, by=lan_again(), kind="audio", material=picture) == "material_of_another_kind"
    spoken = a_member_of_staff("lan-speaks", "editor")
    layer = layers.publish_layer(a_draft_layer(law, by=spoken, kind="audio", material=recording), by=hoa())
    assert layer.material == recording and layer.text == ""


def test_a_provision_that_is_not_there_has_no_layer():
    assert refused(a_draft_layer, a_document(), "art_99") == "unknown_provision"


def test_a_withdrawn_layer_is_gone_on_all_days():
    law = a_document()
    layer = a_layer(law)
    assert refused(layers.withdraw_layer, layer, by=hoa("hoa-two"), reason=" ") == "reason_required"
    layers.withdraw_layer(layer, by=hoa("hoa-three"), reason="Sai nghĩa")
    assert shown(law, "art_2", vietnam_time.today()) == []
    assert events_of(layer)[-1] == EventType.LAYER_WITHDRAWN


def test_a_repeat_of_a_change_records_nothing():
    law = a_document()
    a_layer(law)
    amend(an_amending_law(law, on=vietnam_time.today()))
    change = Change.objects.filter(event_type=EventType.DOCUMENT_AMENDED).latest("pk")
    assert [layers.flag_layers_of(change) for _ in range(2)] == [1, 0]


def test_the_hashes_of_many_provisions_are_those_of_each():
    law, today = a_document(), vietnam_time.today()
    amend(an_amending_law(law, on=today))
    eids = [*law.provisions.values_list("eid", flat=True), "art_99"]
    for day in (today - datetime.timedelta(days=1), today):
        read = {eid: contexts.provision_context(law, eid, day) for eid in eids}
        expected = {eid: text_sha256(context.text) for eid, context in read.items() if context}
        assert queries.text_hashes_on(law, eids, day) == expected
        assert queries.text_hashes_on(law, ["art_2"], day) == {"art_2": expected["art_2"]}


def test_a_withdrawn_document_and_a_withdrawn_material_take_their_layers_along():
    law, recording = a_document(), a_material("audio")
    summary = a_layer(law)
    audio = a_draft_layer(law, by=an_author(), kind="audio", text="", material=recording)
    audio = layers.publish_layer(audio, by=a_publisher())
    assert set(queries.public_layers()) == {summary, audio}
    media.withdraw_material(recording, by=a_publisher(), reason="Đọc sai.")
    assert set(queries.public_layers()) == {summary}
    editing.withdraw_document(law, reason="Sai văn bản.")
    assert not queries.public_layers().exists()
