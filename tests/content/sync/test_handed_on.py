"""Copies that a third installation hands on: believed only with the seal of their own home, and while it is silent."""

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.copying.fields import RecordRefused
from content.copying.models import HomeSeal
from content.documents.models import LegalDocument
from content.seals import services as seals
from content.sync.applying import apply_record, apply_tombstone
from content.sync.client import PeerClient
from content.sync.lines import stored_line
from content.sync.models import Origin, Peer, Waiting, Witness
from tests.other_installations import OtherInstallation
from tests.sync import a_peer, catch_up, data_by_key

pytestmark = pytest.mark.django_db

FOLLOW = "peer = a_peer({url!r}, state='following', loaded_at=datetime.datetime.now(datetime.UTC)); None"


@pytest.fixture(scope="module")
def province(ministry, server_of_others):
    """An installation that follows the ministry, and whose feed we read."""
    server, tables, folder = server_of_others
    other = OtherInstallation("tinh", folder, server, tables)
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


def test_of_a_home_whose_key_we_do_not_know_nothing_is_taken(ministry, province, relay):
    published(ministry, province, "2/2017/QH14")
    assert catch_up(relay) == {"foreign": 1}
    assert not LegalDocument.objects.exists() and not Waiting.objects.exists()


@pytest.mark.parametrize("seal", ["none", "other words", "of the one who hands on", "another object"])
def test_what_its_home_did_not_seal_is_refused(ministry, province, relay, seal):
    paused(ministry)
    key = published(ministry, province, f"{['none', 'other words', 'of the one who hands on'].count(seal)}1/2016/QH13")
    record, other = record_at(province, key), published(ministry, province, f"{len(seal)}2/2016/QH13")
    if seal == "none":
        record["home_seal"] = None
    elif seal == "other words":
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
    assert catch_up(relay) == {"waiting": 1}
    assert ministry.key in Waiting.objects.get().error
    assert not LegalDocument.objects.exists()


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
