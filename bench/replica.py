"""A follower that starts empty and a bulk export agree to the byte after a random history. Aim: they do, at 300 steps.

bench/replica.py [STEPS] [SEED]
"""

import logging
import os
import sys
import tempfile
import time
from collections import Counter

import throwaway

os.environ.setdefault("READS_PER_MINUTE", "1000000")
os.environ.setdefault("BULK_PER_MINUTE", "1000000")
throwaway.start()

from django.conf import settings
from django.test import Client
from tqdm import tqdm

from api.v1.sync import bulk_export
from tests.random_history import RandomHistory
from tests.replica import Replica, lines_of_export

logging.getLogger("luatmo.requests").setLevel("ERROR")  # a line for each of some thousand
client = Client(HTTP_HOST="127.0.0.1")


def get(path):
    answer = client.get(f"/api/v1/{path}")
    return answer.status_code, answer.getvalue(), answer.headers


def main(steps=300, seed=1):
    history, replica, began = RandomHistory(seed=int(seed)), Replica(get), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        settings.EXPORTS_FOLDER = folder
        for step in tqdm(range(int(steps)), unit="step", disable=None):
            history.step()
            if step % 20 == 0:
                replica.catch_up()
            if step % 150 == 149:
                bulk_export.write_bulk_export()
        replica.catch_up()
        bulk_export.write_bulk_export()
        lines, manifest = lines_of_export(get)
    print(dict(history.done.most_common()))
    differ = sorted(key for key in lines.keys() | replica.lines.keys() if lines.get(key) != replica.lines.get(key))
    same = not differ and replica.cursor == manifest["cursor"]
    print(
        f"replica: {steps} steps, {replica.read} changes, "
        f"{dict(Counter(name for name, _key in lines))}, "
        f"{len(differ)} differ {differ[:3]}, {time.monotonic() - began:.0f} s: {'passed' if same else 'FAILED'}"
    )
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
