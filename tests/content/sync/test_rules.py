"""The rules of following, one after another, over real HTTP: who is right, what waits, what is told, what is a fork."""

import dataclasses
import datetime
import gzip
import hashlib
import io
import json
import uuid
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from content.changes.models import Change
from content.copying import records
from content.documents.models import LegalDocument
from content.editing import services as editing
from content.exports import services as exports
from content.peer_client.client import PeerAway, PeerClient
from content.peer_lines.lines import stored_line
from content.qa.models import Question
from content.qa.services import outdated
from content.record_fields.fields import RecordRefused, RecordWaits
from content.seals import services as seals
from content.sync import loading, services
from content.sync.applying import apply_record
from content.sync.following import work_once
from content.sync.models import Conflict, Origin, Peer, Waiting, Witness
from content.topics.models import Topic
from notifications import fanout
from tests.builders import a_document, a_draft, a_follower, an_answered_question, land
from tests.content.copying.test_records import empty_the_installation
from tests.sync import OneByOne, a_peer, catch_up, data_by_key, two_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db, ministry):
    """The ministry, read up to its present line: what is older is not held here."""
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def outcome_of(peer):
    client = PeerClient(peer.url)
    try:
        return work_once(peer, client)
    finally:
        client.close()


# -- the same law in both


def test_the_same_words_in_both_make_a_witness_and_no_copy(ministry, following, api):
    law = a_document("20/2022/QH15")
    ministry.run("law = a_document('20/2022/QH15')")
    assert catch_up(following) == {"witness": 1}
    law.refresh_from_db()
    assert law.home == ""
    assert Witness.objects.get(subject=law.key).hash == law.content_hash
    assert api("get", f"documents/{law.key}").json()["provenance"]["witnesses"] == 1


def test_other_words_leave_ours_and_open_a_conflict(ministry, following):
    law = a_document("21/2022/QH15")
    other = "A_LAW.format(number='21/2022/QH15').replace('Mẫu lớn', 'Mẫu to')"
    ministry.run(f"law = a_document('21/2022/QH15', text={other})")
    assert catch_up(following) == {"conflict": 1}
    conflict = Conflict.objects.get(subject=law.key)
    assert (conflict.kind, conflict.ours) == ("words", law.content_hash)
    law.refresh_from_db()
    assert (law.home, conflict.record["home"]) == ("", ministry.key)


def test_keeping_ours_is_decided_once_for_the_same_words(ministry, following):
    law = a_document("22/2022/QH15")
    ministry.run("law = a_document('22/2022/QH15', text=A_LAW.format(number='22/2022/QH15').replace('nhỏ', 'bé'))")
    catch_up(following)
    by = two_of_staff("publisher")[0]
    services.decide_conflict(Conflict.objects.get(subject=law.key), "ours", by=by, reason="Bản của ta đúng")
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    catch_up(following)
    assert Conflict.objects.filter(subject=law.key).count() == 2  # they say something else now: asked again
    law.refresh_from_db()
    assert law.home == ""


def test_taking_theirs_makes_ours_a_copy_and_says_so(ministry, following, api):
    law = a_document("23/2022/QH15")
    ministry.run("law = a_document('23/2022/QH15', text=A_LAW.format(number='23/2022/QH15').replace('nhỏ', 'bé'))")
    catch_up(following)
    by = two_of_staff("publisher")[0]
    services.decide_conflict(Conflict.objects.get(subject=law.key), "theirs", by=by, reason="Bản của Bộ đúng")
    law.refresh_from_db()
    assert law.home == ministry.key
    assert "Mẫu bé" in str(api("get", f"documents/{law.key}/text").json())
    line = Change.objects.filter(subject=law.key).latest("pk")
    assert (line.event_type, line.facts["origin"]["home"]) == ("document.corrected", ministry.key)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"written": 1}


def test_of_two_documents_nobody_is_asked_again_whatever_theirs_says(ministry, following):
    law = a_document("43/2022/QH15")
    ministry.run("law = a_document('43/2022/QH15', text=A_LAW.format(number='43/2022/QH15').replace('nhỏ', 'bé'))")
    catch_up(following)
    by = two_of_staff("publisher")[0]
    services.decide_conflict(Conflict.objects.get(), "two", by=by, reason="Số trùng, văn bản khác")
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"conflict": 1}
    assert Conflict.objects.get().decision == "two"
    law.refresh_from_db()
    assert (law.home, law.witness_count, "Mẫu nhỏ" in str(data_by_key())) == ("", 0, True)


def two_documents(ministry, following, number):
    """Ours, and theirs of the same number, which a person said is another document."""
    law = a_document(number)
    ministry.run(f"law = a_document('{number}', text=A_LAW.format(number='{number}').replace('nhỏ', 'bé'))")
    catch_up(following)
    by = two_of_staff("publisher")[0]
    services.decide_conflict(Conflict.objects.get(), "two", by=by, reason="Số trùng, văn bản khác")
    return law


