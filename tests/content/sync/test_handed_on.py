"""Copies that a third installation hands on: believed only with the seal of their own home, and while it is silent."""

import json

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.copying.models import HomeSeal
from content.documents.models import LegalDocument
from content.media.models import MaterialFile
from content.peer_client.client import PeerClient
from content.peer_lines.lines import stored_line
from content.plans.models import PlanFile
from content.record_fields.fields import RecordRefused
from content.seals import services as seals
from content.sync import services
from content.sync.applying import apply_record
from content.sync.models import Conflict, Origin, Peer, Waiting, Witness
from content.sync.withdrawing import apply_tombstone
from tests.builders import a_member_of_staff
from tests.other_installations import OtherInstallation
from tests.sync import a_peer, catch_up, data_by_key, two_of_staff

pytestmark = pytest.mark.django_db

FOLLOW = "peer = a_peer({url!r}, state='following', loaded_at=datetime.datetime.now(datetime.UTC)); None"


@pytest.fixture(scope="module")
def province(ministry, tables_of_others):
    """An installation that follows the ministry, and whose feed we read."""
    tables, folder = tables_of_others
    other = OtherInstallation("tinh", folder, tables)
    try:
        other.create_database()
        other.begin()
        other.ready().run(FOLLOW.format(url=ministry.url))
        yield other
    finally:
        other.stop()


def paused(ministry):
    """The ministry as we know it, with its key, though we do not read it."""
    client = PeerClient(ministry.url)
    keys = seals.keys_of_set(client.keys())
    client.close()
    return Peer.objects.create(key=ministry.key, url=ministry.url, name=ministry.key, keys=keys, state="paused")


@pytest.fixture
def relay(db, province):
    province.run("catch_up(peer)")  # what tests before this one left
    key, chained = province.run("[chain.head().key, chain.head().chain]")
    columns = {"state": "following", "loaded_at": timezone.now(), "bookmark": key, "chain": chained}
    return a_peer(province.url, relays=True, **columns)


def published(ministry, province, number):
    """The key of a law of the ministry that the province holds."""
    ministry.run(f"law = a_document('{number}')")
    province.run("catch_up(peer)")
    return ministry.run("law.key")


def record_at(province, key):
    return province.run(f"records.public_record('document', {key!r})")


def test_a_copy_comes_through_another_with_the_seal_of_its_home(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "1/2017/QH14")
    assert catch_up(relay) == {"written": 1}
    law, origin = LegalDocument.objects.get(), Origin.objects.get()
    assert (law.key, law.home, origin.home, origin.peer) == (key, home.key, home.key, relay)
    assert data_by_key(home.key) == {f"document/{key}": ministry.run("data_by_key()")[f"document/{key}"]}
    line = Change.objects.get(subject=key)
    assert line.facts["origin"]["home"] == home.key
    assert line.facts["origin"]["key"] == ministry.run("str(chain.head().key)")
    assert HomeSeal.objects.get().seal == record_at(province, key)["home_seal"]["seal"]


def test_plans_and_materials_come_through_another_too(ministry, province, relay):
    home = paused(ministry)
    ministry.run("plan = a_public_plan(number='9/KH-UBND', file=A_FILE, source_url=''); material = a_material()")
    province.run("catch_up(peer)")
    assert catch_up(relay)["written"] == 2
    theirs, ours = ministry.run("data_by_key()"), data_by_key(home.key)
    keys = {f"plan/{ministry.run('plan.key')}", f"material/{ministry.run('material.key')}"}
    assert ours == {key: theirs[key] for key in keys}
    wanted = {file["sha256"] for key in keys for file in theirs[key].get("files") or [theirs[key]["file"]]}
    materials = MaterialFile.objects.values_list("stored__sha256", flat=True)
    plans = PlanFile.objects.filter(plans__home=home.key).values_list("sha256", flat=True)
    assert {*materials, *plans} == wanted  # from the one that hands them on


