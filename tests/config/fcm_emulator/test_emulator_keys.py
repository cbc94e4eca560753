"""Keys Google publishes, checked by the SDK that uses them."""

import time

import jwt
from firebase_admin import app_check, auth

from config.local.fcm_emulator import PROJECT, SIGNING_KEY_ID


def signed(fcm, **claims):
    now = int(time.time())
    key = (fcm.folder / "idtoken.key").read_text()
    times = {"iat": now - 5, "auth_time": now - 5, "exp": now + 600}
    return jwt.encode({**times, **claims}, key, algorithm="RS256", headers={"kid": SIGNING_KEY_ID, "typ": "JWT"})


def test_an_id_token_signed_here_is_verified_by_the_sdk(fcm, app):
    token = signed(fcm, iss=f"https://securetoken.google.com/{PROJECT}", aud=PROJECT, sub="minh")
    for _ in range(2):
        assert auth.verify_id_token(token, app=app)["uid"] == "minh"
    assert len(fcm.log("certs")) == 1  # the second time from the SDK's cache


def test_an_app_check_token_signed_here_is_verified_by_the_sdk(fcm, app):
    audience = [f"projects/{PROJECT}"]
    token = signed(fcm, iss="https://firebaseappcheck.googleapis.com/1", aud=audience, sub="1:1:android:1")
    assert app_check.verify_token(token, app)["app_id"] == "1:1:android:1"
    assert len(fcm.log("jwks")) == 1