def test_of_two_documents_a_person_is_asked_again_when_ours_is_no_longer_public(ministry, following):
    law = two_documents(ministry, following, "45/2007/QH12")
    editing.withdraw_document(law, reason="Nhập nhầm")
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"conflict": 1}
    assert [each.decision for each in Conflict.objects.order_by("pk")] == ["two", ""]


def test_of_two_documents_a_person_is_asked_again_after_theirs_was_withdrawn(ministry, following):
    two_documents(ministry, following, "46/2007/QH12")
    key = ministry.run("law.key")
    record = ministry.run("records.public_record('document', law.key)")
    ministry.run("editing.withdraw_document(law, reason='Nhập nhầm')")
    assert catch_up(following) == {"unknown": 1}
    assert apply_record(following, record, []).outcome == "conflict"
    assert Conflict.objects.filter(subject=key, decision="", kind="words").exists()


def test_two_documents_says_nothing_of_what_the_other_speaks_for(ministry, following):
    two_documents(ministry, following, "47/2007/QH12")
    Peer.objects.filter(pk=following.pk).update(scope=["so-tu-phap"])
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"conflict": 1}
    assert Conflict.objects.filter(decision="", kind="scope").exists()


def test_what_is_gone_there_cannot_be_two_documents(ministry, following):
    ministry.run("law = a_document('44/2022/QH15')")
    catch_up(following)
    key = ministry.run("law.key")
    gone = Conflict.objects.create(peer=following, object="document", subject=key, kind="gone")
    with pytest.raises(services.RuleBroken) as refused:
        services.decide_conflict(gone, "two", by=two_of_staff("publisher")[0], reason="x")
    assert (refused.value.code, Conflict.objects.get().decision) == ("wrong_status", "")


def test_a_draft_of_ours_makes_room(ministry, following):
    draft = a_draft("24/2022/QH15", title="Bản nháp")
    ministry.run("law = a_document('24/2022/QH15', title='Luật Mẫu thật')")
    assert catch_up(following) == {"written": 1}
    draft.refresh_from_db()
    assert (draft.home, draft.status, draft.title) == (ministry.key, "published", "Luật Mẫu thật")


def test_what_it_does_not_speak_for_is_never_shown(ministry, following, api):
    Peer.objects.update(scope=["bo-tu-phap"])
    ministry.run("law = a_document('25/2022/QH15')")  # of the National Assembly
    key = ministry.run("law.key")
    assert catch_up(following) == {"conflict": 1}
    assert api("get", f"documents/{key}").status_code == 404
    assert Conflict.objects.get(subject=key).kind == "scope"


# -- what waits


def test_an_unknown_topic_waits_with_its_reason_until_it_is_there(ministry, following):
    topic = "Topic.objects.create(key='99-moi', name='Mới', position=999)"
    ministry.run(f"law = a_document('26/2022/QH15', topics=[{topic}])")
    assert catch_up(following) == {"waiting": 1}
    waiting = Waiting.objects.get()
    assert "99-moi" in waiting.error
    Topic.objects.create(key="99-moi", name="Mới", position=999)
    Waiting.objects.update(next_try_at=timezone.now())
    assert catch_up(following) == {"written": 1}
    assert not Waiting.objects.exists()
    lines = Change.objects.filter(subject=waiting.subject)
    assert [line.event_type for line in lines] == ["document.published"]  # the line that was read then
    ministry.run("editing.withdraw_document(law, reason='Thử xong')")  # the next tests do not know the topic


@pytest.mark.parametrize(("many", "size", "kept"), [(1_500, 10, 1_000), (9, 1_000_000, 5)])
def test_lines_about_what_waits_are_bounded_and_the_newest_stay(ministry, following, many, size, kept):
    key = ministry.run(f"law = a_document('{many}/2023/QH15'); law.key")

    class Broken(PeerClient):
        def record(self, objects, key):
            return super().record(objects, key) | {"record_hash": "0" * 64}

    client = Broken(following.url)
    newest = next(each for each in client.page(following.bookmark, 0)["results"] if each["subject"] == key)
    old = [newest | {"key": str(number), "more": "x" * size} for number in range(1, many)]
    waits = {"object": "document", "subject": key, "tries": 1, "next_try_at": timezone.now()}
    Waiting.objects.create(peer=following, lines=old, error="wrong", **waits)
    assert work_once(following, client).objects == {"waiting": 1}
    client.close()
    lines = Waiting.objects.get().lines
    assert (len(lines), lines[-1]) == (kept, newest)


