"""New documents of a page are written together, and nothing differs from writing one after the other."""

import contextlib
import datetime

import pytest
from django.db import transaction

from content.changes import chain
from content.changes.models import Change
from content.copying import records
from content.copying.models import CopiedFile, HomeSeal
from content.documents.models import (
    EffectDoubt,
    EffectSpan,
    LegalDocument,
    OutdatedSpans,
    Provision,
    ProvisionVersion,
    StatusEvent,
)
from content.jobs import settle_changes
from content.law.document_references import DocumentReference
from content.mentions.consumer import point_mentions
from content.mentions.models import Mention
from content.passages.models import Passage
from content.peer_lines.lines import stored_line
from content.permanent_addresses.models import Address
from content.record_fields.fields import RecordRefused, RecordWaits
from content.relations import services as relations
from content.relations.models import Relation, RelationKind
from content.sync import applying, together
from content.sync.models import Conflict, Origin, Peer, Waiting
from tests.builders import A_LAW, a_document, a_local_document, an_amending_law, an_event, justice, land
from tests.content.copying.test_records import empty_the_installation

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
NAMES = {  # of rows that others refer to: whatever primary keys they have
    "LegalDocument": ("key",),
    "Provision": ("document__key", "eid"),
    "ProvisionVersion": ("provision__document__key", "provision__eid", "valid_from"),
    "Organisation": ("key",),
    "Province": ("key",),
    "Peer": ("key",),
    "Topic": ("key",),
}
OF_THE_MOMENT = {
    "updated_at", "changed_at", "made_at", "found_at", "recorded_at", "received_at", "since", "chain", "facts_salt",
    "list_order", "traceparent", "created_at", "opened_at", "at",
}  # fmt: skip
TABLES = (
    LegalDocument, LegalDocument.topics.through, Provision, ProvisionVersion, StatusEvent, EffectDoubt, EffectSpan,
    OutdatedSpans, Relation, Mention, Passage, Address, CopiedFile, Origin, HomeSeal, Conflict, Waiting,
)  # fmt: skip


def columns(model):
    for field in model._meta.concrete_fields:
        if field.primary_key or field.name in OF_THE_MOMENT:
            continue
        if field.is_relation and field.related_model.__name__ in NAMES:
            yield from (f"{field.name}__{name}" for name in NAMES[field.related_model.__name__])
        else:
            yield field.name


def rows(model):
    return sorted(map(str, model.objects.values_list(*columns(model))))


def everything():
    """All that is written of copies, and the lines of our log in their order."""
    lines = [str(each) for each in Change.objects.order_by("pk").values_list(*columns(Change))]
    assert list(chain.breaks()) == []
    return {model.__name__: rows(model) for model in TABLES} | {"lines": lines}


def a_followed_home(**options):
    now = datetime.datetime.now(datetime.UTC)
    return Peer.objects.create(
        key=HOME, url=f"https://{HOME}", name=HOME, state="following", loaded_at=now, keys={"a": {}}, **options
    )


def theirs(record):
    """The record as that home gives it."""
    record = record | {"home": HOME, "home_seal": None}
    return record | {"record_hash": records.hash_of(record)}


def line_about(record, key, event_type="document.published"):
    now = datetime.datetime.now(datetime.UTC).isoformat()
    return stored_line({
        "key": str(key), "event_type": event_type, "subject": record["key"], "changed_at": now, "nature": "legal",
        "facts": {"title": record["data"]["title"]}, "is_tombstone": False, "eids": [], "topics": ["land"],
        "organisation": "", "hash_before": "", "hash_after": "", "notify": True,
    })  # fmt: skip


def relate(law, number):
    reference = DocumentReference("law", "", number, None, None, 0, 0)
    scope = Relation.Scope.WHOLE
    relations.record_stated_relation(law, RelationKind.GUIDES, reference, stated_by="Cổng mẫu", scope=scope)


def some_documents():
    """Records of laws that cite each other by number and name, decisions, and what amends."""
    first = a_document("1/2015/QH13", title="Luật Mẫu lớn", topics=[land(), justice()])
    cites = A_LAW.format(number="2/2016/QH13").replace("Mẫu lớn", "Mẫu vừa")
    cites += "\nĐiều 90. Dẫn chiếu\nTheo Điều 2 Luật số 1/2015/QH13, Luật Mẫu nhỏ và Nghị định số 9/2019/NĐ-CP.\n"
    a_document("2/2016/QH13", title="Luật Mẫu vừa", text=cites)
    a_document(
        "3/2016/QH13", title="Luật Mẫu nhỏ", text=cites.replace("Mẫu vừa", "Mẫu nhỏ").replace("2/2016", "3/2016")
    )
    for number in ("15/2024/QĐ-UBND", "16/2024/QĐ-UBND", "17/2024/QĐ-UBND"):
        a_local_document(number)
    an_amending_law(first, "4/2018/QH14")
    laws = [a_document(f"{number}/2018/QH14", topics=[land()], notify=True) for number in range(5, 12)]
    relate(laws[1], "1/2015/QH13")
    relate(laws[2], "10/2018/QH14")  # which comes after it
    relate(laws[3], "99/2018/QH14")  # which never comes
    an_event()
    found = [theirs(each) for each in records.public_records()]
    settle_changes()
    empty_the_installation()
    return found


