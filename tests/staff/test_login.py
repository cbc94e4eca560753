"""Login to the staff site: password, lock-out, sessions, and headers of every page."""

import datetime
import io
import os
import subprocess
import sys
import time
from ipaddress import ip_network

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import OperationalError
from django.db.models import F
from django.test import Client, RequestFactory
from django.utils import timezone

from config import proxies
from config.staff import middleware
from content.people.cleanup import delete_expired_sessions_and_attempts
from content.people.models import AuditRow, Role
from tests.config.test_settings import PRODUCTION, ROOT

pytestmark = pytest.mark.django_db


def audit_actions(subject=None):
    rows = AuditRow.objects.order_by("pk").exclude(action="account.created")
    return [row.action for row in (rows.filter(subject=subject) if subject else rows)]


def test_the_staff_site_is_at_staff_and_asks_for_a_login():
    assert (Client().get("/staff").status_code, Client().get("/staff")["Location"]) == (302, "/staff/")
    assert Client().get("/staff/")["Location"] == "/staff/login/?next=/staff/"
    page = Client().get("/staff/login/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Tên đăng nhập" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_login_and_logout_are_audited_with_the_address(lan):
    assert lan.sign_in(REMOTE_ADDR="192.0.2.7").status_code == 302
    assert lan.get("").status_code == 200
    lan.post("logout/", {})
    assert lan.get("").status_code == 302
    rows = AuditRow.objects.filter(action__startswith="session.")
    assert list(rows.values_list("action", "by__username", "address")) == [
        ("session.began", "lan", "192.0.2.7"),
        ("session.ended", "lan", "127.0.0.1"),
    ]


def test_a_wrong_password_is_audited_and_an_unknown_name_is_not_stored(lan):
    lan.sign_in("wrong")
    Client().post("/staff/login/", {"username": "my-secret-typed-here", "password": "x"})
    assert list(AuditRow.objects.filter(action="session.refused").values_list("subject", "by")) == [
        ("user:lan", None),
        ("user:?", None),
    ]


def test_five_wrong_passwords_lock_the_name_out_for_a_quarter_of_an_hour(lan):
    answers = [lan.sign_in("wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(7)]
    assert answers == [200, 200, 200, 200, 429, 429, 429]
    locked = lan.sign_in(HTTP_X_FORWARDED_FOR="203.0.113.9")  # the right one, and a header anybody can write
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "Hãy thử lại sau 15 phút" in locked.content.decode()
    assert audit_actions("user:lan") == ["session.refused"] * 5 + ["session.locked_out"]
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - datetime.timedelta(minutes=16))
    assert lan.sign_in().status_code == 302


def test_a_stranger_elsewhere_cannot_lock_lan_out_of_her_account(lan, person):
    hoa = person("hoa", Role.APPROVER)
    for _ in range(6):
        lan.sign_in("wrong", REMOTE_ADDR="192.0.2.66")
    assert lan.sign_in(REMOTE_ADDR="192.0.2.7").status_code == 302
    assert hoa.sign_in(REMOTE_ADDR="192.0.2.66").status_code == 302


def test_an_administrator_unlocks_an_account(lan, minh):
    for _ in range(6):
        lan.sign_in("wrong")
    minh.post("content/user/", {"action": "unlock", "_selected_action": lan.user.pk, "reason": "she called"})
    assert lan.sign_in().status_code == 302
    row = AuditRow.objects.get(action="account.unlocked")
    assert (row.by, row.subject, row.reason) == (minh.user, "user:lan", "she called")


def test_signing_in_is_limited_by_address_whatever_the_name(lan, settings):
    settings.LOGINS_PER_MINUTE = 0
    assert lan.sign_in().status_code == 429


def test_a_changed_password_ends_the_other_sessions_and_is_audited(lan, settings):
    elsewhere = Client()
    for browser in (lan.browser, elsewhere):
        browser.post("/staff/login/", {"username": "lan", "password": lan.password})
    new = "một-mật-khẩu-thật-dài"
    data = {"old_password": lan.password, "new_password1": new, "new_password2": new}
    assert lan.post("password_change/", data).status_code == 302
    assert (lan.get("").status_code, elsewhere.get("/staff/").status_code) == (200, 302)
    assert audit_actions("user:lan")[-1] == "account.password_changed"


@pytest.mark.parametrize("weak", ["ngắn", "password1234", "lan-lan-lan"])
def test_a_weak_password_is_refused(lan, weak):
    lan.sign_in()
    data = {"old_password": lan.password, "new_password1": weak, "new_password2": weak}
    assert lan.post("password_change/", data).status_code == 200
    assert "account.password_changed" not in audit_actions()


def test_why_a_password_is_refused_is_said_in_vietnamese(lan):
    lan.sign_in()
    page = lan.post("password_change/", {"old_password": lan.password, "new_password1": "ab", "new_password2": "ab"})
    text = page.content.decode()
    assert [words in text for words in ("Hãy sửa các lỗi sau.", "Hãy dùng ít nhất 12 ký tự.")] == [True, True]
    assert "Please correct" not in text and "This password" not in text


def test_a_session_ends_twelve_hours_after_it_began_however_busy(lan):
    lan.sign_in()
    session = lan.browser.session
    session["signed_in_at"] = int(time.time()) - 12 * 3600 - 1
    session.save()
    assert lan.get("")["Location"] == "/staff/login/?next=/staff/"


def test_a_closed_account_is_out_at_once(lan):
    lan.sign_in()
    lan.user.is_active = False
    lan.user.save()
    assert lan.get("").status_code == 302


def test_the_cookie_is_for_the_staff_site_only(lan, django_assert_num_queries):
    lan.sign_in()
    cookie = lan.browser.cookies["staff"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/staff/",
        True,
        "Lax",
        14400,
    )
    with django_assert_num_queries(0):  # no session is looked up elsewhere, even where somebody sends one
        answer = lan.browser.get("/api/v1/openapi.json")
    assert not answer.cookies


def test_production_sends_cookies_over_https_only_and_wants_a_second_factor(tmp_path):
    names = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED"
    line = f"from django.conf import settings as s; print({names})"
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings", "LUATMO_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True True True\n"


@pytest.mark.parametrize("path", ["login/", "", "nowhere/", "content/user/?q=%00", "jsi18n/"])
def test_every_page_loads_our_own_files_only_and_is_not_cached(minh, path):
    answer = minh.get(path)
    nothing = {f"{name} 'none'" for name in ("default-src", "base-uri", "frame-ancestors")}
    own = {f"{name}-src 'self'" for name in ("script", "style", "img", "media", "font", "connect")}
    assert set(answer["Content-Security-Policy"].split("; ")) == nothing | own | {"form-action 'self'"}
    assert (answer["Cache-Control"], answer["Content-Language"]) == ("no-store, private", "vi")


@pytest.mark.parametrize(("path", "status"), [("nowhere/", 404), ("content/auditrow/?q=%00", 400)])
def test_what_goes_wrong_is_said_on_a_page_in_vietnamese(minh, path, status):
    answer = minh.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert "Về trang nhân viên" in answer.content.decode()


def test_a_form_without_its_token_changes_nothing(lan):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/staff/login/", {"username": "lan", "password": lan.password})
    assert (answer.status_code, "Biểu mẫu này đã hết hạn" in answer.content.decode()) == (403, True)
    assert audit_actions() == []


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/staff/", "javascript:alert('evil')"])
def test_signing_in_leads_to_no_other_host(lan, elsewhere):
    data = {"username": "lan", "password": lan.password, "next": elsewhere}
    assert Client().post("/staff/login/", data)["Location"] == "/staff/"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "remote", "seen"),
    [
        ("", "203.0.113.9", "192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1", "203.0.113.9"),
        (
            "192.0.2.1",
            "127.0.0.1, 203.0.113.9",
            "192.0.2.1",
            "203.0.113.9",
        ),  # the part to the left is made up by the client
        ("192.0.2.1,10.0.0.0/8", "203.0.113.9, 10.1.2.3", "192.0.2.1", "203.0.113.9"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.2", "192.0.2.2"),  # not our proxy
        ("192.0.2.1", ", ".join(["198.51.100.7"] * 100 + ["203.0.113.9"]), "192.0.2.1", "203.0.113.9"),
        ("192.0.2.1", "nonsense", "192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "", "192.0.2.1", "192.0.2.1"),
        ("::1", "2001:db8::7", "::1", "2001:db8::7"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, trusted, forwarded, remote, seen):
    settings.TRUSTED_PROXIES = [ip_network(each) for each in trusted.split(",") if each]
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR=remote)
    proxies.client_address_middleware(lambda request: None)(request)
    assert proxies.client_address(request) == seen


def test_what_is_over_is_swept_and_what_is_not_stays(lan, person):
    lan.sign_in("wrong")
    lan.sign_in()
    hoa = person("hoa", Role.APPROVER)
    hoa.sign_in("wrong")
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - datetime.timedelta(days=2))
    hoa.sign_in("wrong")
    person("old").sign_in()
    Session.objects.exclude(pk=lan.browser.cookies["staff"].value).update(expire_date=timezone.now())
    delete_expired_sessions_and_attempts()
    assert (Session.objects.count(), lan.get("").status_code) == (1, 200)
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["hoa"]


def test_a_password_set_by_command_is_audited(lan, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda **_prompt: "một-mật-khẩu-thật-dài")
    call_command("changepassword", "lan", stdout=io.StringIO())
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.subject, row.by) == ("account.password_changed", "user:lan", None)


def test_a_superuser_made_by_command_is_audited(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "một-mật-khẩu-thật-dài")
    call_command("createsuperuser", "--noinput", username="root", email="", stdout=io.StringIO())
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.subject, row.facts) == ("account.created", "user:root", {"superuser": True})


@pytest.mark.parametrize(
    ("error", "status", "wait"), [(ZeroDivisionError("Zsecret"), 500, None), (OperationalError("Zsecret"), 503, "5")]
)
def test_a_failure_is_a_page_without_a_trace_and_a_database_that_is_away_is_said(error, status, wait):
    try:
        raise error
    except type(error):
        answer = middleware.server_error(RequestFactory().get("/staff/"))
    page = answer.content.decode()
    assert (answer.status_code, answer.get("Retry-After"), "Zsecret" in page) == (status, wait, False)
    assert "Máy chủ gặp sự cố" in page


def test_a_form_sent_after_the_sign_in_ended_leads_to_a_page_that_says_so(lan):
    lan.sign_in()
    lan.browser.session.flush()
    told = lan.browser.post("/staff/content/legaldocument/add/", {"text": "Điều 1"}, follow=True)
    assert told.redirect_chain == [("/staff/login/?next=%2Fstaff%2Fcontent%2Flegaldocument%2Fadd%2F&ended=1", 302)]
    assert "Phiên đăng nhập đã kết thúc." in told.content.decode()
    assert "Phiên đăng nhập đã kết thúc." not in lan.get("login/").content.decode()