@pytest.mark.parametrize(("asks", "number"), [(OneByOne, 27), (PeerClient, 1027)])
def test_an_object_that_is_gone_before_its_tombstone_is_read_freezes_nothing(ministry, following, asks, number):
    class Late(asks):
        def record(self, objects, key):
            ministry.run("editing.withdraw_document(law, reason='Nhầm')")
            return super().record(objects, key)

        def records(self, name, keys):
            ministry.run("editing.withdraw_document(law, reason='Nhầm')")
            return super().records(name, keys)

    ministry.run(f"law = a_document('{number}/2022/QH15'); other = a_document('{number + 1}/2022/QH15')")
    client = Late(following.url)
    outcome = work_once(following, client)
    client.close()
    assert outcome.objects == {"waiting": 1, "written": 1}
    Waiting.objects.update(next_try_at=timezone.now())
    catch_up(following)
    assert not Waiting.objects.exists()
    assert list(data_by_key(ministry.key)) == [f"document/{ministry.run('other.key')}"]


def test_a_tombstone_of_what_was_never_seen_is_a_no_op(ministry, following):
    ministry.run("law = a_document('29/2022/QH15'); editing.withdraw_document(law, reason='Nhầm')")
    lines = Change.objects.count()
    assert catch_up(following) == {"unknown": 1}
    assert (following.state, Change.objects.count()) == ("following", lines)


def test_a_record_older_than_what_we_hold_is_dropped(ministry, following):
    ministry.run("law = a_document('30/2022/QH15')")
    catch_up(following)
    record = ministry.run("records.public_record('document', law.key)")
    newer = record | {"record_hash": "0" * 64, "data": record["data"] | {"signer": "Một người khác"}}
    Origin.objects.filter(subject=record["key"]).update(of_change=10**9)
    assert apply_record(following, newer, []).outcome == "old"
    assert LegalDocument.objects.get().signer != "Một người khác"
    Origin.objects.filter(subject=record["key"]).update(of_change=int(record["of_change"]))
    assert apply_record(following, newer, []).outcome == "written"  # only its age was wrong
    assert LegalDocument.objects.get().signer == "Một người khác"


def test_a_record_older_than_its_line_waits_for_the_newer_one(ministry, following):
    ministry.run("law = a_document('41/2022/QH15')")
    stale = ministry.run("records.public_record('document', law.key)")
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    shown = ministry.run("get('changes?page_size=1&after=%d' % (chain.head().key - 1))")
    with pytest.raises(RecordWaits):
        apply_record(following, stale, [stored_line(shown["results"][0])])
    assert not LegalDocument.objects.exists()
    catch_up(following)
    key = stale["key"]
    assert data_by_key(ministry.key)[f"document/{key}"] == ministry.run("data_by_key()")[f"document/{key}"]


def test_an_object_whose_home_we_are_is_never_taken(ministry, following):
    ministry.run("law = a_document('31/2022/QH15')")
    record = ministry.run("records.public_record('document', law.key)")
    for home in ("127.0.0.1:8000", "mot-noi-khac.vn"):  # our own, and a copy while the peer does not relay
        assert apply_record(following, record | {"home": home}, []).outcome == "foreign"
    assert not LegalDocument.objects.filter(key=record["key"]).exists()


# -- the local life of a copy


def test_a_local_answer_that_cites_a_copy_is_flagged_when_its_home_amends_it(ministry, following, api):
    ministry.run("law = a_document('32/2022/QH15')")
    catch_up(following)
    law = LegalDocument.objects.get(key=ministry.run("law.key"))
    question = an_answered_question(citations=[(law, "art_2")])
    outdated.flag_outdated_answers()
    assert api("get", f"questions/{question.key}").json()["basis_changed"] is False
    ministry.run("amend(an_amending_law(law, '33/2022/QH15', on=datetime.date(2026, 1, 1)))")
    catch_up(following)
    while outdated.flag_outdated_answers():
        pass
    assert api("get", f"questions/{question.key}").json()["basis_changed"] is True
    for day in ("2025-12-31", "2026-01-01"):
        path = f"documents/{law.key}/text?as_of={day}"
        theirs, ours = ministry.run(f"get('{path}')['provisions']"), api("get", path).json()["provisions"]
        assert [(unit["eid"], unit["text"]) for unit in ours] == [(unit["eid"], unit["text"]) for unit in theirs]


def test_followers_are_told_of_news_only_where_the_peer_is_set_so(ministry, following, api):
    minh = a_follower("minh", land())

    def titles():
        while fanout.read_changes():
            pass
        return [each["title"] for each in api("get", "inbox?page_size=100", device=minh).json()["results"]]

    before = len(titles())
    ministry.run("law = a_document('34/2022/QH15', topics=[land()], notify=True)")
    catch_up(following)
    assert len(titles()) == before
    Peer.objects.update(notifies=True)
    ministry.run("law = a_document('35/2022/QH15', topics=[land()], notify=True); a_document('36/2022/QH15')")
    catch_up(following)
    assert len(titles()) == before + 1
    catch_up(following)
    assert len(titles()) == before + 1


def test_what_happened_more_than_an_hour_ago_is_no_news(ministry, following):
    following.notifies = True
    ministry.run("law = a_document('37/2022/QH15', topics=[land()], notify=True)")
    record = ministry.run("records.public_record('document', law.key)")
    shown = ministry.run("get('changes?page_size=1&after=%d' % (chain.head().key - 1))")
    line = stored_line(shown["results"][0])
    old = dataclasses.replace(line, changed_at=timezone.now() - datetime.timedelta(minutes=61))
    apply_record(following, record, [old])
    assert Change.objects.filter(subject=record["key"]).get().notify is False


