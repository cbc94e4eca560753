import urllib.error, urllib.request

address = "https://luatmo.example/api/v1/documents/luat-2024-31-2024-qh15"
first = urllib.request.urlopen(address)
again = urllib.request.Request(address, headers={"If-None-Match": first.headers["ETag"]})
try:
    urllib.request.urlopen(again)
except urllib.error.HTTPError as unchanged:
    assert unchanged.code == 304  # nothing is sent, and nothing of the quota is used
