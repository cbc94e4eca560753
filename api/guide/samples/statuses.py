cited = ["luat-2024-31-2024-qh15", "999/1999/QH99"]
for each in post("documents/status", {"references": cited, "as_of": "2025-07-01"})["results"]:
    print(each["reference"], each["certainty"], [found["effect_status"] for found in each["candidates"]])