def test_an_answer_that_was_answered_anew_is_read_anew(ministry, following, api):
    ministry.run("law = a_document('38/2022/QH15'); q = an_answered_question(citations=[(law, 'art_2')])")
    catch_up(following)
    key = ministry.run("q.key")
    ministry.run(
        "questions.revise(q, by=answerer(), reason='Luật đã khác');"
        "questions.save_draft(q, text='Trong 90 ngày.', citations=[], by=answerer());"
        "questions.submit_for_review(q, by=answerer()); questions.approve(q, by=approver())"
    )
    catch_up(following)
    assert "90" in api("get", f"questions/{key}").json()["answer"]["text"]
    ministry.run("questions.take_down(q, reason='Không còn đúng', by=approver())")
    catch_up(following)
    assert api("get", f"questions/{key}").status_code == 410
    assert Question.objects.get(key=key).published_at is None


# -- another history


def test_a_log_that_is_shorter_than_what_we_read_is_a_fork(following):
    Peer.objects.update(bookmark=10**9)
    following.refresh_from_db()
    assert "bản sao lưu" in outcome_of(following).error
    following.refresh_from_db()
    assert (following.state, following.bookmark) == ("forked", 10**9)


def test_a_line_that_does_not_follow_ours_is_a_fork_and_nothing_of_it_is_taken(ministry, following):
    Peer.objects.update(chain="0" * 64)
    following.refresh_from_db()
    ministry.run("law = a_document('39/2022/QH15')")
    held = Origin.objects.count()
    catch_up(following)
    assert (following.state, Origin.objects.count()) == ("forked", held)
    assert following.error


def test_lines_that_wait_for_their_chain_during_an_upgrade_are_no_fork(ministry, following):
    class BeingUpgraded(PeerClient):
        def page(self, after, wait):
            page = super().page(after, wait)
            page["results"][-1]["chain"] = page["head"]["chain"] = ""
            return page

    ministry.run("law = a_document('45/2022/QH15')")
    client = BeingUpgraded(following.url)
    assert work_once(following, client).error
    client.close()
    assert (Peer.objects.get().state, Origin.objects.count()) == ("away", 0)
    assert catch_up(following) == {"written": 1}


def test_a_head_that_is_not_that_of_our_bookmark_is_a_fork_also_without_new_lines(following):
    Peer.objects.update(chain="0" * 64)
    following.refresh_from_db()
    outcome_of(following)
    following.refresh_from_db()
    assert following.state == "forked"
    assert following.other_head["chain"] != following.chain


def test_a_seal_by_an_unknown_key_stops_everything(following):
    stranger = {kid[::-1]: key for kid, key in following.keys.items()}
    Peer.objects.update(keys=stranger)
    following.refresh_from_db()
    outcome_of(following)
    following.refresh_from_db()
    assert following.state == "forked"


def test_a_new_key_sealed_by_the_old_one_is_trusted(ministry, following):
    before = set(following.keys)
    ministry.run(
        "from content.seals import keys; from django.conf import settings; from pathlib import Path;"
        "file = Path(settings.SEAL_KEYS_LOCAL_FILE); file.write_text(file.read_text() + keys.new_key());"
        "keys._local_keys.cache_clear(); law = a_document('40/2022/QH15')"
    )
    assert catch_up(following) == {"written": 1}
    assert before < set(following.keys)


def test_two_people_add_an_installation_and_its_first_key(ministry, db):
    lan, hoa = two_of_staff()
    peer = services.add_peer(f"{ministry.url}/", by=lan)
    assert (peer.state, peer.name, peer.keys) == ("new", "Cổng bo", {})
    fingerprint = next(iter(peer.offered_keys))
    with pytest.raises(services.RuleBroken, match="thêm"):
        services.confirm_key(peer, fingerprint, by=lan)
    with pytest.raises(services.RuleBroken, match="dấu vân"):
        services.confirm_key(peer, "x" + fingerprint, by=hoa)
    peer = services.confirm_key(peer, f" {fingerprint[:20]} {fingerprint[20:]} ", by=hoa)
    assert (peer.state, list(peer.keys)) == ("loading", [fingerprint])
    assert Change.objects.get(event_type="peer.joined").subject == ministry.key
    with pytest.raises(services.RuleBroken) as refused:
        services.add_peer(ministry.url, by=lan)
    assert refused.value.code == "already_exists"
    services.pause_peer(peer, by=lan, reason="Bảo trì")
    assert Change.objects.latest("pk").event_type == "peer.left"
    assert catch_up(peer) == {}
    services.resume_peer(peer, by=lan, reason="Xong")
    peer.refresh_from_db()
    assert peer.state == "loading"


