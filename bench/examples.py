"""Take the examples of the contract from what a live house really answers.

    bench/examples.py BASE_URL > api/examples.json

Long lists and texts are cut. The house is best `script/serve` with some laws; `openapi.yaml` is made anew afterwards.
"""

import json
import sys
import urllib.error
import urllib.request
import uuid

PUBLIC_URL = "https://luatmo.example"
MOST_ITEMS, MOST_LETTERS = 1, 160


def main(base):
    secret = None

    def ask(method, path, body=None, **headers):
        headers |= {"Authorization": f"Bearer {secret}"} if secret else {}
        request = urllib.request.Request(  # noqa: S310 (an address we were given)
            f"{base}/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.loads(answer.read() or "null")

    installation = f"example-{uuid.uuid4()}"
    papers = {"registration_id": f"registration-{uuid.uuid4()}", "id_kind": "token", "platform": "android"}
    shown = {"putDevice": ask("PUT", f"devices/{installation}", papers)}
    law = ask("GET", "documents?q=dat dai&type=law&page_size=1".replace(" ", "%20"))["results"][0]["key"]
    reads = {
        "listTopics": "topics", "getTopic": "topics/11-dat-dai", "listDocuments": "documents?type=law",
        "getDocument": f"documents/{law}", "getDocumentText": f"documents/{law}/text",
        "getProvision": f"documents/{law}/provisions/art_1", "listDocumentVersions": f"documents/{law}/versions",
        "getDocumentTimeline": f"documents/{law}/timeline", "diffDocument": f"documents/{law}/diff",
        "listDocumentFiles": f"documents/{law}/files", "listDocumentRelations": f"documents/{law}/relations",
        "listEffects": "effects?from=2020-01-01", "listChanges": "changes", "listExports": "exports",
        "listQuestions": "questions", "listEvents": "events", "listOrganisations": "organisations",
        "listProvinces": "provinces",
    }  # fmt: skip
    for name, path in reads.items():
        shown[name] = ask("GET", path)
    shown["getExport"] = shown["listExports"]["results"][0]
    shown["getOrganisation"] = ask("GET", f"organisations/{shown['listOrganisations']['results'][0]['key']}")
    shown["getProvince"] = ask("GET", f"provinces/{shown['listProvinces']['results'][0]['key']}")
    if events := shown["listEvents"]["results"]:
        shown["getEvent"] = ask("GET", f"events/{events[0]['key']}")
    secret = shown["putDevice"]["secret"]
    shown["follow"] = ask("PUT", "follows/topic/11-dat-dai", {"kinds": ["new"]})
    question = {"title": "Sang tên xe", "text": "Bao lâu thì phải sang tên?", "consent_to_publish": True}
    shown["ask"] = ask("POST", "questions", question, **{"Idempotency-Key": str(uuid.uuid4())})
    own = {
        "getDevice": f"devices/{installation}", "getFollow": "follows/topic/11-dat-dai", "listFollows": "follows",
        "listInbox": "inbox", "countUnread": "inbox/unread", "listMyQuestions": "questions/mine",
        "getMyQuestion": f"questions/mine/{shown['ask']['key']}",
    }  # fmt: skip
    for name, path in own.items():
        shown[name] = ask("GET", path)
    shown["findSimilarQuestions"] = ask("POST", "questions/similar", {"title": "Sang tên xe"})
    ask("DELETE", f"devices/{installation}")
    shown["putDevice"]["secret"] = "dvc_" + "x" * 43
    text = json.dumps(cut(shown), ensure_ascii=False, indent=1).replace(base, PUBLIC_URL)
    sys.stdout.write(text.replace(installation, "2f0b3c1e-0f6e-4f0e-9a55-5d9b6f8f2a31") + "\n")


def cut(value):
    if isinstance(value, list):
        return [cut(each) for each in value[:MOST_ITEMS]]
    if isinstance(value, dict):
        return {name: cut(each) for name, each in value.items()}
    if isinstance(value, str) and len(value) > MOST_LETTERS and not value.startswith("http"):
        return value[:MOST_LETTERS] + "…"
    return value


if __name__ == "__main__":
    main(sys.argv[1])
