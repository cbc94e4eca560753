"""A video without captions is refused, gets them, is published by another person and told; then it is spread.

One person proposes a post, another lets it into the queue, the page's program posts it, and a phone opens it.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from content.dissemination import services
from content.dissemination.models import Placement
from content.dissemination.openings import COUNTER
from content.media.models import Material
from notifications.deliveries.models import Delivery
from notifications.fanout import read_changes
from tests.builders import a_document, a_follower, a_member_of_staff, land
from tests.builders_dissemination import an_outlet
from tests.builders_media import CAPTIONS, an_mp4
from tests.journeys.browser import CHROMIUM, chromium

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on PATH (Debian: apt-get install chromium)"),
]
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/125 Mobile Safari/537.36 Zalo android/1"


def test_from_the_proposal_to_the_phone_and_the_counts(api, live_server, settings):
    settings.PUBLIC_URL = live_server.url.replace("localhost", "127.0.0.1")  # the browser knows no other host
    editor, publisher = (signed_in(role) for role in ("editor", "publisher"))
    a_follower("minh", land())
    material, outlet = a_video_that_was_refused_first(editor, publisher), an_outlet()
    assert told()["page_url"].endswith(f"/tai-lieu/{material.key}")
    kit = {"subject": material.key, "outlet": outlet.pk}
    text = editor.post(page("add"), kit).context["form"].initial["text"]
    editor.post(page("add"), kit | {"form": "mass_media", "wave": 1, "text": text, "place": "1"})
    placement = Placement.objects.get()
    secret = {"HTTP_AUTHORIZATION": f"Bearer {outlet.secret}"}
    queue = f"outlets/{outlet.key}/queue"
    assert api("get", queue, **secret).json()["results"] == []
    publisher.post(page("approve", placement))
    (waiting,) = api("get", queue, **secret).json()["results"]
    assert api("post", f"placements/{waiting['key']}/claim", **secret).status_code == 200
    said = {"status": "placed", "url": "https://www.facebook.com/1"}
    assert api("post", f"placements/{waiting['key']}/report", said, **secret).status_code == 200
    services.make_cards()
    opened = read_on_a_phone(waiting["share_url"])
    assert opened == {"title": "Vườn chung của xóm", "lang": "vi", "page": f"/tai-lieu/{material.key}", "scripts": 0}
    COUNTER.add_to_database()
    (counted,) = api("get", "dissemination").json()["results"]
    assert (counted["value"], counted["placements"], counted["openings"]) == ("mass_media", 1, 1)
    assert ">1<" in editor.get(page("ledger")).content.decode()


def a_video_that_was_refused_first(editor, publisher):
    """A public video, made on the staff site: first without captions, then with them."""
    form = {
        "kind": "video", "title": "Vườn chung của xóm", "language": "vi", "licence": "CC-BY-4.0", "topics": [land().pk],
        "cite": [f"{a_document().key}/art_2"], "save": "1",
    }  # fmt: skip
    editor.post(reverse("admin:content_material_add"), form)
    material = Material.objects.get()
    upload(editor, material, "main", an_mp4())
    refused = transition(editor, material, "submit")
    assert "Phụ đề" in refused.content.decode() and Material.objects.get().status == "draft"
    upload(editor, material, "captions", CAPTIONS)
    transition(editor, material, "submit")
    transition(publisher, material, "publish")
    material.refresh_from_db()
    assert material.is_public and material.transcript
    return material


def upload(browser, material, role, content):
    address = reverse("admin:content_material_files", args=[material.pk])
    seen = browser.get(address).context["seen"]
    assert (
        browser.post(address, {"role": role, "seen": seen, "file": SimpleUploadedFile("a", content)}).status_code == 302
    )


def transition(browser, material, name, **data):
    address = reverse("admin:content_material_transition", args=[material.pk, name])
    seen = browser.get(address).context["form"]["seen"].value()
    return browser.post(address, {"seen": seen, **data}, follow=True)


def told():
    """The data of the only push that waits."""
    while read_changes():
        pass
    return Delivery.objects.get().payload["data"]


def read_on_a_phone(address):
    """What the page says, in a real browser; then its link to the whole is followed."""
    with chromium() as browser:
        phone = browser.new_page(user_agent=PHONE, locale="vi-VN", viewport={"width": 390, "height": 844})
        complaints = []
        phone.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        phone.goto(address)
        found = {
            "title": phone.locator("h1").inner_text(),
            "lang": phone.locator("html").get_attribute("lang"),
            "scripts": phone.locator("script").count(),
        }
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth") and phone.context.cookies() == []
        phone.get_by_role("link", name="Đọc toàn bộ").click()
        assert phone.locator("h1").inner_text() == found["title"] and complaints == []
        return found | {"page": phone.evaluate("location.pathname")}


def signed_in(role):
    browser = Client()
    browser.force_login(a_member_of_staff(f"somebody-{role}", role), "django.contrib.auth.backends.ModelBackend")
    return browser


def page(name, row=None):
    return reverse(f"admin:content_placement_{name}", args=[row.pk] if row else [])
