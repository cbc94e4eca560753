"""Whole texts are written two at once in a process; whoever would wait too long is told to come again."""

import threading

import pytest
from django.test import Client

from api.v1.documents import whole_texts
from api.v1.documents.whole_texts import TooManyWholeTexts, turn_of_whole_text
from tests.builders import a_document


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["text", "text?format=html", "text?format=txt", "text?format=md", "?include=text"])
def test_a_whole_text_waits_for_its_turn_and_gives_up_in_the_end(api, path, settings):
    settings.WHOLE_TEXT_WAIT_SECONDS = 0.05
    key = a_document("1/2019/QH14").key
    address = f"documents/{key}{'' if path.startswith('?') else '/'}{path}"
    whole = api("get", address)
    assert whole.status_code == 200
    with turn_of_whole_text(), turn_of_whole_text():
        refused = Client(raise_request_exception=False).get(f"/api/v1/{address}")
        others = api("get", f"documents/{key}")
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "too_many_texts", "2")
    assert others.status_code == 200
    assert api("get", address).content == whole.content


@pytest.mark.django_db
def test_who_has_the_text_needs_no_turn(api):
    address = f"documents/{a_document('1/2019/QH14').key}/text"
    tag = api("get", address)["ETag"]
    with turn_of_whole_text(), turn_of_whole_text():
        assert api("get", address, HTTP_IF_NONE_MATCH=tag).status_code == 304


def test_a_turn_is_given_back_also_after_a_failure():
    turns = threading.BoundedSemaphore(1)
    for _time in range(3):
        with pytest.raises(ZeroDivisionError), turn_of_whole_text(turns=turns):
            raise ZeroDivisionError
    with turn_of_whole_text(turns=turns), pytest.raises(TooManyWholeTexts), turn_of_whole_text(turns=turns, seconds=0):
        pass
    assert whole_texts.AT_ONCE == 2
