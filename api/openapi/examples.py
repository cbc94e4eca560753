"""Examples of parameters, request bodies, problems and responses.

Responses were recorded from a running installation (bench/examples.py); the rest is written here.
"""

import json
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.http import HttpRequest

from api.negotiation import PROBLEM_MEDIA_TYPE
from api.openapi.walk import operations
from api.problem_codes import PROBLEM_CODES
from api.types import JSONObject

RECORDED = json.loads((Path(__file__).parent / "examples.json").read_text())  # by operation
HOME = "https://luatmo.example"
DOCUMENT, EVENT, QUESTION = "luat-2024-31-2024-qh15", "sk-4f7q2m9xkd", "hoi-7kq2m4xw9d"
EXPORT, INSTALLATION = "2026-11-26-4711", "2f0b3c1e-0f6e-4f0e-9a55-5d9b6f8f2a31"
PLAN = "kh-de-an-766-ubnd-48-da-nang-2025-2025-12-kh-ubnd"
CONTEST, ATTEMPT = "ct-7kq2m4xw9d", "lt-7kq2m4xw9d3f8a1c"
MATERIAL, PLAYLIST, CHANNEL = "tl-7kq2m4xw9d", "ds-7kq2m4xw9d", "kn-7kq2m4xw9d"
OUTLET, PLACEMENT = "noi-7kq2m4xw9d", "dang-7kq2m4xw9d"
NONCE = "8c0f3a5d9e1b7246ac58d0e4f7312b69"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PARAMETERS: dict[str, Any] = {  # by `tag.name`, `operationId.name` or name, the first that is there
    "after": "4711",
    "akn": "/akn/vn/act/luat/2024/31-2024-qh15",
    "as_of": "2024-12-31",
    "audience": "students",
    "basis_changed": True,
    "bracket": "Học sinh",
    "by": "person",
    "cites": f"{DOCUMENT}~art_15",
    "count": True,
    "cursor": "cD0zMTcyNjU3OTgxODE3MDQ0",
    "direction": "incoming",
    "doubt": False,
    "effective_from": "2025-01-01",
    "effective_to": "2025-12-31",
    "eid": "art_15__clause_2__point_a",
    "eli": "/eli/vn/luat/2024/31-2024-qh15",
    "event": EVENT,
    "feed_format": "atom",
    "findSimilarQuestions.title": "Sang tên xe",
    "follows.key": "11-dat-dai",
    "from": "2025-01-01",
    "getEvent.format": "jsonld",
    "getExportFile.name": "documents.jsonl.gz",
    "getDocumentText.format": "html",
    "getProvision.format": "md",
    "getOrganisationCalendar.key": "bo-tu-phap",
    "getRecord.key": DOCUMENT,
    "getRecord.objects": "documents",
    "getPeer.key": "phapluat.example.gov.vn",
    "getTopicCalendar.key": "11-dat-dai",
    "Idempotency-Key": "8b1f6a52-3c1e-4f7b-9a52-0c6d2f1e7b90",
    "If-Range": f'"{SHA256}"',
    "in_force_first": False,
    "include": ["text"],
    "installation_key": INSTALLATION,
    "issued_from": "2024-01-01",
    "issued_to": "2024-12-31",
    "home": "phapluat.example.gov.vn",
    "issuer": ["quoc-hoi", "chinh-phu"],
    "lang": "en",
    "level": "central",
    "listDocumentRelations.kind": ["amends", "replaces"],
    "listDocumentRelations.status": ["confirmed", "proposed"],
    "listEffects.kind": "takes_effect",
    "getEffectCalendar.kind": "takes_effect",
    "listOrganisations.kind": "ministry",
    "listRecords.keys": [DOCUMENT],
    "listRecords.object": "document",
    "lookUpDocument.name": "Luật Đất đai",
    "lookUpTerm.q": "nhà ở",
    "number": "100/2019/NĐ-CP",
    "online": True,
    "open": True,
    "ordering": "-updated_at",
    "organisation": "bo-tu-phap",
    "page_size": 50,
    "province": "25-phu-tho-2025",
    "q": "đất đai",
    "Range": "bytes=0-1023",
    "reportProblem.kind": "outdated",
    "round": 1,
    "search.kind": "provision",
    "search.q": "điều kiện chuyển nhượng đất",
    "secret": "x" * 43,
    "sha256": SHA256,
    "serial": "ABCD-EFGH-IJKL-MNOP",
    "signer": "Trần Thanh Mẫn",
    "suggest.q": "luật đất",
    "target": "topic",
    "to": "2025-12-31",
    "topic": ["11-dat-dai"],
    "type": ["law", "code"],
    "unread": True,
    "updated_since": "2025-01-01T00:00:00+07:00",
    "valid_on": "2025-07-01",
    "wait": 8,
    "programme": "de-an-766",
    "indicator": "766-nguoi-dan-tiep-can",
    "on": "2026-07-01",
    "year": 2026,
    "adopted_from": "2025-01-01",
    "adopted_to": "2025-12-31",
    "listMeasurements.format": "json",
    "listPlans.status": "published",
    "getPlanFeed.status": "published",
    "getProgramme.key": "de-an-766",
    "getCoverage.key": "de-an-766",
    "getIndicator.key": "766-nguoi-dan-tiep-can",
    "getIndicator.by": "province",
    "getPlan.key": PLAN,
    "getPlanFile.key": PLAN,
    "applies_in": "25-phu-tho-2025",
    "citations.key": DOCUMENT,
    "documents.key": DOCUMENT,
    "documents.status": ["in_force"],
    "contests.key": CONTEST,
    "contests.number": 1,
    "contests.status": "announced",
    "getContestAttempt.key": ATTEMPT,
    "saveContestAnswers.key": ATTEMPT,
    "submitContestAttempt.key": ATTEMPT,
    "drawCertificate.key": ATTEMPT,
    "events.key": EVENT,
    "getLayer.key": "lop-7kq2m4xw9d",
    "getProvision.include": ["layers"],
    "getFile.name": "tl-7kq2m4xw9d-captions.vtt",
    "getMaterial.format": "jsonld",
    "getMaterialFeed.kind": "video",
    "language": "vi",
    "materials.key": MATERIAL,
    "channels.key": CHANNEL,
    "listQueue.key": OUTLET,
    "claimPlacement.key": PLACEMENT,
    "reportPlacement.key": PLACEMENT,
    "getDissemination.by": "form",
    "getPlaylist.key": PLAYLIST,
    "getPlaylist.format": "jsonld",
    "getPlaylistFeed.key": PLAYLIST,
    "getPlaylistFeed.feed_format": "rss",
    "listChannelSchedule.from": "2026-11-26",
    "listChannelSchedule.to": "2026-12-02",
    "materials.kind": "video",
    "transcript_format": "vtt",
    "events.kind": "talk",
    "events.status": "announced",
    "exports.key": EXPORT,
    "getDocumentFeed.status": ["in_force"],
    "getContestFeed.status": "announced",
    "getEventFeed.kind": "talk",
    "getEventFeed.status": "announced",
    "inbox.key": "42",
    "organisations.key": "bo-tu-phap",
    "getProvince.key": "25-phu-tho-2025",
    "questions.key": QUESTION,
    "search.status": ["in_force"],
    "topics.key": "11-dat-dai",
}
ASKED = {
    "title": "Sang tên xe",
    "text": "Bao lâu thì phải sang tên?",
    "topic": "15-hanh-chinh-tu-phap",
    "consent_to_publish": True,
}
BODIES: dict[str, Any] = {
    "addDetail": {"text": "Xe máy."},
    "ask": ASKED,
    "askAhead": ASKED,
    "enterContest": {"age_band": "adult", "consent": True, "province": "25-phu-tho-2025"},
    "findSimilarQuestions": {"title": "Sang tên xe"},
    "follow": {"kinds": ["new", "amended"]},
    "getDocumentStatuses": {"references": ["31/2024/QH15"]},
    "objectToDisqualification": {"text": "Tôi làm một mình."},
    "sayWhoTheWinnerIs": {
        "name": "Trần Văn Minh",
        "contact": "minh@example.com",
        "document_number": "001099012345",
        "consent": True,
    },
    "putDevice": {
        "registration_id": "dGhpcyBpcyBub3QgYSB0b2tlbg:APA91bF",
        "id_kind": "token",
        "platform": "android",
        "app_version": "1.0.3",
        "language": "vi",
    },
    "rateAnswer": {"is_helpful": True},
    "reportPlacement": {"status": "placed", "url": "https://www.facebook.com/1234567890"},
    "readInboxUpTo": {"up_to": "42"},
    "register": {"name": "Minh", "contact": "minh@example.com", "consent": True},
    "reportProblem": {"text": "Luật này đã được sửa đổi."},
    "saveContestAnswers": {"seq": 1, "answers": {"1": "b"}},
    "startContestAttempt": {"nonce": NONCE},
    "drawCertificate": {"name": "Nguyễn Thị Hạnh", "file_type": "pdf"},
    "checkCertificateName": {"name": "Nguyễn Thị Hạnh"},
    "submitContestAttempt": {"seq": 2, "answers": {"1": "b", "2": "a"}},
    "resolveCitations": {"text": "Theo Điều 5 Luật Nhà ở năm 2023"},
}
PROBLEM_OF_STATUS = {  # a code that the status often has
    "400": "invalid",
    "401": "unknown_secret",
    "404": "not_found",
    "406": "not_acceptable",
    "409": "wrong_status",
    "410": "withdrawn",
    "411": "length_required",
    "413": "request_too_large",
    "415": "unsupported_media_type",
    "416": "range_not_satisfiable",
    "422": "idempotency_key_reused",
    "429": "throttled",
    "500": "server_error",
    "503": "database_unavailable",
}


