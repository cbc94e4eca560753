"""Requests made up from openapi.yaml, good and bad, against a server of its own. Aim: no answer that it does not name.

bench/made_up_requests.py [CASES]     10,000 without
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(cases=10_000):
    import pytest  # noqa: PLC0415 (its plugins read the environment)
    import yaml  # noqa: PLC0415

    operations = sum(len(methods) for methods in yaml.safe_load((ROOT / "openapi.yaml").read_text())["paths"].values())
    os.environ["CONTRACT_CASES"] = str(-(-int(cases) // operations))
    os.chdir(ROOT)
    print(f"{operations} operations, {os.environ['CONTRACT_CASES']} cases each", flush=True)
    return pytest.main(["-q", "-n", "2", "tests/test_contract.py", "--show-capture=no"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