def test_both_plans_of_who_declared_something_between_them_are_handed_on(ministry, province, relay):
    home = paused(ministry)
    ministry.run("first = a_public_plan(number='10/KH-UBND')")
    province.run("catch_up(peer)")
    ministry.run(
        "plans.declare_none(first.programme, first.adopter, on=datetime.date(2026, 2, 1), source='Công văn số 1');"
        "second = a_public_plan(number='11/KH-UBND')"
    )
    province.run("catch_up(peer)")
    assert catch_up(relay) == {"written": 2}
    assert set(data_by_key(home.key)) == {f"plan/{ministry.run(f'{name}.key')}" for name in ("first", "second")}


def test_contests_come_through_another_too_without_its_words(ministry, province, relay):
    home = paused(ministry)
    ministry.run("contest = a_contest_with_a_winner(title='Thi qua tỉnh', units=['Trường A'])")
    ministry.run("child = a_contest_with_a_winner(title='Thi thiếu nhi', age_band='under_16')")
    province.run("catch_up(peer)")
    relay.notifies = True
    relay.save()
    catch_up(relay)
    theirs, ours = ministry.run("data_by_key()"), data_by_key(home.key)
    keys = {f"contest/{ministry.run(f'{name}.key')}" for name in ("contest", "child")}
    assert {key: ours[key] for key in ours if key.startswith("contest/")} == {key: theirs[key] for key in keys}
    lines = Change.objects.filter(subject=ministry.run("contest.key"))
    assert not lines.filter(notify=True).exists()
    opened_or_closed = lines.filter(event_type__in=["contest.round_opened", "contest.round_closed"])
    assert {line.facts["round"] for line in opened_or_closed} == {1}


def test_of_a_home_whose_key_we_do_not_know_nothing_is_taken(ministry, province, relay):
    published(ministry, province, "2/2017/QH14")
    assert catch_up(relay) == {"foreign": 1}
    assert not LegalDocument.objects.exists() and not Waiting.objects.exists()


@pytest.mark.parametrize("seal", ["other words", "of the one who hands on", "another object"])
def test_what_its_home_did_not_seal_is_refused(ministry, province, relay, seal):
    paused(ministry)
    key = published(ministry, province, f"{len(seal)}1/2016/QH13")
    record, other = record_at(province, key), published(ministry, province, f"{len(seal)}2/2016/QH13")
    if seal == "other words":
        record["data"]["signer"] = "Một người khác"
        record["record_hash"] = ministry.run(f"records.hash_of({record!r})")
    elif seal == "of the one who hands on":
        record["home_seal"] = {"of_change": record["of_change"], "seal": record["seal"]}
    else:
        record["home_seal"] = record_at(province, other)["home_seal"]
    with pytest.raises(RecordRefused):
        apply_record(relay, record, [])
    assert not LegalDocument.objects.exists() and not Origin.objects.exists()


def test_what_the_one_who_hands_on_changed_is_not_believed(ministry, province, relay):
    paused(ministry)
    key = published(ministry, province, "3/2017/QH14")
    province.run(f"LegalDocument.objects.filter(key={key!r}).update(signer='Một người khác')")  # no verb of ours
    assert catch_up(relay) == {"foreign": 1}  # the seal of its home does not fit any more, and is not handed on
    assert not LegalDocument.objects.exists() and not Waiting.objects.exists()


def test_an_older_state_that_its_home_once_sealed_does_not_come_back(ministry, province, relay):
    paused(ministry)
    key = published(ministry, province, "4/2017/QH14")
    old = record_at(province, key)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    province.run("catch_up(peer)")
    catch_up(relay)
    again = old | {"of_change": str(10**9)}  # the one who hands it on may number as it likes
    assert apply_record(relay, again, []).outcome == "old"
    assert LegalDocument.objects.get().status_events.filter(kind="suspended").exists()


