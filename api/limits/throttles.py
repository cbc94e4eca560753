"""Request limits per address."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import Throttled

from api import problems
from api.caching import REVALIDATES
from api.limits.counters import (
    ATTEMPT_WRITE_COUNTS,
    FILE_PART_COUNTS,
    READ_COUNTS,
    RECORD_COUNTS,
    RESULT_COUNTS,
    WRITE_COUNTS,
    ExactCounter,
    FixedWindowCounter,
    quota_headers,
    take_back_unchanged,
)
from api.types import GetResponse
from content.contest_rules.attendance import are_contestants_expected
from notifications.devices.models import Device

READ_METHODS = ("GET", "HEAD", "OPTIONS")
FILE_PATHS = "/api/v1/files/"  # nginx and players ask for a video in parts: 125 of 4 MiB for one of 500
RECORD_SUFFIX = "/record"  # other installations read one for each object that changed
RECORDS_PATH = "/api/v1/records"  # or several at once, of which each counts
RECORDS_GIVEN = "luatmo.records_given"  # in `request.META`: how many that answer has
COMMA = re.compile(",|%2C", re.IGNORECASE)
ATTEMPT_PATHS = re.compile(  # a whole school may enter, start, save and submit behind one address
    r"/api/v1/(?:attempts/[^/]+/(?:answers|submission)|contests/[^/]+/(?:entry|rounds/[0-9]+/attempts))"
)
OWN_RESULT_PATHS = re.compile(  # and all read their results in the minute after the deadline, each with its secret
    r"/api/v1/(?:attempts/[^/]+|contests/[^/]+/(?:entry|standing))"
)
# files cost little, probes must always be answered, and staff of one office share an address: signing in has a limit
UNLIMITED_PATHS = ("/static/", "/health/", "/staff/")

NEW_DEVICE_COUNTS = ExactCounter("new devices", seconds=3600)
DEVICE_CHANGE_COUNTS = ExactCounter("device changes", seconds=3600)
DEVICE_CHANGES_PER_HOUR = 10  # of one device: each moves all its FCM topics, up to 3,800 calls
SIMILAR_SEARCH_COUNTS = FixedWindowCounter("similar searches", "SIMILAR_SEARCHES_PER_MINUTE")
BULK_REQUEST_COUNTS = FixedWindowCounter("bulk", "BULK_PER_MINUTE")
CERTIFICATE_COUNTS = FixedWindowCounter("certificates", "CERTIFICATES_PER_MINUTE")


def throttle_new_devices(request: HttpRequest) -> None:
    """Count a new device. Raises Throttled above NEW_DEVICES_PER_HOUR per address.

    While contestants are to be expected, above CONTEST_DEVICES_PER_HOUR: a school comes with all its phones.
    """
    counted = NEW_DEVICE_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if counted.requests <= settings.NEW_DEVICES_PER_HOUR:
        return
    if counted.requests > settings.CONTEST_DEVICES_PER_HOUR or not are_contestants_expected():
        raise Throttled(counted.seconds)


def throttle_device_changes(device: Device) -> None:
    """Count a new language or registration id of a device. Raises Throttled above DEVICE_CHANGES_PER_HOUR."""
    counted = DEVICE_CHANGE_COUNTS.count_request(f"device:{device.pk}")
    if counted.requests > DEVICE_CHANGES_PER_HOUR:
        message = _("The language or the registration of this device changed %d times within an hour. Wait.")
        raise Throttled(counted.seconds, message % DEVICE_CHANGES_PER_HOUR)


def throttle_similar_searches(request: HttpRequest) -> None:
    """Count a search for similar questions. Raises Throttled above SIMILAR_SEARCHES_PER_MINUTE per address."""
    count, seconds = SIMILAR_SEARCH_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.SIMILAR_SEARCHES_PER_MINUTE:
        raise Throttled(seconds)


def throttle_bulk_requests(request: HttpRequest) -> None:
    """Count a request for bulk files. Raises Throttled above BULK_PER_MINUTE per address."""
    count, seconds = BULK_REQUEST_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.BULK_PER_MINUTE:
        raise Throttled(seconds)


def throttle_certificates(request: HttpRequest) -> None:
    """Count a certificate to draw, or a name to try. Raises Throttled above CERTIFICATES_PER_MINUTE per address."""
    count, seconds = CERTIFICATE_COUNTS.count_request(request.META["REMOTE_ADDR"])
    if count > settings.CERTIFICATES_PER_MINUTE:
        raise Throttled(seconds)


class RequestThrottleMiddleware:
    """Middleware: 429 with Retry-After above READS_PER_MINUTE or WRITES_PER_MINUTE per address and minute.

    Every path counts but UNLIMITED_PATHS. GET, HEAD and OPTIONS are reads, all other methods are writes; entries
    and attempts of contests have ATTEMPT_WRITES_PER_MINUTE of their own, and as much again for reading them; reads of
    records have RECORDS_PER_MINUTE, of which an answer with several takes as many as it has; reads of files of
    materials and their parts FILE_PARTS_PER_MINUTE. A 304 to other reads is free, up to UNCHANGED_PER_READ times as
    many as reads. The address is REMOTE_ADDR: an X-Forwarded-For header, which any caller may send, must not start a
    new count. Response headers: draft-ietf-httpapi-ratelimit-headers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNLIMITED_PATHS):
            return self.get_response(request)
        requests = 1
        if request.path == RECORDS_PATH and request.method in READ_METHODS:
            policy, most, window = "records", settings.RECORDS_PER_MINUTE, RECORD_COUNTS
            requests += len(COMMA.findall(request.META["QUERY_STRING"]))
        elif request.path.endswith(RECORD_SUFFIX) and request.method in READ_METHODS:
            policy, most, window = "records", settings.RECORDS_PER_MINUTE, RECORD_COUNTS
        elif request.path.startswith(FILE_PATHS) and request.method in READ_METHODS:
            policy, most, window = "files", settings.FILE_PARTS_PER_MINUTE, FILE_PART_COUNTS
        elif request.method in READ_METHODS and OWN_RESULT_PATHS.fullmatch(request.path):
            policy, most, window = "results", settings.ATTEMPT_WRITES_PER_MINUTE, RESULT_COUNTS
        elif request.method in READ_METHODS:
            policy, most, window = "anonymous", settings.READS_PER_MINUTE, READ_COUNTS
        elif ATTEMPT_PATHS.fullmatch(request.path):
            policy, most, window = "attempts", settings.ATTEMPT_WRITES_PER_MINUTE, ATTEMPT_WRITE_COUNTS
        else:
            policy, most, window = "writes", settings.WRITES_PER_MINUTE, WRITE_COUNTS
        count, seconds = window.count_request(request.META["REMOTE_ADDR"], requests)
        if count > most:
            if requests > 1:  # one alone may still pass: who asks for several tries that
                window.take_back(request.META["REMOTE_ADDR"], requests)
                count -= requests
            detail = _("Too many requests: at most %(most)d per minute are allowed. Wait %(seconds)d seconds.")
            detail %= {"most": most, "seconds": seconds}
            response: HttpResponse = problems.problem_response(429, "throttled", detail)
            response["Retry-After"] = str(seconds)
            response["Cache-Control"] = "no-store"
        else:
            response = self.get_response(request)
            if unused := requests - max(1, request.META.get(RECORDS_GIVEN, requests)):
                window.take_back(request.META["REMOTE_ADDR"], unused)
                count -= unused
        has_copy = request.headers.get("If-None-Match") != "*" and REVALIDATES not in request.META
        if response.status_code == 304 and has_copy and window is READ_COUNTS:
            count -= take_back_unchanged(request.META["REMOTE_ADDR"])
        for name, value in quota_headers(policy, most, count, seconds).items():
            response[name] = value
        return response
