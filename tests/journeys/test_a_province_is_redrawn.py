"""Two provinces' decisions of one number are imported, amended and followed; then the provinces are redrawn.

The importer, the change log, the outbox, the real Firebase SDK and the local FCM server; no day is waited for.
"""

import json

import pytest
from django.core.management import call_command
from django.test import Client

from content.documents.models import LegalDocument
from content.organisations import services as organisations
from content.organisations.models import Province
from content.vietnam_time import today
from notifications import sender
from notifications.fanout import read_changes
from notifications.follows.reconciliation import reconcile_subscriptions
from notifications.follows.redrawn_provinces import move_followers
from tests.builders import a_device, registration_of

pytestmark = pytest.mark.usefixtures("committed")
ARTICLES = [
    {"number": "1", "title": "Phạm vi", "path": [], "text": "Quyết định này quy định về mẫu."},
    {"number": "2", "title": "Mức", "path": [], "text": "1. Mức một là 10.\n2. Mức hai là 20."},
    {"number": "3", "title": "Hiệu lực", "path": [], "text": "Quyết định này có hiệu lực từ ngày 15 tháng 8 năm 2025."},
]


def a_row(number="15/2025/QĐ-UBND", *, province="ĐÀ NẴNG", kind="THÀNH PHỐ", articles=ARTICLES, **columns):
    head = ["ỦY BAN NHÂN DÂN", f"{kind} {province}", f"Số: {number}", "QUYẾT ĐỊNH", "Về mẫu", "Căn cứ Luật Mẫu;"]
    return {
        "number": number, "type": "Quyết định", "title": "Quyết định về mẫu", "issued": "2025-08-01",
        "effective": "2025-08-15", "preamble": head, "articles": articles, "footer": ["TM. ỦY BAN NHÂN DÂN"],
    } | columns  # fmt: skip


def run_import(tmp_path, *rows, notify=False):
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    call_command("import_documents", str(file), "--publish", *(["--notify"] if notify else []))


def phone(api, fcm, gateway, name, key):
    fcm.call("POST", "devices", {"token": registration_of(name)})
    device = a_device(name)
    assert api("put", f"follows/province/{key}", {}, device=device).status_code == 201
    reconcile_subscriptions(gateway)
    return device


def heard(fcm, gateway, name):
    while read_changes():
        pass
    while sender.send_due(gateway):
        pass
    return [entry["title"] for entry in fcm.phone(registration_of(name))["tray"].values()]


def test_two_provinces_are_redrawn_and_nothing_is_lost(api, fcm, gateway, tmp_path, capsys):
    minh = phone(api, fcm, gateway, "minh", "48-da-nang-2025")
    hoa = phone(api, fcm, gateway, "hoa", "46-hue-2025")
    of_hue = {"province": "HUẾ"}
    run_import(tmp_path, a_row(), a_row(**of_hue))
    run_import(tmp_path, a_row(), a_row(**of_hue))  # the same file again
    keys = ["vn-46-quyet-dinh-2025-15-2025-qd-ubnd", "vn-48-quyet-dinh-2025-15-2025-qd-ubnd"]
    assert sorted(LegalDocument.objects.values_list("key", flat=True)) == keys

    unclear = a_row("16/2025/QĐ-UBND") | {"preamble": ["QUYẾT ĐỊNH", "Về mẫu"]}
    capsys.readouterr()
    run_import(tmp_path, a_row("17/2025/QĐ-UBND"), unclear)
    (refused,) = [line for line in "".join(capsys.readouterr()).splitlines() if "rows.jsonl:2" in line]
    assert "16/2025/QĐ-UBND" in refused
    assert not LegalDocument.objects.filter(number="16/2025/QĐ-UBND").exists()

    amending = [
        {"number": "1", "title": "", "path": [], "text": "Bãi bỏ Quyết định số 15/2025/QĐ-UBND ngày 01/8/2025."},
        {"number": "2", "title": "Hiệu lực", "path": [], "text": "Quyết định này có hiệu lực từ ngày 01/01/2026."},
    ]
    act = a_row("20/2025/QĐ-UBND", articles=amending, issued="2025-12-01", effective="2026-01-01")
    run_import(tmp_path, act, notify=True)
    ended = {key: api("get", f"documents/{key}").json()["effect_status"] for key in keys}
    assert ended == {keys[0]: "in_force", keys[1]: "expired"}  # of its own province only
    assert heard(fcm, gateway, "minh") == ["Quyết định về mẫu"]  # the title of the act, told once
    assert heard(fcm, gateway, "hoa") == []

    provinces = list(Province.objects.filter(key__in=["48-da-nang-2025", "46-hue-2025"]))
    new = organisations.redraw_provinces(
        provinces, code="48", name="Thành phố Mới", short_name="Mới", type="city", on=today()
    )
    assert (move_followers(), move_followers()) == (2, 0)
    for device in (minh, hoa):
        (follow,) = api("get", "follows", device=device).json()["results"]
        assert follow["subject"]["key"] == new.key
    told = {name: heard(fcm, gateway, name) for name in ("minh", "hoa")}
    assert len(told["hoa"]) == 1
    assert heard(fcm, gateway, "hoa") == told["hoa"]

    in_force = api("get", f"documents?applies_in={new.key}").json()["results"]
    assert set(keys) < {each["key"] for each in in_force}
    assert api("get", f"documents?province={new.key}").json()["results"] == []
    address = "/akn/vn-46/act/quyet-dinh/2025/15-2025-qd-ubnd"
    assert api("get", f"documents/lookup?akn={address}").json()["certainty"] == "exact"
    assert Client().get(address).status_code in (200, 303)
    assert api("get", "provinces/46-hue-2025").json()["successors"][0]["key"] == new.key