def add_examples(result: JSONObject, generator: object, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: add an example to every parameter, request body, problem and JSON response."""
    for operation in operations(result):
        name = operation["operationId"]
        for parameter in operation.get("parameters", []):
            if (key := _key_of_example(operation, parameter["name"])) is not None:
                parameter["example"] = PARAMETERS[key]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if name in BODIES:
                content["example"] = BODIES[name]
        for status, response in operation["responses"].items():
            content = response.get("content", {})
            if PROBLEM_MEDIA_TYPE in content:
                content[PROBLEM_MEDIA_TYPE]["example"] = problem_example(status)
            elif status.startswith("2") and name in RECORDED and "application/json" in content:
                content["application/json"]["example"] = RECORDED[name]
    return result


def _key_of_example(operation: JSONObject, name: str) -> str | None:
    """The most special of the names in PARAMETERS under which the parameter has an example."""
    names = [f"{operation['operationId']}.{name}", *(f"{tag}.{name}" for tag in operation["tags"]), name]
    return next((each for each in names if each in PARAMETERS), None)


def problem_example(status: str) -> JSONObject:
    """A problem of this status, in the active language."""
    code = PROBLEM_OF_STATUS[status]
    errors = []
    if status == "400":
        unknown = PROBLEM_CODES["unknown_parameter"]
        errors = [{"pointer": "/topc", "code": unknown.code, "detail": str(unknown.text)}]
    return {
        "type": f"{HOME}/problems/{code}",
        "title": HTTPStatus(int(status)).phrase,
        "status": int(status),
        "code": code,
        "request_id": "5f0c2c1e9d7b4a1f8e3d6c2b1a0f9e8d",
        "detail": str(PROBLEM_CODES[code].text),
        "errors": errors,
    }
