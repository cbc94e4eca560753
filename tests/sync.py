"""What tests of installations that follow each other share."""

from content.copies import home_of
from content.copying import records
from content.peer_client.client import PeerClient
from content.seals import services as seals
from content.sync.following import work_once
from content.sync.models import Peer
from tests.builders import a_member_of_staff

MOST_ROUNDS = 50


class OneByOne(PeerClient):
    """Asks for each record alone, as of an installation of an earlier release."""

    def page(self, after, wait):
        page = super().page(after, wait)
        page.pop("records_url", None)
        return page


def a_peer(url, *, keys=None, **columns):
    """An installation whose key two people confirmed; it is loaded by the next round."""
    client = PeerClient(url)
    keys = keys or seals.keys_of_set(client.keys())
    client.close()
    return Peer.objects.create(
        key=home_of(url), url=url, name=home_of(url), keys=keys, offered_keys=keys, **{"state": "loading"} | columns
    )


def catch_up(peer):
    """Read until nothing new is there. Returns {outcome: count} of the objects."""
    done = {}
    client = PeerClient(peer.url)
    for _round in range(MOST_ROUNDS):
        peer.refresh_from_db()
        if not peer.is_working:
            break
        was_loaded = peer.loaded_at is not None
        outcome = work_once(peer, client)
        for name, count in outcome.objects.items():
            done[name] = done.get(name, 0) + count
        if outcome.error or (was_loaded and not outcome.lines):
            break
    client.close()
    peer.refresh_from_db()
    return done


def data_by_key(home=None):
    """{object/key: data} of everything public here, of one home if it is named."""
    found = records.public_records()
    return {f"{each['object']}/{each['key']}": each["data"] for each in found if home in (None, each["home"])}


def two_of_staff(role="administrator"):
    return a_member_of_staff("lan-adds", role), a_member_of_staff("hoa-confirms", role)
