"""Two installations over real HTTP: what one publishes, the other holds, with whose it is, and nothing comes twice."""

import pytest

from content.changes.models import Change
from content.copying.objects import OBJECTS
from content.documents.models import LegalDocument
from content.events.models import Event
from content.qa.models import Question
from content.sync.models import Origin
from tests.sync import catch_up, data_by_key

pytestmark = pytest.mark.django_db


def same(ministry):
    """Both hold the same data of what the ministry publishes."""
    theirs, ours = ministry.run("data_by_key()"), data_by_key(ministry.key)
    assert sorted(ours) == sorted(theirs)
    assert [key for key in theirs if theirs[key] != ours[key]] == []
    return ours


def test_an_empty_installation_loads_everything_and_tells_nobody(ministry, peer):
    ministry.run("law = a_document('1/2021/QH15', topics=[land()]); amend(an_amending_law(law, '2/2021/QH15'))")
    ministry.run("an_answered_question(citations=[(law, 'art_2')]); an_event(in_days=9)")
    ministry.export()
    done = catch_up(peer)
    assert (peer.state, peer.error) == ("following", "")
    held = same(ministry)
    assert done["written"] == len(held) >= 4
    assert not Change.objects.filter(notify=True).exists()
    assert {each.home for each in LegalDocument.objects.all()} == {ministry.key}
    assert Question.objects.get().home == Event.objects.get().home == ministry.key


def test_each_change_arrives_with_its_kind_and_day(ministry, peer):
    catch_up(peer)
    ministry.run("law = a_document('3/2021/QH15', topics=[land()], notify=True)")
    ministry.run("amend(an_amending_law(law, '4/2021/QH15', on=datetime.date(2026, 1, 1)))")
    key = ministry.run("law.key")
    done = catch_up(peer)
    assert done == {"written": 2}
    same(ministry)
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines][:1] == ["document.published"]
    amended = lines.get(event_type="document.amended")
    assert amended.eids and amended.facts["on"] == "2026-01-01" and amended.nature == "legal"
    assert amended.facts["origin"]["home"] == ministry.key
    assert not lines.filter(notify=True).exists()  # the peer is not set to tell our followers


def test_a_repeat_changes_nothing(ministry, peer):
    catch_up(peer)
    ministry.run("law = a_document('5/2021/QH15')")
    before = peer.bookmark, peer.chain
    catch_up(peer)
    lines = Change.objects.count()
    type(peer).objects.filter(pk=peer.pk).update(bookmark=before[0], chain=before[1])  # as if it had been killed
    assert set(catch_up(peer)) == {"same"}
    assert Change.objects.count() == lines


def test_a_withdrawal_takes_the_copy_away_with_its_reason(ministry, peer, api):
    ministry.run("law = a_document('7/2021/QH15')")
    catch_up(peer)
    key = ministry.run("law.key")
    assert api("get", f"documents/{key}").json()["provenance"]["received_at"].endswith("+07:00")
    ministry.run("editing.withdraw_document(law, reason='Nhập hai lần')")
    catch_up(peer)
    assert api("get", f"documents/{key}").status_code == 410
    assert LegalDocument.objects.get(key=key).withdrawal_reason == "Nhập hai lần"
    assert Change.objects.filter(subject=key).latest("pk").event_type == "document.withdrawn"
    catch_up(peer)
    assert Change.objects.filter(subject=key, event_type="document.withdrawn").count() == 1
    same(ministry)


def test_a_copy_follows_its_home_also_when_its_kind_is_not_wanted_any_more(ministry, peer):
    ministry.run("law, other = a_document('8/2021/QH15'), a_document('9/2021/QH15')")
    catch_up(peer)
    keys = ministry.run("[law.key, other.key]")
    peer.objects_wanted = ["question"]
    peer.save()
    ministry.run("documents.enter_status_event(other, 'suspended', on=datetime.date(2027, 1, 1))")
    ministry.run("editing.withdraw_document(law, reason='Nhập hai lần'); a_document('10/2021/QH15')")
    catch_up(peer)
    assert LegalDocument.objects.get(key=keys[0]).withdrawal_reason == "Nhập hai lần"
    assert LegalDocument.objects.get(key=keys[1]).status_events.exists()
    assert not LegalDocument.objects.filter(number="10/2021/QH15").exists()  # nothing new of what is not wanted


def test_a_load_of_other_kinds_also_reads_the_copies_that_are_here(ministry, peer):
    ministry.run("law = a_document('11/2021/QH15')")
    catch_up(peer)
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    ministry.run("a_document('12/2021/QH15')")
    ministry.export()
    type(peer).objects.filter(pk=peer.pk).update(
        objects_wanted=["question"], state="loading", loaded_at=None, bookmark=0, chain="", load_line=0, load_export=""
    )
    catch_up(peer)
    assert LegalDocument.objects.get(number="11/2021/QH15").status_events.exists()
    assert not LegalDocument.objects.filter(number="12/2021/QH15").exists()


def test_a_random_history_arrives_whole(ministry, peer):
    catch_up(peer)
    ministry.run("history = HistoryOfEverything(seed=7)")
    ministry.run("one_of_each = [history.publish_material, history.adopt_plan, history.announce_contest]")
    for _each in range(4):
        ministry.run("[history.step() for _ in range(15)]; [each() for each in one_of_each]; None")
        catch_up(peer)
        assert (peer.state, peer.error, list(peer.waitings.values_list("error", flat=True))) == ("following", "", [])
        same(ministry)
    assert set(Origin.objects.values_list("object", flat=True)) == OBJECTS.keys()


LATER_RELEASE = "import dataclasses; from content.copying.objects import OBJECTS; "


def test_an_export_of_a_later_release_is_loaded_without_the_objects_that_are_unknown_here(ministry, peer):
    ministry.run("law = a_document('61/2021/QH15'); question = an_answered_question()")
    ministry.run(LATER_RELEASE + "OBJECTS['comet'] = dataclasses.replace(OBJECTS['question'], name='comet')")
    try:
        ministry.export()
    finally:
        ministry.run(LATER_RELEASE + "OBJECTS.pop('comet'); None")
    assert "refused" not in catch_up(peer)
    assert (peer.state, peer.error) == ("following", "")
    assert LegalDocument.objects.get(key=ministry.run("law.key")).home == ministry.key
    assert peer.objects_wanted == [*OBJECTS]  # no comets, once they are known
    assert not peer.waitings.exists()
