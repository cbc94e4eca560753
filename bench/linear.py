"""That reading a text twice as long takes at most three times as long, on the texts most likely to break that.

    .venv/bin/python bench/linear.py [--size CHARACTERS]

Each text is one piece repeated: hostile to regular expressions, all quotations, all marks, all tables, one long line.
Prints t(2n)/t(n) (the best of three) and seconds per 100 kB; exit code 1 at a ratio of 3 or above, or more than 1 s.
"""

import argparse
import sys
import time

from fidelity import ROOT  # noqa: F401 (sets Django up)

from content import parsing

PIECES = {
    "one long line": "a",
    "spaces": " ",
    "odd blanks": "a\xa0\u200b ",
    "digits and stops": "1.1.",
    "nested brackets": "((((",
    "quotation marks in a line": '“”" ',
    "quotations opened": "Điều 1. A như sau:\n“Điều 2. B\n",
    "quotations closed": "”.\n",
    "articles": "Điều 1. A\nx.\n",
    "articles that restart": "Điều 1. A\n1. B\n1. B\na) C\na) C\n",
    "wild articles": "Điều 9999. A\n",
    "misread articles": "Điêu 7 . A\nl. B\na ) C\n",
    "chapters": "Chương I\nA\n",
    "amendments": "Sửa đổi " * 20 + "điều \n",
    "references": "tại các điểm a, b, c và khoản 1, 2, 3\n",
    "wrapped": "Vườn chung của xóm theo quy định tại Điều 2 của quy định này do các hộ cùng trồng,\nvà các hộ khác\n",
    "headers": "Trang 1\nVƯỜN CHUNG\n" + "Một.\n" * 20,
    "numbers": "1\n2\n3\n",
    "rows": "1\ta\tb\n",
    "lone rows": "1\ta\tb\nx\n",
    "items": "- a;\n+ b;\na.1) c;\n(i) d;\n",
    "paragraphs": "Đoạn.\n",
    "annexes": "Phụ lục I\nMẫu số 1\nQUY CHẾ\n",
    "footnotes": "[1] a\n",
    "closings": "Nơi nhận:\nTM. CHÍNH PHỦ\n",
    "spaces in a row": "Mục" + " " * 500 + "x\n",
}
HEAD = "Điều 1. A\n1. B\na) C\n"


def seconds(text):
    """The best of three, in seconds of this process."""
    best = None
    for _ in range(3):
        before = time.process_time()
        parsing.parse_text(text)
        taken = time.process_time() - before
        best = taken if best is None else min(best, taken)
    return best


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=60_000, help="characters of the shorter text")
    size = options.parse_args().size
    worst, slowest = 0, 0
    for name, piece in PIECES.items():
        for start in ("", HEAD):
            short = seconds(start + piece * (size // len(piece)))
            long = seconds(start + piece * (2 * size // len(piece)))
            ratio, per_100_kb = (
                long / max(short, 1e-3),
                long / (2 * size * max(1, len(piece.encode()) / len(piece)) / 1e5),
            )
            worst, slowest = max(worst, ratio), max(slowest, per_100_kb)
            if ratio >= 2.6 or per_100_kb > 0.3:
                print(f"{name}{' after a law' if start else ''}: ratio {ratio:.2f}, {per_100_kb:.3f} s per 100 kB")
    print(f"linear: worst_ratio={worst:.2f} slowest={slowest:.3f} s per 100 kB")
    sys.exit(worst >= 3 or slowest > 1)


if __name__ == "__main__":
    main()
