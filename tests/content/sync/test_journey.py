"""A law of the ministry on the phone of a follower of the province, until it is withdrawn; two processes, real HTTP."""

import pytest
from django.utils import timezone

from content.copies import home_of
from content.documents.models import LegalDocument
from content.jobs import settle_changes
from content.qa.services import outdated
from content.sync.models import Peer
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import a_follower, an_answered_question, land, registration_of
from tests.sync import a_peer, catch_up

pytestmark = pytest.mark.usefixtures("committed")
DAYS = ("2025-12-31", "2026-01-01", "2026-11-30")


def test_a_law_reaches_the_phone_is_amended_and_withdrawn_in_both(ministry, fcm, gateway, api):
    fcm.call("POST", "devices", {"token": registration_of("minh")})
    minh = a_follower("minh", land())
    reconcile_subscriptions(gateway)
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    columns = {"state": "following", "loaded_at": timezone.now(), "bookmark": key, "chain": chained, "notifies": True}
    peer = a_peer(ministry.url, **columns)

    def heard():
        """What the phone heard since the last look, after the worker went round."""
        before = len(fcm.phone(registration_of("minh"))["received"])
        catch_up(peer)
        while settle_changes() or outdated.flag_outdated_answers() or read_changes():
            pass
        reconcile_subscriptions(gateway)
        while sender.send_due(gateway):
            pass
        return len(fcm.phone(registration_of("minh"))["received"]) - before

    ministry.run("law = a_document('1/2015/QH13', title='Luật Mẫu chung', topics=[land()], notify=True)")
    assert heard() == 1
    key = ministry.run("law.key")
    tray = list(fcm.phone(registration_of("minh"))["tray"].values())
    assert "Luật Mẫu chung" in tray[-1]["title"] + tray[-1]["body"]

    here = api("get", f"documents/{key}").json()
    assert here["provenance"]["home"] == home_of(ministry.url)
    assert here["provenance"]["home_url"] == f"{ministry.url}/api/v1/documents/{key}"
    assert [each["key"] for each in api("get", f"documents?home={home_of(ministry.url)}").json()["results"]] == [key]
    assert api("get", "peers").json()["results"][0]["objects_held"] == 1

    question = an_answered_question(citations=[(LegalDocument.objects.get(key=key), "art_2")])
    heard()
    assert api("get", f"questions/{question.key}").json()["basis_changed"] is False
    ministry.run("amend(an_amending_law(law, '2/2015/QH13', on=datetime.date(2026, 1, 1)), notify=True)")
    assert heard() == 2  # that the law is amended, and that our own answer cites what changed
    told = api("get", "inbox?page_size=100", device=minh).json()["results"]
    assert {each["title"] for each in told[:2]} == {"Luật Mẫu chung", "Sang tên xe"}
    for day in DAYS:
        path = f"documents/{key}/text?as_of={day}"
        theirs, ours = ministry.run(f"get({path!r})"), api("get", path).json()
        shown = [[(unit["eid"], unit["text"]) for unit in each["provisions"]] for each in (ours, theirs)]
        assert shown[0] == shown[1]
    assert api("get", f"questions/{question.key}").json()["basis_changed"] is True

    ministry.run("editing.withdraw_document(law, reason='Công bố nhầm bản dự thảo')")
    heard()
    gone = api("get", f"documents/{key}")
    assert (gone.status_code, "Công bố nhầm bản dự thảo" in gone.json()["detail"]) == (410, True)
    assert ministry.run(f"get('documents/{key}')['status']") == 410
    assert (heard(), Peer.objects.get().error) == (0, "")
