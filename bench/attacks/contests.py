"""A citizen with a script against an open contest: keys, attempts of others, races, and texts that no phone sends.

The sample contest is open for a day. Devices enter it and send what no app sends; every answer and every log is then
searched for what must not leave before the end: the seed, the salts, solutions.

How it could pass while the product fails, and the control in the run:
- Nothing is ever accepted: a well-formed start, save and submission must be taken, also after all the others.
- The secrets that are looked for are not those of the round: they are read from the database, and the seed must have
  the published hash. The search must find the paper's own questions in the same answers.
- Refusals change something: after each the attempt is read again and must be as before.
"""

import base64
import hashlib
import json
import os
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from attacks.target import Client, DeviceSession, Target, require, target

API = "/api/v1/"
ENTRY = {"age_band": "adult", "consent": True}
FULL_WIDTH = str.maketrans("0123456789abcdef", "０１２３４５６７８９ａｂｃｄｅｆ")
GOOD_NONCE = "00112233445566778899aabbccddeeff"
WRONG_NONCES: list[Any] = [
    "", "00" * 15, "00" * 33, "zz" * 16, GOOD_NONCE.upper(), GOOD_NONCE.translate(FULL_WIDTH), f" {GOOD_NONCE}",
    "\u0000" * 32,
    f"{GOOD_NONCE}\n", int(GOOD_NONCE, 16), None, [GOOD_NONCE], {"": GOOD_NONCE}, True,
]  # fmt: skip
WRONG_PREDICTIONS: list[Any] = [-1, 10**30, 1.0, "1", True, [], 0]  # the sample asks for none
WRONG_SEQS: list[Any] = [0, -1, 2**53 + 1, 10**400, 1.5, "1", "１", True, None, []]
WRONG_ANSWERS: list[Any] = [
    {"0": "a"}, {"4": "a"}, {"-1": "a"}, {"１": "a"}, {" 1": "a"}, {"01": "a"}, {"1.0": "a"}, {"9" * 5000: "a"},
    {"": ""},
    {"1": 1}, {"1": None}, {"1": ["a"]}, {"1": {"a": "a"}}, {"1": "a\u0000"}, {"2": "x" * 2001}, {"fill": "\ud800"},
    {"fill": "\u202ehai"}, {"fill": "x" * 201}, {"fill": "a\u0000"}, {str(n): "" for n in range(201)}, [], "a", None, 5,
]  # fmt: skip
WRONG_ENTRIES: list[Any] = [
    {"consent": False}, {"consent": "true"}, {"consent": 1}, {"age_band": "ADULT"}, {"age_band": None},
    {"unit": "Trường"},
    {"bracket": unicodedata.normalize("NFD", "Bảng")}, {"province": "０１"}, {"province": "01\u0000"}, {"reader": "x"},
    {"code": "aaaaaaaaaa"}, {"unit": "x" * 500}, {"disqualified_at": None},
]  # fmt: skip
WRONG_BODIES = [
    b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"seq": NaN}', b'{"seq": 1, "answers": {"1": "a"}, "answers": 5}',
    b'{"seq": 1e999, "answers": {}}', b"\xef\xbb\xbf{}", b"null", b"[]",
]  # fmt: skip
WRONG_QUERIES = [
    "page_size=１０", "page_size=0", "page_size=-1", "round=１", "round=0", "round=99999", "by=nobody",
    "by=unit&cursor=bz0tMQ==",
    "cursor=az16eiZwPTE=", "cursor=%00", f"cursor={'A' * 9000}", "bracket=%00", "bracket=x",
    "by=person%00",
    "cursor=az0mcD0tMQ==", "cursor=" + base64.b64encode(b"k=" + b"00" * 200 + b"&p=1").decode(),
]  # fmt: skip


SEARCHES = ["' | 'x", "\\\\", "a:*", "!luật", "a & b | !c", "(((", "'; DROP TABLE content_contest; --", "ﬁ", "x" * 8000]
BOARD_PARTS = ("by=unit", "by=province", "by=person&page_size=1", "by=unit&round=1", "by=province&round=1")


