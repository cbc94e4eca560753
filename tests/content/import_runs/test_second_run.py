"""The same files imported a second time change nothing, although acts were read after the first."""

import datetime
import json

import pytest

from content.documents.effect import effect_on
from content.documents.models import Amendment, LegalDocument
from content.import_runs import runs, sources
from content.vietnam_time import today
from tests.builders import a_document
from tests.stored_rows import differences, stored_rows

pytestmark = pytest.mark.django_db


def a_law(number, title, *articles, **columns):
    articles = [{"number": str(at), "title": "", "path": [], "text": text} for at, text in enumerate(articles, 1)]
    head = {"number": number, "type": "Luật", "title": title, "issuer": "Quốc hội", "preamble": ["QUỐC HỘI", "LUẬT"]}
    days = {"issued": "2018-01-18", "effective": "2018-07-01"}
    return head | days | {"articles": articles, "footer": ["CHỦ TỊCH QUỐC HỘI"]} | columns


@pytest.fixture
def import_twice(tmp_path):
    def import_laws(*laws):
        """(rows after the first run, after the second, its outcomes)"""
        file = tmp_path / "laws.jsonl"
        file.write_text("\n".join(map(json.dumps, laws)))
        ends = []
        for _ in range(2):
            report = runs.run_import(
                sources.source_files([file]), topics=[], publish=True, notify=False, progress=lambda lines: None
            )
            ends.append(stored_rows())
        return *ends, dict(report.outcomes)

    return import_laws


def test_a_source_that_agreed_is_not_contradicted_by_an_act_that_was_read_later(import_twice):
    fish = a_law("9/2018/QH14", "Luật Cá", "Cá là cá.", "Cá biển.", status_official="Còn hiệu lực")
    order = "Bãi bỏ Điều 2 của Luật Cá số 9/2018/QH14."
    repealing = a_law(
        "1/2020/QH14", "Luật Bãi bỏ Điều 2 của Luật Cá", order, issued="2020-01-18", effective="2020-07-01"
    )
    first, second, outcomes = import_twice(fish, repealing)
    law = LegalDocument.objects.get(number="9/2018/QH14")
    assert effect_on(law.status_events.all(), today()).status == "partly_expired"
    assert (law.effect_stated_on, law.warnings) == (today(), [])
    assert (differences(first, second), outcomes) == ({}, {"unchanged": 2})


def test_a_source_that_agreed_is_contradicted_by_an_act_that_ended_the_whole(import_twice):
    fish = a_law("9/2018/QH14", "Luật Cá", "Cá là cá.", "Cá biển.", status_official="Còn hiệu lực")
    import_twice(fish)
    law, day = LegalDocument.objects.get(), datetime.date(2020, 7, 1)
    ending = Amendment.objects.create(act=a_document("1/2020/QH14"), document=law, on=day, instructions=[], eids=[])
    law.status_events.create(kind="expires", on=day, stated_on=day, amendment=ending)
    import_twice(fish)
    law.refresh_from_db()
    assert [each["code"] for each in law.warnings] == ["status_differs"]


def test_a_source_agrees_once_the_first_day_was_read(import_twice):
    begins = "Điều 2 có hiệu lực từ ngày 01/9/2018. Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2018."
    fish = a_law("9/2018/QH14", "Luật Cá", "Cá là cá.", begins, status_official="Còn hiệu lực", effective=None)
    _first, _second, outcomes = import_twice(fish)
    law = LegalDocument.objects.get()
    assert effect_on(law.status_events.all(), today()).status == "in_force"
    assert (law.effect_stated_on, law.warnings, outcomes) == (today(), [], {"updated": 1})
    second, third, outcomes = import_twice(fish)
    assert (differences(second, third), outcomes) == ({}, {"unchanged": 1})
