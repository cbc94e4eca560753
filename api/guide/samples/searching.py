import json, urllib.parse, urllib.request

API = "https://luatmo.example/api/v1"


def get(path, **query):
    return json.load(urllib.request.urlopen(f"{API}/{path}?{urllib.parse.urlencode(query)}"))


def marked(text, marks):
    """The snippet with «» around the words that match; start and end count code points."""
    out, at = "", 0
    for start, end in marks:
        out += f"{text[at:start]}«{text[start:end]}»"
        at = end
    return out + text[at:]


found = get("search", q="dat dai", page_size=5)
for hit in found["results"]:
    shown = hit.get(hit["kind"])  # document, provision, question, event or contest
    if shown is None:
        continue  # a kind that this program does not know yet
    print(shown.get("citation") or shown["title"], hit["effect_status_name"], shown["page_url"])
    print([marked(each["text"], each["marks"]) for each in hit["highlights"]])
if found["did_you_mean"]:
    print("Ý bạn là:", found["did_you_mean"])
print([each["text"] for each in get("search/suggest", q="luat")["results"]])  # while the reader types
