"""What an act says about the effect of a document, and nobody has checked, is shown with the clause until then."""

import datetime

import pytest

from content.documents.effect import StatusEventKind
from content.documents.models import EffectDoubt
from content.endings import case_services, services
from content.endings.models import EndingCase
from content.people.models import Role
from content.publishing.services import enter_status_event
from tests.builders import a_document, a_member_of_staff

pytestmark = pytest.mark.django_db
CLAUSE = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành, trừ khoản 2 Điều 9."


@pytest.fixture
def old():
    return a_document("1/2019/QH14", title="Luật Mẫu cũ")


@pytest.fixture
def act(old):
    act = a_document(
        "9/2024/QH15",
        title="Luật Mẫu mới",
        text=f"Điều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n1. {CLAUSE}\n",
        issued_on=datetime.date(2024, 6, 1),
        effective_on=datetime.date(2025, 1, 1),
    )
    services.read_acts([act])
    return act


def test_a_law_that_an_act_may_have_ended_is_unknown_with_the_clause_and_its_address(api, old, act):
    before = api("get", f"documents/{old.key}?as_of=2024-12-31").json()
    assert (before["effect_status"], before["effect_doubt"]) == ("in_force", None)
    shown = api("get", f"documents/{old.key}?as_of=2025-01-01").json()
    doubt = shown["effect_doubt"]
    assert (shown["effect_status"], doubt["kind"], doubt["scope"], doubt["on"]) == (
        "unknown",
        "ends",
        "whole",
        "2025-01-01",
    )
    assert CLAUSE in doubt["words"]
    assert (doubt["act"]["key"], doubt["source_eid"]) == (act.key, "art_2__clause_1")
    assert api("get", doubt["source_url"]).json()["text"].strip().endswith(CLAUSE)
    provision = api("get", f"documents/{old.key}/provisions/art_1?as_of=2025-01-01").json()
    assert (provision["effect_status"], provision["effect_doubt"]) == ("unknown", doubt)


def test_lists_leave_it_out_of_what_is_in_force_and_list_what_is_doubtful(api, old, act):
    def keys(parameters):
        return {each["key"] for each in api("get", f"documents?as_of=2025-01-01&{parameters}").json()["results"]}

    assert keys("status=in_force") == {act.key}
    assert (keys("status=unknown"), keys("doubt=true"), keys("doubt=false")) == ({old.key}, {old.key}, {act.key})
    assert api("get", "documents?doubt=maybe").json()["errors"][0]["code"] == "invalid_choice"
    counted = api("get", "documents/facets?as_of=2025-01-01").json()
    values = {name: {each["value"]: each["count"] for each in counted[name]} for name in ("status", "doubt")}
    assert values == {"status": {"in_force": 1, "unknown": 1}, "doubt": {"true": 1, "false": 1}}


def test_the_relation_of_an_open_case_is_proposed_and_confirmed_when_it_is_carried_out(api, old, act):
    def statuses():
        found = api("get", f"documents/{old.key}/relations?status=proposed&status=confirmed&direction=incoming").json()
        return [(each["kind"], each["status"]) for each in found["results"]]

    assert statuses() == [("repeals", "proposed")]
    case_services.accept(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER))
    assert statuses() == [("repeals", "confirmed")]


def test_a_document_says_how_its_effect_is_known(api, old, act):
    def source(document, day="2025-01-01"):
        return api("get", f"documents/{document.key}?as_of={day}").json()["effect_source"]

    assert (source(act), source(old)) == ("computed", "computed")
    case_services.accept(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER))
    assert (source(old), source(old, "2024-12-31")) == ("act", "computed")
    enter_status_event(act, StatusEventKind.SUSPENDED, on=datetime.date(2025, 3, 1), cause="Quốc hội")
    assert source(act, "2025-03-01") == "staff"


def test_the_page_of_the_text_quotes_the_clause_and_links_the_act(api, old, act):
    page = api("get", f"documents/{old.key}/text?format=html&as_of=2025-01-01").content.decode()
    assert CLAUSE in page
    assert act.key in page


def test_a_decision_ends_the_doubt(api, old, act):
    case_services.accept(EndingCase.objects.get(), by=a_member_of_staff("lan", Role.PUBLISHER))
    shown = api("get", f"documents/{old.key}?as_of=2025-01-01").json()
    assert (shown["effect_status"], shown["effect_doubt"], shown["expires_on"]) == ("expired", None, "2025-01-01")
    assert EffectDoubt.objects.count() == 0


def test_a_part_that_an_official_source_does_not_name_is_a_doubt_of_the_document_and_of_no_provision(api):
    decree = a_document("168/2024/NĐ-CP", doc_type="decree", issuer="Chính phủ", official_status="partly_expired")
    shown = api("get", f"documents/{decree.key}").json()
    assert (shown["effect_status"], shown["effect_doubt"]["scope"], shown["effect_doubt"]["act"]) == (
        "partly_expired",
        "part",
        None,
    )
    assert shown["effect_doubt"]["on"] is None  # nobody knows since when
    provision = api("get", f"documents/{decree.key}/provisions/art_1").json()
    assert (provision["effect_status"], provision["effect_doubt"]) == ("in_force", None)


def test_what_an_act_ends_on_a_day_that_it_does_not_give_is_a_doubt_without_a_day(api, old):
    clause = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực cho đến khi có quy định mới."
    act = a_document(
        text=f"Điều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n1. {clause}\n",
        issued_on=datetime.date(2024, 6, 1),
        effective_on=None,
    )
    services.read_acts([act])
    assert EndingCase.objects.get().on is None
    shown = api("get", f"documents/{old.key}?as_of=2024-06-01").json()
    assert (shown["effect_status"], shown["effect_doubt"]["on"]) == ("unknown", None)


def test_a_document_of_which_an_unnamed_part_ended_is_listed_and_counted_as_doubtful(api):
    decree = a_document("168/2024/NĐ-CP", doc_type="decree", issuer="Chính phủ", official_status="partly_expired")
    other = a_document("1/2019/QH14")

    def keys(parameters):
        return [each["key"] for each in api("get", f"documents?{parameters}").json()["results"]]

    assert (keys("doubt=true"), keys("doubt=false")) == ([decree.key], [other.key])
    counted = {each["value"]: each["count"] for each in api("get", "documents/facets").json()["doubt"]}
    assert counted == {"true": 1, "false": 1}
    assert keys("doubt=true&as_of=2024-12-31") == []  # the source said so on the day of the import
