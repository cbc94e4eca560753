"""Playlists, channels, outlets and placements on the staff site: roles, the kit, the queue, and the ledger."""

import csv
import datetime
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.channel.models import Channel, Playlist, Slot
from content.dissemination import queries
from content.dissemination.models import Outlet, Placement
from content.organisations.models import Organisation
from content.people.models import Role
from content.vietnam_time import today
from tests.builders import a_member_of_staff
from tests.builders_dissemination import a_placement, an_outlet, earlier, placed
from tests.builders_media import a_channel, a_material, a_slot

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
READS, WRITES, RUNS, KEEPS = set(Role.values), {"editor", "publisher"}, {"publisher"}, {"administrator"}


def signed_in(user):
    browser = Client()
    browser.force_login(user, BACKEND)
    return browser


def as_role(role):
    return signed_in(a_member_of_staff(f"somebody-{role}", role))


def page(model, name, row=None, *more):
    return reverse(f"admin:content_{model}_{name}", args=[row.pk, *more] if row else list(more))


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role):
    browser = as_role(role)
    channel, placement = a_channel(), a_placement()
    may = {
        page("playlist", "changelist"): READS,
        page("playlist", "change", channel.filler): READS,
        page("playlist", "add"): WRITES,
        page("playlist", "write", channel.filler): WRITES,
        page("channel", "changelist"): READS,
        page("channel", "change", channel): READS,
        page("channel", "add"): RUNS,
        page("channel", "write", channel): RUNS,
        page("channel", "slot", channel): RUNS,
        page("outlet", "changelist"): READS,
        page("outlet", "change", placement.outlet): READS,
        page("outlet", "add"): KEEPS,
        page("outlet", "write", placement.outlet): KEEPS,
        page("placement", "changelist"): READS,
        page("placement", "change", placement): READS,
        page("placement", "ledger"): READS,
        page("placement", "csv"): READS,
        page("placement", "add"): WRITES,
        page("placement", "outcome", placement): WRITES,
        page("placement", "count", placement): WRITES,
    }
    opened = {address for address in may if browser.get(address).status_code == 200}
    assert opened == {address for address, roles in may.items() if role in roles}
    assert {Client().get(address).status_code for address in may} == {302}  # a stranger signs in first


def test_who_may_not_posts_in_vain():
    slot, outlet = a_slot(a_channel(), timezone.now() + datetime.timedelta(hours=3)), an_outlet()
    placement = a_placement(outlet)
    browser = as_role("answerer")
    for address in (
        page("channel", "remove_slot", slot.channel, slot.pk),
        page("outlet", "secret", placement.outlet),
        page("placement", "again", placement),
        page("placement", "take", placement),
        page("placement", "approve", placement),
    ):
        assert browser.post(address).status_code == 403, address
    assert Slot.objects.count() == 1
    assert Outlet.objects.get().secret_hash == queries.secret_hash(outlet.secret)


def test_a_playlist_and_a_channel_are_made_and_a_slot_is_planned_and_removed():
    browser, one, two = as_role("publisher"), a_material(), a_material("infographic")
    form = {"title": "Nghe luật", "language": "vi", "materials": f"{one.key}\n\n{two.key}", "is_public": "on"}
    wrong = browser.post(page("playlist", "add"), form | {"materials": "tl-khongco"})
    assert wrong.status_code == 200 and "tl-khongco" in wrong.content.decode()
    assert browser.post(page("playlist", "add"), form).status_code == 302
    playlist = Playlist.objects.get()
    assert [item.material for item in playlist.items.all()] == [one, two]
    made = {"title": "Kênh", "language": "vi", "filler": playlist.pk, "is_public": "on"}
    assert browser.post(page("channel", "add"), made).status_code == 302
    channel = Channel.objects.get()
    later = timezone.localtime(timezone.now() + datetime.timedelta(days=1))
    planned = {"starts_at": f"{later:%H:%M %d/%m/%Y}", "material": one.key}
    assert browser.post(page("channel", "slot", channel), planned).status_code == 302
    again = browser.post(page("channel", "slot", channel), planned)
    assert again.status_code == 200 and again.context["form"].errors["starts_at"]
    week = browser.get(page("channel", "change", channel), {"day": f"{later:%Y-%m-%d}"}).content.decode()
    assert one.title in week
    assert browser.get(page("channel", "change", channel), {"day": "9999-99-99"}).status_code == 200
    slot = Slot.objects.get()
    assert browser.post(page("channel", "remove_slot", channel, slot.pk)).status_code == 302
    assert not Slot.objects.exists()


def test_somebody_who_saved_meanwhile_is_not_overwritten():
    browser, playlist = as_role("publisher"), a_channel().filler
    address = page("playlist", "write", playlist)
    initial = browser.get(address).context["form"].initial
    keys = "\n".join(initial["materials"])
    form = {"title": "Tên một", "language": "vi", "materials": keys, "is_public": "on", "seen": initial["seen"]}
    assert browser.post(address, form).status_code == 302
    late = browser.post(address, form | {"title": "Tên hai"})
    assert late.status_code == 200 and "Tên hai" in late.content.decode()
    playlist.refresh_from_db()
    assert playlist.title == "Tên một"


