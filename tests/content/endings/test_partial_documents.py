"""What acts say about documents of which only codified articles are stored: told, and never carried out by itself."""

import datetime

import pytest

from content.documents.effect import provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument
from content.documents.records import ArticleRecord
from content.documents.text_dates import TextDate
from content.endings.consumer import settle_changes
from content.endings.models import EndingCase
from content.publishing import services as publishing
from content.vietnam_time import today
from tests.builders import a_document, a_record

pytestmark = pytest.mark.django_db
ONE = datetime.timedelta(days=1)
ARTICLES = (ArticleRecord("1", "Phạm vi", "1. Một.\n2. Hai."), ArticleRecord("2", "Mẫu", "Ba."))


def settle():
    while settle_changes():
        pass


def a_codified_law():
    return a_document("1/2019/QH14", title="Luật Mẫu cũ", text="", articles=ARTICLES)


def an_amending_act(*orders, on):
    text = "\n".join(["Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ số 1/2019/QH14", *orders, ""])
    title = "Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ"
    act = a_document("2/2021/QH15", title=title, text=text, issued_on=datetime.date(2021, 1, 1), effective_on=on)
    settle()
    return act


def shown(law, eid, day):
    law = LegalDocument.objects.get(pk=law.pk)
    return str(TextDate(law, day).of_unit(eid)), str(provision_effect_of(law, eid, day).status)


AMENDS = ("1. Sửa đổi, bổ sung khoản 2 Điều 1 như sau:", "“2. Bốn.”.")


def test_an_amendment_after_the_day_of_the_text_is_told_of_and_not_carried_out():
    law, on = a_codified_law(), today() + ONE
    an_amending_act(*AMENDS, on=on)
    assert [shown(law, "art_1__clause_2", day)[0] for day in (today(), on)] == ["that_day", "unknown"]
    assert [shown(law, "art_2", on)[0], TextDate(law, on).of_all] == ["that_day", "unknown"]
    case = EndingCase.objects.get()
    assert (case.state, case.target, case.eids, case.doubts) == ("open", law, ["art_1__clause_2"], ["codified"])
    assert law.amendments.count() == 0


def test_an_amendment_that_the_text_may_contain_already_is_neither_doubted_nor_carried_out():
    law = a_codified_law()
    an_amending_act(*AMENDS, on=today())
    assert shown(law, "art_1__clause_2", today()) == ("that_day", "in_force")
    assert (EndingCase.objects.count(), EffectDoubt.objects.count(), law.amendments.count()) == (0, 0, 0)


@pytest.mark.parametrize("days", [-400, 1])
def test_a_repealed_unit_that_stands_in_the_text_is_unknown_and_not_in_force(days):
    law, on = a_codified_law(), today() + days * ONE
    an_amending_act("1. Bãi bỏ khoản 2 Điều 1.", on=on)
    assert [shown(law, "art_1__clause_2", day)[1] for day in (on - ONE, on)] == ["in_force", "unknown"]
    assert shown(law, "art_1__clause_1", on)[1] == "in_force"
    assert law.amendments.count() == 0


def test_an_act_of_which_no_order_was_understood_makes_the_date_of_the_text_unknown():
    law, on = a_codified_law(), today() + ONE
    an_amending_act("Các nội dung khác giữ nguyên.", on=on)
    assert [TextDate(LegalDocument.objects.get(pk=law.pk), day).of_all for day in (today(), on)] == [
        "that_day", "unknown",
    ]  # fmt: skip


def test_articles_that_are_imported_again_after_the_amendment_began_end_the_doubt():
    law, on = a_codified_law(), today() + ONE
    act = an_amending_act(*AMENDS, on=on)
    act.status_events.update(on=today())  # a day later
    LegalDocument.objects.filter(pk=law.pk).update(created_at=law.created_at - 2 * ONE)
    settle()
    articles = (ArticleRecord("1", "Phạm vi", "1. Một.\n2. Bốn."), ARTICLES[1])
    record = a_record(law.number, title=law.title, text="", articles=articles)
    publishing.import_document(record, correct=True)
    settle()
    assert shown(law, "art_1__clause_2", on) == ("that_day", "in_force")
    assert (EndingCase.objects.count(), EffectDoubt.objects.count()) == (0, 0)