def test_after_a_lost_key_one_person_asks_and_another_confirms_the_new_one(ministry, following):
    lan, hoa = two_of_staff()
    Peer.objects.update(state="forked", keys={"lost": {}}, added_by=hoa, confirmed_by=lan)
    offered = next(iter(following.keys))
    with pytest.raises(services.RuleBroken) as refused:
        services.confirm_key(following, offered, by=lan)  # nobody asked for it: it stays as it is
    assert (refused.value.code, Peer.objects.get().keys) == ("wrong_status", {"lost": {}})
    services.ask_new_key(following, by=lan, reason="Sở báo mất khóa")
    assert catch_up(following) == {}
    with pytest.raises(services.RuleBroken) as refused:
        services.confirm_key(following, offered, by=lan)
    assert refused.value.code == "second_person_required"
    services.confirm_key(following, offered, by=hoa)
    ministry.run("law = a_document('42/2022/QH15')")
    assert catch_up(following) == {"written": 1}
    assert not Change.objects.filter(event_type="peer.joined").exists()  # it never left


def test_a_new_key_may_be_asked_again_and_one_that_was_paused_joins_again(ministry, following):
    lan, hoa = two_of_staff()
    services.pause_peer(following, by=lan, reason="Mất khóa")
    services.ask_new_key(following, by=lan, reason="Sở báo mất khóa")
    Peer.objects.update(offered_keys={"old": {}})  # what the office shows is another key by now
    services.ask_new_key(following, by=lan, reason="Sở lại đổi khóa")
    following.refresh_from_db()
    assert (following.state, "old" in following.offered_keys) == ("new", False)
    services.confirm_key(following, next(iter(following.offered_keys)), by=hoa)
    types = Change.objects.filter(subject=following.key).order_by("pk").values_list("event_type", flat=True)
    assert list(types) == ["peer.left", "peer.joined"]


@pytest.mark.parametrize("state", ["loading", "following", "away"])
def test_of_an_installation_that_is_read_nobody_asks_for_another_key(following, state):
    Peer.objects.update(state=state)
    with pytest.raises(services.RuleBroken) as refused:
        services.ask_new_key(following, by=two_of_staff()[0], reason="Thử")
    assert (refused.value.code, Peer.objects.get().state) == ("wrong_status", state)


# -- what is broken there


@pytest.mark.parametrize(("asks", "number"), [(OneByOne, 50), (PeerClient, 1050)])
def test_one_object_that_its_home_cannot_answer_holds_back_no_other(ministry, following, asks, number):
    ministry.run(f"law = a_document('{number}/2022/QH15'); other = a_document('{number + 1}/2022/QH15')")
    broken = ministry.run("law.key")

    class Broken(asks):
        def record(self, objects, key):
            if key == broken:
                raise PeerAway("It answers 500.")
            return super().record(objects, key)

        def records(self, name, keys):
            raise PeerAway("It answers 500.")

    client = Broken(following.url)
    outcome = work_once(following, client)
    client.close()
    assert (outcome.objects, outcome.error) == ({"waiting": 1, "written": 1}, "")
    assert Peer.objects.get().bookmark == ministry.run("chain.head().key")
    Waiting.objects.update(next_try_at=timezone.now())
    assert catch_up(following) == {"written": 1}


@pytest.mark.parametrize(("asks", "number"), [(OneByOne, 143), (PeerClient, 1143)])
def test_one_record_that_cannot_even_be_checked_holds_back_no_other(ministry, following, asks, number):
    ministry.run(f"law = a_document('{number}/2022/QH15'); a_document('{number + 1}/2022/QH15'); None")
    bad = ministry.run("law.key")

    class WithoutEndorsements(asks):
        def record(self, objects, key):
            return super().record(objects, key) | ({"seal": "no.seal.atall"} if key == bad else {})

        def records(self, name, keys):
            found, put_off = super().records(name, keys)
            found[bad]["seal"] = "no.seal.atall"
            return found, put_off

        def keys(self):
            return super().keys() | {"endorsements": 5}

    client = WithoutEndorsements(following.url)
    outcome = work_once(following, client)
    client.close()
    assert (outcome.error, outcome.objects) == ("", {"waiting": 1, "written": 1})
    assert [each.subject for each in Waiting.objects.all()] == [bad]
    assert (following.bookmark, following.chain) == tuple(ministry.run("[chain.head().key, chain.head().chain]"))


def test_what_is_wrong_only_in_an_answer_for_several_is_right_at_the_next_try(ministry, following):
    ministry.run("a_document('1153/2022/QH15'); a_document('1154/2022/QH15'); None")

    class SpoiltTogether(PeerClient):
        def records(self, name, keys):
            found, put_off = super().records(name, keys)
            return {key: record | {"record_hash": "0" * 64} for key, record in found.items()}, put_off

    client = SpoiltTogether(following.url)
    assert work_once(following, client).objects == {"waiting": 2}
    Waiting.objects.update(next_try_at=timezone.now())
    assert work_once(following, client).objects == {"written": 2}
    client.close()