def test_its_home_takes_over_and_is_then_the_only_one_that_speaks(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "5/2017/QH14")
    catch_up(relay)
    newest, chained = ministry.run("[chain.head().key, chain.head().chain]")
    Peer.objects.filter(pk=home.pk).update(
        state="following", loaded_at=timezone.now(), bookmark=newest, chain=chained, last_ok_at=timezone.now()
    )
    home.refresh_from_db()
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(home) == {"written": 1}
    assert Origin.objects.get().peer == home
    province.run("catch_up(peer)")
    assert catch_up(relay) == {"foreign": 1}
    assert not Witness.objects.exists()  # whoever holds a copy of it is no second source
    forged = withdrawal_of(key, home.key)
    assert apply_tombstone(relay, "document", key, [forged]).outcome == "unknown"
    assert LegalDocument.objects.get().status == "published"


def test_what_came_through_another_is_not_said_again_when_the_home_itself_is_read(ministry, province, relay):
    home = paused(ministry)
    before = ministry.run("[chain.head().key, chain.head().chain]")
    key = published(ministry, province, "7/2017/QH14")
    catch_up(relay)
    Peer.objects.filter(pk=home.pk).update(
        state="following", loaded_at=timezone.now(), bookmark=before[0], chain=before[1], last_ok_at=timezone.now()
    )
    home.refresh_from_db()
    assert catch_up(home) == {"same": 1}
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(home) == {"written": 1}
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines] == ["document.published", "document.status_entered"]


def withdrawal_of(key, home):
    facts = {"reason": "Lời của kẻ khác", "origin": {"home": home, "key": "1"}}
    return stored_line(
        {
            "key": str(10**9), "event_type": "document.withdrawn", "nature": "withdrawal", "subject": key,
            "changed_at": timezone.now().isoformat(), "is_tombstone": True, "facts": facts, "notify": True,
        }
    )  # fmt: skip


def test_words_of_whoever_hands_on_are_not_shown_as_those_of_the_home_and_nobody_is_told(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "6/2017/QH14")
    catch_up(relay)
    relay.notifies = True
    assert apply_tombstone(relay, "document", key, [withdrawal_of(key, home.key)]).outcome == "gone"
    law, line = LegalDocument.objects.get(key=key), Change.objects.latest("pk")
    assert "kẻ khác" not in law.withdrawal_reason and relay.name in law.withdrawal_reason
    assert (line.event_type, line.notify, "reason" in line.facts) == ("document.withdrawn", False, False)


# -- what its home withdrew, and homes that are not asked


def read_from(home, place):
    """The home is read from this place on."""
    columns = {"state": "following", "loaded_at": timezone.now(), "bookmark": place[0], "chain": place[1]}
    Peer.objects.filter(pk=home.pk).update(**columns)
    home.refresh_from_db()


def head_of(ministry):
    return ministry.run("[chain.head().key, chain.head().chain]")


def test_the_tombstone_of_the_home_withdraws_a_copy_that_came_through_another(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "1/2015/QH13")
    catch_up(relay)
    old = record_at(province, key)
    read_from(home, head_of(ministry))
    ministry.run("editing.withdraw_document(law, reason='Có dữ liệu cá nhân')")
    assert catch_up(home) == {"gone": 1}
    law = LegalDocument.objects.get(key=key)
    assert (law.status, law.withdrawal_reason) == ("withdrawn", "Có dữ liệu cá nhân")
    assert apply_record(relay, old, []).outcome == "foreign"
    Peer.objects.filter(pk=home.pk).update(state="paused")
    assert apply_record(relay, old | {"of_change": str(10**9)}, []).outcome in ("old", "foreign")
    assert LegalDocument.objects.get(key=key).status == "withdrawn"


def test_what_its_home_withdrew_before_we_read_it_is_not_brought_by_another(ministry, province, relay):
    home = paused(ministry)
    published(ministry, province, "2/2015/QH13")
    ministry.run("editing.withdraw_document(law, reason='Nhập nhầm')")
    read_from(home, head_of(ministry))
    assert catch_up(relay) == {"foreign": 1}
    Peer.objects.filter(pk=home.pk).update(state="paused")  # up to our bookmark the home said itself what is public
    record = record_at(province, ministry.run("law.key"))
    assert record is not None and apply_record(relay, record, []).outcome == "foreign"
    assert not LegalDocument.objects.exists()


