"""Google's side of the server: OAuth token, messages:send, topic subscriptions, keys.

URLs, methods and bodies are those firebase-admin 7.7.0 uses (messaging.py, _token_gen.py, app_check.py) and
firebase.google.com/docs/reference/fcm/fcmtopics/rest/v1/projects.registrations.topicSubscriptions.
"""

import base64
import binascii
import time
import uuid
from pathlib import Path
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from config.local.fcm_emulator import SIGNING_KEY_ID, certificates, messages
from config.local.fcm_emulator.conditions import TOPIC
from config.local.fcm_emulator.http_messages import (
    JsonObject,
    Request,
    Response,
    google_error_response,
    invalid_registration_response,
    read_json,
    unregistered_response,
)
from config.local.fcm_emulator.message_queue import AcceptedMessage
from config.local.fcm_emulator.phones import MAX_SUBSCRIPTIONS, VirtualPhone, VirtualPhones
from config.local.fcm_emulator.schema import BadMessage

TOKEN_SECONDS = 3599  # as Google's endpoint answers
DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE = 1000, 2000
_SCOPES = {"https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform"}


class AccessTokens:
    """Issues access tokens for JWTs signed with the service account's key, and recognises them."""

    def __init__(self, folder: Path) -> None:
        self._key = certificates.account_public_key(folder)
        self._expires_at: dict[str, float] = {}

    def grant(self, request: Request) -> Response:
        """`POST /token`: jwt-bearer grant (RFC 7523) -> access token, or invalid_grant."""
        try:
            self._verify(parse_qs(request.body.decode())["assertion"][0])
        except (ValueError, KeyError, TypeError, InvalidSignature) as error:
            reason = f"Invalid JWT: {type(error).__name__} {error}".rstrip()
            return Response(400, {"error": "invalid_grant", "error_description": reason})
        now = time.time()
        self._expires_at = {token: ends for token, ends in self._expires_at.items() if ends > now}
        token = f"ya29.{uuid.uuid4().hex}"
        self._expires_at[token] = now + TOKEN_SECONDS
        return Response(200, {"access_token": token, "expires_in": TOKEN_SECONDS, "token_type": "Bearer"})

    def is_valid(self, request: Request) -> bool:
        """Whether the request has an access token of ours that has not expired."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme == "Bearer" and self._expires_at.get(token, 0) > time.time()

    def _verify(self, assertion: str) -> None:
        signed, _, signature = assertion.rpartition(".")
        self._key.verify(_base64_decode(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        claims = read_json(_base64_decode(signed.partition(".")[2]))
        if claims["iss"] != certificates.CLIENT_EMAIL:
            raise ValueError("issuer is not our service account")
        if not claims["iat"] - 300 < time.time() < claims["exp"]:
            raise ValueError("not valid at this time: check the clock")
        if not _SCOPES & set(claims["scope"].split()):
            raise ValueError("no scope for messaging")


def send_message(phones: VirtualPhones, project: str, request: Request) -> Response:
    """`POST /v1/projects/P/messages:send`: check the message and give it to the phones it reaches."""
    try:
        wanted = messages.parse_send_request(request.json)
    except BadMessage as refusal:
        fcm = "INVALID_ARGUMENT" if refusal.fcm else None
        return google_error_response(400, "INVALID_ARGUMENT", str(refusal), fcm=fcm, field=refusal.field)
    except ValueError as error:
        return google_error_response(400, "INVALID_ARGUMENT", f"Invalid JSON payload received. {error}")
    if wanted.kind in ("token", "fid"):
        phone = phones.find(wanted.key, kind=wanted.kind)
        if phone is None or not phone.valid:
            return _unknown_registration(wanted.key)
        recipients = [phone]
    else:
        recipients = phones.recipients(wanted)
    name = f"projects/{project}/messages/{uuid.uuid4().hex}"
    if not wanted.validate_only:
        accepted = AcceptedMessage(name, f"{wanted.kind}:{wanted.key}", wanted.message)
        for phone in recipients:
            phone.deliver(accepted)
    return Response(200, {"name": name})


def _unknown_registration(registration: str) -> Response:
    """UNREGISTERED for a well-formed registration, INVALID_ARGUMENT for what cannot be one."""
    return invalid_registration_response() if registration.split() != [registration] else unregistered_response()


def topic_subscriptions(
    phones: VirtualPhones, project: str, registration: str, topic: str | None, request: Request
) -> Response:
    """Everything under `/v1/projects/P/registrations/R/topicSubscriptions`; `topic` is the last part of the path."""
    phone = phones.find(registration)
    if phone is None or not phone.valid:
        return _unknown_registration(registration)
    if request.method == "POST" and topic is None:
        return _subscribe_response(phones, project, phone, request.query("topic_name", "topicName"))
    if request.method == "GET" and topic is None:
        return _list_subscriptions(project, phone, request)
    if topic is not None and request.method in ("GET", "DELETE"):
        return _single_subscription_response(phones, project, phone, topic, request)
    return google_error_response(405, "UNIMPLEMENTED", f"{request.method} is not allowed here.")


def _subscribe_response(phones: VirtualPhones, project: str, phone: VirtualPhone, topic: str | None) -> Response:
    if not topic or not TOPIC.fullmatch(topic):
        return google_error_response(400, "INVALID_ARGUMENT", "Malformed topic name.", field="topic_name")
    if topic in phone.topics:  # the SDK counts this as success
        return google_error_response(409, "ALREADY_EXISTS", "Requested entity already exists")
    if len(phone.topics) >= MAX_SUBSCRIPTIONS:  # the limit is documented, its v1 code is not
        return google_error_response(400, "FAILED_PRECONDITION", "TOO_MANY_TOPICS")
    phones.subscribe(phone, topic)
    return Response(200, _subscription_json(project, phone, topic))


def _single_subscription_response(
    phones: VirtualPhones, project: str, phone: VirtualPhone, topic: str, request: Request
) -> Response:
    if topic not in phone.topics:
        if request.method == "DELETE" and request.query("allow_missing", "allowMissing") == "true":
            return Response(200, {})
        return google_error_response(404, "NOT_FOUND", "Requested entity was not found.")
    if request.method == "GET":
        return Response(200, _subscription_json(project, phone, topic))
    phones.unsubscribe(phone, topic)
    return Response(200, {})


def _list_subscriptions(project: str, phone: VirtualPhone, request: Request) -> Response:
    """One page, ordered by name. The page token is the last name of the page before, encoded."""
    try:
        size = int(request.query("page_size", "pageSize") or DEFAULT_PAGE_SIZE)
        after = _base64_decode(request.query("page_token", "pageToken") or "").decode()
        if size < 0:
            raise ValueError("page_size is negative")
    except ValueError as error:
        return google_error_response(400, "INVALID_ARGUMENT", f"Invalid page: {error}", field="page_size")
    size = min(size or DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    names = [name for name in sorted(phone.topics) if name > after]
    page: JsonObject = {"topic_subscriptions": [_subscription_json(project, phone, name) for name in names[:size]]}
    if len(names) > size:
        page["next_page_token"] = base64.urlsafe_b64encode(names[size - 1].encode()).decode()
    return Response(200, page)


def _subscription_json(project: str, phone: VirtualPhone, topic: str) -> dict[str, str]:
    name = f"projects/{project}/registrations/{phone.fid}/topicSubscriptions/{topic}"
    return {"name": name, "topic_name": topic, "create_time": phone.topics[topic]}


def id_token_certificates_response(folder: Path) -> Response:
    """The certificates that verify ID tokens.

    The SDK caches them only if the answer has both Date (connections.py adds it) and Cache-Control [measured, 7.7.0].
    """
    certificate = (folder / "idtoken.crt").read_text()
    return Response(200, {SIGNING_KEY_ID: certificate}, {"Cache-Control": "public, max-age=3600"})


def app_check_keys_response(folder: Path) -> Response:
    """The keys that verify App Check tokens, as a JSON Web Key Set."""
    numbers = certificates.signing_public_key(folder).public_numbers()
    parts = {"n": _base64_number(numbers.n), "e": _base64_number(numbers.e)}
    return Response(200, {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": SIGNING_KEY_ID, **parts}]})


def _base64_number(number: int) -> str:
    octets = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _base64_decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
