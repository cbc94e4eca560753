import json, urllib.request

API = "https://luatmo.example/api/v1"


def rows(address):
    while address:
        page = json.load(urllib.request.urlopen(address))
        yield from page["results"]
        address = page["next"]  # follow it as it is; null on the last page


for law in rows(f"{API}/documents?topic=11-dat-dai&page_size=100"):
    print(law["number"], law["title"])
