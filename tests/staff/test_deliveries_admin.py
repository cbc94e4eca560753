"""Deliveries on the staff site: why one failed, and the two actions, each with a reason."""

import pytest

from content.people.models import AuditRow, Role
from notifications.deliveries.models import Delivery
from tests.builders import a_delivery, a_device

pytestmark = pytest.mark.django_db
URL = "notifications/delivery/"


@pytest.fixture
def hoa(person):
    hoa = person("hoa", Role.APPROVER)
    hoa.sign_in()
    return hoa


def test_one_reads_why_it_failed(hoa):
    delivery = a_delivery("refused", error="INVALID_ARGUMENT: <b>title</b>", title="Luật <i>Mẫu</i>")
    for path in (URL, f"{URL}{delivery.pk}/change/"):
        page = hoa.get(path).content.decode()
        assert "INVALID_ARGUMENT: &lt;b&gt;title" in page
        assert "<i>Mẫu" not in page


def test_a_registration_is_not_shown(hoa):
    device = a_device("minh")
    delivery = a_delivery("refused", target_kind="device", target="", device=device)
    page = hoa.get(f"{URL}{delivery.pk}/change/").content.decode()
    assert (device.registration_id in page, f"Máy số {device.pk}" in page) == (False, True)


def test_sending_again_asks_why_and_then_does_it(hoa):
    delivery = a_delivery("refused")
    data = {"action": "resend", "_selected_action": delivery.pk}
    asked = hoa.post(URL, data)
    assert (asked.status_code, 'name="reason"' in asked.content.decode()) == (200, True)
    assert Delivery.objects.get().status == "refused"
    hoa.post(URL, data | {"reason": "quota is back"})
    assert Delivery.objects.get().status == "queued"
    row = AuditRow.objects.get(action="delivery.resent")
    assert (row.by, row.reason) == (hoa.user, "quota is back")


def test_of_several_those_that_may_be_are_done_and_the_others_are_named(hoa):
    waiting, accepted = a_delivery(), a_delivery("accepted")
    data = {"action": "cancel", "_selected_action": [waiting.pk, accepted.pk], "reason": "wrong title"}
    said = [str(each) for each in hoa.browser.post(f"/staff/{URL}", data, follow=True).context["messages"]]
    assert sorted(Delivery.objects.values_list("status", flat=True)) == ["accepted", "cancelled"]
    assert said == [f"{accepted}: Tin này đang gửi hoặc đã kết thúc. Không thu hồi được tin đã đẩy.", "Đã huỷ: 1."]


@pytest.mark.parametrize(
    ("status", "buttons"),
    [("queued", ["cancel"]), ("refused", ["resend"]), ("accepted", []), ("cancelled", ["resend"])],
)
def test_its_page_offers_what_may_be_done(hoa, status, buttons):
    page = hoa.get(f"{URL}{a_delivery(status).pk}/change/").content.decode()
    assert [name for name in ("resend", "cancel") if f'value="{name}"' in page] == buttons


def test_who_only_reads_is_offered_nothing(lan):
    lan.sign_in()
    page = lan.get(f"{URL}{a_delivery().pk}/change/").content.decode()
    assert 'value="cancel"' not in page


def test_nonsense_in_the_address_is_no_500(hoa):
    for path in (
        f"{URL}999999/change/",
        f"{URL}x/change/",
        f"{URL}?status__exact=x",
        f"{URL}?q=\\u0000'",
    ):
        assert hoa.get(path).status_code in (200, 302, 404)
    assert hoa.get(f"{URL}?payload__x=1").status_code == 400
