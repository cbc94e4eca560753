"""Contests for bench/made_up_requests.py: open, to be entered, with a disqualification, and with published results."""

import json
import os
import random
from typing import Any

from attacks.target import DeviceSession, Target, require

FURNISH = """
import json
from django.utils import timezone
from content.contest_certificates import services as certificates
from content.contest_certificates.drawing import FileType
from content.contest_results import services as results
from content.contests import services as contests
from content.contests.models import Attempt, Round
from notifications.devices.models import Device
from tests.builders_contests import (
    DAY, MINUTE, a_planned_contest, a_quiz_bank, a_result, an_entry, close, frozen, judge, round_of, shift
)
minh = Device.objects.get(installation_key={own!r}).reader
def running(title):
    contest = a_planned_contest(a_quiz_bank(name=title), title=title, max_attempts=None)
    Round.objects.filter(contest=contest).update(ends_at=timezone.now() + 2 * DAY)
    frozen(round_of(contest))
    contest = contests.announce(contest, notify=False)
    shift(contest, timezone.now() - MINUTE - round_of(contest).starts_at)
    return contest
is_open, to_enter, disqualified, published = map(running, ["Đang thi", "Ghi danh", "Phản đối", "Đã công bố"])
an_entry(is_open, minh)
results.disqualify(an_entry(disqualified, minh), by=judge(), reason="Hai người làm một bài.")
best = a_result(published, 4, reader=an_entry(published, minh).reader)
second = a_result(published, 2)
close(published)
results.propose_results(published, winners=[(best.entry.code, "Giải Nhất")], by=judge())
results.publish_results(published, by=judge("lan-judges"), notify=False)
results.ask_identity(published.winners.get(), by=judge())
attempt = Attempt.objects.select_related("entry", "round__contest__organisation").get(pk=second.pk)
certificate, _file = certificates.issue_certificate(
    attempt, name="Nguyễn Thị Hạnh", file_type=FileType.PDF, address=str
)
print(json.dumps({{"open": is_open.key, "to_enter": to_enter.key, "disqualified": disqualified.key,
                   "published": published.key, "submitted": best.key, "serial": certificate.serial}}))
"""
ENTRY = {"age_band": "adult", "consent": True}
BODIES: dict[str, Any] = {
    "enterContest": ENTRY,
    "saveContestAnswers": {"seq": 1, "answers": {"1": "b"}},
    "submitContestAttempt": {"seq": 2, "answers": {"1": "b", "2": "a"}},
    "drawCertificate": {"name": "Trần Văn Minh", "file_type": "pdf"},
    "checkCertificateName": {"name": "Nguyễn Thị Hạnh"},
    "objectToDisqualification": {"text": "Tôi làm một mình."},
    "sayWhoTheWinnerIs": {
        "name": "Trần Văn Minh",
        "contact": "minh@example.com",
        "document_number": "001099012345",
        "consent": True,
    },
}
CONTEST_OF = {  # which of them; else the one with published results
    "getContestEntry": "open",
    "startContestAttempt": "open",
    "enterContest": "to_enter",
    "withdrawContestEntry": "to_enter",
    "objectToDisqualification": "disqualified",
}
OF_ANY_CONTEST = ("getContest", "getContestRound", "getLeaderboard")
OF_AN_OPEN_ATTEMPT = ("saveContestAnswers", "submitContestAttempt")


class Contests:
    """What `own` did in four contests, and goes on doing."""

    def __init__(self, installation: Target, own: DeviceSession) -> None:
        self._installation, self._own = installation, own
        self._rows = json.loads(installation.manage("shell", "-v0", "-c", FURNISH.format(own=own.name)))

    def paths(self) -> dict[str, dict[str, Any]]:
        """As `World._good_paths`."""
        return {
            "attempts": {"key": self._rows["submitted"]},
            "certificates": {"serial": self._rows["serial"]},
            "contests": {"key": self._rows["published"], "number": 1},
        }

    def value(self, operation: str, name: str) -> Any:
        """The value of a path parameter if it is another one for this operation; None: that of `paths`."""
        if name == "key" and operation in CONTEST_OF:
            return self._rows[CONTEST_OF[operation]]
        if name == "key" and operation in OF_ANY_CONTEST:
            return random.choice([self._rows[each] for each in ("open", "to_enter", "disqualified", "published")])
        if name == "key" and operation in OF_AN_OPEN_ATTEMPT:
            return self._open_attempt()
        return None

    def body(self, operation: str) -> Any:
        """A good body that is another one each time; None: there is none, or it is in BODIES."""
        return {"nonce": os.urandom(16).hex()} if operation == "startContestAttempt" else None

    def prepare(self, operation: str) -> None:
        """Make what the operation reads or ends, and forget what it may do ten times an hour."""
        if operation == "withdrawContestEntry":
            self._own.put(f"/api/v1/contests/{self._rows['to_enter']}/entry", json=ENTRY)
        if operation == "checkCertificateName":
            with self._installation.sql() as connection:
                connection.execute("UPDATE content_certificate SET tries = 0")

    def _open_attempt(self) -> str:
        """The attempt that `own` has not submitted; started, unless there is one."""
        path = f"/api/v1/contests/{self._rows['open']}/rounds/1/attempts"
        answer = self._own.post(path, json=self.body("startContestAttempt"))
        require(answer.ok, f"an attempt could not be started: {answer.text[:200]}")
        return str(answer.json()["key"])
