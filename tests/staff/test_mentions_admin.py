"""The pages on which a person sets right what words name."""

import html
import re

import pytest

from content.mentions import services
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


def the_form(page):
    """What a browser sends of the form without a change: its hidden fields."""
    found = re.findall(r'<input type="hidden" name="(document|eid|words|seen)" value="([^"]*)">', page.content.decode())
    return {name: html.unescape(value) for name, value in found}


def test_a_page_that_was_left_open_is_still_there_and_does_not_undo_what_was_set_right_meanwhile(person):
    hoa = signed_in(person, Role.APPROVER)
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    path = page_of("Điều 1")
    left_open = the_form(hoa.get(path))
    first, second = ({"target": right.pk, "units": units, "reason": "Đọc cả câu"} for units in ("Điều 1", "Điều 2"))
    assert hoa.post(path, left_open | first).status_code == 302
    back = hoa.post(path, left_open | second)
    assert (back.status_code, links_of(document)["Điều 1"]) == (200, (right.number, ("art_1",)))
    for shown in ("vừa được sửa", "Điều 1, 31/2024/QH15", 'value="Điều 2"'):
        assert shown in back.content.decode()
    assert hoa.post(path, the_form(back) | second).status_code == 302
    assert links_of(document)["Điều 1"] == (right.number, ("art_2",))


def test_what_was_typed_goes_to_the_same_words_when_the_text_was_read_again(person):
    hoa = signed_in(person, Role.APPROVER)
    document, right = citing("Luật Đất đai số 45/2013/QH13"), a_document("31/2024/QH15", title="Luật khác")
    path = page_of("Điều 1")
    typed = {**the_form(hoa.get(path)), "target": right.pk, "units": "Điều 2", "reason": "Câu trước nói về luật kia"}
    Mention.objects.all().delete()
    services.refresh_mentions(document)
    shown = hoa.post(path, typed)
    assert (shown.status_code, "được đọc lại" in shown.content.decode()) == (200, True)
    assert 'value="Điều 2"' in shown.content.decode()
    assert "Câu trước nói về luật kia" in shown.content.decode()
    assert f'action="/staff/{page_of("Điều 1")}"' in shown.content.decode()
    assert hoa.post(page_of("Điều 1"), typed).status_code == 302
    assert links_of(document)["Điều 1"] == (right.number, ("art_2",))


def test_words_that_are_gone_are_said_to_be_gone_with_what_was_typed(person):
    hoa = signed_in(person, Role.APPROVER)
    right = a_document("31/2024/QH15", title="Luật khác")
    citing("Luật Đất đai số 45/2013/QH13")
    path = page_of("Điều 1")
    typed = {**the_form(hoa.get(path)), "target": right.pk, "units": "Điều 2", "reason": "Câu trước nói về luật kia"}
    Mention.objects.all().delete()
    shown = hoa.post(path, typed)
    assert shown.status_code == 410
    for kept in ("Điều 1", "Điều 2", "Câu trước nói về luật kia", "Luật khác"):
        assert kept in shown.content.decode()
    assert hoa.get(path).status_code == 302
    assert "Hãy tìm những từ đó trong danh sách" in hoa.get(PATH).content.decode()
