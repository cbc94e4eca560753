"""What there is to ask for in bench/made_up_requests.py: rows, keys and devices of a real installation."""

import json
import random
import uuid
from typing import Any

import made_up_contests
import made_up_publishing
from attacks.target import CannotRun, Client, DeviceSession, Target, until

TOPIC = "11-dat-dai"
FRESH = ("ask", "askAhead", "eraseMe", "deleteDevice")  # use up the device, or what it may do in an hour
FRESH_EVERY = 8
ASKED = {"title": "Sang tên xe", "text": "Bao lâu thì phải sang tên?", "consent_to_publish": True}
BODIES: dict[str, Any] = {
    "putDevice": {"registration_id": "registration-made-up", "id_kind": "token", "platform": "android"},
    "follow": {"kinds": ["new"]},
    "ask": ASKED,
    "askAhead": ASKED,
    "register": {},
    "addDetail": {"text": "Xe máy."},
    "findSimilarQuestions": {"title": "Sang tên xe"},
    "rateAnswer": {"is_helpful": True},
    "reportProblem": {"text": "Luật đã khác."},
    "getDocumentStatuses": {"references": ["31/2024/QH15"]},
    "resolveCitations": {"text": "Theo Điều 5 Luật Nhà ở năm 2023"},
    **made_up_contests.BODIES,
    **made_up_publishing.BODIES,
}
QUERIES = {
    "search": {"q": "vườn"},
    "suggest": {"q": "vu"},
    "lookUpTerm": {"q": "vườn"},
    "listEffects": {"from": "2020-01-01"},
    "countDocuments": {"type": "law"},
    "lookUpDocument": {"number": "77/2019/QH14"},
    "listRecords": {"object": "document", "keys": "luat-2019-77-2019-qh14"},
}
FURNISH = """
import json
from django.utils import timezone
from content.people.models import Reader
from content.qa import services as qa
from notifications.devices.models import Device
from tests import builders
minh = Device.objects.get(installation_key={own!r}).reader
law = builders.a_document(topics=[builders.land()], notify=True)
event = builders.an_event(seats=None)
answered = builders.an_answered_question()
returned, plain = [], [builders.a_question(minh) for _ in range(4)]
for _ in range(4):
    question = builders.a_question(minh)
    qa.screen(question, by=builders.approver())
    returned.append(qa.return_for_detail(question, reason="Xe gì?", by=builders.approver()))
print(json.dumps({{"law": law.key, "event": event.key, "answered": answered.key,
                   "returned": [each.key for each in returned], "plain": [each.key for each in plain]}}))
"""


