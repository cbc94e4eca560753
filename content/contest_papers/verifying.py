"""Verify a closed round of a contest with nothing but this file, Python, and what the round published.

    python verifying.py proof.json proof.jsonl.gz

proof.json is `rounds/{n}/proof`: the seed, the questions with their salts, the rules. proof.jsonl.gz has a line for
each attempt. Every paper is derived again from the seed and every rank from the results. Prints «papers=… ranks=…
differ=0»; what differs is printed before it, and the exit code is 1.
"""

import datetime
import gzip
import hashlib
import hmac
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

NO_PREDICTION = 2**62
SHOWN_DIFFERENCES = 20


def sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def differences_of_pool(proof: dict[str, Any]) -> Iterator[str]:
    """What the published hashes do not agree with: the seed, a question, the pool."""
    pool = proof["pool"]
    if sha256(bytes.fromhex(proof["seed"])) != proof["seed_hash"]:
        yield "seed_hash"
    for each in pool:
        if sha256(bytes.fromhex(each["salt"]), canonical(each["question"])) != each["hash"]:
            yield f"question {each['position']}"
    if [each["position"] for each in pool] != list(range(len(pool))):
        yield "positions"
    if sha256("\n".join(each["hash"] for each in pool).encode()) != proof["pool_hash"]:
        yield "pool_hash"


def random_numbers(proof: dict[str, Any], line: dict[str, Any]) -> Iterator[int]:
    seed = bytes.fromhex(proof["seed"])
    prefix = "|".join(
        [proof["algorithm"], proof["contest"], str(proof["round"]), line["code"], str(line["number"]), line["nonce"]]
    )
    block_number = 0
    while True:
        block = hmac.new(seed, f"{prefix}|{block_number}".encode(), hashlib.sha256).digest()
        for start in range(0, len(block), 4):
            yield int.from_bytes(block[start : start + 4], "big")
        block_number += 1


def shuffle(items: Iterable[Any], count: int, numbers: Iterator[int]) -> list[Any]:
    """The first `count` of the items, shuffled from the left; a number that would favour some item is not used."""
    items = list(items)
    for here in range(count):
        left = len(items) - here
        number = next(numbers)
        while number >= 2**32 // left * left:
            number = next(numbers)
        there = here + number % left
        items[here], items[there] = items[there], items[here]
    return items[:count]


def paper_hash(proof: dict[str, Any], line: dict[str, Any]) -> str:
    numbers = random_numbers(proof, line)
    drawn: list[dict[str, Any]] = []
    for section, count in enumerate(proof["sizes"]):
        drawn += shuffle([each for each in proof["pool"] if each["section"] == section], count, numbers)
    paper = []
    for each in drawn:
        question = each["question"]
        order = list(range(len(question["choices"])))
        if question["kind"] == "single" and not question["keeps_order"]:
            order = shuffle(order, len(order), numbers)
        paper.append([each["hash"], order])
    return sha256(canonical(paper))


def sort_key(proof: dict[str, Any], line: dict[str, Any]) -> tuple[Any, ...]:
    """The declared ranking as a tuple: less is better."""
    distance = 0
    if proof["turnout"] is not None:
        prediction = line["prediction"]
        distance = NO_PREDICTION if prediction is None else abs(prediction - proof["turnout"])
    values = {
        "correct": -line["correct"],
        "duration": line["duration_ms"],
        "prediction": distance,
        "submitted_at": datetime.datetime.fromisoformat(line["submitted_at"]),
        "draw": line["draw"],
    }
    return tuple(values[key] for key in proof["ranking"])


def counting_line(proof: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Which of a contestant's attempts counts. Of equally good ones the earlier does."""
    lines = sorted(lines, key=lambda line: line["number"])
    if proof["score_policy"] == "first":
        return lines[0]
    if proof["score_policy"] == "last":
        return lines[-1]
    return min(lines, key=lambda line: sort_key(proof, line | {"prediction": None, "draw": 0}))


def derived_ranks(proof: dict[str, Any], lines: list[dict[str, Any]]) -> dict[tuple[str, int], int]:
    """{(code, number): rank} of the attempts that count, in each bracket. Equal results share a rank."""
    of_code: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        if not line["disqualified"]:
            of_code[line["code"]].append(line)
    brackets: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for attempts in of_code.values():
        line = counting_line(proof, attempts)
        brackets[line["bracket"]].append(line)
    ranks = {}
    for counting in brackets.values():
        keys = sorted(sort_key(proof, line) for line in counting)
        first_place: dict[tuple[Any, ...], int] = {}
        for place, key in enumerate(keys, 1):
            first_place.setdefault(key, place)
        for line in counting:
            ranks[line["code"], line["number"]] = first_place[sort_key(proof, line)]
    return ranks


def verify(proof: dict[str, Any], lines: list[dict[str, Any]]) -> tuple[int, int, list[str]]:
    """(papers, ranks, [what differs]) of a round."""
    differences = list(differences_of_pool(proof))
    differences += [
        f"paper of {line['code']}/{line['number']}" for line in lines if paper_hash(proof, line) != line["paper_hash"]
    ]
    ranks = derived_ranks(proof, lines) if proof["is_ranked"] else {}
    differences += [
        f"rank of {line['code']}/{line['number']}"
        for line in lines
        if ranks.get((line["code"], line["number"])) != line["rank"]
    ]
    return len(lines), len(ranks), differences


def main(proof_file: str, lines_file: str) -> int:
    with open(proof_file, encoding="utf-8") as file:
        proof = json.load(file)
    with gzip.open(lines_file, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    papers, ranks, differences = verify(proof, lines)
    for difference in differences[:SHOWN_DIFFERENCES]:
        sys.stdout.write(f"{difference}\n")
    sys.stdout.write(f"papers={papers} ranks={ranks} differ={len(differences)}\n")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
