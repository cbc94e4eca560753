"""Amendments on the staff site, and reviews of documents whose legal basis changed."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from content.amendments import queries, services
from content.documents.models import Amendment, StatusEvent
from content.errors import RuleBroken
from content.legal_basis_reviews import queries as legal_basis_reviews
from content.legal_basis_reviews.services import conclude_legal_basis_review
from content.people.models import AuditRow, User
from content.relations.models import Relation, RelationKind
from tests.builders import SOME_INSTRUCTIONS, a_document, amend, an_amending_law

pytestmark = pytest.mark.django_db
DAY = datetime.date
PAGE = "/staff/content/amendment/"


def a_member(role):
    user = User.objects.create_user(f"{role}-lan", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(role):
    client = Client()
    client.force_login(a_member(role))
    return client


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def test_instructions_are_listed_ticked_checked_applied_and_withdrawn():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law, instructions=SOME_INSTRUCTIONS + "\n5. Bãi bỏ Điều 99.")
    lan = signed_in("publisher")
    page = lan.get(f"{PAGE}add/", {"act": act.key}).content.decode()
    ticks = re.findall(r'value="(\d+)" id="instruction-\d+"( checked)?( disabled)?', page)
    assert [bool(checked) for _place, checked, _off in ticks] == [True, True, True, True, False, True]
    assert ticks[4][2] == " disabled"
    assert "Không có đơn vị này trong văn bản vào ngày đó." in page
    for said in ("điểm đ khoản 1 Điều 2", "khoản 3 Điều 1", "chắc chắn"):
        assert said in page
    assert "art_" not in re.sub("<[^>]+>", "", page)

    form_data = {
        "act": act.key,
        "on": "",
        "seen": hidden(page, "seen"),
        "instruction": ["0", "2"],
        "reason": "đã đối chiếu",
    }
    shown = lan.post(f"{PAGE}add/", form_data | {"preview": "1"}).content.decode()
    assert "<del>" in shown
    assert "Mẫu nhỏ" in shown
    assert Amendment.objects.count() == 0

    assert lan.post(f"{PAGE}add/", form_data | {"apply": "1"}).status_code == 302
    amendment = Amendment.objects.get()
    assert amendment.eids == ["art_2__clause_1__point_dd", "art_2__clause_1__point_b"]
    row = AuditRow.objects.filter(action="document.amended").first()
    assert (row.by.username, row.reason) == ("publisher-lan", "đã đối chiếu")

    there = f"{PAGE}{amendment.pk}/change/"
    assert "<ins>" in lan.get(there).content.decode()
    lan.post(there, {"reason": ""})
    assert Amendment.objects.get().withdrawn_at is None
    lan.post(there, {"reason": "nhầm"})
    assert Amendment.objects.get().withdrawn_at


def test_who_may_not_publish_may_look_and_not_amend():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    (amendment,) = amend(act)
    hoa = signed_in("editor")
    assert hoa.get(PAGE).status_code == 200
    assert hoa.get(f"{PAGE}{amendment.pk}/change/").status_code == 200
    assert hoa.get(f"{PAGE}add/", {"act": act.key}).status_code == 403
    assert hoa.post(f"{PAGE}{amendment.pk}/change/", {"reason": "x"}).status_code == 403
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("given", [{"act": "khong-co"}, {"act": "x", "on": "32/13/2024"}, {}])
def test_an_unknown_act_is_refused_with_a_message(given):
    assert signed_in("publisher").get(f"{PAGE}add/", given).status_code == 200


def test_a_nul_in_what_is_asked_is_refused():
    lan = signed_in("publisher")
    assert lan.get(f"{PAGE}add/", {"act": "\0"}).status_code == 400
    assert lan.post(f"{PAGE}add/", {"act": "\0"}).status_code == 200  # said at its field


def test_what_was_shown_must_still_be_what_is_recognised():
    act = an_amending_law(a_document("1/2019/QH14"))
    signed_in("publisher").post(f"{PAGE}add/", {"act": act.key, "seen": "other", "instruction": "0", "apply": "1"})
    assert Amendment.objects.count() == 0


def a_decree_that_rests_on(law):
    decree = a_document(doc_type="decree", issuer="Chính phủ")
    Relation.objects.create(
        actor=decree, target=law, kind=RelationKind.BASED_ON, scope="whole", target_text=law.title, target_key="x"
    )
    return decree


def test_a_document_is_to_be_reviewed_when_its_basis_changed_and_still_binds():
    law = a_document("1/2019/QH14")
    decree = a_decree_that_rests_on(law)
    assert legal_basis_reviews.pending_legal_basis_reviews(DAY(2026, 1, 1)) == []
    amend(an_amending_law(law))
    waiting = legal_basis_reviews.pending_legal_basis_reviews(DAY(2025, 1, 1))
    assert {(each.document, each.parent) for each in waiting} == {(decree, law)}
    assert legal_basis_reviews.count_pending_legal_basis_reviews(DAY(2025, 1, 1)) == len(waiting) > 0
    assert legal_basis_reviews.pending_legal_basis_reviews(DAY(2024, 12, 31)) == []
    assert legal_basis_reviews.count_pending_legal_basis_reviews(DAY(2024, 12, 31)) == 0
    assert not decree.status_events.exclude(kind="takes_effect").exists()

    lan = signed_in("publisher")
    page = lan.get(f"{PAGE}legal-basis-reviews/").content.decode()
    assert decree.number in page
    for each in waiting:
        which = f"{decree.pk}-{each.event.pk}"
        lan.post(f"{PAGE}legal-basis-reviews/", {"which": which, "conclusion": ""})
        lan.post(f"{PAGE}legal-basis-reviews/", {"which": which, "conclusion": "không trái"})
    assert legal_basis_reviews.pending_legal_basis_reviews(DAY(2025, 1, 1)) == []
    assert legal_basis_reviews.count_pending_legal_basis_reviews(DAY(2025, 1, 1)) == 0
    assert AuditRow.objects.filter(action="document.basis_reviewed").count() == len(waiting)
    with pytest.raises(RuleBroken):
        conclude_legal_basis_review(decree, StatusEvent.objects.first(), " ", by=None)


def test_an_applied_amendment_is_a_relation_and_a_withdrawn_one_is_a_proposal():
    law = a_document("1/2019/QH14")
    act = an_amending_law(law)
    (amendment,) = services.apply_amendments(act, queries.recognised_instructions(act))
    relation = Relation.objects.get(kind="amends", actor=act, target=law, status="confirmed")
    assert (relation.scope, relation.effective_on) == ("part", DAY(2025, 1, 1))
    assert "art_1a" in relation.target_eids
    services.withdraw_amendment(amendment)
    relation.refresh_from_db()
    assert relation.status == "proposed"