class World:
    """Devices `own` and `other`, and a good value for each path parameter of each operation."""

    def __init__(self, installation: Target) -> None:
        self.base, self._installation = installation.base, installation
        self.own, self.other = installation.device("made-up-own"), installation.device("made-up-other")
        self._fresh: DeviceSession | None = None
        self._fresh_uses = 0
        for device in (self.own, self.other):
            device.put(f"/api/v1/follows/topic/{TOPIC}", json={})
        rows = json.loads(installation.manage("shell", "-v0", "-c", FURNISH.format(own=self.own.name)))
        installation.manage("export_bulk")
        self._returned, self._plain = rows["returned"], rows["plain"]
        self._contests = made_up_contests.Contests(installation, self.own)
        self._publishing = made_up_publishing.Publishing(installation)
        self._paths = self._good_paths(rows) | self._contests.paths() | self._publishing.paths()
        self._records = {"questions": rows["answered"]} | {
            objects: self._paths[objects]["key"] for objects in ("documents", "events", "materials", "plans")
        }

    def _good_paths(self, rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """{beginning of a path: {parameter: value}}, the longest beginning that fits counts."""
        law, file = self._law_with_a_file(rows["law"])
        entry = until(lambda: self.own.get("/api/v1/inbox").json()["results"], 60)
        if not entry:
            raise CannotRun("the inbox stays empty: does the worker run?")
        export = Client(self.base).get("/api/v1/exports").json()["results"][0]["key"]
        names = [each["name"] for each in Client(self.base).get(f"/api/v1/exports/{export}").json()["files"]]

        def first(of: str) -> str:
            return str(Client(self.base).get(f"/api/v1/{of}").json()["results"][0]["key"])

        return {
            "calendars/organisation": {"key": first("organisations")},
            "calendars/topic": {"key": TOPIC},
            "devices": {"installation_key": self.own.name},
            "documents": {"key": law, "eid": "art_1", "sha256": file},
            "events": {"key": rows["event"]},
            "exports": {"key": export, "name": names[0]},
            "feeds": {"feed_format": "atom"},
            "follows": {"target": "topic", "key": TOPIC},
            "inbox": {"key": entry[0]["key"]},
            "organisations": {"key": first("organisations")},
            "provinces": {"key": first("provinces")},
            "questions": {"key": rows["answered"], "kind": "outdated"},
            "topics": {"key": TOPIC},
        }

    def _law_with_a_file(self, other: str) -> tuple[str, str]:
        """(key, SHA-256 of its file) of a law that was imported from a file; without one, another law."""
        text = "QUỐC HỘI\nLuật số: 77/2019/QH14\nLUẬT\nMẪU TỪ TỆP\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\n"
        file = self._installation.home / "law.txt"
        file.write_text(text, encoding="utf-8")
        self._installation.manage("import_documents", file, "--topic", TOPIC, "--publish")
        client = Client(self.base)
        for law in client.get("/api/v1/documents").json()["results"]:
            files = client.get(f"/api/v1/documents/{law['key']}/files").json()["results"]
            if files:
                return law["key"], files[0]["sha256"]
        return other, "0" * 64

    def secret_for(self, operation: str) -> str:
        """The secret of our device, or of our outlet; of a fresh device for what would use it up."""
        if operation in made_up_publishing.BY_THE_OUTLET:
            return str(self._publishing.secret)
        if operation not in FRESH:
            return self.own.secret
        if self._fresh is None or self._fresh_uses >= FRESH_EVERY:
            self._fresh, self._fresh_uses = self._installation.device(f"made-up-{uuid.uuid4()}"), 0
        self._fresh_uses += 1
        return self._fresh.secret

    def secret_of_another(self, operation: str) -> str:
        """The secret of the other device; of one that nobody needs for what would erase it."""
        if operation in ("eraseMe", "deleteDevice"):
            return self._installation.device(f"made-up-{uuid.uuid4()}").secret
        return self.other.secret

    def fill(self, operation: str, case: Any, *, everything: bool) -> None:
        """Let the path name what exists; with `everything`, the rest of the request is good too."""
        self._prepare(operation)
        if case.path_parameters:
            case.path_parameters = {name: self._value(operation, case, name) for name in case.path_parameters}
        if everything:
            case.query, case.cookies = dict(QUERIES.get(operation, {})), {}
            case.headers = {"Idempotency-Key": str(uuid.uuid4())} if operation in ("ask", "askAhead") else {}
            if body := self._body(operation):
                case.body, case.media_type = body, "application/json"

    def _body(self, operation: str) -> Any:
        if operation == "readInboxUpTo":
            return {"up_to": self._paths["inbox"]["key"]}
        return self._contests.body(operation) or BODIES.get(operation)

    def _value(self, operation: str, case: Any, name: str) -> Any:
        if operation in ("withdrawQuestion", "getMyQuestion", "addDetail"):
            return (self._returned if operation == "addDetail" else self._plain or self._returned)[0]
        if operation == "getReaderCalendar":
            made = self.own.post("/api/v1/events/mine/calendar", json={}).json()
            return made["url"].rpartition("/")[2].removesuffix(".ics")
        if operation == "deleteDevice" and self._fresh:
            return self._fresh.name
        if of_family := self._contests.value(operation, name) or self._publishing.value(operation, name):
            return of_family
        path = case.operation.path.removeprefix("/api/v1/")
        beginning = max((each for each in self._paths if path.startswith(each)), key=len, default="")
        if name not in self._paths.get(beginning, {}):
            raise CannotRun(f"{operation}: made_up_world.py knows no good {{{name}}} of {case.operation.path}")
        return self._paths[beginning][name]

    def _prepare(self, operation: str) -> None:
        """Make what the operation reads or ends."""
        self._contests.prepare(operation)
        if operation == "getRecord":
            objects, key = random.choice(list(self._records.items()))
            self._paths["{objects}"] = {"objects": objects, "key": key}
        if operation in ("getRegistration", "getRegistrationCode", "unregister"):
            self.own.put(f"/api/v1/events/{self._paths['events']['key']}/registration", json={})
        if operation in ("getFollow", "unfollow"):
            self.own.put(f"/api/v1/follows/topic/{TOPIC}", json={})

    def after(self, operation: str, status: int) -> None:
        """Take note of what a request has used up."""
        if status >= 300:
            return
        self._publishing.after(operation)
        if operation in ("eraseMe", "deleteDevice"):
            self._fresh = None
        if operation == "withdrawQuestion" and len(self._plain) > 1:
            self._plain.pop(0)
        if operation == "addDetail" and len(self._returned) > 1:
            self._returned.pop(0)