def test_what_the_database_cannot_store_is_told_in_the_row_of_the_peer(ministry, following):
    class WithNul(PeerClient):
        def page(self, after, wait):
            page = super().page(after, wait)
            return page | {"head": page["head"] | {"more": "\0"}}

    client = WithNul(following.url)
    outcome = work_once(following, client)
    client.close()
    stored = Peer.objects.get()
    assert outcome.error and stored.error == outcome.error
    assert (stored.state, stored.failures) == ("away", 1)


def test_a_peer_that_answers_nothing_moves_no_bookmark(ministry, following):
    class Away(PeerClient):
        is_down = False

        def page(self, after, wait):
            if self.is_down:
                raise PeerAway("It answers 500.")
            return super().page(after, wait)

        def record(self, objects, key):
            self.is_down = True
            raise PeerAway("It answers 500.")

    ministry.run("law = a_document('52/2022/QH15')")
    bookmark, client = following.bookmark, Away(following.url)
    outcome = work_once(following, client)
    client.close()
    stored = Peer.objects.get()
    assert (stored.bookmark, stored.state, bool(outcome.error)) == (bookmark, "away", True)
    assert not Waiting.objects.exists()


def test_a_peer_that_breaks_off_after_an_object_is_asked_again_as_soon_as_one_that_broke_once(ministry, following):
    class BreaksOff(OneByOne):
        answered = 0

        def record(self, objects, key):
            self.answered += 1
            if self.answered > 1:
                raise PeerAway("It is busy.", 0.1, is_busy=True)
            return super().record(objects, key)

    ministry.run("[a_document(f'{number}/2022/QH15') for number in range(161, 166)]; None")
    pauses = []
    for _round in range(4):
        client = BreaksOff(following.url)
        assert work_once(following, client).error
        client.close()
        stored = Peer.objects.get()
        pauses.append((stored.failures, stored.next_try_at - timezone.now() < datetime.timedelta(seconds=1)))
    assert pauses == [(1, True)] * 4
    assert catch_up(following)["written"] == 1


def test_a_record_that_is_ahead_of_its_lines_loses_none_of_them(ministry, following):
    ministry.run("law = a_document('53/2022/QH15', topics=[land()], notify=True)")
    first = ministry.run("get('changes?page_size=1&after=%d' % (chain.head().key - 1))")["results"]
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    record = ministry.run("records.public_record('document', law.key)")  # newer than the line that is read first
    second = ministry.run("get('changes?page_size=1&after=%d' % (chain.head().key - 1))")["results"]
    apply_record(following, record, [stored_line(each) for each in first])
    apply_record(following, record, [stored_line(each) for each in second])
    apply_record(following, record, [stored_line(each) for each in second])
    lines = Change.objects.filter(subject=record["key"]).order_by("pk")
    assert [line.event_type for line in lines] == ["document.published", "document.status_entered"]


def test_a_worker_whose_lease_went_to_another_changes_nothing_of_the_peer(ministry, following):
    following.leased_until, following.lease = timezone.now() + datetime.timedelta(seconds=1), uuid.uuid4()
    following.save()
    theirs, lease = timezone.now() + datetime.timedelta(minutes=4), uuid.uuid4()
    Peer.objects.update(leased_until=theirs, lease=lease)  # another worker took it
    ministry.run("law = a_document('54/2022/QH15')")
    assert outcome_of(following).error
    stored = Peer.objects.get()
    assert (stored.leased_until, stored.lease, stored.state) == (theirs, lease, "following")
    assert not Origin.objects.exists()


def test_the_lease_is_renewed_while_a_file_comes(ministry, following):
    ministry.export()
    before = timezone.now() + datetime.timedelta(seconds=1)
    following.leased_until, following.lease = before, uuid.uuid4()
    following.save()
    loading.load(following, PeerClient(following.url), lambda outcome: None)
    assert Peer.objects.get().leased_until > before


# -- what was withdrawn


def test_words_that_their_home_withdrew_never_come_back_by_a_decision(ministry, following):
    law = a_document("55/2022/QH15")
    ministry.run("law = a_document('55/2022/QH15', text=A_LAW.format(number='55/2022/QH15').replace('nhỏ', 'bé'))")
    catch_up(following)
    conflict = Conflict.objects.get(subject=law.key)
    by = two_of_staff("publisher")[0]
    ministry.run("editing.withdraw_document(law, reason='Có dữ liệu cá nhân')")
    with pytest.raises(services.RuleBroken) as refused:
        services.decide_conflict(conflict, "theirs", by=by, reason="Bản của Bộ đúng")
    assert refused.value.code == "record_refused"
    catch_up(following)
    assert not Conflict.objects.exists()
    law.refresh_from_db()
    assert law.home == ""


