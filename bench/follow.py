"""How soon a follow works: from the answer of PUT follows/topic/{key} until FCM has the phone on every topic of it.

    .venv/bin/python bench/follow.py [--follows N]      exit code 1 where the slowest took 2 s or more

A separate installation (manage.py up) with real processes; each follow is one of the 45 subjects with all its headings.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.journeys.installation import Installation, eventually

AIM_SECONDS = 2
REGISTRATION = "bench-phone-registration-0123456789"
REGISTRATION_FIELDS = {"registration_id": REGISTRATION, "id_kind": "token", "platform": "android"}


def main(follows):
    with tempfile.TemporaryDirectory() as home:
        installation = Installation(home)
        installation.start()
        try:
            installation.emu("POST", "devices", {"token": REGISTRATION})
            secret = installation.api("PUT", "devices/bench-phone", REGISTRATION_FIELDS)[1]["secret"]
            subjects = installation.api("GET", "topics")[1]["results"][:follows]
            seconds, kinds, wanted = [], None, 0
            for subject in subjects:
                installation.api("PUT", f"follows/topic/{subject['key']}", {}, secret)
                started = time.monotonic()
                kinds = kinds or kinds_of_news(installation, subject)
                wanted += kinds * (1 + len(subject["children"]))
                eventually(lambda wanted=wanted: topics(installation) == wanted)
                seconds.append(time.monotonic() - started)
        finally:
            installation.stop()
    seconds = sorted(seconds[1:])  # the first also found out how many kinds of news there are
    median, slowest = statistics.median(seconds), seconds[-1]
    print(f"follow: n={len(seconds)} topics={wanted} median_s={median:.2f} slowest_s={slowest:.2f}")
    return slowest < AIM_SECONDS


def topics(installation):
    return len(installation.emu("GET", f"devices/{REGISTRATION}")["topics"])


def kinds_of_news(installation, subject):
    """How many topics of FCM one topic of ours is: read off the first follow once it has come to rest."""
    time.sleep(5)
    return topics(installation) // (1 + len(subject["children"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--follows", type=int, default=20)
    sys.exit(not main(parser.parse_args().follows))