def test_after_a_tombstone_that_was_handed_on_the_same_seal_brings_nothing_back(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "3/2015/QH13")
    catch_up(relay)
    again = record_at(province, key) | {"of_change": str(10**10)}
    assert apply_tombstone(relay, "document", key, [withdrawal_of(key, home.key)]).outcome == "gone"
    assert apply_record(relay, again, []).outcome == "old"
    assert LegalDocument.objects.get(key=key).status == "withdrawn"
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    province.run("catch_up(peer)")
    Origin.objects.update(of_line=0, of_change=0)
    newer = record_at(province, key)
    assert apply_record(relay, newer, []).outcome == "written"  # sealed later
    assert LegalDocument.objects.get(key=key).status == "published"


def test_what_a_person_agreed_is_lost_at_its_home_no_other_brings_back(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "4/2015/QH13")
    catch_up(relay)
    Origin.objects.update(peer=home)
    lan = two_of_staff()[0]
    services.begin_anew(home, by=lan, reason="Đã gọi")
    gone = Conflict.objects.create(peer=home, object="document", subject=key, kind="gone")
    publisher = a_member_of_staff("minh-decides", "publisher")
    services.decide_conflict(gone, "theirs", by=publisher, reason="Mất ở đó")
    assert LegalDocument.objects.get(key=key).status == "withdrawn"
    Peer.objects.filter(pk=home.pk).update(state="paused", loaded_at=None)
    assert apply_record(relay, record_at(province, key), []).outcome == "old"
    assert LegalDocument.objects.get(key=key).status == "withdrawn"


@pytest.mark.parametrize(
    ("year", "state"), list(enumerate(["new", "forked", "refused", "loading", "following", "away"], 2001))
)
def test_only_of_a_home_that_a_person_paused_copies_are_taken_from_others(ministry, province, relay, year, state):
    home = paused(ministry)
    key = published(ministry, province, f"5/{year}/QH11")
    Peer.objects.filter(pk=home.pk).update(state=state)
    record = record_at(province, key)
    assert apply_record(relay, record, []).outcome == "foreign"
    Peer.objects.filter(pk=home.pk).update(state="paused")
    assert apply_record(relay, record, []).outcome == "written"


def test_a_home_whose_key_is_asked_anew_is_believed_in_nothing_until_one_is_confirmed(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "6/2015/QH13")
    services.ask_new_key(home, by=two_of_staff()[0], reason="Mất khóa")
    home.refresh_from_db()
    assert home.keys == {}
    assert apply_record(relay, record_at(province, key), []).outcome == "foreign"


def test_the_scope_and_the_wishes_of_the_home_count_also_through_another(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "7/2015/QH13")
    record = record_at(province, key)
    Peer.objects.filter(pk=home.pk).update(objects_wanted=["question"])
    assert apply_record(relay, record, []).outcome == "foreign"
    Peer.objects.filter(pk=home.pk).update(objects_wanted=[], scope=["so-tu-phap"])
    assert apply_record(relay, record, []).outcome == "conflict"
    assert Conflict.objects.get().kind == "scope" and not LegalDocument.objects.exists()


def test_a_load_goes_on_past_copies_whose_seal_is_missing_or_cannot_be_checked(ministry, province, relay):
    paused(ministry)
    keys = [published(ministry, province, f"{number}/2010/QH12") for number in (1, 2)]
    province.run(f"HomeSeal.objects.filter(subject={keys[0]!r}).delete(); None")
    province.run(f"HomeSeal.objects.filter(subject={keys[1]!r}).update(seal='a.b.c')")
    own = province.run("own = a_document('3/2010/QH12'); own.key")
    province.export()
    Peer.objects.filter(pk=relay.pk).update(loaded_at=None, state="loading")
    done = catch_up(relay)
    assert "refused" not in done and "waiting" not in done
    held = set(LegalDocument.objects.values_list("key", flat=True))
    assert own in held and not held & set(keys)
    assert not Waiting.objects.exists()