def test_a_decided_conflict_keeps_no_words(ministry, following):
    law = a_document("56/2022/QH15")
    ministry.run("law = a_document('56/2022/QH15', text=A_LAW.format(number='56/2022/QH15').replace('nhỏ', 'bé'))")
    catch_up(following)
    by = two_of_staff("publisher")[0]
    services.decide_conflict(Conflict.objects.get(), "ours", by=by, reason="Bản của ta đúng")
    conflict = Conflict.objects.get(subject=law.key)
    assert (conflict.record, len(conflict.theirs)) == (None, 64)


def test_a_witness_that_withdrew_or_amended_the_law_is_none(ministry, following):
    other = [a_document(number) for number in ("57/2022/QH15", "58/2022/QH15")][1]
    ministry.run("law = a_document('57/2022/QH15'); other = a_document('58/2022/QH15')")
    assert catch_up(following) == {"witness": 2}
    ministry.run("editing.withdraw_document(law, reason='Nhập hai lần')")
    ministry.run("documents.enter_status_event(other, 'suspended', on=datetime.date(2027, 1, 1))")  # same text
    assert catch_up(following) == {"unknown": 1, "conflict": 1}
    assert not Witness.objects.exists()
    assert set(LegalDocument.objects.values_list("witness_count", flat=True)) == {0}
    assert Conflict.objects.get().subject == other.key


def test_a_draft_with_files_of_ours_makes_no_room(ministry, following):
    draft = a_draft("59/2022/QH15", title="Bản nháp")
    draft.original_files.create(name="x.pdf", media_type="application/pdf", content=b"x", size=1, sha256="0" * 64)
    ministry.run("law = a_document('59/2022/QH15', title='Luật Mẫu thật')")
    assert catch_up(following) == {"conflict": 1}
    draft.refresh_from_db()
    assert (draft.home, draft.status, draft.original_files.count()) == ("", "draft", 1)


def test_a_copy_that_was_taken_is_kept_right_after_its_home_speaks_for_less(ministry, following):
    ministry.run("law = a_document('60/2022/QH15')")
    catch_up(following)
    Peer.objects.update(scope=["bo-tu-phap"])
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"written": 1}
    assert LegalDocument.objects.get().status_events.filter(kind="suspended").exists()


@pytest.mark.parametrize(
    ("place", "value"),
    [("instructions", [1]), ("instructions", [{"action": "repeal"}]), ("versions", "twice")],
)
def test_a_record_that_would_break_the_page_of_a_law_is_refused(ministry, following, place, value):
    ministry.run("law = a_document('61/2022/QH15')")
    record = ministry.run("records.public_record('document', law.key)")
    data = record["data"]
    if place == "instructions":
        data["amendments"] = [{"act": record["key"], "on": "2025-01-01", "eids": [], "instructions": value}]
    else:
        unit = next(each for each in data["provisions"] if each["versions"])
        unit["versions"] = unit["versions"] * 2
    with pytest.raises(RecordRefused):
        apply_record(following, record, [])


def test_more_is_loaded_when_more_is_wanted(ministry, following):
    lan = two_of_staff()[0]
    Peer.objects.update(objects_wanted=["event"], scope=["bo-tu-phap"])
    services.set_peer(Peer.objects.get(), by=lan, objects_wanted=["event"])
    assert Peer.objects.get().loaded_at is not None
    services.set_peer(Peer.objects.get(), by=lan, objects_wanted=["event", "document"])
    assert (Peer.objects.get().loaded_at, Peer.objects.get().state) == (None, "loading")


def test_the_home_itself_takes_over_a_copy_that_came_through_another(ministry, following):
    ministry.run("law = a_document('62/2022/QH15')")
    catch_up(following)
    relay = Peer.objects.create(key="mot-tinh.vn", url="https://mot-tinh.vn", state="paused", keys=following.keys)
    Origin.objects.update(peer=relay, of_change=10**9, of_line=10**9)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"written": 1}
    assert Origin.objects.get().peer == following
    ministry.run("editing.withdraw_document(law, reason='Nhầm')")
    assert catch_up(following) == {"gone": 1}


def test_two_homes_of_one_law_are_compared(ministry, following):
    ministry.run("law = a_document('63/2022/QH15'); other = a_document('64/2022/QH15')")
    catch_up(following)
    elsewhere = Peer.objects.create(key="mot-bo.vn", url="https://mot-bo.vn", state="paused", keys=following.keys)
    Origin.objects.update(peer=elsewhere, home=elsewhere.key)
    LegalDocument.objects.update(home=elsewhere.key)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    records = [ministry.run(f"records.public_record('document', {each}.key)") for each in ("law", "other")]
    assert [apply_record(following, each, []).outcome for each in records] == ["conflict", "witness"]


def test_a_shorter_log_leaves_its_head_for_the_person_who_decides(ministry, following):
    Peer.objects.update(bookmark=10**9)
    following.refresh_from_db()
    outcome_of(following)
    stored = Peer.objects.get()
    assert (stored.state, stored.other_head["key"]) == ("forked", str(ministry.run("chain.head().key")))


# -- an export that is made to do harm


