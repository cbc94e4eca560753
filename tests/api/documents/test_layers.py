"""Layers in the API: beside the text on request, per document with what is outdated, and in the change log."""

import datetime

import pytest

from content import vietnam_time
from content.provision_layers import services as layers
from tests.builders import a_document, a_member_of_staff, amend, an_amending_law

pytestmark = pytest.mark.django_db


def a_layer(law, eid="art_2"):
    lan, hoa = (a_member_of_staff(name, role) for name, role in (("lan-l", "editor"), ("hoa-l", "publisher")))
    draft = layers.write_layer(law, eid, by=lan, kind="summary", text="Mẫu là vật để thử.")
    return layers.publish_layer(draft, by=hoa)


def test_a_provision_shows_its_layers_on_request_only(api):
    law = a_document()
    layer = a_layer(law)
    address = f"documents/{law.key}/provisions/art_2"
    assert "layers" not in api("get", address).json()
    shown = api("get", f"{address}?include=layers").json()
    assert [(each["key"], each["text"], each["kind"]) for each in shown["layers"]] == [
        (layer.key, "Mẫu là vật để thử.", "summary")
    ]
    assert shown["text"] == api("get", address).json()["text"]
    assert api("get", f"{address}?include=everything").status_code == 400


def test_after_a_change_of_the_law_the_layer_stands_only_before_it(api):
    law, today = a_document(), vietnam_time.today()
    layer = a_layer(law)
    amend(an_amending_law(law, on=today))
    address, before = f"documents/{law.key}/provisions/art_2?include=layers", today - datetime.timedelta(days=1)
    assert api("get", address).json()["layers"] == []
    assert [each["key"] for each in api("get", f"{address}&as_of={before}").json()["layers"]] == [layer.key]
    placed = {
        day: [(each["eid"], each["is_outdated"]) for each in api("get", path).json()["results"]]
        for day, path in (
            ("today", f"documents/{law.key}/layers"),
            ("before", f"documents/{law.key}/layers?as_of={before}"),
        )
    }
    assert placed == {"today": [("art_2", True)], "before": [("art_2", False)]}


def test_the_change_log_leads_to_the_layer_and_says_when_it_is_gone(api):
    law = a_document()
    layer = a_layer(law)
    change = api("get", "changes?after=0&page_size=100").json()["results"][-1]
    assert (change["object"], change["eids"], change["facts"]["document"]) == ("layer", ["art_2"], law.key)
    assert api("get", f"layers/{layer.key}").json()["text"] == "Mẫu là vật để thử."
    layers.withdraw_layer(layer, by=a_member_of_staff("minh-l", "publisher"), reason="Sai nghĩa")
    gone = api("get", f"layers/{layer.key}")
    assert (gone.status_code, gone.json()["code"]) == (410, "withdrawn") and "Sai nghĩa" in gone.json()["detail"]
    assert api("get", "layers/lop-aaaaaaaaaa").status_code == 404
