"""Requests made up from openapi.yaml, good and bad, to a real server by HTTP. Aim: no answer that it does not name.

    .venv/bin/python bench/made_up_requests.py [REQUESTS] [--operation ID …]        10,000 requests without

`manage.py up` starts in a folder of its own. Each request has the parts that schemathesis makes up, right or wrong by
the contract; often the path names something that exists, and sometimes all of it is known to be good. It is sent with
the secret of a device, that of another device, none, or something that is no secret. Counted are answers of 500 and
above, statuses that the operation does not name, and answers that do not fit their schema.

How it could pass while the product fails, and what closes that:
- every answer is 401, 404 or 429: each operation must have answered 2xx at least once to a made-up request, and at most
  MOST_LIMITED of its answers may be 429; else the last line names it and the run fails;
- the same request over and over: the statuses of each operation are printed, with how many of its requests differ, at
  least LEAST_DIFFERENT;
- the checks see nothing: a contract that lacks a status, and one that asks for a field nobody sends, must be reported.
"""

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

import requests
import schemathesis
from attacks.target import ROOT, Client, Target, target
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from made_up_world import World
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tqdm import tqdm

CONTRACT = ROOT / "openapi.yaml"
MOST_LIMITED = 0.5
LEAST_DIFFERENT = 3  # an operation without parameters has at most one with each kind of secret
REFUSED_BY_THE_WEB_SERVER = (414, 431)  # before the product sees them; HTTP allows these two on every operation
LONGEST_LINE = 8_000  # bytes of a path or a header; a shorter one must be answered as the contract says
PATIENCE_SECONDS = 30
CREDENTIALS = ("own", "own", "own", "other", "none", "garbage")
KNOWN = ("all", "path", "path", "nothing")  # how much of a request is taken from the world
GARBAGE = ("Bearer dvc_" + "x" * 43, "Bearer", "Basic bWluaDptaW5o", "Bearer \xff\xfe", "dvc_x", "Bearer " + "y" * 3000)


