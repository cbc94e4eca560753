"""The pages on which a person sets right what words name."""

import pytest

from content.mentions.models import Mention
from content.people.models import Role
from tests.builders import a_document
from tests.content.mentions.test_mentions import citing, links_of

pytestmark = pytest.mark.django_db
PATH = "content/mention/"


def signed_in(person, role):
    somebody = person("hoa", role)
    somebody.browser.force_login(somebody.user, "django.contrib.auth.backends.ModelBackend")
    return somebody


def page_of(words):
    found = Mention.objects.select_related("version")
    return f"{PATH}{next(each.pk for each in found if each.version.text[each.start : each.end] == words)}/change/"


@pytest.mark.parametrize("role", Role.values)
def test_those_who_publish_set_mentions_right_and_the_others_read_them(person, role):
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    somebody = signed_in(person, role)
    may_read, may_correct = somebody.user.has_perm("content.view_relation"), role in ("approver", "publisher")
    assert somebody.get(PATH).status_code == (200 if may_read else 403)
    page = somebody.get(page_of("Điều 1"))
    assert page.status_code == (200 if may_read else 403)
    assert ("<mark>Điều 1</mark>" in page.content.decode()) is may_read
    given = {"target": right.pk, "units": "Điều 2", "reason": "Câu trước nói về luật kia"}
    assert somebody.post(page_of("Điều 1"), given).status_code == (302 if may_correct else 403)
    assert (links_of(document)["Điều 1"] == (right.number, ("art_2",))) is may_correct


def test_the_list_shows_first_what_leads_nowhere_and_a_refusal_stays_in_the_form(person):
    hoa = signed_in(person, Role.APPROVER)
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    shown = hoa.get(PATH).content.decode()
    assert ("Luật Đất đai số 45/2013/QH13" in shown, ">Điều 1<" in shown) == (True, False)
    assert ">Điều 1<" in hoa.get(f"{PATH}?show=linked").content.decode()
    before = links_of(document)
    refused = hoa.post(page_of("Điều 1"), {"target": right.pk, "units": "Điều 900", "reason": "Câu trước"})
    assert (refused.status_code, "không có các đơn vị này" in refused.content.decode()) == (200, True)
    assert 'value="Điều 900"' in refused.content.decode()
    hoa.post(page_of("Điều 1"), {"target": "", "units": "", "reason": "Không phải tên"})
    assert "Điều 1" not in links_of(document)
    assert ">Điều 1<" in hoa.get(f"{PATH}?show=corrected").content.decode()
    hoa.post(page_of("Điều 1"), {"withdraw": "1", "reason": "Đọc lại"})
    assert links_of(document) == before


def test_a_document_is_found_by_its_number_while_one_types(person):
    right = a_document("31/2024/QH15", title="Luật khác")
    asked = "app_label=content&model_name=mentioncorrection&field_name=target&term=31/2024"
    found = signed_in(person, Role.APPROVER).get(f"autocomplete/?{asked}").json()["results"]
    assert [each["id"] for each in found] == [str(right.pk)]
