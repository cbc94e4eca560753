"""One round reads page after page as long as they are full, and asks for the next one in time."""

import pytest
from django.utils import timezone

from content.documents.models import LegalDocument
from content.peer_client.client import PAGE_SIZE, PeerAway, PeerClient
from content.sync.fetching import records_of
from content.sync.following import work_once
from content.sync.models import Origin, Peer
from tests.journeys.installation import eventually
from tests.sync import a_peer

pytestmark = pytest.mark.django_db
MANY_LINES = (
    "from content.changes.services import record_change; from django.db import transaction\n"
    "with transaction.atomic():\n"
    "    for number in range({count}):\n"
    "        record_change('document.published', law.key, nature='legal', facts={{'title': law.title}})\n"
)


class Noting(PeerClient):
    """Notes what it is asked for."""

    def __init__(self, url):
        super().__init__(url)
        self.asked = []

    def page(self, after, wait):
        self.asked.append(("page", after))
        return super().page(after, wait)

    def record(self, objects, key):
        self.asked.append(("record", key))
        return super().record(objects, key)

    def records(self, name, keys):
        self.asked.append(("records", *keys))
        return super().records(name, keys)


@pytest.fixture
def following(db, ministry):
    """The ministry, read up to its present line; what is older is not held here."""
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def test_one_round_reads_all_full_pages_and_the_one_after_them(ministry, following):
    ministry.run("law = a_document('301/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=2 * PAGE_SIZE + 30))
    later = ministry.run("a_document('302/2021/QH15').key")
    client = Noting(following.url)
    outcome = work_once(following, client)
    client.close()
    head = ministry.run("[chain.head().key, chain.head().chain]")
    stored = Peer.objects.get()
    assert (outcome.error, [stored.bookmark, stored.chain]) == ("", head)
    assert outcome.lines > 2 * PAGE_SIZE
    assert sum(name == "page" for name, *_ in client.asked) == 3
    assert Origin.objects.filter(subject=later).exists()


def test_the_next_page_is_on_its_way_once_the_last_record_has_come(ministry, following):
    """Else we would rest while the other side makes it, and the other side while we write."""
    law = ("document", ministry.run("a_document('303/2021/QH15').key"))
    client = Noting(following.url)
    with records_of(following, client) as records:
        assert next(records.each([law], page_after=following.bookmark))[0] == law  # and is not written yet
        eventually(lambda: client.asked[-1] == ("page", following.bookmark))
        page = records.page(following.bookmark)
    client.close()
    assert page["results"]
    assert client.asked == [("record", law[1]), ("page", following.bookmark)]


def test_a_round_reads_no_further_page_when_its_time_is_over(ministry, following):
    ministry.run("law = a_document('308/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=2 * PAGE_SIZE))
    client = Noting(following.url)
    outcome = work_once(following, client, seconds=0)
    client.close()
    assert (outcome.error, outcome.lines) == ("", PAGE_SIZE)
    assert [name for name, *_ in client.asked].count("page") == 1


def test_a_worker_that_stops_ends_with_the_page_that_it_reads(ministry, following):
    ministry.run("law = a_document('309/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=2 * PAGE_SIZE))
    client = PeerClient(following.url)
    outcome = work_once(following, client, is_stopping=lambda: True)
    client.close()
    assert (outcome.error, outcome.lines, Peer.objects.get().state) == ("", PAGE_SIZE, "following")


def test_what_a_person_sets_of_the_peer_counts_from_the_next_page_on(ministry, following):
    ministry.run("law = a_document('310/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=PAGE_SIZE))
    later = ministry.run("a_document('311/2021/QH15').key")

    def narrowed_meanwhile():
        Peer.objects.update(objects_wanted=["question"])
        return False

    client = PeerClient(following.url)
    outcome = work_once(following, client, is_stopping=narrowed_meanwhile)
    client.close()
    assert outcome.lines > PAGE_SIZE
    assert not Origin.objects.filter(subject=later).exists()
    assert Origin.objects.get().subject == ministry.run("law.key")


def test_new_objects_of_a_page_come_in_one_answer(ministry, following):
    keys = ministry.run("[a_document(f'{number}/2021/QH15').key for number in (312, 313)]")
    client = Noting(following.url)
    assert work_once(following, client).objects == {"written": 2}
    client.close()
    assert client.asked[1:] == [("records", *keys)]


def test_a_page_that_does_not_come_costs_nothing_of_those_before(ministry, following):
    ministry.run("law = a_document('304/2021/QH15'); None")
    ministry.run(MANY_LINES.format(count=PAGE_SIZE + 30))
    begin = following.bookmark

    class BreaksOff(PeerClient):
        def page(self, after, wait):
            if after > begin:
                raise PeerAway("It answers 503.")
            return super().page(after, wait)

    client = BreaksOff(following.url)
    outcome = work_once(following, client)
    client.close()
    stored = Peer.objects.get()
    assert (outcome.error, outcome.lines, outcome.objects) == ("It answers 503.", PAGE_SIZE, {"written": 1})
    assert stored.bookmark > begin
    assert Origin.objects.get().subject == ministry.run("law.key")
    assert (stored.state, stored.error, stored.failures) == ("away", "It answers 503.", 1)
    assert stored.last_ok_at, "a page came"


def test_a_round_ends_after_a_page_that_is_not_full(ministry, following):
    ministry.run("law = a_document('305/2021/QH15'); None")
    client = Noting(following.url)
    assert work_once(following, client).error == ""
    client.close()
    assert [name for name, *_ in client.asked].count("page") == 1


def test_a_withdrawal_comes_also_while_a_wider_load_waits_for_an_export(ministry, following):
    ministry.run("law = a_document('314/2021/QH15'); None")
    key = ministry.run("law.key")

    class WithoutExport(PeerClient):
        def newest_export(self):
            return None

    client = WithoutExport(following.url)
    assert work_once(following, client).objects == {"written": 1}
    Peer.objects.update(loaded_at=None, state="loading")
    ministry.run("editing.withdraw_document(law, reason='Nhầm'); None")
    outcome = work_once(Peer.objects.get(), client)
    client.close()
    stored = Peer.objects.get()
    assert outcome.objects == {"gone": 1}
    assert (stored.state, stored.loaded_at, bool(stored.error)) == ("away", None, True)
    assert stored.bookmark == ministry.run("chain.head().key")
    assert LegalDocument.objects.get(key=key).status == "withdrawn"
