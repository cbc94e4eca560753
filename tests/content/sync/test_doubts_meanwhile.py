"""What a home says of its law because of an act of ours, while we read that act: it is neither lost nor ours."""

import datetime
import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from content.changes.models import Change
from content.copying import documents, records
from content.documents.models import EffectDoubt, LegalDocument
from content.endings import case_services
from content.endings.services import read_act
from content.relations.models import Relation
from content.sync.applying import apply_record
from content.sync.models import Peer
from tests.builders import a_document
from tests.content.endings.test_acts_and_copies import HOME, REPLACES
from tests.journeys.installation import eventually
from tests.sync import two_of_staff

LONG = 30  # seconds; a fault ends a test after them
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def a_record_with_a_doubt(act):
    """A law of HOME that is not here; its home says that the act makes it doubtful."""
    data = documents.as_data(a_document("5/2019/QH14", title="Luật Khác"))
    doubt = {
        "act": act.key, "source_eid": "art_1", "kind": "ends", "scope": "whole", "eids": [], "from_on": "2025-01-01",
        "on": None, "until_on": None, "words": "Hết hiệu lực.", "reasons": [],
    }  # fmt: skip
    data |= {"number": "6/2019/QH14", "title": "Luật Xa", "doubts": [doubt], "relations": []}
    record = {"schema": 1, "object": "document", "key": "luat-xa", "home": HOME, "data": data}
    record["record_hash"] = records.hash_of(record)
    return record | {"of_change": "5", "seal": "", "home_seal": None}


def waiting_sessions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction keeps what it saw first
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("when", ["before its doubts are made anew", "while they are"])
def test_what_a_home_says_because_of_our_act_while_we_read_it_is_neither_lost_nor_ours(committed, when):
    peer = Peer.objects.create(
        key=HOME, url=f"https://{HOME}", name=HOME, keys={"a": {}}, state="following", loaded_at=timezone.now()
    )
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    LegalDocument.objects.filter(pk=law.pk).update(home=HOME)
    act = a_document("9/2024/QH15", title="Luật Mẫu mới", text=REPLACES, issued_on=datetime.date(2024, 6, 1))
    if when == "while they are":  # else the law is locked first, with what the act is known to affect
        Relation.objects.filter(actor=act).delete()
    record, failed = a_record_with_a_doubt(act), []

    def in_thread(do):
        def run():
            try:
                do()
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with transaction.atomic():  # somebody works at the law that the act ends: the reading waits
        LegalDocument.objects.select_for_update().get(pk=law.pk)
        reading = in_thread(lambda: read_act(act))
        eventually(lambda: waiting_sessions() == 1)
        coming = in_thread(lambda: apply_record(peer, record, []))
        eventually(lambda: waiting_sessions() == 2 or not coming.is_alive())
    reading.join(LONG)
    coming.join(LONG)
    assert failed == []
    assert EffectDoubt.objects.filter(act=act, document=law).exists()
    assert list(EffectDoubt.objects.filter(document__key="luat-xa").values_list("act", "words")) == [
        (act.pk, "Hết hiệu lực.")
    ]
    lines = Change.objects.filter(subject="luat-xa")
    assert [line.facts.get("origin", {}).get("home") for line in lines] == [HOME]


@pytest.mark.django_db
def test_what_a_home_says_because_of_our_act_ends_when_the_home_says_so_and_not_when_we_read_the_act_again():
    peer = Peer.objects.create(
        key=HOME, url=f"https://{HOME}", name=HOME, keys={"a": {}}, state="following", loaded_at=timezone.now()
    )
    act = a_document("9/2024/QH15", title="Luật Mẫu mới", text=REPLACES, issued_on=datetime.date(2024, 6, 1))
    record = a_record_with_a_doubt(act)
    assert apply_record(peer, record, []).outcome == "written"
    lines = Change.objects.count()
    read_act(act)
    assert EffectDoubt.objects.filter(document__key="luat-xa", act=act).exists()
    assert Change.objects.count() == lines
    record |= {"data": record["data"] | {"doubts": []}, "of_change": "6"}
    record["record_hash"] = records.hash_of(record)
    assert apply_record(peer, record, []).outcome == "written"
    assert not EffectDoubt.objects.filter(document__key="luat-xa").exists()


@pytest.mark.django_db
def test_what_we_say_of_a_copy_because_of_our_act_is_told_when_it_begins_and_when_a_person_decides():
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    LegalDocument.objects.filter(pk=law.pk).update(home=HOME)
    act = a_document("9/2024/QH15", title="Luật Mẫu mới", text=REPLACES, issued_on=datetime.date(2024, 6, 1))
    read_act(act)
    assert EffectDoubt.objects.filter(act=act, document=law).exists()
    by = two_of_staff("publisher")[0]
    case_services.reject(act.ending_cases.get(), by=by, reason="Không thay thế")
    assert not EffectDoubt.objects.exists()
    told = Change.objects.filter(subject=law.key).order_by("pk").values_list("event_type", flat=True)
    assert list(told)[-2:] == ["document.effect_doubted", "document.doubt_settled"]
