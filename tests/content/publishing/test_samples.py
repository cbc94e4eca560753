"""The samples: in, out and in again, and recognisable wherever they are shown."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from content.changes.models import Change
from content.documents.models import LegalDocument, Provision
from content.errors import RuleBroken
from content.people.models import AuditRow
from content.publishing import sample, services
from tests.builders import a_document, a_draft, a_record

pytestmark = pytest.mark.django_db
ACT, AMENDING_ACT = "luat-2024-00-0000-mau", "luat-2025-00-0000-mau"


def load_sample(*arguments):
    output = io.StringIO()
    call_command("load_sample", *arguments, stdout=output)
    return output.getvalue()


def lines():
    return list(
        Change.objects.filter(event_type__startswith="document.").values_list(
            "event_type", "nature", "subject", "notify"
        )
    )


def test_two_documents_share_a_number_and_nothing_else_and_say_that_they_are_no_law():
    assert load_sample() == "8 samples: 8 created, 0 updated, 0 unchanged\n"
    documents = list(LegalDocument.objects.order_by("issued_on"))
    assert [document.key for document in documents] == [ACT, AMENDING_ACT]
    for document in documents:
        assert (document.number, document.is_sample, document.is_published) == ("00/0000/MAU", True, True)
        assert document.title.startswith("VĂN BẢN MẪU – không phải văn bản pháp luật")
        assert (document.issuer, document.warnings) == (None, [])


def test_the_act_has_chapters_sections_clauses_points_to_dd_and_an_annex():
    load_sample()
    act = LegalDocument.objects.get(key=ACT)
    eids = set(act.provisions.values_list("eid", flat=True))
    assert eids > {
        "chp_1",
        "chp_2",
        "chp_3",
        "chp_2__sec_1",
        "chp_2__sec_2",
        "conclusions",
        *map("art_{}".format, range(1, 10)),
    }
    assert eids > {f"art_2__clause_2__point_{letter}" for letter in ("a", "b", "c", "d", "dd")}
    assert act.provisions.get(eid="annex_1").versions.get().heading == "MẪU SỔ VƯỜN CHUNG"
    assert act.provisions.get(eid="annex_1__table_1").versions.get().text.startswith("Luống\tCây trồng\tHộ tưới\t")


def test_the_amending_act_quotes_articles_which_do_not_become_its_own():
    load_sample()
    act = LegalDocument.objects.get(key=AMENDING_ACT)
    eids = list(act.provisions.exclude(kind__in=("preamble", "conclusions")).values_list("eid", flat=True))
    assert eids == ["art_1", *(f"art_1__clause_{number}" for number in range(1, 6)), "art_2", "art_3"]
    assert "“Điều 4. Điều kiện lập vườn chung" in act.provisions.get(eid="art_1__clause_1").versions.get().text


def test_what_the_amending_act_orders_is_carried_out_once(api):
    for _ in range(2):
        load_sample()
        before, after = (
            api("get", f"documents/{ACT}/provisions/art_4?as_of={day}").json() for day in ("2025-06-30", "2025-07-01")
        )
        assert ("ba hộ" in before["text"], "ba hộ" in after["text"]) == (True, False)
        assert ("hai hộ" in before["text"], "hai hộ" in after["text"]) == (False, True)
        assert before["text_is_of"] == after["text_is_of"] == "that_day"
    (amended,) = Change.objects.filter(event_type="document.amended")
    assert (amended.subject, amended.notify) == (ACT, False)
    (relation,) = api("get", f"documents/{ACT}/relations").json()["results"]
    assert (relation["kind"], relation["direction"], relation["document"]["key"]) == (
        "amends",
        "incoming",
        AMENDING_ACT,
    )
    assert load_sample("--remove") == "8 samples removed\n"
    assert "created" in load_sample()


def test_what_the_amending_act_names_is_in_the_act():
    load_sample()
    eids = set(LegalDocument.objects.get(key=ACT).provisions.values_list("eid", flat=True))
    assert eids > {"art_4", "art_2__clause_2__point_dd", "art_6__clause_2", "art_6__clause_3", "art_3__clause_3"}
    assert eids > {"art_8a", "art_6__clause_4"}  # what it added


def test_loading_notifies_nobody_unless_asked_and_a_repeat_changes_nothing():
    load_sample()
    before = lines()
    assert before == [
        ("document.published", "legal", ACT, False),
        ("document.published", "legal", AMENDING_ACT, False),
        ("document.amended", "legal", ACT, False),
    ]
    assert load_sample("--notify") == "8 samples: 0 created, 0 updated, 8 unchanged\n"
    assert lines() == before


def test_with_notify_the_followers_are_notified():
    load_sample("--notify")
    assert [notify for *_, notify in lines()] == [True, True, False]  # each phone hears twice


def test_removing_deletes_them_and_the_change_log_records_it():
    law = a_document("1/2019/QH14")
    load_sample()
    assert load_sample("--remove") == "8 samples removed\n"
    assert list(LegalDocument.objects.all()) == [law]
    assert Provision.objects.exclude(document=law).count() == 0
    assert lines()[-5:] == [
        ("document.published", "legal", ACT, False),
        ("document.published", "legal", AMENDING_ACT, False),
        ("document.amended", "legal", ACT, False),
        ("document.withdrawn", "withdrawal", ACT, False),
        ("document.withdrawn", "withdrawal", AMENDING_ACT, False),
    ]
    last = Change.objects.last()
    assert (len(last.hash_before), last.hash_after, last.facts["is_sample"]) == (64, "", True)
    assert AuditRow.objects.last().action == "document.removed"
    assert load_sample("--remove") == "0 samples removed\n"


def test_loaded_again_they_have_the_same_addresses():
    load_sample()
    load_sample("--remove")
    load_sample()
    assert set(LegalDocument.objects.values_list("key", flat=True)) == {ACT, AMENDING_ACT}


def test_production_has_none(settings):
    settings.LOCAL = False
    for arguments in ([], ["--remove"], ["--notify"]):
        with pytest.raises(CommandError, match="local mode"):
            load_sample(*arguments)
    assert LegalDocument.objects.count() == 0


def test_law_is_not_removed():
    law = a_document()
    with pytest.raises(RuleBroken) as refusal:
        services.remove_sample(law)
    assert (refusal.value.code, LegalDocument.objects.count()) == ("not_a_sample", 1)


def test_a_removed_draft_was_never_public_and_gives_no_change():
    record, _ = sample.sample_records()[0]
    draft, _ = services.import_document(record)
    services.remove_sample(draft)
    services.remove_sample(draft)
    assert (LegalDocument.objects.count(), lines()) == (0, [])


@pytest.mark.parametrize("number", ["00/0000/MAU", "Số: 0/0/mẫu", "00/0000/MẪU"])
def test_every_document_with_the_number_is_a_sample(number):
    document, _ = services.import_document(a_record(number))
    assert document.is_sample


def test_the_mark_can_be_neither_removed_nor_set_on_a_law():
    for document, mark in [(services.import_document(sample.sample_records()[0][0])[0], False), (a_draft(), True)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalDocument.objects.filter(pk=document.pk).update(is_sample=mark)


def test_every_representation_says_so(api):
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    load_sample()
    marks = {document["key"]: document["is_sample"] for document in api("get", "documents").json()["results"]}
    assert marks == {law.key: False, ACT: True, AMENDING_ACT: True}
    for key, mark in marks.items():
        assert api("get", f"documents/{key}").json()["is_sample"] is mark
        assert api("get", f"documents/{key}/provisions/art_1").json()["document"]["is_sample"] is mark
        assert {change.facts["is_sample"] for change in Change.objects.filter(subject=key)} == {mark}
