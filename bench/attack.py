"""Attack a real installation from outside, by HTTP, in the ways that once worked.

    .venv/bin/python bench/attack.py [PART…]      parts: oracle half_open deadlock uploads locks disk reads
                                                  contests; without any: all

Each part starts `manage.py up` in a folder of its own (private PostgreSQL, web server, worker, local FCM server, sample
laws) and counts faults. The docstring of its module in bench/attacks/ says how it could pass while the product fails,
and which control in the run closes that. The last line names the faults of each part; `?` means a part that could
not run. Exit code 1 unless each part ran and found none.
"""

import argparse
import importlib
import sys
import time
import traceback

from attacks.target import CannotRun

PARTS = ("oracle", "half_open", "deadlock", "uploads", "locks", "disk", "reads", "contests")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    asked = options.parse_args().parts or PARTS
    if unknown := set(asked) - set(PARTS):
        options.error(f"There is no part {', '.join(sorted(unknown))}. Choose from: {', '.join(PARTS)}.")
    started_at = time.monotonic()
    faults = {part: attacked(part) for part in asked}
    counts = " ".join(f"{part}={'?' if count is None else count}" for part, count in faults.items())
    print(f"attack: {counts} seconds={time.monotonic() - started_at:.0f}")
    return int(any(count != 0 for count in faults.values()))


def attacked(part: str) -> int | None:
    """The faults that a part found; None if it could not run. Prints what happened."""
    try:
        faults, words = importlib.import_module(f"attacks.{part}").run()
    except CannotRun as reason:
        print(f"{part}: could not run: {reason}", flush=True)
        return None
    except Exception:  # the other parts go on; a part that broke has shown nothing
        traceback.print_exc()
        return None
    print(f"{part}: {words}", flush=True)
    return int(faults)


if __name__ == "__main__":
    sys.exit(main())
