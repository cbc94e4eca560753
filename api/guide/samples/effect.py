import json, urllib.request

API = "https://luatmo.example/api/v1"
law = json.load(urllib.request.urlopen(f"{API}/documents/luat-2024-31-2024-qh15"))
words = law["effect_status_name"] or law["effect_note"]  # a consolidated text has no status; the note says why
if law["effect_doubt"]:
    words += f" · {law['effect_doubt']['words']}"  # quote the clause, and link effect_doubt.source_url
print(words)
