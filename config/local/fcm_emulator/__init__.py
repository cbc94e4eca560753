"""A local FCM server: the real firebase-admin talks to it as if it were Google.

    python -m config.local.fcm_emulator --port 9099 --dir .local/fcm

This module imports neither cryptography nor Django: settings and the launcher import it before anything runs.
"""

from pathlib import Path

PROJECT = "luatmo-local"
SIGNING_KEY_ID = "local-1"  # the `kid` of the key that signs ID tokens and App Check tokens here


def client_environment(port: int, folder: str | Path) -> dict[str, str]:
    """The environment variables that point a process, and the real SDK inside it, at the server on `port`.

    Proxies are given in both spellings because requests and urllib prefer the lower-case one:
    otherwise a developer's own `https_proxy` would carry our pushes out of the machine.
    """
    folder = Path(folder).resolve()
    authority = str(folder / "ca.pem")
    proxy = f"http://127.0.0.1:{port}"
    around = "127.0.0.1,localhost,::1"
    return {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": around,
        "no_proxy": around,
        "REQUESTS_CA_BUNDLE": authority,
        "SSL_CERT_FILE": authority,
        "FIREBASE_CREDENTIALS_FILE": str(folder / "service-account.json"),
    }