# -- two that hand on, and a new beginning


def test_lines_whose_record_is_older_than_the_seal_that_we_hold_wait_with_the_reason(ministry, province, relay):
    paused(ministry)
    key = published(ministry, province, "8/2015/QH13")
    catch_up(relay)
    HomeSeal.objects.update(of_change=10**9)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    province.run("catch_up(peer)")
    assert catch_up(relay) == {"waiting": 1}
    assert Waiting.objects.get(subject=key).error
    lan = two_of_staff()[0]
    Peer.objects.filter(pk=relay.pk).update(state="paused")
    services.begin_anew(relay, by=lan, reason="Nhà có lịch sử khác")
    assert apply_record(relay, record_at(province, key), [], is_load=True).outcome == "written"


def test_another_that_hands_on_a_newer_seal_of_the_home_takes_over(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "9/2015/QH13")
    catch_up(relay)
    second = Peer.objects.create(key="khac.vn", url="https://khac.vn", relays=True, keys={"a": {}}, state="following")
    record = record_at(province, key)
    assert apply_record(second, record, []).outcome == "foreign"
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    province.run("catch_up(peer)")
    assert apply_record(second, record_at(province, key), []).outcome == "written"
    assert (Origin.objects.get().peer, Origin.objects.get().home) == (second, home.key)


def test_of_a_line_that_is_handed_on_only_values_of_closed_lists_are_shown(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "1/2014/QH13")
    sealed = record_at(province, key)["home_seal"]["of_change"]
    record = record_at(province, key)
    words = "Lời của kẻ khác"
    facts = {
        "kind": words, "scope": "whole", "on": "2027-01-01", "cause": words, "when": words, "added": [words],
        "question": words, "status": words, "is_removed": True, "events": [{"kind": words, "scope": "whole"}],
        "correction": {"fields": [{"field": words}], "provisions": [{"eid": words, "change": words}]},
        "origin": {"home": home.key, "key": str(10**12), "changed_at": words},
    }  # fmt: skip
    shown = {
        "key": str(int(record["of_change"])), "event_type": "document.published", "nature": "legal", "subject": key,
        "changed_at": timezone.now().isoformat(), "is_tombstone": False, "facts": facts, "notify": True,
        "topics": [words], "organisation": words, "eids": [words], "hash_before": words, "hash_after": words,
    }  # fmt: skip
    assert apply_record(relay, record, [stored_line(shown)]).outcome == "written"
    line = Change.objects.get(subject=key)
    said = [line.facts, line.topics, line.organisation, line.eids, line.hash_before, line.hash_after]
    assert words not in json.dumps(said, ensure_ascii=False)
    assert (line.facts["on"], line.facts["origin"]) == ("2027-01-01", {"home": home.key, "key": sealed})
    assert line.facts["title"] == LegalDocument.objects.get().title


def test_the_line_of_a_copy_that_was_loaded_has_the_number_that_its_home_sealed(ministry, province, relay):
    paused(ministry)
    key = published(ministry, province, "2/2014/QH13")
    record = record_at(province, key) | {"of_change": str(10**9)}
    assert apply_record(relay, record, [], is_load=True).outcome == "written"
    assert Change.objects.get(subject=key).facts["origin"]["key"] == record["home_seal"]["of_change"]


def test_what_another_brought_and_the_first_load_of_its_home_lacks_is_put_before_a_person(ministry, province, relay):
    home = paused(ministry)
    key = published(ministry, province, "10/2015/QH13")
    catch_up(relay)
    ministry.run("editing.withdraw_document(law, reason='Nhập nhầm')")
    ministry.export()
    Peer.objects.filter(pk=home.pk).update(state="loading")
    catch_up(home)
    assert [(each.subject, each.kind) for each in Conflict.objects.all()] == [(key, "gone")]
    assert LegalDocument.objects.get(key=key).status == "published"  # nothing disappears by itself
