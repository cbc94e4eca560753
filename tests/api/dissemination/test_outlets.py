"""The queue of an outlet, short addresses and public counts: nothing given out twice, nothing of a person kept."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.test import Client

from api.caching import PUBLIC_CACHE_CONTROL
from content.dissemination import outcomes, queries, services
from content.dissemination.models import LinkDay, Placement
from content.dissemination.openings import COUNTER
from content.documents.models import StatusEvent
from content.events import services as events
from content.events.models import Event
from content.media import services as media
from content.publishing import services as documents
from content.qa.services import outdated
from content.vietnam_time import today
from tests.builders import a_device, a_document, an_answered_question, an_event, correct_law, move_event
from tests.builders_dissemination import a_placement, a_proposal, an_outlet, earlier, placed
from tests.builders_media import a_material, a_publisher

pytestmark = pytest.mark.django_db
PERSON = "Mozilla/5.0 (Linux; Android 14; SM-A155F) Chrome/130.0"


@pytest.fixture(autouse=True)
def _counted_in_each_test():
    COUNTER.add_to_database()
    yield
    COUNTER.add_to_database()


def ask(api, method, path, outlet, body=None):
    return api(method, path, body, HTTP_AUTHORIZATION=f"Bearer {outlet.secret}")


def test_a_program_claims_posts_and_reports(api):
    outlet = an_outlet()
    placement = a_placement(outlet)
    (waiting,) = ask(api, "get", f"outlets/{outlet.key}/queue", outlet).json()["results"]
    assert (waiting["key"], waiting["status"], waiting["text"]) == (placement.key, "queued", placement.text)
    assert waiting["share_url"].endswith(f"/s/{placement.link.code}")
    assert ask(api, "post", f"placements/{placement.key}/claim", outlet).json()["status"] == "unsure"
    assert ask(api, "get", f"outlets/{outlet.key}/queue", outlet).json()["results"] == []
    again = ask(api, "post", f"placements/{placement.key}/claim", outlet)
    assert (again.status_code, again.json()["code"]) == (409, "already_claimed")
    said = {"status": "placed", "url": "https://www.facebook.com/1"}
    for _ in range(2):
        reported = ask(api, "post", f"placements/{placement.key}/report", outlet, said)
        assert (reported.status_code, reported.json()["status"]) == (200, "placed")
    other = ask(api, "post", f"placements/{placement.key}/report", outlet, {"status": "failed"})
    assert (other.status_code, other.json()["code"]) == (409, "already_reported")


def test_a_program_gets_nothing_that_was_withdrawn_or_that_nobody_approved(api):
    outlet, material = an_outlet(), a_material()
    placement, proposal = a_placement(outlet, material=material), a_proposal(outlet)
    assert ask(api, "post", f"placements/{proposal.key}/claim", outlet).status_code == 404
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    assert ask(api, "get", f"outlets/{outlet.key}/queue", outlet).json()["results"] == []
    refused = ask(api, "post", f"placements/{placement.key}/claim", outlet)
    assert (refused.status_code, refused.json()["code"]) == (409, "subject_not_public")
    placement.refresh_from_db()
    assert placement.status == "failed"


def test_a_stranger_another_outlet_and_a_device_get_nothing(api):
    outlet, other = an_outlet(), an_outlet(name="Trang khác")
    placement = a_placement(outlet)
    device = a_device("hoa")
    paths = {
        f"outlets/{outlet.key}/queue": "get",
        f"placements/{placement.key}/claim": "post",
        f"placements/{placement.key}/report": "post",
    }
    for path, method in paths.items():
        assert api(method, path, {} if method == "post" else None).status_code == 401
        assert api(method, path, {} if method == "post" else None, device=device).status_code == 401
        assert ask(api, method, path, other, {"status": "placed"} if method == "post" else None).status_code == 404
    placement.refresh_from_db()
    assert placement.status == "queued"


def test_a_former_secret_is_void(api):
    outlet = an_outlet()
    services.renew_secret(outlet)
    assert ask(api, "get", f"outlets/{outlet.key}/queue", outlet).status_code == 401


CLAIM_AND_WAIT = """
import sys, time, django; django.setup()
from api.caching import PUBLIC_CACHE_CONTROL
from content.dissemination import outcomes, queries
outlet = queries.outlet_with_secret(sys.argv[1])
placement = queries.queue_of(outlet)[0]
outcomes.claim(placement, outlet=outlet)
print("claimed", flush=True)
time.sleep(600)  # posts, and is killed before it reports
"""


@pytest.mark.django_db(transaction=True)
def test_a_program_killed_between_claim_and_report_gets_nothing_twice(api):
    outlet = an_outlet()
    placement = a_placement(outlet)
    address = f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", CLAIM_AND_WAIT, outlet.secret]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout.readline() == "claimed\n"
        program.send_signal(signal.SIGKILL)
    assert ask(api, "get", f"outlets/{outlet.key}/queue", outlet).json()["results"] == []
    assert ask(api, "post", f"placements/{placement.key}/claim", outlet).status_code == 409
    placement.refresh_from_db()
    assert (placement.status, placement.placed_at) == ("unsure", None)
    following = outcomes.queue_again(earlier(placement))  # a person looked: it is not there
    assert [each.key for each in queries.queue_of(outlet)] == [following.key]


def test_a_short_address_says_what_it_is_without_script_or_cookie():
    material = a_material("infographic", title="Vườn chung & <b>lối đi</b>")
    link = services.share_link("material", material.key)
    answer = Client().get(f"/s/{link.code}", HTTP_USER_AGENT=PERSON)
    page = answer.content.decode()
    assert answer.status_code == 200 and not answer.cookies and "<script" not in page
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "no-store")
    assert 'property="og:title" content="Vườn chung &amp; &lt;b&gt;lối đi&lt;/b&gt;"' in page
    assert 'name="twitter:card" content="summary_large_image"' in page and "Bốn ô chữ" in page
    assert f'href="/tai-lieu/{material.key}"' in page and f'href="/api/v1/materials/{material.key}"' in page
    assert re.search(r"og:image\" content=\"[^\"]+card\.[^\"]*png\"", page)
    assert Client().get(f"/s/{link.code}.png").status_code == 404
    services.make_cards()
    picture = Client().get(f"/s/{link.code}.png")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    assert picture["Cache-Control"] == PUBLIC_CACHE_CONTROL
    for language in ("vi", "en"):
        assert f"/s/{link.code}.png" in Client().get(f"/s/{link.code}?lang={language}").content.decode()


def test_an_article_has_a_short_address_and_unknown_or_withdrawn_ones_say_so():
    law, material = a_document(), a_material()
    article = services.share_link("document", law.key, "art_1")
    assert f"/van-ban/{law.key}/dieu-1" in Client().get(f"/s/{article.code}").content.decode()
    gone = services.share_link("material", material.key)
    media.withdraw_material(material, by=a_publisher(), reason="Nhầm")
    for path in ("/s/aaaaaaa", f"/s/{gone.code}.png", "/s/aaaaaaa.png", "/s/a"):
        assert Client().get(path).status_code == 404, path
    answer = Client().get(f"/s/{gone.code}", HTTP_ACCEPT="text/html")
    assert answer.status_code == 410 and "Lý do: Nhầm" in answer.content.decode()


def test_a_short_address_says_the_state_of_what_it_shows():
    event, law = an_event(), a_document()
    shown = {
        "event": services.share_link("event", event.key),
        "law": services.share_link("document", law.key),
        "article": services.share_link("document", law.key, "art_1"),
    }

    def banner(name):
        page = Client().get(f"/s/{shown[name].code}").content.decode()
        return re.search(r'<div class="banner (\w+)">', page)[1]

    assert [banner(name) for name in shown] == ["announced", "in_force", "in_force"]
    move_event(event, days=3)
    documents.enter_status_event(law, StatusEvent.Kind.EXPIRES, on=today())
    assert [banner(name) for name in shown] == ["moved", "expired", "expired"]
    events.cancel(Event.objects.get(pk=event.pk), reason="Mưa lớn")
    assert banner("event") == "cancelled"


def test_a_short_address_says_that_the_cited_law_has_changed():
    law = a_document("1/2019/QH14")
    question = an_answered_question(citations=[(law, "art_2__clause_1")])
    link = services.share_link("question", question.key)
    assert "banner" not in Client().get(f"/s/{link.code}").content.decode()
    correct_law(law)
    while outdated.flag_outdated_answers():
        pass
    assert '<div class="banner outdated">' in Client().get(f"/s/{link.code}").content.decode()


def test_openings_are_counted_by_day_and_nothing_of_the_person_is_kept():
    outlet = an_outlet()
    link = a_placement(outlet).link
    for agent in (PERSON, PERSON, "facebookexternalhit/1.1"):
        Client().get(f"/s/{link.code}?fbclid=IwAR0", HTTP_USER_AGENT=agent, REMOTE_ADDR="203.0.113.9")
    Client().head(f"/s/{link.code}")
    Client().get(f"/s/{link.code}", HTTP_USER_AGENT=PERSON, HTTP_SEC_PURPOSE="prefetch;prerender")
    assert LinkDay.objects.count() == 0  # in memory until then
    COUNTER.add_to_database()
    row = LinkDay.objects.get()
    assert (row.link, row.day, row.opened, row.previews) == (link, today(), 2, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM content_linkday t UNION SELECT row_to_json(s)::text "
                       "FROM content_sharelink s")  # fmt: skip
        stored = json.dumps(cursor.fetchall())
    for word in ("203.0.113.9", "Android", "IwAR0"):
        assert word not in stored


def test_everybody_may_read_the_counts_and_counts_only(api):
    placement = a_placement()
    placed(placement, url="https://www.facebook.com/1")
    services.enter_count(placement, day=today(), source="Chị Lan", reach=120)
    LinkDay.objects.create(link=placement.link, day=today(), opened=3)
    answer = api("get", "dissemination?by=outlet_kind")
    assert answer.json()["results"] == [
        {"value": "facebook", "name": "Facebook", "placements": 1, "reach": 120, "views": 0, "copies": 0,
         "attendees": 0, "openings": 3}
    ]  # fmt: skip
    assert "Lan" not in answer.content.decode()
    assert api("get", "dissemination?by=person").status_code == 400
    assert api("get", "dissemination?from=2026-02-01&to=2026-01-01").status_code == 400
    assert api("get", "dissemination?to=2020-12-31").json()["results"] == []
    assert Placement.objects.count() == 1
