"""New documents of a page are written together, and nothing differs from writing one after the other."""

import contextlib
import copy
import datetime
import functools
import re
import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content import computed_ahead, locks
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
from content.locks import Lock
from content.mentions.consumer import point_mentions
from content.mentions.models import Mention
from content.mentions.names import law_names
from content.new_copies.texts_ahead import TextsAhead
from content.passages.models import Passage
from content.peer_client.client import PeerClient
from content.peer_lines.lines import stored_line
from content.permanent_addresses.models import Address
from content.record_fields.fields import RecordRefused, RecordWaits
from content.relations import services as relations
from content.relations.models import Relation, RelationKind
from content.sync import applying, together
from content.sync.following import work_once
from content.sync.models import Conflict, Origin, Peer, Waiting
from tests.builders import A_LAW, a_document, a_local_document, an_amending_law, an_event, justice, land
from tests.content.mentions.test_corrections import is_somebody_waiting_for_a_lock
from tests.journeys.installation import eventually
from tests.sync import catch_up

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
LONG = 30  # seconds; a fault ends a test after them
NAMES = {  # of rows that others refer to: whatever primary keys they have
    "LegalDocument": ("key",),
    "Provision": ("document__key", "eid"),
    "ProvisionVersion": ("provision__document__key", "provision__eid", "valid_from"),
    "Organisation": ("key",),
    "Province": ("key",),
    "Peer": ("key",),
    "Topic": ("key",),
    "Amendment": ("document__key", "act__key", "on"),
}
OF_THE_MOMENT = {
    "updated_at", "changed_at", "made_at", "found_at", "recorded_at", "received_at", "since", "chain", "facts_salt",
    "list_order", "traceparent", "created_at", "opened_at", "at", "next_try_at",
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
    """Records of laws that cite each other by number and name, decisions, and what amends. None of them is here."""
    return copy.deepcopy(made_documents())


@functools.cache  # of the first test that asks, which publishes them and takes them back
def made_documents():
    return undone(publish_some)[1]


def publish_some():
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
    return [theirs(each) for each in records.public_records()]


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


@pytest.mark.parametrize("value", [None, {}, "", 0, False, [None]])
@pytest.mark.parametrize("name", ["amendments", "doubts"])
def test_what_alone_is_refused_is_never_written_with_others(name, value):
    found = some_documents()[6:9]
    found[1]["data"][name] = value
    both, _counts = compare(a_followed_home(), found, [[], [], []], is_load=True)
    assert len(both["LegalDocument"]) == 2


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

    def sizes(of_data, of_record):
        larger = [
            (subject, record | of_record | {"data": record["data"] | of_data}) for subject, record in many
        ]  # fmt: skip
        return [len(each.items) for each in together.groups(peer, larger, set())]

    assert sizes({}, {}) == [25, 25, 10]
    assert max(sizes({"provisions": law["data"]["provisions"] * 160}, {})) <= 2
    for rows in ("relations", "status_events", "files"):
        assert max(sizes({rows: [{"is_any": True}] * (together.MOST_ROWS * 2 // 5)}, {})) == 2
    text = "ă" * together.MIB  # two bytes each
    assert max(sizes({"a_later_release": text}, {})) == 1
    assert max(sizes({}, {"a_later_release": text})) == 1
    assert max(sizes({"relations": [{"eids": text[: together.MIB // 4]}] * 2}, {})) == 3
    assert max(sizes({}, {"no_number": float("inf")})) == 1


# -- with what was read ahead


def alone_in_groups(peer, found):
    for each in found:
        yield from together.groups(peer, [((each["object"], each["key"]), each)], set())


def apply_read_ahead(peer, found, lines, **options):
    """Returns how many texts were read ahead, and how many of them would be read otherwise when they are written."""
    count = outdated = 0
    of_key = {record["key"]: of_record for record, of_record in zip(found, lines, strict=True)}
    with TextsAhead() as ahead:
        for group, readings in ahead.each(alone_in_groups(peer, found), together.read_ahead):
            count += len(readings)
            outdated += sum(not each.holds_with(law_names().known) for each in readings.values())
            of_group = [of_key[key] for (_name, key), _record in group.items]
            with computed_ahead.given(readings):
                if not (group.is_new and together.apply_new(peer, group, of_group, **options)):
                    apply_alone(peer, [record for _subject, record in group.items], of_group, **options)
    return count, outdated


def test_texts_that_were_read_ahead_give_the_same_rows_where_a_name_became_known_meanwhile_too():
    found = some_documents()
    peer, lines = a_followed_home(), [[] for _each in found]
    alone, _nothing = undone(lambda: apply_alone(peer, found, lines, is_load=True))
    ahead, (count, outdated) = undone(lambda: apply_read_ahead(peer, found, lines, is_load=True))
    assert {name: sorted({*alone[name]} ^ {*ahead[name]})[:4] for name in alone if alone[name] != ahead[name]} == {}
    assert 0 < outdated < count


def test_what_came_before_an_error_is_given_before_it_and_what_cannot_be_read_ahead_is_read_later():
    found = some_documents()[6:8]
    peer = a_followed_home()
    group, _lines = the_group(peer, found)
    group.items[1][1]["data"]["provisions"] = [{"versions": 5}]  # of a record that nobody checked

    def broken():
        yield group
        raise ZeroDivisionError

    given = []
    with TextsAhead() as ahead, pytest.raises(ZeroDivisionError):
        for each in ahead.each(broken(), together.read_ahead):
            given.append(each)
    assert given == [(group, {})]


# -- beside others, and when something fails


def the_group(peer, found):
    [group] = together.groups(peer, [((each["object"], each["key"]), each) for each in found], set())
    return group, [[] for _each in found]


@contextlib.contextmanager
def in_another_connection(do, until):
    """While the block runs, another connection has done this, and commits it as soon as `until` returns."""
    is_done = threading.Event()

    def work():
        try:
            with transaction.atomic():
                do()
                is_done.set()
                until()
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert is_done.wait(LONG)
        yield
    finally:
        thread.join(2 * LONG)


def test_who_holds_the_identity_of_one_is_not_waited_for(committed):
    found = some_documents()[6:9]
    peer, before = a_followed_home(), everything()
    group, lines = the_group(peer, found)
    number = found[1]["data"]["number"].lower().replace("/", "-")
    for name in (applying.name_of_lock(found[1]), f"law:{number}"):
        is_over = threading.Event()
        hold = functools.partial(locks.hold_for_name, Lock.DOCUMENT_IDENTITY, name)
        with in_another_connection(hold, functools.partial(is_over.wait, LONG)):
            was_written = together.apply_new(peer, group, lines, is_load=True)
            is_over.set()
        assert (was_written, everything() == before) == (False, True)
    assert together.apply_new(peer, group, lines, is_load=True)


def test_a_document_that_comes_meanwhile_is_not_written_over(committed):
    found = some_documents()[6:9]
    peer = a_followed_home()
    group, lines = the_group(peer, found)

    def publish():
        ours = a_document("77/2019/QH14", title="Luật Mẫu của ta")
        LegalDocument.objects.filter(pk=ours.pk).update(key=found[1]["key"])

    with in_another_connection(publish, lambda: eventually(is_somebody_waiting_for_a_lock)):
        assert not together.apply_new(peer, group, lines, is_load=True)
    assert list(LegalDocument.objects.values_list("number", "home")) == [("77/2019/QH14", "")]
    apply_alone(peer, found, lines, is_load=True)
    assert LegalDocument.objects.filter(home=HOME).count() == 2
    assert [each.subject for each in Conflict.objects.all()] == [found[1]["key"]]


@pytest.mark.parametrize(("code", "told"), [("P0001", ["ERROR"]), ("40P01", [])])
def test_a_fault_in_the_last_step_leaves_nothing_and_is_told_unless_it_passes(caplog, code, told):
    found = some_documents()[6:9]
    peer, before = a_followed_home(), everything()
    group, lines = the_group(peer, found)
    with connection.cursor() as cursor:
        cursor.execute(f"""
            CREATE FUNCTION refuse_line() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'a fault' USING ERRCODE = '{code}'; END $$;
            CREATE TRIGGER refuse_line BEFORE INSERT ON content_change FOR EACH ROW
                WHEN (NEW.subject = '{found[2]["key"]}') EXECUTE FUNCTION refuse_line()
        """)
    assert not together.apply_new(peer, group, lines, is_load=True)
    assert [each.levelname for each in caplog.records if each.name == together.log.name] == told
    assert everything() == before
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse_line ON content_change")
    assert together.apply_new(peer, group, lines, is_load=True)


def test_a_page_of_new_known_and_waiting_documents_is_that_of_each_alone(ministry, peer):
    ministry.run("law = a_document('1/2015/QH13', title='Luật Mẫu chung', topics=[land()]); None")
    catch_up(peer)
    assert peer.state == "following"
    ministry.run("""
law.refresh_from_db()
documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))
[a_document(f'{number}/2019/QH14') for number in range(2, 6)]
a_document('6/2019/QH14', topics=[Topic.objects.create(key='98-cua-bo', name='Của Bộ', position=998)])
[a_document(f'{number}/2019/QH14', topics=[land()]) for number in range(7, 10)]
amend(an_amending_law(law, '10/2019/QH14', on=datetime.date(2026, 1, 1)))
None""")
    keys = ministry.run("list(LegalDocument.objects.values_list('key', flat=True))")

    def page():
        peer.refresh_from_db()
        client = PeerClient(peer.url)
        outcome = work_once(peer, client)
        client.close()
        assert outcome.error == ""
        return outcome.objects

    def page_of_each_alone():  # what waits already is never written with others
        later = timezone.now() + datetime.timedelta(days=1)
        Waiting.objects.bulk_create(
            Waiting(peer=peer, object="document", subject=key, tries=0, next_try_at=later, lines=[]) for key in keys
        )
        done = page()
        Waiting.objects.filter(tries=0).delete()
        return done

    both, done = undone(page)
    alone, done_alone = undone(page_of_each_alone)
    differ = {name: sorted({*alone[name]} ^ {*both[name]})[:4] for name in alone if alone[name] != both[name]}
    assert (differ, done) == ({}, done_alone)
    assert done["waiting"] == len(both["Waiting"]) == 1 and done["written"] >= 9


def test_rows_of_others_are_locked_late_and_in_one_order():
    found = some_documents()[6:9]
    numbers = [each["data"]["number"] for each in found]
    for number in ("60/2019/QH14", "61/2019/QH14"):
        text = A_LAW.format(number=number) + f"\nĐiều 90. Dẫn chiếu\nTheo Luật số {' và Luật số '.join(numbers)}.\n"
        ours = a_document(number, title=f"Luật Mẫu {number}", text=text)
        for each in numbers:
            relate(ours, each)
    peer, orders = a_followed_home(), []
    for records_of_page in (found, found[::-1]):
        group, lines = the_group(peer, records_of_page)
        with transaction.atomic():
            with CaptureQueriesContext(connection) as captured:
                assert together.apply_new(peer, group, lines, is_load=True)
            transaction.set_rollback(True)
        said = [each["sql"] for each in captured]
        relations_at = [at for at, each in enumerate(said) if each.startswith('UPDATE "content_relation"')]
        read_at = next(at for at, each in enumerate(said) if "EXTRACT" in each)  # the names of laws, to read texts
        assert len(relations_at) >= 6 and read_at < relations_at[0]
        mentions = [each for each in said if each.startswith('UPDATE "content_mention"')]
        orders.append((
            [re.findall(r'"content_relation"."id" = (\d+)', said[at]) for at in relations_at],
            [re.findall(r'"target_key" = \'?([^\s\')]+)', each) for each in mentions],
        ))  # fmt: skip
        assert len(mentions) >= 3
    assert orders[0] == orders[1]
