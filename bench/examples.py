"""Write the examples of the contract from the responses of a running server.

    LUATMO_HOME=… bench/examples.py BASE_URL > api/openapi/examples.json

The server is `script/serve` with that LUATMO_HOME, in local mode, with some laws and a bulk export. This program does
the work of the staff in its database, and leaves the answered question there. It cuts long lists and texts. Regenerate
`openapi.yaml` afterwards.
"""

import json
import os
import sys
import time
import urllib.request
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from api.openapi.examples import BODIES
from content.documents.models import LegalDocument
from content.people.models import User
from content.qa import services as questions
from content.qa.models import Question

PUBLIC_URL = "https://luatmo.example"
SHOWN_BY_DETAILS = (  # their rows: the contract stays short
    "listDocuments", "listEvents", "listExports", "listMyEvents", "listMyQuestions", "listOrganisations",
    "listProvinces", "listQuestions",
)  # fmt: skip
MOST_ITEMS, MOST_LETTERS = 1, 40
PATIENCE_SECONDS = 60
ASKED = {"title": "Sang tên xe", "text": "Bao lâu thì phải sang tên?", "consent_to_publish": True}


class Server:
    """A running server. Requests are anonymous until `secret` is set."""

    def __init__(self, base):
        self.base, self.secret, self.shown = base, None, {}

    def ask(self, method, path, body=None, **headers):
        headers |= {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        request = urllib.request.Request(  # noqa: S310 (an address we were given)
            f"{self.base}/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read() or "null")

    def show(self, name, *asked, **headers):
        self.shown[name] = self.ask(*asked, **headers)
        return self.shown[name]

    def read(self, **paths):
        for name, path in paths.items():
            self.show(name, "GET", path)


def main(base):
    server = Server(base)
    law = server.ask("GET", "documents?q=dat%20dai&type=law&page_size=1")["results"][0]["key"]
    public(server, law)
    installation = has_device(server)
    key = answered(server, law)
    personal(server, key, installation)
    opinions(server, key)
    for name in SHOWN_BY_DETAILS:
        server.shown[name] |= {"next": None, "results": []}
    server.shown["lookUpDocument"]["candidates"] = []  # as in resolveCitations
    server.shown["getDocumentStatuses"]["results"][0]["candidates"] = []
    text = json.dumps(cut(server.shown), ensure_ascii=False, indent=1).replace(base, PUBLIC_URL)
    sys.stdout.write(text.replace(installation, "2f0b3c1e-0f6e-4f0e-9a55-5d9b6f8f2a31") + "\n")


def public(server, law):
    server.read(
        getRoot="", listTopics="topics", getTopic="topics/11-dat-dai", listDocuments="documents?type=law",
        getDocument=f"documents/{law}", getDocumentText=f"documents/{law}/text",
        getProvision=f"documents/{law}/provisions/art_1", listDocumentVersions=f"documents/{law}/versions",
        getDocumentTimeline=f"documents/{law}/timeline", diffDocument=f"documents/{law}/diff",
        listDocumentFiles=f"documents/{law}/files", listDocumentRelations=f"documents/{law}/relations",
        countDocuments="documents/facets?type=law", listEffects="effects?from=2020-01-01", listChanges="changes",
        listExports="exports", listEvents="events", listOrganisations="organisations", listProvinces="provinces",
        search="search?q=dat%20dai", suggest="search/suggest?q=dat%20dai",
        lookUpTerm="glossary?q=nh%C3%A0%20%E1%BB%9F", listCitingProvisions="documents/luat-2023-27-2023-qh15/cited-by",
        lookUpDocument="documents/lookup?number=31/2024/QH15",
    )  # fmt: skip
    server.show("resolveCitations", "POST", "citations/resolve", BODIES["resolveCitations"])
    server.show("getDocumentStatuses", "POST", "documents/status", BODIES["getDocumentStatuses"])
    exports, organisations, provinces, events = (
        server.shown[name]["results"] for name in ("listExports", "listOrganisations", "listProvinces", "listEvents")
    )
    server.read(
        getExport=f"exports/{exports[0]['key']}", getOrganisation=f"organisations/{organisations[0]['key']}",
        getProvince=f"provinces/{provinces[0]['key']}", getEvent=f"events/{events[0]['key']}",
    )  # fmt: skip


def has_device(server):
    """Call as a new device from now on. Returns its installation key."""
    installation = f"example-{uuid.uuid4()}"
    body = {"registration_id": f"registration-{uuid.uuid4()}", "id_kind": "token", "platform": "android"}
    made = server.ask("PUT", f"devices/{installation}", body)
    server.shown.setdefault("putDevice", made | {"secret": "dvc_" + "x" * 43})
    server.secret = made["secret"]
    return installation


def personal(server, key, installation):
    """What a reader sees of their own; their device goes at the end."""
    server.show("follow", "PUT", "follows/topic/11-dat-dai", {"kinds": ["new"]})
    server.show("findSimilarQuestions", "POST", "questions/similar", {"title": "Sang tên xe"})
    event = server.shown["getEvent"]["key"]
    server.show("register", "PUT", f"events/{event}/registration", {})
    once = {"Idempotency-Key": str(uuid.uuid4())}
    server.show("askAhead", "POST", f"events/{event}/questions", ASKED, **once)
    server.show("renewMyCalendar", "POST", "events/mine/calendar", {})
    server.shown["renewMyCalendar"]["url"] = f"{server.base}/api/v1/calendars/reader/{'x' * 43}.ics"
    entry = newest_inbox_entry(server)
    server.read(
        getDevice=f"devices/{installation}", getFollow="follows/topic/11-dat-dai", listFollows="follows",
        listInbox="inbox", countUnread="inbox/unread", getInboxEntry=f"inbox/{entry}", listMyQuestions="questions/mine",
        getMyQuestion=f"questions/mine/{key}", listQuestions="questions", getQuestion=f"questions/{key}",
        getRegistration=f"events/{event}/registration", listMyEvents="events/mine", exportMe="me/export",
    )  # fmt: skip
    shown_elsewhere = ("questions", "registrations", "follows", "notifications")  # the example stays short
    server.shown["exportMe"] |= {name: [] for name in shown_elsewhere}
    server.ask("DELETE", f"devices/{installation}")


def opinions(server, key):
    """Rate and report from a second device: askers do not rate their own answers."""
    server.secret = None
    installation = has_device(server)
    server.show("rateAnswer", "PUT", f"questions/{key}/rating", {"is_helpful": True})
    server.show("reportProblem", "PUT", f"questions/{key}/reports/outdated", {"text": "Luật đã khác."})
    server.ask("DELETE", f"devices/{installation}")


def answered(server, law):
    """The key of a question that was asked, sent back for a detail, answered and published."""
    asked = server.show("ask", "POST", "questions", ASKED, **{"Idempotency-Key": str(uuid.uuid4())})
    question = Question.objects.get(key=asked["key"])
    answerer, approver = (User.objects.get(username=name) for name in ("answerer", "approver"))
    questions.screen(question, by=approver)
    questions.return_for_detail(question, reason="Xe máy hay ô tô?", by=approver)
    server.show("addDetail", "POST", f"questions/mine/{question.key}/details", {"text": "Xe máy."})
    questions.screen(question, by=approver)
    questions.redact(question, title=ASKED["title"], text=ASKED["text"], by=approver)
    questions.assign(question, to=answerer, by=approver)
    questions.start_answering(question, by=answerer)
    cited = [(LegalDocument.objects.get(key=law), "art_1")]
    questions.save_draft(question, text="Trong 30 ngày.", citations=cited, by=answerer)
    questions.submit_for_review(question, by=answerer)
    questions.approve(question, by=approver)
    return question.key


def newest_inbox_entry(server):
    """The key of the newest entry of the inbox, once the worker has written one."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (entries := server.ask("GET", "inbox")["results"]):
        if time.monotonic() > give_up_at:
            sys.exit("The inbox stays empty: does the worker of this server run?")
        time.sleep(0.5)
    return entries[0]["key"]


def cut(value):
    if isinstance(value, list):
        is_a_pair = all(isinstance(each, int) for each in value)  # from and to, not some of many
        return value if is_a_pair else [cut(each) for each in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: cut(each) for name, each in value.items()}
    if isinstance(value, str) and len(value) > MOST_LETTERS and not value.startswith("http"):
        return value[:MOST_LETTERS].rstrip() + "…"
    return value


if __name__ == "__main__":
    main(sys.argv[1])
