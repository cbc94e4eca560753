import hashlib, json, os, urllib.request, uuid

import jwt  # pip install "pyjwt[crypto]"

HOME = "https://luatmo.example"
API = f"{HOME}/api/v1"


def call(method, path, body=None, secret=None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    request = urllib.request.Request(f"{API}/{path}", json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer) if answer.status != 204 else None


key = str(uuid.uuid4())
me = {"registration_id": f"fcm-{key}", "id_kind": "token", "platform": "android", "language": "vi"}
secret = call("PUT", f"devices/{key}", me)["secret"]

contest = call("GET", "contests?open=true")["results"][0]
details = call("GET", f"contests/{contest['key']}")
print(details["title"], *details["rules_in_words"], sep="\n")  # show the rules before you ask for consent
call("PUT", f"contests/{contest['key']}/entry", {"age_band": "adult", "consent": True}, secret)

number = next(each["number"] for each in contest["rounds"] if each["status"] == "open")
nonce = os.urandom(16).hex()  # keep it until the attempt is submitted: a retry with it starts no second attempt
attempt = call("POST", f"contests/{contest['key']}/rounds/{number}/attempts", {"nonce": nonce}, secret)
answers = {}
for seq, question in enumerate(attempt["questions"], 1):
    print(question["n"], question["text"], [each["text"] for each in question["choices"]])
    choices = question["choices"]
    answers[str(question["n"])] = choices[0]["id"] if choices else "hai"  # what the contestant taps or types
    saved = call("PUT", f"attempts/{attempt['key']}/answers", {"seq": seq, "answers": answers}, secret)
outcome = call(
    "POST", f"attempts/{attempt['key']}/submission", {"seq": saved["saved_seq"] + 1, "answers": answers}, secret
)
print(outcome["state"], outcome["result"])  # null until the rules show it
