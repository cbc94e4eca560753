"""A page that broke off is read again: it goes on where it was, and no line comes twice."""

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.peer_client.client import PeerAway
from content.sync.following import work_once
from content.sync.models import Peer, Waiting
from tests.sync import OneByOne, a_peer, catch_up, data_by_key

pytestmark = pytest.mark.django_db

CORRECT = (
    "documents.import_document(a_record(law.number, title=law.title,"
    "text=A_LAW.format(number=law.number).replace('Mẫu lớn', 'Mẫu to')), correct=True); None"
)


class Busy(OneByOne):
    """Gives so many records, then says that we ask too often. `after_page`: what happens there once a page was sent."""

    def __init__(self, url, *, most=100, after_page=lambda: None):
        super().__init__(url)
        self.asked, self.most, self.after_page = [], most, after_page

    def page(self, after, wait):
        page = super().page(after, wait)
        self.after_page()
        return page

    def record(self, objects, key):
        if len(self.asked) == self.most:
            raise PeerAway("It answers 429.", is_busy=True)
        self.asked.append(key)
        return super().record(objects, key)


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def a_round(peer, **options):
    """(what became of the objects, the keys that were asked for)."""
    peer.refresh_from_db()
    client = Busy(peer.url, **options)
    outcome = work_once(peer, client)
    client.close()
    return outcome.objects, client.asked


def told(key):
    """What our log says of it, with the line of its home."""
    lines = Change.objects.filter(subject=key).order_by("pk")
    return [(line.event_type, line.facts["origin"]["key"]) for line in lines]


def same(ministry, key):
    return data_by_key(ministry.key)[f"document/{key}"] == ministry.run("data_by_key()")[f"document/{key}"]


def test_a_page_ends_though_each_round_breaks_off(ministry, following):
    keys = ministry.run("[a_document(f'{number}/2018/QH14').key for number in (1, 2, 3)]")
    asked = [a_round(following, most=1)[1] for _round in range(3)]
    assert asked == [[key] for key in keys]
    assert Peer.objects.get().bookmark == ministry.run("chain.head().key")
    assert [len(told(key)) for key in keys] == [1, 1, 1]


def test_a_line_that_comes_after_a_page_that_broke_off_comes_once(ministry, following):
    key = ministry.run("law = a_document('4/2018/QH14'); law.key")
    other = ministry.run("a_document('5/2018/QH14').key")
    assert a_round(following, most=1)[1] == [key]
    assert a_round(following, after_page=lambda: ministry.run(CORRECT)) == ({"same": 1, "written": 1}, [other])
    catch_up(following)
    assert [name for name, _line in told(key)] == ["document.published", "document.corrected"]
    assert same(ministry, key)


def test_what_waits_is_not_written_before_the_line_that_tells_of_it_is_read(ministry, following):
    key = ministry.run("law = a_document('6/2018/QH14'); law.key")
    catch_up(following)
    Waiting.objects.create(peer=following, object="document", subject=key, next_try_at=timezone.now(), error="x")
    assert a_round(following, after_page=lambda: ministry.run(CORRECT)) == ({"waiting": 1}, [key])
    assert "Mẫu to" not in str(data_by_key())
    catch_up(following)
    assert [name for name, _line in told(key)] == ["document.published", "document.corrected"]
    assert same(ministry, key) and not Waiting.objects.exists()


def test_what_an_act_does_to_another_document_is_in_its_copy_and_each_time_told_once(ministry, following):
    key = ministry.run("law = a_document('7/2018/QH14'); act = an_amending_law(law, '8/2018/QH14'); act.key")
    catch_up(following)
    for done in ("made = amend(act)", "amendments.withdraw_amendment(made[0], reason='Nhập nhầm')"):
        before = ministry.run("data_by_key()")[f"document/{key}"]["relations"]
        ministry.run(f"{done}; None")
        assert ministry.run("data_by_key()")[f"document/{key}"]["relations"] != before
        catch_up(following)
        assert same(ministry, key)
    lines = told(key)
    assert [name for name, _line in lines] == ["document.published", "document.corrected", "document.corrected"]
    assert len(set(lines)) == len(lines)


def test_an_act_that_its_home_withdrew_is_not_waited_for(ministry, following):
    ministry.run("law = a_document('9/2018/QH14'); act = an_amending_law(law, '10/2018/QH14'); made = amend(act)")
    catch_up(following)
    ministry.run("editing.withdraw_document(act, reason='Nhập nhầm')")
    catch_up(following)
    assert not Waiting.objects.exists()
    assert same(ministry, ministry.run("law.key"))
