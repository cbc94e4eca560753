"""Requests made up from openapi.yaml, good and bad, against a server of its own. Aim: no answer that it does not name.

bench/made_up_requests.py [CASES]     10,000 without; an operation that takes little has fewer than its share
"""

import os
import sys
from pathlib import Path

import pytest
from django.core.signals import request_started

ROOT = Path(__file__).resolve().parent.parent
sent = 0  # by this process of pytest; in the first one, by all


def count(**_request):
    global sent
    sent += 1


def pytest_configure():
    request_started.connect(count)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["sent"] = sent


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    global sent
    sent += node.workeroutput.get("sent", 0)


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"{sent} requests")


def main(cases=10_000):
    import yaml

    operations = sum(len(methods) for methods in yaml.safe_load((ROOT / "openapi.yaml").read_text())["paths"].values())
    os.environ["CONTRACT_CASES"] = str(-(-int(cases) // operations))
    os.chdir(ROOT)
    print(f"{operations} operations, {os.environ['CONTRACT_CASES']} cases each", flush=True)
    plugin = Path(__file__).stem
    return pytest.main(["-q", "-n", "2", "-p", plugin, "tests/test_contract.py", "--show-capture=no"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
