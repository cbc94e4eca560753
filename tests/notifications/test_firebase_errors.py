"""What an error of the SDK tells the senders to do, where the local FCM server need not be asked."""

import pytest
import requests
from firebase_admin import exceptions, messaging

from notifications.push.firebase import failure_of

FCM_SAYS = b'{"error": {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}}'


def wait_asked_for(header, error=messaging.QuotaExceededError, body=FCM_SAYS):
    """The seconds to wait that the sender reads from an answer with this Retry-After (None: without one)."""
    response = requests.Response()
    response._content = body
    if header is not None:
        response.headers["Retry-After"] = header
    return failure_of(error("no", http_response=response)).seconds


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 0),
        ("99999999999999999999", 86_400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ],
)
def test_a_wait_that_fcm_asks_for_is_kept_for_a_day_at_most(header, seconds):
    assert wait_asked_for(header) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "²", "-5", "1.5"])
def test_without_a_readable_wait_a_spent_quota_means_a_minute_and_an_outage_our_own_backoff(header):
    assert wait_asked_for(header) == 60
    assert wait_asked_for(header, exceptions.UnavailableError) is None


@pytest.mark.parametrize("body", [b"<html><body>429</body></html>", b'{"error": "Too Many Requests"}', b"{}", b""])
@pytest.mark.parametrize("header", ["0", "5", "600", "86400", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_429_that_is_not_fcms_own_stops_all_pushes_for_a_minute_whatever_it_asks(header, body):
    assert wait_asked_for(header, exceptions.ResourceExhaustedError, body) == 60


@pytest.mark.parametrize("body", [b"<html><body>503</body></html>", b'{"error": "Bad Gateway"}', b"{}", b""])
def test_a_page_of_a_proxy_does_not_say_how_long_a_delivery_waits(body):
    assert wait_asked_for("86400", exceptions.UnavailableError, body) is None


def test_an_outage_that_fcm_reports_itself_is_waited_for_as_it_asks():
    body = b'{"error": {"code": 503, "message": "Try later.", "status": "UNAVAILABLE"}}'
    assert wait_asked_for("120", exceptions.UnavailableError, body) == 120
