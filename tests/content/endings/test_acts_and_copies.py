"""What an act of one installation says of a document of another is never certain here: a doubt says so."""

import datetime

import pytest

from content.copying import documents
from content.copying.objects import OBJECTS
from content.documents.effect import effect_of
from content.documents.models import Amendment, EffectDoubt, LegalDocument
from content.endings import consumer
from tests.builders import a_document, amend, an_amending_law

pytestmark = pytest.mark.django_db
DAY = datetime.date
HOME = "phapluat.example.gov.vn"
REPLACES = """LUẬT
MẪU
Điều 1. Phạm vi
Luật này quy định về mẫu.
Điều 2. Hiệu lực
1. Luật này thay thế Luật Mẫu số 1/2019/QH14.
"""


def a_law_and_its_successor(home_of_law="", home_of_act=""):
    """A law, and an act that replaces it from 2025; either may be a copy. What is certain is carried out."""
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    act = a_document("9/2024/QH15", title="Luật Mẫu mới", text=REPLACES, issued_on=DAY(2024, 6, 1))
    LegalDocument.objects.filter(pk=law.pk).update(home=home_of_law)
    LegalDocument.objects.filter(pk=act.pk).update(home=home_of_act)
    consumer.settle_changes()
    return LegalDocument.objects.get(pk=law.pk), LegalDocument.objects.get(pk=act.pk)


def status_in_2026(law):
    return str(effect_of(LegalDocument.objects.get(pk=law.pk), DAY(2026, 1, 1)).status)


@pytest.mark.parametrize(("law", "act"), [("", HOME), (HOME, "")])
def test_an_act_ends_no_document_of_another_installation_but_it_is_not_shown_as_in_force(law, act):
    law, act = a_law_and_its_successor(law, act)
    assert not law.status_events.filter(kind="expires").exists()
    assert EffectDoubt.objects.get(document=law).act == act
    assert status_in_2026(law) == "unknown"


def test_between_documents_of_one_home_only_their_home_doubts():
    a_law_and_its_successor(HOME, HOME)
    assert not EffectDoubt.objects.exists()


def test_a_copied_act_that_amends_a_law_of_ours_makes_its_text_doubtful():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    LegalDocument.objects.filter(pk=act.pk).update(home=HOME)
    consumer.settle_changes()
    assert not Amendment.objects.exists()
    assert EffectDoubt.objects.filter(document=law, kind="amends").exists()


def test_what_our_own_act_makes_doubtful_survives_the_next_record_of_the_copy():
    law, act = a_law_and_its_successor(HOME, "")
    other = a_document("3/2019/QH14", title="Luật Khác")
    LegalDocument.objects.filter(pk=other.pk).update(home=HOME)
    place = {"document": law, "act": other, "from_on": DAY(2025, 1, 1), "words": "x", "scope": "part"}
    EffectDoubt.objects.create(**place, kind="amends")
    EffectDoubt.objects.create(**place, kind="ends")
    data = documents.as_data(law)
    assert [each["act"] for each in data["doubts"]] == [other.key] * 2  # ours is no part of the record
    documents.put(law, data | {"doubts": []})
    left = EffectDoubt.objects.filter(document=law).values_list("act__key", "kind")
    assert list(left) == [(act.key, "ends")]


def test_withdrawing_a_copied_act_takes_back_what_it_did_to_a_law_of_ours():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    amend(act)
    LegalDocument.objects.filter(pk=act.pk).update(home=HOME)
    assert Amendment.objects.get(document=law).withdrawn_at is None
    OBJECTS["document"].withdraw(LegalDocument.objects.get(pk=act.pk), "Nhập nhầm")
    assert Amendment.objects.get(document=law).withdrawn_at is not None
    assert not law.status_events.filter(amendment__isnull=False).exists()
