import json, urllib.request

API = "https://luatmo.example/api/v1"


def post(path, body):
    request = urllib.request.Request(f"{API}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


text = "Xem điểm a khoản 2 Điều 15 Luật này."
found = post("citations/resolve", {"text": text, "context": {"document": "luat-2024-31-2024-qh15"}})
for citation in found["citations"]:
    assert text[citation["start"] : citation["end"]] == citation["text"]
    if citation["certainty"] in ("exact", "likely"):  # else show all candidates, or none
        unit = citation["candidates"][0]["provisions"][0]
        print(unit["eid"], unit["exists"], unit["effect_status"], unit["page_url"])