def test_from_the_kit_to_the_ledger():
    material, browser = a_material(), as_role("editor")
    outlet = an_outlet("notice_board", "Bảng tin xóm", has_program=False)
    chosen = {"subject": f"https://luatmo.example/tai-lieu/{material.key}", "outlet": outlet.pk}
    kit = browser.post(page("placement", "add"), chosen)
    text = kit.context["form"].initial["text"]
    assert text.startswith(material.title) and f"/s/{kit.context['link'].code}" in text
    placed = chosen | {"form": "mass_media", "wave": 1, "text": text, "place": "1"}
    assert browser.post(page("placement", "add"), placed).status_code == 302
    twice = browser.post(page("placement", "add"), placed)
    assert twice.status_code == 200 and twice.context["form"].errors["wave"]
    placement = Placement.objects.get()
    assert browser.post(page("placement", "approve", placement)).status_code == 403
    publisher = as_role("publisher")
    assert "Cho vào hàng chờ" in publisher.get(page("placement", "change", placement)).content.decode()
    assert publisher.post(page("placement", "approve", placement)).status_code == 302
    assert browser.post(page("placement", "outcome", placement), {"status": "placed"}).status_code == 302
    counted = {"day": f"{today():%d/%m/%Y}", "source": "=Trưởng xóm", "copies": 40}
    assert browser.post(page("placement", "count", placement), counted).status_code == 302
    ledger = browser.get(page("placement", "ledger")).content.decode()
    assert "<meter" in ledger and ">40<" in ledger
    table = browser.get(page("placement", "csv")).content.decode().lstrip("\ufeff")
    header, row = csv.reader(io.StringIO(table))
    assert dict(zip(header, row, strict=True))["copies"] == "40" and row[1] == material.title


def test_a_person_takes_what_they_post_and_sees_who_has_it():
    placement, browser = a_placement(), as_role("editor")
    address = page("placement", "change", placement)
    assert "Tôi tự đăng" in browser.get(address).content.decode()
    assert browser.post(page("placement", "take", placement)).status_code == 302
    placement.refresh_from_db()
    assert placement.status == "unsure" and "somebody-editor" in browser.get(address).content.decode()
    browser.post(page("placement", "again", placement))
    assert Placement.objects.count() == 1
    browser.post(page("placement", "again", earlier(placement)))
    assert [each.wave for each in Placement.objects.order_by("wave")] == [1, 2]


def test_an_editor_writes_playlists_and_a_publisher_makes_them_public():
    editor, material = as_role("editor"), a_material()
    form = {"title": "Nghe luật", "language": "vi", "materials": material.key}
    assert editor.post(page("playlist", "add"), form | {"is_public": "on"}).status_code == 403
    assert editor.post(page("playlist", "add"), form).status_code == 302
    playlist = Playlist.objects.get()
    assert as_role("publisher").post(page("playlist", "write", playlist), form | {"is_public": "on"}).status_code == 302
    assert editor.post(page("playlist", "write", playlist), form | {"title": "Khác"}).status_code == 403
    playlist.refresh_from_db()
    assert (playlist.is_public, playlist.title) == (True, "Nghe luật")


def test_what_the_kit_does_not_find_it_says():
    browser, outlet = as_role("editor"), an_outlet()
    for typed in ("tl-khongcogi1", "/van-ban/luat/khong-co"):
        answer = browser.post(page("placement", "add"), {"subject": typed, "outlet": outlet.pk})
        assert answer.status_code == 200 and answer.context["form"].errors["subject"], typed


def test_the_ledger_has_each_year_with_what_was_posted_then():
    browser, placement = as_role("editor"), a_placement(an_outlet("notice_board", has_program=False))
    year = today().year - 1
    said = {"status": "placed", "placed_at": f"08:00 05/03/{year}", "url": "http://phuong.example/1"}
    assert browser.post(page("placement", "outcome", placement), said).status_code == 302
    for name in ("ledger", "csv"):
        titles = {
            asked: placement.title in text or f"{year}-03" in text
            for asked in (year, today().year)
            if (text := browser.get(page("placement", name), {"year": asked}).content.decode())
        }
        assert titles == {year: True, today().year: False}, name
        for wrong in ("", "x", "9999", "1", "²"):
            assert browser.get(page("placement", name), {"year": wrong}).status_code == 200


def test_the_staff_site_leads_to_the_page_and_counts_no_opening():
    placement, browser = a_placement(), as_role("editor")
    shown = browser.get(page("placement", "change", placement)).content.decode()
    assert f'href="/tai-lieu/{placement.subject_key}"' in shown and 'href="/s/' not in shown


def test_a_csv_cell_is_no_formula():
    material = a_material(title="=HYPERLINK(1)")
    placed(a_placement(material=material))
    assert "'=HYPERLINK" in as_role("editor").get(page("placement", "csv")).content.decode()


def test_an_outlet_is_kept_and_its_secret_is_shown_once():
    browser = as_role("administrator")
    body = Organisation.objects.get(key="bo-tu-phap")
    form = {"organisation": body.pk, "kind": "facebook", "name": "Trang của phường", "is_active": "on"}
    assert browser.post(page("outlet", "add"), form).status_code == 302
    assert browser.post(page("outlet", "add"), form).context["form"].errors["name"]
    outlet = Outlet.objects.get()
    shown = browser.post(page("outlet", "secret", outlet))
    secret = shown.context["secret"]
    assert "no-store" in shown["Cache-Control"] and queries.outlet_with_secret(secret) == outlet
    assert secret not in browser.get(page("outlet", "change", outlet)).content.decode()
