import json, urllib.request, uuid

API = "https://luatmo.example/api/v1"


def call(method, path, body=None, secret=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    request = urllib.request.Request(f"{API}/{path}", json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer) if answer.status != 204 else None


key = str(uuid.uuid4())
me = {"registration_id": f"fcm-{key}", "id_kind": "token", "platform": "android", "language": "vi"}
secret = call("PUT", f"devices/{key}", me)["secret"]  # 201: shown once, keep it
call("PUT", f"devices/{key}", me, secret)  # 200: at each later start of the app, with the secret
call("DELETE", "me", secret=secret)  # erases the reader, their follows and devices