class Exporting(PeerClient):
    """Gives these lines as the records of an export that its key sealed, and says that they are so many."""

    def __init__(self, peer, settings, lines, *, said, **manifest):
        super().__init__(peer.url)
        self.body = gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in lines))
        file = {"name": "records.jsonl.gz", "size": len(self.body), "lines": said, "url": "/x"}
        file["sha256"] = hashlib.sha256(self.body).hexdigest()
        self.manifest = {"key": "x", "cursor": "5", "chain": "0" * 64, "files": [file]} | manifest
        ours, settings.PUBLIC_URL = settings.PUBLIC_URL, peer.url
        self.manifest["seal"] = seals.sign(exports.claims_of(self.manifest))
        settings.PUBLIC_URL = ours

    def newest_export(self):
        return self.manifest

    def download(self, path, file, most, on_chunk=None):
        file.write(self.body)


def test_an_export_from_before_a_withdrawal_brings_no_withdrawn_copy_back(ministry, following):
    ministry.run("law = a_document('71/2022/QH15'); a_document('72/2022/QH15'); None")
    catch_up(following)
    ministry.export()
    client, body = PeerClient(following.url), io.BytesIO()
    manifest = client.newest_export()
    (records,) = [each for each in manifest["files"] if each["name"] == "records.jsonl.gz"]
    client.download(urlsplit(records["url"]).path, body, records["size"])
    client.close()
    ministry.run("editing.withdraw_document(law, reason='Có dữ liệu cá nhân'); None")
    catch_up(following)
    Peer.objects.update(state="paused")
    services.begin_anew(following, by=two_of_staff()[0], reason="Đọc lại")

    class Older(PeerClient):
        def newest_export(self):
            return manifest

        def download(self, path, file, most, on_chunk=None):
            file.write(body.getvalue())

    following.refresh_from_db()
    client = Older(following.url)
    outcome = work_once(following, client)
    client.close()
    assert (outcome.objects["gone"], outcome.error) == (1, "")
    key = ministry.run("law.key")
    assert LegalDocument.objects.get(key=key).status == "withdrawn"


def test_a_record_that_cannot_even_be_checked_holds_back_no_other(db, settings):
    peer = Peer.objects.create(
        key="bo.vn", url="https://bo.vn", keys=seals.keys_of_set(seals.public_keys()), state="loading"
    )
    a_document("73/2022/QH15")
    a_document("74/2022/QH15")
    lines = []
    ours, settings.PUBLIC_URL = settings.PUBLIC_URL, peer.url
    for record in records.public_records():
        theirs = record | {"home": peer.key, "of_change": "1", "home_seal": None}
        theirs["record_hash"] = records.hash_of(theirs)
        lines.append(theirs | {"seal": records.seal_of(theirs, 1)})
    settings.PUBLIC_URL = ours
    lines[0]["seal"] = "no.seal.atall"
    empty_the_installation()

    class WithoutEndorsements(Exporting):
        def keys(self):
            return seals.public_keys() | {"endorsements": None}

    client = WithoutEndorsements(peer, settings, lines, said=2)
    outcome = work_once(peer, client)
    client.close()
    assert (outcome.error, outcome.objects) == ("", {"waiting": 2, "written": 1})  # tried again at the end
    assert [each.subject for each in Waiting.objects.all()] == [lines[0]["key"]]


RUBBISH = {"schema": 1, "object": "document", "key": "x", "data": {}}


@pytest.mark.parametrize(
    ("lines", "said", "manifest"),
    [
        ([RUBBISH] * 3, 2, {}),
        ([RUBBISH] * 1_100, 1_100, {}),
        ([RUBBISH | {"key": "../../x?y"}], 1, {}),
        ([RUBBISH | {"object": ["document"]}], 1, {}),
        ([], 0, {"cursor": "9" * 30}),
        ([], 0, {"cursor": "bốn"}),
        ([], 0, {"chain": ["x"]}),
        ([], None, {}),
    ],
)
def test_an_export_of_rubbish_ends_in_the_row_of_the_peer_and_leaves_no_other(db, settings, lines, said, manifest):
    keys = seals.keys_of_set(seals.public_keys())
    peer = Peer.objects.create(key="bo.vn", url="https://bo.vn", keys=keys, state="loading")
    client = Exporting(peer, settings, lines, said=said, **manifest)
    assert work_once(peer, client).error
    client.close()
    peer.refresh_from_db()
    assert (peer.state, peer.loaded_at, bool(peer.error), peer.failures) == ("away", None, True, 1)
    assert Waiting.objects.count() <= 1


def test_one_installation_is_not_read_twice_at_once(db, following):
    Peer.objects.update(leased_until=timezone.now() + datetime.timedelta(minutes=1))
    with pytest.raises(CommandError, match="tự đến"):
        call_command("sync_once", following.key)
    Peer.objects.update(leased_until=None)
    call_command("sync_once", following.key)
    assert Peer.objects.get().leased_until is None