@dataclass
class Found:
    """What the requests of one operation got. `odd`: what is wrong, with the first request that shows it."""

    statuses: Counter[int] = field(default_factory=Counter)
    requests: set[str] = field(default_factory=set)
    odd: dict[tuple[str, int], str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("requests", nargs="?", type=int, default=10_000)
    options.add_argument("--operation", nargs="*", help="only these, by their operationId")
    asked = options.parse_args()
    schema = schemathesis.openapi.from_path(CONTRACT)
    operations = [each.ok() for each in schema.get_all_operations()]
    chosen = [each for each in operations if not asked.operation or id_of(each) in asked.operation]
    found: dict[str, Found] = defaultdict(Found)
    with target() as installation:
        world = World(installation)
        blind = blind_checks(installation)
        with tqdm(total=asked.requests, unit="request", disable=None) as bar:
            for number, operation in enumerate(chosen):
                sent = sum(its.statuses.total() for its in found.values())  # a bar that is not shown does not count
                share = -(-(asked.requests - sent) // (len(chosen) - number))
                send_all(operation, share, world, found[id_of(operation)], bar)
    return told(found, blind)


def id_of(operation: Any) -> str:
    return str(operation.definition.raw["operationId"])


def send_all(operation: Any, share: int, world: World, found: Found, bar: Any) -> None:
    """Send about that many made-up requests of one operation. An operation that takes little has fewer."""
    strategy = st.one_of(*[operation.as_strategy(generation_mode=mode) for mode in GenerationMode])

    @given(case=strategy, known=st.sampled_from(KNOWN), credential=st.sampled_from(CREDENTIALS))
    @hypothesis_settings(
        max_examples=max(share, 1),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, known: str, credential: str) -> None:
        if found.statuses.total() < share:
            one(case, known, credential, world, found)
            bar.update()

    for _ in range(4):  # what is exhausted is made up again: the credentials and the world are others
        if found.statuses.total() < share:
            send()


def one(case: Any, known: str, credential: str, world: World, found: Found) -> None:
    operation = id_of(case.operation)
    if known != "nothing":
        world.fill(operation, case, everything=known == "all")
    authorization = {
        "own": f"Bearer {world.secret_for(operation)}",
        "other": f"Bearer {world.secret_of_another(operation)}",
        "garbage": random.choice(GARBAGE),
    }.get(credential)
    headers = {"Authorization": authorization} if authorization else {}
    session = requests.Session()
    session.trust_env = False
    try:
        answer = case.call(
            world.base, session=session, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False
        )
    except (requests.RequestException, UnicodeError, ValueError) as error:
        if isinstance(error, requests.Timeout | requests.ConnectionError):
            note(found, "server_errors", 0, f"{case.method} {case.formatted_path}: {error!r}")
        return  # else it cannot be sent at all
    finally:
        session.close()
    world.after(operation, answer.status_code)
    found.statuses[answer.status_code] += 1
    found.requests.add(f"{credential} {answer.request.url} {answer.request.body!r}")
    for kind, reason in faults_of(case, answer):
        note(found, kind, answer.status_code, f"{case.as_curl_command()}\n    {reason}")


def note(found: Found, kind: str, status: int, what: str) -> None:
    found.counts[kind] += 1
    found.odd.setdefault((kind, status), what)


def faults_of(case: Any, answer: Any) -> list[tuple[str, str]]:
    """[(what kind of fault, why)] of one answer."""
    if answer.status_code >= 500:
        return [("server_errors", answer.text[:200])]
    if answer.status_code in REFUSED_BY_THE_WEB_SERVER and is_oversized(answer.request):
        return []
    if reason := failure(case, answer, status_code_conformance):
        return [("undocumented", reason)]
    checks = [content_type_conformance]
    if "fields" not in (case.query or {}):  # a schema cannot say what is left out on demand
        checks.append(response_schema_conformance)
    return [("schema", reason) for check in checks if (reason := failure(case, answer, check))]


def is_oversized(request: Any) -> bool:
    """Whether the line or a header of the request is longer than web servers read."""
    longest = max((len(str(value)) for value in request.headers.values()), default=0)
    return max(len(request.path_url), longest) > LONGEST_LINE


def failure(case: Any, answer: Any, check: Any) -> str:
    try:
        case.validate_response(answer, checks=[check])
    except (Failure, FailureGroup) as error:
        return " ".join(str(error).split())[:300]
    return ""


def blind_checks(installation: Target) -> list[str]:
    """Faults planted in the contract that the checks do not see."""
    blind = []
    contract = json.loads(Client(installation.base).get("/api/v1/openapi.json").text)
    for kind, plant in (("undocumented", _without_status), ("schema", _with_a_field_nobody_sends)):
        planted = json.loads(json.dumps(contract))
        plant(planted["paths"]["/api/v1/topics"]["get"]["responses"])
        case = schemathesis.openapi.from_dict(planted)["/api/v1/topics"]["GET"].Case()
        answer = case.call(installation.base)
        if [each for each, _reason in faults_of(case, answer)] != [kind]:
            blind.append(f"a planted fault was not seen: {kind}")
    return blind


def _without_status(responses: dict[str, Any]) -> None:
    del responses["200"]


def _with_a_field_nobody_sends(responses: dict[str, Any]) -> None:
    content = responses["200"]["content"]["application/json"]
    content["schema"] = {"allOf": [content["schema"], {"type": "object", "required": ["nobody_sends_this"]}]}


def told(found: dict[str, Found], blind: list[str]) -> int:
    """Print statuses, faults and the last line. Returns the exit code."""
    wrong = list(blind)
    for operation, its in found.items():
        shares = " ".join(f"{status}:{count}" for status, count in sorted(its.statuses.items()))
        print(f"{operation}: {shares}, {len(its.requests)} different")
        for (kind, status), what in its.odd.items():
            print(f"  {kind} {status}: {what}")
        if not any(200 <= status < 300 for status in its.statuses):
            wrong.append(f"{operation} was never answered with 2xx")
        if its.statuses[429] > MOST_LIMITED * its.statuses.total():
            wrong.append(f"{operation} was mostly limited")
        if len(its.requests) < LEAST_DIFFERENT <= its.statuses.total() / 5:
            wrong.append(f"{operation} was asked the same over and over")
    counts = sum((its.counts for its in found.values()), Counter[str]())
    for each in wrong:
        print(f"FAIL {each}", flush=True)
    sent = sum(its.statuses.total() for its in found.values())
    kinds = " ".join(f"{kind}={counts[kind]}" for kind in ("server_errors", "undocumented", "schema"))
    print(f"made-up-requests: n={sent} {kinds}{f' unproven={len(wrong)}' if wrong else ''}")
    return int(bool(counts or wrong))


if __name__ == "__main__":
    sys.exit(main())
