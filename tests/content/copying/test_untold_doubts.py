"""Doubts that are older than their lines are told once, so that copies learn of them."""

import pytest
from django.core.management import call_command

from content.changes.models import Change
from content.documents.models import EffectDoubt
from tests.builders import a_document, a_draft

pytestmark = pytest.mark.django_db


def doubt(law, act, kind="amends"):
    EffectDoubt.objects.create(document=law, act=act, kind=kind, scope="part", from_on="2021-07-01", words="Sửa đổi")


def test_each_law_whose_text_is_doubtful_is_told_once_and_nobody_is_notified():
    act, other = a_document("9/2021/QH15"), a_document("8/2021/QH15")
    law, ended, copy, draft = (
        a_document("1/2018/QH14"),
        a_document("2/2018/QH14"),
        a_document("3/2018/QH14"),
        a_draft(),
    )
    copy.home = "phapluat.example.gov.vn"
    copy.save()
    for each in (act, other):
        doubt(law, each)
    doubt(ended, act, "ends")
    doubt(copy, act)
    doubt(draft, act)
    for _time in range(2):
        call_command("tell_text_doubts")
        lines = Change.objects.filter(event_type="document.text_doubted")
        assert [(line.subject, line.notify) for line in lines] == [(law.key, False)]
        assert lines[0].facts["act"]["key"] == other.key
