"""The second factor: led to it, enrolled with a code, asked for at each sign-in, removed when the phone is lost."""

import re
from base64 import b32decode

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from content.errors import RuleBroken
from content.people import second_factor
from content.people.models import AuditRow, User
from tests.staff.conftest import totp_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def enrol(person):
    """As a person does: sign in, scan, type the code."""
    person.sign_in()
    page = person.get("second-factor/").content.decode()
    secret = re.search(r'class="secret">([^<]+)<', page)[1].replace(" ", "")
    return person.post("second-factor/", {"code": totp_code(b32decode(secret))})


def acts(person):
    return list(AuditRow.objects.filter(subject=f"user:{person.user.username}").values_list("action", flat=True))[1:]


def test_whoever_has_none_is_led_to_enrol_one_and_sees_nothing_else(lan):
    lan.sign_in()
    assert lan.get("content/user/")["Location"] == "/staff/second-factor/?next=%2Fstaff%2Fcontent%2Fuser%2F"
    page = lan.get("second-factor/").content.decode()
    assert 'class="segno"' in page
    assert 'autocomplete="one-time-code"' in page
    assert TOTPDevice.objects.count() == 0  # looking enrols nothing


def test_a_code_of_the_app_enrols_it_and_opens_the_staff_site(lan):
    assert enrol(lan)["Location"] == "/staff/"
    assert lan.get("").status_code == 200
    assert acts(lan) == ["session.began", "second_factor.added"]


def test_a_wrong_code_enrols_nothing(lan):
    lan.sign_in()
    lan.get("second-factor/")
    page = lan.post("second-factor/", {"code": "000000"})
    assert "Mã sai" in page.content.decode()
    assert (TOTPDevice.objects.count(), lan.get("").status_code) == (0, 302)


def test_the_next_sign_in_asks_for_the_code_and_leads_back(lan):
    enrol(lan)
    lan.post("logout/", {})
    lan.sign_in()
    assert lan.get("password_change/")["Location"] == "/staff/code/?next=%2Fstaff%2Fpassword_change%2F"
    assert lan.get("second-factor/")["Location"] == "/staff/"  # no second enrolment past the first
    used = lan.post("code/", {"code": lan.code()})
    assert "Mã sai hoặc đã dùng" in used.content.decode()  # the enrolment used it up
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    answer = lan.post("code/", {"code": lan.code(later=1), "next": "/staff/password_change/"})
    assert answer["Location"] == "/staff/password_change/"
    assert lan.get("password_change/").status_code == 200
    assert acts(lan)[-3:] == ["session.began", "second_factor.refused", "second_factor.passed"]


def test_after_a_wrong_code_none_is_looked_at_for_a_moment(lan):
    enrol(lan)
    lan.post("logout/", {})
    lan.sign_in()
    for _ in range(3):
        lan.post("code/", {"code": "000000"})
    lan.post("code/", {"code": lan.code(later=1)})
    assert lan.get("").status_code == 302
    assert acts(lan).count("second_factor.refused") == 1  # what was not looked at is no row


@pytest.mark.parametrize("elsewhere", ["https://evil.example/staff/", "//evil.example/staff/", "/docs"])
def test_the_code_leads_to_no_other_place(lan, elsewhere):
    enrol(lan)
    lan.post("logout/", {})
    lan.sign_in()
    assert lan.post("code/", {"code": lan.code(later=1), "next": elsewhere})["Location"] == "/staff/"


def test_an_administrator_removes_the_device_of_a_lost_phone(lan, person):
    minh = person("minh", "administrator")
    enrol(minh)
    enrol(lan)
    data = {
        "action": "remove_second_factor",
        "_selected_action": lan.user.pk,
        "reason": "her phone fell into the lake",
    }
    minh.post("content/user/", data)
    assert second_factor.device_of(lan.user) is None
    assert lan.get("")["Location"].startswith("/staff/second-factor/")  # the session it opened is not whole any more
    row = AuditRow.objects.get(action="second_factor.removed")
    assert (row.by, row.reason, row.subject) == (minh.user, "her phone fell into the lake", "user:lan")


def test_one_removes_ones_own_with_a_code(lan):
    enrol(lan)
    lan.post("second-factor/", {"code": "000000"})
    assert second_factor.device_of(lan.user)
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    lan.post("second-factor/", {"code": lan.code(later=1)})
    assert second_factor.device_of(lan.user) is None
    assert acts(lan)[-1] == "second_factor.removed"


def test_an_account_has_one_device(lan):
    enrol(lan)
    key = second_factor.new_key()
    with pytest.raises(RuleBroken) as refusal:
        second_factor.enrol_device(lan.user, key, totp_code(bytes.fromhex(key)))
    assert (refusal.value.code, TOTPDevice.objects.count()) == ("already_enrolled", 1)


def test_an_administrator_cannot_unguard_a_superuser(person, lan):
    minh = person("minh", "administrator")
    root = User.objects.create_superuser("root", password="x" * 20)
    TOTPDevice.objects.create(user=root, name="phone")
    with pytest.raises(RuleBroken) as refusal:
        second_factor.remove_device(root, by=minh.user, reason="lost")
    assert (refusal.value.code, TOTPDevice.objects.count()) == ("superuser_only", 1)


def test_on_a_laptop_only_whoever_has_one_is_asked(lan, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    lan.sign_in()
    assert lan.get("").status_code == 200
    enrol(lan)
    lan.post("logout/", {})
    lan.sign_in()
    assert lan.get("")["Location"].startswith("/staff/code/")


def test_no_page_shows_a_secret_that_is_enrolled(lan):
    enrol(lan)
    key = second_factor.device_of(lan.user).key
    page = lan.get("second-factor/").content.decode()
    assert (key in page, "secret" in page) == (False, False)
