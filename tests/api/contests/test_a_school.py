"""A school behind one address: its phones register, enter, take a paper and read their results at production limits."""

import datetime
import os
from collections import Counter

import pytest
from django.utils import timezone

from content.contest_rules.attendance import are_contestants_expected
from content.contests.models import Attempt
from notifications.devices.models import Device
from tests.builders_contests import HOUR, a_planned_contest, a_running_contest, close, round_of, shift

pytestmark = pytest.mark.django_db
PRODUCTION = {  # as config/settings.py has them outside local mode
    "NEW_DEVICES_PER_HOUR": 20, "CONTEST_DEVICES_PER_HOUR": 2_000, "READS_PER_MINUTE": 600, "WRITES_PER_MINUTE": 600,
    "ATTEMPT_WRITES_PER_MINUTE": 6_000,
}  # fmt: skip
PUPILS = 200
WEEK = datetime.timedelta(days=7)


@pytest.fixture
def production(settings):
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)


def register(api, number, address):
    body = {"registration_id": f"fcm-{number}", "id_kind": "token", "platform": "android", "language": "vi"}
    return api("put", f"devices/phone-{number}", body, REMOTE_ADDR=address)


def take_part(call, contest):
    """Read the contest, enter, start, submit, read the result and the rank."""
    here = f"contests/{contest.key}"
    call("get", here)
    call("put", f"{here}/entry", {"age_band": "adult", "consent": True})
    attempt = call("post", f"{here}/rounds/1/attempts", {"nonce": os.urandom(16).hex()})
    body = {"seq": 1, "answers": {"1": "a", "2": "b", "3": "a", "4": "b"}}
    outcome = call("post", f"attempts/{attempt['key']}/submission", body)
    assert outcome["result"]["questions"] == 4
    assert call("get", f"attempts/{attempt['key']}")["state"] == "submitted"
    call("get", f"{here}/standing")


@pytest.mark.rehearsal
def test_two_hundred_fresh_phones_take_part_and_read_their_results_within_a_minute(api, production):
    contest, school = a_running_contest(results_shown="at_once"), "198.51.100.201"
    answers = []

    def as_phone(secret):
        def call(method, path, body=None):
            answers.append(api(method, path, body, HTTP_AUTHORIZATION=f"Bearer {secret}", REMOTE_ADDR=school))
            return answers[-1].json()

        return call

    for number in range(PUPILS):
        answers.append(register(api, number, school))
        assert answers[-1].status_code == 201, (number, answers[-1].json())
        take_part(as_phone(answers[-1].json()["secret"]), contest)
    assert {answer.status_code for answer in answers} <= {200, 201, 404}  # 404: a rank that is not counted yet
    assert Device.objects.count() == PUPILS == Attempt.objects.exclude(submitted_at=None).count()
    # however long the test takes: all of it fits into one minute
    asked = Counter(answer["RateLimit-Policy"] for answer in answers)
    assert asked == {
        '"writes";q=600;w=60': 200, '"anonymous";q=600;w=60': 200, '"attempts";q=6000;w=60': 600,
        '"results";q=6000;w=60': 400,
    }  # fmt: skip


def test_without_a_contest_an_address_registers_twenty_new_devices_an_hour(api, production):
    statuses = [register(api, number, "198.51.100.202").status_code for number in range(41)]
    assert statuses[:20] == [201] * 20
    assert 429 in statuses  # the hour may turn between two of them, but not twice


def test_while_a_contest_is_near_the_limit_is_higher_and_not_without_end(api, production, settings):
    a_running_contest()
    settings.CONTEST_DEVICES_PER_HOUR = 23
    statuses = [register(api, number, "198.51.100.203").status_code for number in range(47)]
    assert statuses[:23] == [201] * 23
    assert 429 in statuses


def test_contestants_are_expected_from_a_week_before_a_ranked_round_until_its_end():
    assert not are_contestants_expected()
    a_planned_contest()  # nobody outside knows of it
    assert not are_contestants_expected()
    contest = a_running_contest()
    assert are_contestants_expected()
    round = round_of(contest)
    shift(contest, timezone.now() + WEEK + HOUR - round.starts_at)
    assert not are_contestants_expected()
    shift(contest, -2 * HOUR)
    assert are_contestants_expected()
    close(contest)
    assert not are_contestants_expected()


def test_a_round_of_practice_alone_does_not_raise_the_limit():
    a_running_contest(is_practice=True)
    assert not are_contestants_expected()
