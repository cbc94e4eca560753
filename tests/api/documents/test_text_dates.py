"""Of which day the words are that we show for a day."""

import datetime

import pytest

from content.documents.records import AmendmentRecord, ArticleRecord
from content.publishing import services
from content.vietnam_time import today
from tests.builders import a_document, amend, an_amending_law

pytestmark = pytest.mark.django_db
DAY = datetime.date


def field_of(api, address, day, name="text_is_of"):
    return api("get", f"documents/{address}?as_of={day}").json()[name]


def test_every_representation_of_a_codified_text_says_of_which_day_its_words_are(api):
    articles = (ArticleRecord("1", "Một", "1. Một.\n2. Hai."), ArticleRecord("2", "Hai", "Hai."))
    amended = (AmendmentRecord("1", DAY(2022, 10, 15), "9/2022/NĐ-CP"),)
    key = a_document("1/2019/QH14", text="", articles=articles, amended=amended).key
    for day, words in (("2022-10-14", "a_later_day"), ("2022-10-15", "unknown"), (today(), "that_day")):
        assert [field_of(api, f"{key}{path}", day) for path in ("", "/text", "/provisions/art_1")] == [words] * 3
        other = field_of(api, f"{key}/provisions/art_2", day)
        assert other == ("that_day" if day == today() else "unknown")
        units = {unit["eid"]: unit["text_is_of"] for unit in field_of(api, f"{key}/text", day, "provisions")}
        assert (units["art_1__clause_1"], units["art_2"]) == (words, other)
        assert api("get", f"documents/{key}/text?format=txt&as_of={day}")["Text-Is-Of"] == words
    page = api("get", f"documents/{key}/text?format=html&as_of=2022-10-14").content.decode()
    assert "của một ngày sau ngày được hỏi" in page
    diff = api("get", f"documents/{key}/diff?from=2022-10-14&to={today()}").json()
    assert (diff["changes"], diff["text_before_is_of"], diff["text_after_is_of"]) == ([], "a_later_day", "that_day")


def test_of_a_whole_text_an_amendment_that_was_told_but_not_carried_out_leaves_it_open(api):
    law = a_document("1/2019/QH14")
    services.enter_status_event(law, "amended", on=DAY(2025, 1, 1), scope="part", eids=["art_2__clause_1"])
    eids = ("art_2", "art_2__clause_1__point_a", "art_3")
    said = [field_of(api, f"{law.key}/provisions/{eid}", "2025-01-01") for eid in eids]
    assert said == ["unknown", "unknown", "that_day"]
    amend(an_amending_law(law))
    assert field_of(api, f"{law.key}/provisions/art_2", "2025-01-01") == "that_day"
