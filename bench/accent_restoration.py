"""Measure how many accents are restored correctly in labelled questions typed without them.

    DATABASE_URL=… .venv/bin/python bench/accent_restoration.py [--questions FILE…]

The spelling is learned from the corpus (search_corpus.import_corpus), never from the questions. Two spellings of one
word (hoà, hòa) are equal. Exits with 1 where fewer than .973 of the first file's syllables are right.
"""

import argparse
import resource
import sys
import time

import numpy as np
import search_corpus
import throwaway

MIN_SHARE = 0.973


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = list(search_corpus.SETS.values())
    parser.add_argument("--questions", nargs="+", default=default, metavar="FILE")
    files = parser.parse_args().questions
    throwaway.start()
    search_corpus.import_corpus()
    from content.spelling import restoration

    before = time.perf_counter()
    restoration.learn_spelling()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"learnt in {time.perf_counter() - before:.0f} s; {most:.0f} MB at the most, with all of Django")
    shares = [print_share(path, [text for text, _ in search_corpus.questions(path)]) for path in files]
    return int(shares[0] < MIN_SHARE)


def print_share(path, texts):
    from content.spelling import restoration

    right, taken = [], []
    for text in texts:
        before = time.perf_counter()
        found = restoration.restore_accents(search_corpus.without_accents(text))
        taken.append((time.perf_counter() - before) * 1000)
        right.append([one == other for one, other in zip(syllables(text), syllables(found), strict=True)])
    print(path)
    halves = [
        [own for text, own in zip(texts, right, strict=True) if search_corpus.half(text) == half] for half in (0, 1)
    ]
    for name, rows in (("all", right), ("looked at", halves[0]), ("kept aside", halves[1])):
        flat = np.concatenate(rows)
        whole = np.mean([all(row) for row in rows])
        print(f"  {name:10} n={len(rows):4} of {len(flat)} syllables {flat.mean():.4f} right, of questions {whole:.4f}")
    print(f"  p50 {np.percentile(taken, 50):.2f} ms, p95 {np.percentile(taken, 95):.2f} ms a question")
    return np.concatenate(right).mean()


def syllables(text):
    from content.text import lexemes
    from content.text.vietnamese import nfc, one_spelling

    text = one_spelling(nfc(text).lower())
    return [text[start:end] for _, start, end in lexemes.word_spans(text)]


if __name__ == "__main__":
    sys.exit(main())
