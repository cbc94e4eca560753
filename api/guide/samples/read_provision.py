import json, urllib.request

law = "https://luatmo.example/api/v1/documents/luat-2024-31-2024-qh15"
point = json.load(urllib.request.urlopen(f"{law}/provisions/{eid('điểm a khoản 2 Điều 15')}"))
print(point["citation"], point["text"], [each["eid"] for each in point["ancestors"]])
units = json.load(urllib.request.urlopen(f"{law}/text"))["provisions"]  # every unit of the law, in order
assert point["eid"] in [unit["eid"] for unit in units]
print("".join(unit["text"] for unit in units))  # the whole text
print([(unit["eid"], unit["removed"]["on"]) for unit in units if unit["removed"]])  # no longer in it: the text is empty
