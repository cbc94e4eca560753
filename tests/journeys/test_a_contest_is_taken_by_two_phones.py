"""From the bank to the results, over HTTP and on phones of the local FCM server; receipts and proof verified apart."""

import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import jwt
import pypdf
import pytest
from django.utils import timezone

from content.contest_papers import verifying
from content.contest_results import services as results
from content.contests import services as contests
from content.contests.models import Attempt
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
from tests.builders import a_device, a_follower, land, registration_of
from tests.builders_contests import (
    HOUR,
    a_planned_contest,
    a_quiz_bank,
    answers_for,
    close,
    frozen,
    judge,
    round_of,
    shift,
)
from tests.journeys.installation import call

pytestmark = pytest.mark.usefixtures("committed")
NAMES = ("follower", "a", "b")
ENTRY = {"age_band": "adult", "consent": True}


@pytest.fixture
def heard(fcm, gateway):
    """What each phone has heard since the last look, as the worker goes round."""
    for name in NAMES:
        fcm.call("POST", "devices", {"token": registration_of(name)})

    def look():
        before = {name: len(fcm.phone(registration_of(name))["received"]) for name in NAMES}
        while read_changes():
            pass
        reconcile_subscriptions(gateway)
        while sender.send_due(gateway):
            pass
        return {name: len(fcm.phone(registration_of(name))["received"]) - before[name] for name in NAMES}

    return look


def download(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=20) as answer:
        return answer.read()