class Faults(Counter[str]):
    """What went wrong, by its name, each once in words."""

    def check(self, is_so: object, name: str, detail: object = "") -> None:
        if not is_so:
            if not self[name]:
                print(f"  {name}: {str(detail)[:300]}", flush=True)
            self[name] += 1


class Attacker:
    """One run: remembers every answer that anybody got."""

    def __init__(self, installation: Target) -> None:
        self.target = installation
        self.faults = Faults()
        self.heard: list[str] = []
        self.anybody = Client(installation.base)
        self.contest = self.ask(self.anybody, "GET", "contests?open=true").json()["results"][0]
        self.round = f"contests/{self.contest['key']}/rounds/1"

    def ask(self, session: Client, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The answer, remembered; one of 500 is a fault."""
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            options |= {"data": content, "headers": {"Content-Type": "application/json"}}
        answer = session.request(method, path if path.startswith("/") else API + path, **options)
        self.heard.append(f"{answer.text}{dict(answer.headers)}")
        self.faults.check(
            answer.status_code < 500 or answer.status_code == 503, "server error", f"{method} {path} {answer.text}"
        )
        return answer

    def refused(self, session: Client, method: str, path: str, body: Any, name: str) -> None:
        answer = self.ask(session, method, path, body)
        self.faults.check(
            400 <= answer.status_code < 500, name, f"{answer.status_code} for {str(body)[:80]}: {answer.text}"
        )
        self.faults.check(
            answer.headers["Content-Type"].startswith("application/problem+json") and answer.json().get("code"),
            "refusal without a code", answer.text,
        )  # fmt: skip

    def enter(self) -> DeviceSession:
        session = self.target.device()
        answer = self.ask(session, "PUT", f"contests/{self.contest['key']}/entry", ENTRY)
        require(answer.status_code == 201, f"nobody can enter: {answer.text}")
        return session

    def start(self, session: Client, nonce: str | None = None) -> Any:
        return self.ask(session, "POST", f"{self.round}/attempts", {"nonce": nonce or os.urandom(16).hex()})

    # -- the attacks --------------------------------------------------------------------------------------------------

    def entries(self) -> None:
        session, entry = self.target.device(), f"contests/{self.contest['key']}/entry"
        for wrong in WRONG_ENTRIES:
            self.refused(session, "PUT", entry, ENTRY | wrong, "wrong entry taken")
        for body in WRONG_BODIES:
            self.refused(session, "PUT", entry, body, "broken body taken")
        self.faults.check(self.ask(session, "GET", entry).status_code == 404, "an entry was made")

    def starts(self) -> None:
        session = self.enter()
        for nonce in WRONG_NONCES:
            self.refused(session, "POST", f"{self.round}/attempts", {"nonce": nonce}, "wrong nonce taken")
        for prediction in WRONG_PREDICTIONS:
            body = {"nonce": os.urandom(16).hex(), "prediction": prediction}
            self.refused(session, "POST", f"{self.round}/attempts", body, "wrong prediction taken")
        for further in (
            {"number": 2},
            {"started_at": "2020-01-01T00:00:00Z"},
            {"deadline_at": None},
            {"key": "lt-aaaaaaaaaaaaaaaa"},
        ):
            self.refused(
                session, "POST", f"{self.round}/attempts", {"nonce": GOOD_NONCE} | further, "unknown field taken"
            )
        for number in ("0", "2", "１", "01", "-1", "99999"):
            path = f"contests/{self.contest['key']}/rounds/{number}/attempts"
            self.faults.check(
                self.ask(session, "POST", path, {"nonce": GOOD_NONCE}).status_code == 404, "round that is none", number
            )
        outside = self.ask(self.target.device(), "POST", f"{self.round}/attempts", {"nonce": GOOD_NONCE})
        self.faults.check(outside.json()["code"] == "no_entry", "start without an entry", outside.text)
        self.faults.check(self.start(session).json()["number"] == 1, "a refused start counted")

    def answers(self) -> None:
        session = self.enter()
        attempt = self.start(session).json()
        here = f"attempts/{attempt['key']}"
        self.ask(session, "PUT", f"{here}/answers", {"seq": 5, "answers": {"1": ""}})
        before = self.shown(session, here)
        for method, path in (("PUT", f"{here}/answers"), ("POST", f"{here}/submission")):
            for wrong in WRONG_ANSWERS:
                if isinstance(wrong, dict) and "fill" in wrong:
                    wrong = {filled_in(attempt): wrong["fill"]}
                self.refused(session, method, path, {"seq": 9, "answers": wrong}, "wrong answers taken")
            for seq in WRONG_SEQS:
                self.refused(session, method, path, {"seq": seq, "answers": {}}, "wrong seq taken")
            for body in WRONG_BODIES:
                self.refused(session, method, path, body, "broken body taken")
            for further in ({"correct": 3}, {"submitted_at": None}, {"state": "open"}):
                self.refused(session, method, path, {"seq": 9, "answers": {}} | further, "unknown field taken")
        self.faults.check(self.shown(session, here) == before, "a refusal changed the attempt")
        older = self.ask(session, "PUT", f"{here}/answers", {"seq": 4, "answers": {"1": "a"}}).json()
        self.faults.check(
            older["saved_seq"] == 5 and self.shown(session, here) == before, "an older seq changed it", older
        )
        for method in ("PATCH", "DELETE", "PUT"):
            self.faults.check(self.ask(session, method, here).status_code == 405, f"{method} of an attempt")
        done = self.ask(session, "POST", f"{here}/submission", {"seq": 9, "answers": {}})
        require(done.status_code == 200 and done.json()["receipt"], f"a good submission is not taken: {done.text}")
        again = self.ask(session, "POST", f"{here}/submission", {"seq": 99, "answers": {"1": "a"}}).json()
        self.faults.check(again["receipt"] == done.json()["receipt"], "submitted twice", again)

    def shown(self, session: Client, path: str) -> Any:
        found = self.ask(session, "GET", path).json()
        return {name: found[name] for name in found if name not in ("now", "save_seconds")}

    def strangers(self) -> None:
        minh, hoa = self.enter(), self.enter()
        key = self.start(minh).json()["key"]
        near = [key[:-1] + letter for letter in "abcdefghijklmnopqrstuvwxyz0123456789" if letter != key[-1]]
        for other in (key, *near, key.upper(), key + "a"):
            answers = [
                self.ask(hoa, "GET", f"attempts/{other}"),
                self.ask(hoa, "PUT", f"attempts/{other}/answers", {"seq": 1, "answers": {}}),
                self.ask(hoa, "POST", f"attempts/{other}/submission", {"seq": 1, "answers": {}}),
                self.ask(hoa, "POST", f"attempts/{other}/certificate", {"name": "Hoa"}),
            ]
            self.faults.check({each.status_code for each in answers} == {404}, "attempt of another", other)
        for session in (self.anybody, Client(self.target.base, "x" * 40)):
            self.faults.check(
                self.ask(session, "GET", f"attempts/{key}").status_code == 401, "attempt without a secret"
            )
        own = self.ask(minh, "POST", f"attempts/{key}/certificate", {"name": "Minh"})
        self.faults.check(own.json()["code"] == "not_submitted", "certificate too early", own.text)
        for serial in (
            "aaaa-aaaa-aaaa-aaaa",
            "AAAAAAAAAAAAAAAA",
            "ａａａａａａａａａａａａａａａａ",
            "1111111111111111",
        ):
            self.faults.check(
                self.ask(hoa, "GET", f"certificates/{serial}").status_code == 404, "serial that is none", serial
            )
        self.refused(
            minh, "PUT", f"contests/{self.contest['key']}/entry/identity", {"name": "x"}, "identity of no winner"
        )
        self.refused(
            minh, "PUT", f"contests/{self.contest['key']}/entry/objection", {"text": "x"}, "objection of nobody"
        )

    def races(self) -> None:
        session = self.enter()
        with ThreadPoolExecutor(16) as pool:
            started = list(pool.map(lambda _: self.start(Client(self.target.base, session.secret)), range(40)))
        keys = {each.json().get("key") for each in started}
        self.faults.check(len(keys) == 1 and None not in keys, "starts at once", keys)
        here, number_of_text = f"attempts/{keys.pop()}", filled_in(started[0].json())

        def submit(number: int) -> Any:
            own = Client(self.target.base, session.secret)
            if number % 4 == 3:
                return self.start(own)
            return self.ask(
                own, "POST", f"{here}/submission", {"seq": number + 1, "answers": {number_of_text: str(number)}}
            )

        with ThreadPoolExecutor(16) as pool:
            done = list(pool.map(submit, range(60)))
        receipts = {each.json().get("receipt", each.text) for number, each in enumerate(done) if number % 4 != 3}
        self.faults.check(len(receipts) == 1, "submissions at once", sorted(receipts))
        for _ in range(5):
            attempt = self.start(session).json()
            if "key" in attempt:
                self.ask(session, "POST", f"attempts/{attempt['key']}/submission", {"seq": 1, "answers": {}})
        self.faults.check(attempt.get("code") == "no_attempts_left", "more attempts than allowed", attempt)
        with self.target.sql() as database:
            most = database.execute(
                "SELECT max(n) FROM (SELECT count(*) AS n FROM content_attempt GROUP BY entry_id) x"
            ).fetchone()
        self.faults.check(most and most[0] <= 3, "more attempts than allowed", most)

    def erasures(self) -> None:
        """Readers delete themselves while they start, save and submit: nothing fails, and nothing of them is left."""
        for number in range(6):
            session = self.enter()
            own = [Client(self.target.base, session.secret) for _ in range(8)]
            key = self.start(session).json()["key"] if number % 2 else "lt-aaaaaaaaaaaaaaaa"
            with self.target.sql() as database:
                reader = database.execute(
                    "SELECT reader_id FROM notifications_device ORDER BY id DESC LIMIT 1"
                ).fetchone()
            require(reader, "the device has no row")

            def act(each: int, own: list[Client] = own, key: str = key) -> Any:
                body = {"seq": each + 1, "answers": {}}
                if each == 4:
                    return self.ask(own[each], "DELETE", "me")
                if each % 4 == 0:
                    return self.ask(own[each], "PUT", f"attempts/{key}/answers", body)
                if each % 4 == 1:
                    return self.ask(own[each], "POST", f"attempts/{key}/submission", body)
                if each % 4 == 2:
                    return self.start(own[each])
                return self.ask(own[each], "PUT", f"contests/{self.contest['key']}/entry", ENTRY)

            with ThreadPoolExecutor(8) as pool:
                done = list(pool.map(act, range(8)))
            self.faults.check(done[4].status_code == 204, "a reader cannot delete themselves", done[4].text)
            after = self.ask(session, "GET", f"contests/{self.contest['key']}/entry")
            self.faults.check(after.status_code == 401, "an erased reader is known", after.text)
            with self.target.sql() as database:
                left = database.execute(
                    "SELECT (SELECT count(*) FROM content_entry WHERE reader_id = %(r)s)"
                    " + (SELECT count(*) FROM content_reader WHERE id = %(r)s)",
                    {"r": reader[0] if reader else None},
                ).fetchone()
            self.faults.check(left and left[0] == 0, "rows of an erased reader", left)

    def guesses(self) -> None:
        """Ways to learn more than one is told: the same key twice, other methods, other media types, other searches."""
        session = self.enter()
        attempt = self.start(session).json()
        here = f"attempts/{attempt['key']}"
        twice = b'{"seq": 1, "seq": 7, "answers": {}, "answers": {"9999": "a"}}'
        self.refused(session, "PUT", f"{here}/answers", twice, "a key twice")
        for method in ("HEAD", "OPTIONS"):
            answer = self.ask(self.anybody, method, here)
            self.faults.check(answer.status_code in (200, 401), f"{method} of an attempt", answer.status_code)
        for accept in ("text/html", "application/xml", "text/csv", "*/*;q=0"):
            answer = session.request("GET", API + here, headers={"Accept": accept})
            self.heard.append(answer.text)
            self.faults.check(answer.status_code < 500, "server error", accept)
        for words in SEARCHES:
            answer = self.ask(self.anybody, "GET", "contests", params={"q": words})
            self.faults.check(answer.status_code in (200, 400), "search", f"{words[:20]} {answer.text}")
        listed = Counter[str]()
        for part in BOARD_PARTS:
            answer = self.ask(self.anybody, "GET", f"contests/{self.contest['key']}/leaderboard?{part}")
            listed[f"{answer.status_code}"] += 1
            rows = answer.json().get("results", [])
            small = [row for row in rows if row["group"] and row["group"]["key"] and row["group"]["contestants"] < 5]
            self.faults.check("unit" not in part or not small, "a small unit", small)
        first = [self.ask(session, "PUT", f"{here}/answers", {"seq": 3, "answers": {"1": ""}}) for _ in range(3)]
        self.faults.check({each.json().get("saved_seq") for each in first} == {3}, "a repeated save", first)
        other = self.ask(session, "POST", f"{self.round}/attempts", {"nonce": attempt["nonce"]})
        self.faults.check(other.json().get("key") == attempt["key"], "a nonce twice", other.text)
        shown = {key for key in other.json() if key in ("seed", "salt", "right", "correct", "accepted")}
        self.faults.check(not shown and other.json()["solutions"] is None, "a key in a paper", shown)

    def lists(self) -> None:
        board = f"contests/{self.contest['key']}/leaderboard"
        for query in WRONG_QUERIES:
            self.refused(self.anybody, "GET", f"{board}?{query}", None, "wrong query taken")
        contest = f"contests/{self.contest['key']}"
        public = (
            board,
            f"{board}?by=unit",
            f"{board}?by=province",
            self.round,
            contest,
            "contests",
            "changes",
            "exports",
        )
        for path in (*public, "feeds/contests.json", f"/cuoc-thi/{self.contest['key']}"):
            self.ask(self.anybody, "GET", path)
        for path in (f"{self.round}/proof", f"{self.round}/proof.jsonl.gz"):
            self.faults.check(
                self.ask(self.anybody, "GET", path).json().get("code") == "round_not_closed", "proof while open", path
            )

    def secrets(self) -> None:
        """Nothing that anybody heard, and no log, has the seed or a salt; nobody was shown a solution."""
        with self.target.sql() as database:
            row = database.execute("SELECT seed, seed_hash FROM content_round").fetchone()
            salts = [each[0] for each in database.execute("SELECT salt FROM content_roundquestion").fetchall()]
            texts = [each[0] for each in database.execute("SELECT text FROM content_quizquestion").fetchall()]
        require(row and hashlib.sha256(row[0]).hexdigest() == row[1], "the seed is not that of the published hash")
        heard = "\n".join(self.heard)
        require(any(text in heard for text in texts), "the search does not find what was shown")
        home = Path(self.target.home)
        logs = [path.read_text(errors="replace") for path in home.rglob("*.log") if path.is_file()]
        for secret in (row[0], *salts):
            forms = (secret.hex(), base64.b64encode(secret).decode().rstrip("="), str(bytes(secret))[2:-1])
            for form in forms:
                self.faults.check(form not in heard, "a secret in an answer", form)
                self.faults.check(not any(form in log for log in logs), "a secret in a log", form)
        shown = [text for text in self.heard if '"solutions":[' in text or '"is_right"' in text or '"accepted"' in text]
        self.faults.check(not shown, "a solution in an answer", shown[:1])
        attempts = [text for text in self.heard if '"questions":[' in text and "'Cache-Control'" in text]
        self.faults.check(
            all("no-store" in text for text in attempts), "an attempt that a cache may keep", attempts[:1]
        )


def filled_in(attempt: Any) -> str:
    """The number of the question of a paper that has no choices."""
    return next(str(each["n"]) for each in attempt["questions"] if not each["choices"])


def run() -> tuple[int, str]:
    with target() as installation:
        attacker = Attacker(installation)
        for attack in (
            attacker.entries,
            attacker.starts,
            attacker.answers,
            attacker.strangers,
            attacker.races,
            attacker.erasures,
            attacker.guesses,
            attacker.lists,
        ):
            attack()
        attacker.secrets()
        session = attacker.enter()
        require(attacker.start(session).status_code == 201, "nobody can start any more")
        faults = attacker.faults
    words = ", ".join(f"{name} ×{count}" for name, count in faults.items()) or "nothing got through"
    return sum(faults.values()), f"{len(attacker.heard)} requests: {words}"
