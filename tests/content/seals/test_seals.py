"""What is signed here verifies with the published keys, also after a rotation, and nothing else does."""

import base64
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client

from content.errors import RuleBroken
from content.seals import keys, services
from content.seals.checks import check_seal_keys

CLAIMS = {"contest": "ct-1", "number": 1}


def test_what_was_signed_verifies_with_the_published_key_alone(settings):
    settings.SEAL_KEYS = keys.new_key()
    token = services.sign(CLAIMS)
    published = Client().get("/.well-known/jwks.json")
    assert published["Content-Type"] == "application/jwk-set+json"
    (key,) = published.json()["keys"]
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": key["kid"], "typ": "JWT"}
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["EdDSA"]) == {"iss": settings.PUBLIC_URL, **CLAIMS}
    assert "d" not in key
    assert services.verify(token) == {"iss": settings.PUBLIC_URL, **CLAIMS}


def test_after_a_rotation_the_newest_key_signs_and_old_receipts_still_verify(settings):
    old, new = keys.new_key(), keys.new_key()
    settings.SEAL_KEYS = old
    token = services.sign(CLAIMS)
    public = keys.read_keys(old).signing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    settings.SEAL_KEYS = public.decode() + new
    assert services.verify(token)["contest"] == "ct-1"
    assert len(services.public_keys()["keys"]) == 2
    assert jwt.get_unverified_header(services.sign({}))["kid"] == keys.read_keys(new).signing_id
    settings.SEAL_KEYS = new
    with pytest.raises(services.SealBroken):
        services.verify(token)


def without_signature(token):
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def test_changed_and_foreign_tokens_are_refused(settings):
    settings.SEAL_KEYS = keys.new_key()
    token = services.sign(CLAIMS)
    head, _body, seal = token.split(".")
    other = base64.urlsafe_b64encode(json.dumps({"contest": "ct-2"}).encode()).rstrip(b"=").decode()
    hmac_of_public = jwt.encode(CLAIMS, "x" * 64, algorithm="HS512", headers={"kid": keys.current_keys().signing_id})
    for wrong in (f"{head}.{other}.{seal}", without_signature(token), hmac_of_public, "", "a.b.c", token[:-9], "\0"):
        with pytest.raises(services.SealBroken):
            services.verify(wrong)


def test_without_a_key_nothing_is_signed_and_the_check_warns(settings):
    settings.SEAL_KEYS, settings.SEAL_KEYS_LOCAL_FILE = "", ""
    assert services.public_keys() == {"keys": [], "endorsements": []}
    assert [warning.id for warning in check_seal_keys()] == ["content.W001"]
    with pytest.raises(RuleBroken) as refused:
        services.sign(CLAIMS)
    assert refused.value.code == "no_seal_key"
    settings.SEAL_KEYS = keys.new_key()
    assert check_seal_keys() == []


def test_a_local_installation_makes_one_key_also_when_many_ask_at_once(settings, tmp_path):
    settings.SEAL_KEYS, settings.SEAL_KEYS_LOCAL_FILE = "", str(tmp_path / "home" / "seal_keys.pem")
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda _: jwt.get_unverified_header(services.sign({}))["kid"], range(32)))
    assert len(kids) == 1
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["seal_keys.pem"]
    assert (tmp_path / "home" / "seal_keys.pem").stat().st_mode & 0o077 == 0


def test_a_file_of_other_things_than_ed25519_keys_is_refused_in_words():
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
    for text in (curve.decode(), garbage, "hunter2"):
        with pytest.raises(ImproperlyConfigured, match="SEAL_KEYS"):
            keys.read_keys(text)


def test_the_command_prints_a_key_that_signs(capsys, settings):
    call_command("make_seal_key")
    settings.SEAL_KEYS = capsys.readouterr().out
    assert services.verify(services.sign(CLAIMS))["number"] == 1


def test_a_file_named_in_the_environment_is_read(tmp_path):
    (tmp_path / "keys.pem").write_text(keys.new_key())
    code = "from django.conf import settings; print(settings.SEAL_KEYS.count('PRIVATE KEY'))"
    run = [sys.executable, "-c", f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; {code}"]
    environment = {"SEAL_KEYS_FILE": str(tmp_path / "keys.pem"), "LUATMO_HOME": str(tmp_path), "PATH": ""}
    assert subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout.strip() == "2"


def test_a_key_is_sealed_by_the_one_before_and_followers_trust_it(settings):
    first, second, third = keys.new_key(), keys.new_key(), keys.new_key()
    settings.SEAL_KEYS = first
    pinned = services.keys_of_set(services.public_keys())
    settings.SEAL_KEYS = first + second + third
    trusted = services.trusted_keys(pinned, services.public_keys(), issuer=settings.PUBLIC_URL)
    assert list(trusted) == list(keys.current_keys().public)
    claims = services.verify_by(services.sign({"about": "head"}), trusted, issuer=settings.PUBLIC_URL, about="head")
    assert claims["about"] == "head"


def test_a_new_key_without_a_seal_of_a_pinned_one_is_not_trusted(settings):
    settings.SEAL_KEYS = keys.new_key()
    pinned = services.keys_of_set(services.public_keys())
    settings.SEAL_KEYS = keys.new_key() + keys.new_key()  # the first one is lost
    assert services.trusted_keys(pinned, services.public_keys(), issuer=settings.PUBLIC_URL) == {}
    with pytest.raises(services.SealBroken):
        services.verify_by(services.sign({"about": "head"}), pinned, issuer=settings.PUBLIC_URL, about="head")


def test_a_seal_of_something_else_or_of_another_address_is_none(settings):
    settings.SEAL_KEYS = keys.new_key()
    trusted = services.keys_of_set(services.public_keys())
    token = services.sign({"about": "record"})
    for issuer, about in ((settings.PUBLIC_URL, "head"), ("https://other.example", "record")):
        with pytest.raises(services.SealBroken):
            services.verify_by(token, trusted, issuer=issuer, about=about)


@pytest.mark.parametrize(
    "published",
    [{}, {"keys": "x"}, {"keys": [{}]}, {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "!"}]},
     {"keys": [{"kty": "RSA"}]},
     {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}, {"keys": [None]}, {"keys": [{}] * 51}],
)  # fmt: skip
def test_what_is_no_set_of_keys_is_refused(published):
    with pytest.raises(services.SealBroken):
        services.keys_of_set(published)
