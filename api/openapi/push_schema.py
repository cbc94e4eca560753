"""What an app receives without asking: the data of a push, as a callback of the registration of a device.

A webhook would say the same. openapi-generator 7 puts those into the classes of operations, which then do not compile.
"""

import copy
from typing import Any

from django.http import HttpRequest

from api.openapi.walk import operations
from api.types import JSONObject
from notifications.follows.models import NotificationType

PUSH_DATA_SCHEMA = {
    "type": "object",
    "description": "The `data` of an FCM message; every value is text.",
    "required": ["nid", "kind", "link", "page_url", "key"],
    "properties": {
        "nid": {"type": "string", "description": "Key of the inbox entry; also the tag in the tray."},
        "kind": {
            "type": "string",
            "enum": list(NotificationType.values),
            "description": "Kind of the entry, or `test`; Android channel, iOS thread.",
        },
        "link": {
            "type": "string",
            "format": "uri",
            "description": "What it is about, in the API; the entry where that is private.",
        },
        "page_url": {"type": "string", "description": "Its page for people; the start page where that is private."},
        "key": {"type": "string", "description": "Key of what `link` leads to."},
    },
}
PUSH_EXAMPLE = {
    "nid": "4711",
    "kind": "amended",
    "link": "https://luatmo.example/api/v1/documents/luat-2024-31-2024-qh15",
    "page_url": "https://luatmo.example/van-ban/luat-2024-31-2024-qh15",
    "key": "luat-2024-31-2024-qh15",
}
PUSH = {
    "post": {
        "operationId": "receivePush",
        "tags": ["devices"],
        "summary": "Receive a push through FCM, not HTTP",
        "description": "Private news has general words as title and body.",
        "security": [],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/PushData"},
                    "examples": {"push": {"value": PUSH_EXAMPLE}},
                }
            },
        },
        "responses": {"default": {"description": "No answer is expected."}},
    }
}


def add_push(result: JSONObject, generator: Any, request: HttpRequest, public: bool) -> JSONObject:
    """drf-spectacular hook: add the callback `push` to the operation that registers, and its component PushData."""
    result["components"]["schemas"]["PushData"] = copy.deepcopy(PUSH_DATA_SCHEMA)
    for operation in operations(result):
        if operation["operationId"] == "putDevice":
            operation["callbacks"] = {"push": {"{$request.body#/registration_id}": copy.deepcopy(PUSH)}}
    return result
