import json, urllib.request

API = "https://luatmo.example/api/v1"


def read(path):
    return json.load(urllib.request.urlopen(f"{API}/{path}"))


after = "0"  # or the cursor of the bulk export that you loaded
while True:
    page = read(f"changes?after={after}&page_size=100")  # wait=8 holds the call until there is news
    for change in page["results"]:
        print(change["event_type"], change["nature"], change["subject"])  # read this subject again
    if page["cursor"] == after:
        break  # a real follower goes on
    after = page["cursor"]
