import json, urllib.error, urllib.request

API = "https://luatmo.example/api/v1"
copies = {}  # yours: documents by their keys


def read(address):
    """The answer; None for what is withdrawn meanwhile."""
    try:
        return json.load(urllib.request.urlopen(address))
    except urllib.error.HTTPError as error:
        if error.code in (404, 410):
            return None
        raise


after = "0"  # or the cursor of the bulk export that you loaded
while True:
    page = read(f"{API}/changes?after={after}&page_size=100")  # wait=8 holds the call until there is news
    for change in page["results"]:
        if change["object"] != "document":
            continue
        now = None if change["is_tombstone"] else read(f"{change['url']}?include=text")
        if now is None:
            copies.pop(change["subject"], None)  # withdrawn: drop your copy
        else:
            copies[change["subject"]] = now
    if page["cursor"] == after:
        break  # a real follower goes on
    after = page["cursor"]