def apply_alone(peer, found, lines, **options):
    for record, of_record in zip(found, lines, strict=True):
        with contextlib.suppress(RecordRefused, RecordWaits):
            applying.apply_record(peer, record, of_record, **options)


def apply_together(peer, found, lines, **options):
    """Returns how many were written with others, and in how many groups."""
    of_key, together_count, group_count = {}, 0, 0
    for record, of_record in zip(found, lines, strict=True):
        of_key[record["object"], record["key"]] = of_record
    fetched = [((record["object"], record["key"]), record) for record in found]
    for group in together.groups(peer, fetched, set()):
        of_group = [of_key[subject] for subject, _record in group.items]
        if group.is_new and together.apply_new(peer, group, of_group, **options):
            together_count, group_count = together_count + len(group.items), group_count + 1
        else:
            apply_alone(peer, [record for _subject, record in group.items], of_group, **options)
    return together_count, group_count


def undone(do):
    """What is there after it, and what it returns; then it is as before."""
    with transaction.atomic():
        result = do()
        settle_changes()
        point_mentions()  # where the name of a law ends is known for certain once the law is there
        found = everything()
        transaction.set_rollback(True)
    return found, result


def compare(peer, found, lines, **options):
    alone, _nothing = undone(lambda: apply_alone(peer, found, lines, **options))
    both, counts = undone(lambda: apply_together(peer, found, lines, **options))
    differ = {name for name in alone if alone[name] != both[name]}
    assert {name: sorted({*alone[name]} ^ {*both[name]})[:4] for name in differ} == {}
    return both, counts


@pytest.mark.parametrize("is_load", [True, False])
def test_the_rows_and_lines_are_those_of_one_after_the_other(is_load):
    found = some_documents()
    peer = a_followed_home(notifies=True)
    lines = [[] if is_load else [line_about(each, number + 1)] for number, each in enumerate(found)]
    if not is_load:
        found = [each | {"of_change": str(number + 1)} for number, each in enumerate(found)]
        lines[3].append(line_about(found[3], 40, "document.corrected"))
        found[3] = found[3] | {"of_change": "40"}
    both, (together_count, group_count) = compare(peer, found, lines, is_load=is_load, read_to=None if is_load else 50)
    documents = [each for each in found if each["object"] == "document"]
    assert len(both["LegalDocument"]) == len(both["Origin"]) - 1 == len(documents)
    assert together_count >= 10 and group_count < together_count / 3
    assert both["Mention"] and both["Passage"] and both["Address"] and both["Relation"] and not both["OutdatedSpans"]


def test_one_that_is_wrong_harms_no_other_and_leaves_nothing():
    found = some_documents()[4:10]
    found[2]["data"]["provisions"][0]["versions"][0]["text_hash"] = "0" * 64
    found[4]["data"]["topics"] = ["nobody-knows-this"]
    peer = a_followed_home()
    both, counts = compare(peer, found, [[] for _each in found], is_load=True)
    assert counts == (0, 0)
    assert len(both["LegalDocument"]) == len(found) - 2


def test_what_is_outside_of_its_scope_is_put_before_a_person_and_not_shown():
    found = some_documents()[3:6]
    peer = a_followed_home(scope=["nobody"])
    both, _counts = compare(peer, found, [[] for _each in found], is_load=True)
    assert both["LegalDocument"] == [] and len(both["Conflict"]) == 3


def test_our_own_document_of_the_same_number_is_never_written_over():
    found = some_documents()[5:10]
    a_document("6/2018/QH14", text=A_LAW.format(number="6/2018/QH14").replace("Mẫu lớn", "Mẫu của ta"))
    peer = a_followed_home()
    both, _counts = compare(peer, found, [[] for _each in found], is_load=True)
    assert len(both["Conflict"]) == 1 and "Mẫu của ta" in str(both["ProvisionVersion"])


def test_the_same_document_under_two_keys_is_there_once():
    found = some_documents()[6:8]
    again = theirs(found[1] | {"key": f"{found[1]['key']}-lai"})
    both, _counts = compare(a_followed_home(), [*found, again], [[], [], []], is_load=True)
    assert len(both["LegalDocument"]) == 2


def test_a_repeat_is_refused_and_changes_nothing():
    found = some_documents()[6:10]
    peer, lines = a_followed_home(), [[] for _each in range(4)]
    assert apply_together(peer, found, lines, is_load=True)[0] == 4
    before = everything()
    assert apply_together(peer, found, lines, is_load=True)[0] == 0
    assert everything() == before


def test_groups_are_bounded():
    found = some_documents()
    peer = a_followed_home()
    law = next(each for each in found if each["key"].endswith("5-2018-qh14"))
    many = [
        (("document", f"{law['key']}-{number}"), theirs(law | {"key": f"{law['key']}-{number}", "data": law["data"] | {
            "number": f"{number}/2018/QH14", "title": f"Luật Mẫu số {number}"}}))
        for number in range(100, 160)
    ]  # fmt: skip
    sizes = [len(each.items) for each in together.groups(peer, many, set())]
    assert sizes == [25, 25, 10]
    large = law["data"] | {"provisions": law["data"]["provisions"] * 40}
    many = [
        (subject, record | {"data": large | {"number": record["data"]["number"], "title": record["data"]["title"]}})
        for subject, record in many
    ]
    assert max(len(each.items) for each in together.groups(peer, many, set())) <= 2
