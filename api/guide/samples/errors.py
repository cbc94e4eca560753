import json, time, urllib.error, urllib.request

API = "https://luatmo.example/api/v1"


def read(path, tries=3):
    try:
        return json.load(urllib.request.urlopen(f"{API}/{path}"))
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if error.code in (429, 503) and tries > 1:
            time.sleep(int(error.headers.get("Retry-After", 1)))
            return read(path, tries - 1)
        if problem["code"] == "invalid":
            return {each["pointer"]: each["detail"] for each in problem["errors"]}
        raise


wrong = read("documents?sttus=in_force")  # a misspelt parameter is an error that names it
assert list(wrong) == ["/sttus"], wrong