def take(api, contest, device, right):
    """Enter, start, save once, submit. Returns (attempt as shown at its start, outcome)."""
    assert api("PUT", f"contests/{contest.key}/entry", ENTRY, device.secret)[0] == 201
    body = {"nonce": os.urandom(16).hex()}
    status, attempt = api("POST", f"contests/{contest.key}/rounds/1/attempts", body, device.secret)
    assert (status, "right" in json.dumps(attempt)) == (201, False)
    given = answers_for(Attempt.objects.get(key=attempt["key"]), right)
    address = f"attempts/{attempt['key']}"
    half = {number: answer for number, answer in given.items() if number < "3"}
    assert api("PUT", f"{address}/answers", {"seq": 1, "answers": half}, device.secret)[1]["saved_seq"] == 1
    status, outcome = api("POST", f"{address}/submission", {"seq": 2, "answers": given}, device.secret)
    assert (status, outcome["result"]) == (200, None)  # others still compete
    return attempt | {"given": given}, outcome


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_two_phones_take_part_and_everything_is_verified_apart(live_server, settings, fcm, heard, tmp_path):
    settings.PUBLIC_URL = live_server.url

    def api(method, path, body=None, secret=None):
        return call(method, f"{live_server.url}/api/v1/{path}", body, secret)

    a_follower("follower", land())
    a, b = a_device("a"), a_device("b")
    heard()  # FCM learns what they follow
    contest = a_planned_contest(a_quiz_bank())
    round = frozen(round_of(contest))
    assert heard() == {"follower": 0, "a": 0, "b": 0}
    contest = contests.announce(contest)
    assert heard() == {"follower": 1, "a": 0, "b": 0}
    promised = api("GET", f"contests/{contest.key}/rounds/1")[1]
    assert (promised["status"], promised["seed_hash"]) == ("frozen", round.seed_hash)

    shift(contest, timezone.now() - HOUR / 2 - round.starts_at)
    taken = [take(api, contest, device, right) for device, right in ((a, 3), (b, 4))]
    results.open_begun_rounds()
    assert heard() == {"follower": 0, "a": 1, "b": 1}  # who entered is told that the round is open

    keys = jwt.PyJWKSet.from_dict(json.loads(download(f"{live_server.url}/.well-known/jwks.json")))
    for attempt, outcome in taken:  # offline: with what the phone has, and the keys
        key = keys[jwt.get_unverified_header(outcome["receipt"])["kid"]]
        claims = jwt.decode(outcome["receipt"], key, algorithms=["EdDSA"], issuer=live_server.url)
        nonce = bytes.fromhex(attempt["nonce"])
        assert claims["answers_hash"] == hashlib.sha256(nonce + canonical(attempt["given"])).hexdigest()
        assert (claims["contest"], claims["round"], claims["saved_seq"]) == (contest.key, 1, 2)
        head, payload, seal = outcome["receipt"].split(".")
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(f"{head}.{payload[:-4]}AAAA.{seal}", key, algorithms=["EdDSA"])

    close(contest)
    assert heard() == {"follower": 0, "a": 1, "b": 1}  # each: there is a result
    for name in ("a", "b"):
        newest = list(fcm.phone(registration_of(name))["tray"].values())[-1]
        assert contest.title not in newest["title"] + newest["body"]
    proof = download(f"{live_server.url}/api/v1/contests/{contest.key}/rounds/1/proof")
    lines = download(f"{live_server.url}/api/v1/contests/{contest.key}/rounds/1/proof.jsonl.gz")
    assert hashlib.sha256(bytes.fromhex(json.loads(proof)["seed"])).hexdigest() == promised["seed_hash"]
    assert verified(tmp_path, proof, lines) == "papers=2 ranks=2 differ=0"
    receipts = {hashlib.sha256(outcome["receipt"].encode()).hexdigest() for _attempt, outcome in taken}
    published = [json.loads(line) for line in gzip.decompress(lines).splitlines()]
    assert {line["receipt_hash"] for line in published} == receipts

    board = api("GET", f"contests/{contest.key}/leaderboard")[1]
    codes = [api("GET", f"contests/{contest.key}/entry", None, device.secret)[1]["code"] for device in (a, b)]
    assert [(row["rank"], row["person"]["code"], row["person"]["correct"]) for row in board["results"]] == [
        (1, codes[1], 4), (2, codes[0], 3),
    ]  # fmt: skip
    assert api("GET", f"contests/{contest.key}/standing", None, a.secret)[1] == {"rank": 2, "of": 2, "is_final": True}
    shown = api("GET", f"attempts/{taken[0][0]['key']}", None, a.secret)[1]
    assert (shown["result"]["correct"], [each["is_right"] for each in shown["solutions"]].count(True)) == (3, 3)

    results.propose_results(contest, winners=[(codes[1], "Giải Nhất")], by=judge())
    results.publish_results(contest, by=judge("lan-publishes"))
    assert heard() == {"follower": 1, "a": 1, "b": 1}
    tray = [entry["body"] for entry in fcm.phone(registration_of("a"))["tray"].values()]
    assert "Đã công bố kết quả. Chạm để xem." in tray
    assert api("GET", f"contests/{contest.key}")[1]["status"] == "published"
    results.ask_identity(contest.winners.get(), by=judge())
    assert heard() == {"follower": 0, "a": 0, "b": 1}
    drawn, serial = certificate_of(live_server.url, taken[1][0]["key"], "Trần Thị Bưởi", b.secret)
    assert "Trần Thị Bưởi" in drawn and contest.title in drawn
    printed = f"certificates/{serial}"
    assert serial in drawn and {name: api("GET", printed)[1][name] for name in ("rank", "correct", "contestants")} == {
        "rank": 1, "correct": 4, "contestants": 2,
    }  # fmt: skip
    names = [api("POST", printed, {"name": name})[1]["is_name"] for name in ("Trần Thị Bưởi", "Trần Thị Na")]
    assert names == [True, False]
    assert f"/chung-nhan/{serial}" in drawn.replace(" ", "")  # and so says the QR code
    assert contest.title in download(f"{live_server.url}/chung-nhan/{serial}").decode()


def certificate_of(url, attempt, name, secret):
    """(what the PDF says, the serial printed on it) of an attempt."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
    request = urllib.request.Request(
        f"{url}/api/v1/attempts/{attempt}/certificate", json.dumps({"name": name}).encode(), headers
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        (page,) = pypdf.PdfReader(io.BytesIO(answer.read())).pages
    said = " ".join(page.extract_text().split())
    return said, re.search(r"(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}", said)[0]


def verified(folder: Path, proof: bytes, lines: bytes) -> str:
    """The last line of the program that everybody can run, alone in a folder with what was published."""
    (folder / "verifying.py").write_text(Path(verifying.__file__).read_text())
    (folder / "proof.json").write_bytes(proof)
    (folder / "proof.jsonl.gz").write_bytes(lines)
    command = [sys.executable, "-I", "-S", "verifying.py", "proof.json", "proof.jsonl.gz"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]
