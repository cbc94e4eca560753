"""The queue of what acts end: who may do what, fifty at once, a batch undone, conflicts with official lists."""

import datetime
import io
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.documents import queries
from content.documents.effect import effect_of
from content.effect_reviews import pictures
from content.effect_reviews import queries as reviews
from content.effect_reviews.models import DecisionBatch
from content.endings import case_services, consumer
from content.endings.models import EndingCase
from content.official_statuses import services as official_statuses
from content.official_statuses.lines import StatusLine
from content.official_statuses.models import StatusConflict
from content.people.models import AuditRow, Role
from content.publishing import services as publishing
from content.relations.models import Relation
from tests.builders import a_document, a_member_of_staff

pytestmark = pytest.mark.django_db
DAY = datetime.date
FIRST = DAY(2025, 1, 1)
PAGE = "/staff/content/endingcase/"
CONFLICTS = "/staff/content/statusconflict/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
DECIDE = {"approver", "publisher"}


def signed_in(user):
    browser = Client()
    browser.force_login(user, BACKEND)
    return browser


def a_law(number="1/2019/QH14", **columns):
    return a_document(number, **({"title": f"Luật Mẫu {number}"} | columns))


def an_act_says(*clauses, number="9/2024/QH15", **columns):
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n{lines}\n"
    given = {"title": "Luật Mẫu mới", "text": text, "issued_on": DAY(2024, 6, 1), "effective_on": FIRST}
    act = a_document(number, **(given | columns))
    while consumer.settle_changes():
        pass
    return act


def doubtful(number="1/2019/QH14"):
    return f"Luật số {number} hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ khoản 2 Điều 2."


def some_cases(count):
    """Laws that one act ends with an exception: a case each."""
    laws = [a_law(f"{place}/2019/QH14") for place in range(1, count + 1)]
    an_act_says(*(doubtful(law.number) for law in laws))
    assert EndingCase.objects.filter(state="open").count() == count
    return laws


def status(document):
    return str(effect_of(queries.public_documents().get(pk=document.pk), FIRST).status)


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def confirm(browser, cases):
    data = {"action": "accept", "index": "0", "_selected_action": [case.pk for case in cases]}
    return browser.post(PAGE, data, follow=True)


def test_a_row_shows_the_clause_with_the_target_marked_both_documents_and_what_would_change():
    law = a_law()
    act = an_act_says(doubtful())
    page = signed_in(a_member_of_staff("hoa", Role.PUBLISHER)).get(PAGE).content.decode()
    assert "<mark>1/2019/QH14</mark> hết hiệu lực kể từ ngày Luật này có hiệu lực, trừ khoản 2 Điều 2" in page
    for said in (
        law.title, act.title, "01/06/2024", "14/06/2019", "Còn hiệu lực", "Văn bản hết hiệu lực từ ngày 01/01/2025.",
        "khoản 1 Điều 2", "Câu này nêu ngoại lệ.",
    ):  # fmt: skip
        assert said in page, said
    assert "art_" not in re.sub("<[^>]+>", "", page)


def test_what_waits_says_for_what_in_vietnamese():
    an_act_says("Luật này thay thế Luật Mẫu xưa số 1/2009/QH12.")
    page = signed_in(a_member_of_staff("hoa", Role.PUBLISHER)).get(f"{PAGE}?show=waiting").content.decode()
    assert "Luật Mẫu xưa 1/2009/QH12</h3>" in page
    assert "Mục này chờ văn bản chưa có ở đây: 1/2009/QH12." in page
    assert "Có nhiều văn bản phù hợp" not in page
    assert 'value="accept"' not in page and 'value="reject"' in page  # nothing can be confirmed before it comes


def test_the_certain_come_first_then_what_others_rely_on_most():
    sure, relied, other = a_law("1/2019/QH14"), a_law("2/2019/QH14"), a_law("3/2019/QH14")
    names = {"target_text": "x", "scope": "whole"}
    for key in ("x", "y"):
        Relation.objects.create(actor=other, target=relied, kind="based_on", target_key=key, **names)
    an_act_says(doubtful(other.number), doubtful(relied.number), "Đình chỉ thi hành Luật số 1/2019/QH14.")
    EndingCase.objects.filter(target=sure).update(doubts=[], kind="ends")
    browser = signed_in(a_member_of_staff("hoa", Role.PUBLISHER))
    shown = [row.case.target for row in browser.get(PAGE).context["rows"]]
    assert shown == [sure, relied, other]


def test_fifty_are_confirmed_at_once_one_is_refused_and_says_why_and_the_batch_is_taken_back():
    laws, hoa = some_cases(50), a_member_of_staff("hoa", Role.PUBLISHER)
    cases = list(EndingCase.objects.order_by("pk"))
    EndingCase.objects.filter(pk=cases[7].pk).update(on=None)  # its day is not known
    browser = signed_in(hoa)
    assert browser.get(PAGE).content.decode().count('class="case-tick"') == 50
    answer = confirm(browser, cases)
    said = told(answer)
    assert said[0].startswith(str(cases[7].target)) and "Nhập ngày bắt đầu" in said[0]
    assert said[1] == "Đã xác nhận hết hiệu lực: 49."
    assert [status(law) for law in laws] == ["unknown" if law == cases[7].target else "expired" for law in laws]
    assert AuditRow.objects.filter(action="ending.accepted", by=hoa).count() == 49

    batch = DecisionBatch.objects.get()
    assert f"{PAGE}batches/{batch.pk}/take-back/" in answer.content.decode()
    answer = browser.post(f"{PAGE}batches/{batch.pk}/take-back/", follow=True)
    assert told(answer) == ["Đã hoàn tác: 49. Các mục này lại nằm trong danh sách chờ."]
    assert {status(law) for law in laws} == {"unknown"}
    assert set(EndingCase.objects.values_list("state", "amendment", "decided_by")) == {("open", None, None)}
    row = AuditRow.objects.get(action="ending.batch_taken_back")
    assert (row.by, row.facts["count"], AuditRow.objects.filter(action="ending.reopened").count()) == (hoa, 49, 49)
    consumer.settle_changes()  # the withdrawn amendments reject nothing
    assert EndingCase.objects.filter(state="open").count() == 50
    assert told(browser.post(f"{PAGE}batches/{batch.pk}/take-back/", follow=True)) == []  # nothing is left of it


def test_a_batch_is_taken_back_for_a_day_only_and_by_another_only_if_a_publisher():
    (law,) = some_cases(1)
    hoa, minh = a_member_of_staff("hoa", Role.PUBLISHER), a_member_of_staff("minh", Role.APPROVER)
    confirm(signed_in(hoa), EndingCase.objects.all())
    batch = DecisionBatch.objects.get()
    path = f"{PAGE}batches/{batch.pk}/take-back/"
    assert "quyền công bố" in told(signed_in(minh).post(path, follow=True))[0]
    DecisionBatch.objects.update(decided_at=timezone.now() - datetime.timedelta(hours=25))
    assert "24 giờ" in told(signed_in(hoa).post(path, follow=True))[0]
    assert (status(law), signed_in(hoa).get(path).status_code) == ("expired", 405)


def test_an_approver_confirms_one_at_a_time():
    laws, browser = some_cases(2), signed_in(a_member_of_staff("minh", Role.APPROVER))
    assert "Chỉ người công bố" in told(confirm(browser, EndingCase.objects.all()))[0]
    assert [status(law) for law in laws] == ["unknown", "unknown"]
    assert told(confirm(browser, EndingCase.objects.filter(target=laws[0]))) == ["Đã xác nhận hết hiệu lực: 1."]
    assert [status(law) for law in laws] == ["expired", "unknown"]


def test_what_somebody_decided_meanwhile_is_refused():
    (law,), hoa = some_cases(1), a_member_of_staff("hoa", Role.PUBLISHER)
    case = EndingCase.objects.get()
    case_services.reject(case, by=hoa, reason="chỉ nhắc tên")
    browser = signed_in(hoa)
    confirm(browser, [case])
    answer = browser.post(
        f"{PAGE}?show=rejected", {"action": "accept", "index": "0", "_selected_action": [case.pk]}, follow=True
    )
    assert "vừa được người khác quyết định" in told(answer)[0]
    assert (status(law), DecisionBatch.objects.count()) == ("in_force", 0)


def test_a_case_is_rejected_with_a_reason_only():
    (law,), hoa = some_cases(1), a_member_of_staff("hoa", Role.APPROVER)
    browser, case = signed_in(hoa), EndingCase.objects.get()
    data = {"action": "reject", "index": "0", "_selected_action": [case.pk]}
    assert "Lý do" in browser.post(PAGE, data).content.decode()
    assert "bắt buộc" in browser.post(PAGE, data | {"reason": " "}).content.decode()
    assert status(law) == "unknown"
    browser.post(PAGE, data | {"reason": "chỉ nhắc tên"})
    row = AuditRow.objects.get(action="ending.rejected")
    assert (status(law), row.reason, row.by) == ("in_force", "chỉ nhắc tên", hoa)


def test_a_sample_is_found_right_or_rejected():
    a_law(title="Luật Mẫu cũ")
    an_act_says("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    assert EndingCase.objects.update(is_sample=True) == EndingCase.objects.filter(state="carried_out").count() == 1
    case, browser = EndingCase.objects.get(), signed_in(a_member_of_staff("hoa", Role.APPROVER))
    page = browser.get(f"{PAGE}?show=sample").content.decode()
    assert 'value="confirm_sample"' in page and 'value="accept"' not in page
    browser.post(f"{PAGE}?show=sample", {"action": "confirm_sample", "index": "0", "_selected_action": [case.pk]})
    case.refresh_from_db()
    assert (case.found_right, AuditRow.objects.filter(action="ending.found_right").count()) == (True, 1)


def test_the_queue_says_that_automatic_changes_are_switched_off_and_a_publisher_switches_them_on():
    law, hoa = a_law(title="Luật Mẫu cũ"), a_member_of_staff("hoa", Role.PUBLISHER)
    an_act_says("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    browser, said = signed_in(hoa), "Thay đổi tự động đang tắt: trong 1 lần gần nhất được kiểm tra có 1 lần sai."
    assert said not in browser.get(PAGE).content.decode()
    case_services.reject(EndingCase.objects.get(), by=hoa, reason="sai")
    assert said in browser.get(PAGE).content.decode()
    second = a_law("2/2019/QH14", title="Luật Khác")
    act = an_act_says("Luật này thay thế Luật Khác số 2/2019/QH14.", number="10/2024/QH15", title="Luật Mười")
    minh = signed_in(a_member_of_staff("minh", Role.APPROVER))
    assert "quyền công bố" in told(minh.post(f"{PAGE}switch-on/", follow=True))[0]
    assert told(browser.post(f"{PAGE}switch-on/", follow=True)) == ["Đã bật lại thay đổi tự động."]
    assert said not in browser.get(PAGE).content.decode()
    assert AuditRow.objects.get(action="endings.switched_on").by == hoa
    call_command("read_endings", stdout=io.StringIO())
    assert (status(law), status(second)) == ("in_force", "expired")
    assert act.ending_cases.get().state == "carried_out"


@pytest.fixture
def a_conflict():
    """A carried-out end that a list contradicts, and a case to decide."""
    law = a_law(title="Luật Mẫu cũ")
    a_law("2/2019/QH14")
    an_act_says("Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.", doubtful("2/2019/QH14"))
    line = StatusLine(2, law.number, keys=(law.number_key,), status="in_force")
    list(official_statuses.import_lines(lambda: [line], source="Bộ Tư pháp", as_of=DAY(2025, 6, 1), apply=True))
    return StatusConflict.objects.get()


def test_a_conflict_shows_both_and_a_person_decides_with_a_reason(a_conflict):
    hoa, law = a_member_of_staff("hoa", Role.APPROVER), a_conflict.document
    browser, path = signed_in(hoa), f"{CONFLICTS}{a_conflict.pk}/change/"
    assert status(law) == "unknown"
    for page in (browser.get(CONFLICTS).content.decode(), browser.get(path).content.decode()):
        assert "Bộ Tư pháp, 01/06/2025: Còn hiệu lực" in page
        assert "Luật này thay thế" in page
        assert "Hết hiệu lực" in page
    assert "bắt buộc" in browser.post(path, {"state": "ours"}).content.decode()
    assert "sau ngày của danh mục" in browser.post(path, {"state": "both", "reason": "x"}).content.decode()
    assert status(law) == "unknown"
    browser.post(path, {"state": "ours", "reason": "đã đọc Công báo"})
    row = AuditRow.objects.get(action="conflict.decided")
    assert (status(law), row.reason, row.by) == ("expired", "đã đọc Công báo", hoa)
    assert "đã đọc Công báo" in browser.get(path).content.decode()
    assert law.title in browser.get(f"{CONFLICTS}?show=decided").content.decode()


def pages():
    case, conflict = EndingCase.objects.filter(state="open").get(), StatusConflict.objects.get()
    return [
        PAGE, f"{PAGE}?show=carried_out", f"{PAGE}{case.pk}/change/", f"{PAGE}left-behind/", f"{PAGE}picture/",
        CONFLICTS, f"{CONFLICTS}{conflict.pk}/change/",
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role.values)
def test_what_each_role_may_see_and_decide(role, a_conflict):
    user, case = a_member_of_staff("somebody", role), EndingCase.objects.filter(state="open").get()
    browser = signed_in(user)
    assert {browser.get(path).status_code for path in pages()} == {200}
    never = [
        browser.get(f"{path}{row.pk}/delete/").status_code for path, row in ((PAGE, case), (CONFLICTS, a_conflict))
    ]
    assert [*never, browser.get(f"{PAGE}add/").status_code, browser.get(f"{CONFLICTS}add/").status_code] == [403] * 4
    assert ('class="case-tick"' in browser.get(PAGE).content.decode()) is (role in DECIDE)
    confirm(browser, [case])
    browser.post(f"{CONFLICTS}{a_conflict.pk}/change/", {"state": "ours", "reason": "x"})
    case.refresh_from_db()
    a_conflict.refresh_from_db()
    assert ((case.state, a_conflict.state) == ("carried_out", "ours")) is (role in DECIDE)
    batch = DecisionBatch.objects.first()
    path = f"{PAGE}batches/{batch.pk if batch else 1}/take-back/"
    assert browser.post(path).status_code == (302 if role in DECIDE else 403)


def test_a_stranger_and_who_has_no_role_see_nothing(a_conflict):
    case = EndingCase.objects.filter(state="open").get()
    hoa, nobody = Client(), signed_in(a_member_of_staff("nobody"))
    for path in [*pages(), f"{PAGE}batches/1/take-back/"]:
        answer = hoa.get(path)
        assert (answer.status_code, answer.url.startswith("/staff/login/?next=/staff/")) == (302, True), path
        assert nobody.get(path).status_code == 403, path
    for browser in (hoa, nobody):
        browser.post(PAGE, {"action": "accept", "index": "0", "_selected_action": [case.pk]})
        browser.post(f"{PAGE}batches/1/take-back/")
        browser.post(f"{CONFLICTS}{a_conflict.pk}/change/", {"state": "theirs", "reason": "x"})
    case.refresh_from_db()
    a_conflict.refresh_from_db()
    assert (case.state, a_conflict.state) == ("open", "open")


def test_query_count_of_the_queue_does_not_grow_with_rows(django_assert_max_num_queries):
    some_cases(3)
    browser = signed_in(a_member_of_staff("hoa", Role.PUBLISHER))
    with django_assert_max_num_queries(25) as three:
        browser.get(PAGE)
    for law in [a_law(f"{place}/2018/QH14") for place in range(1, 8)]:
        an_act_says(doubtful(law.number), number=f"{law.pk}/2024/QH15")
    with django_assert_max_num_queries(len(three.captured_queries)):
        assert len(browser.get(PAGE).context["rows"]) == 10


def test_an_act_that_only_amended_what_ended_is_listed_and_ends_not_by_itself():
    law = a_law()
    act = a_document("5/2021/QH15", title="Luật sửa đổi, bổ sung một số điều của Luật Mẫu")
    mixed = a_document("6/2021/QH15", title="Luật sửa đổi, bổ sung một số điều của hai luật")
    other = a_law("2/2019/QH14")
    names = {"kind": "amends", "scope": "part", "target_text": "x", "target_key": "x"}
    for actor, target in ((act, law), (mixed, law)):
        Relation.objects.create(actor=actor, target=target, source_eid="a", **names)
    Relation.objects.create(actor=mixed, target=other, source_eid="b", **names)
    assert list(reviews.left_behind(FIRST)) == []
    publishing.enter_status_event(law, "expires", on=FIRST)
    assert list(reviews.left_behind(DAY(2024, 12, 31))) == []
    assert list(reviews.left_behind(FIRST)) == [act]
    page = signed_in(a_member_of_staff("lan", Role.EDITOR)).get(f"{PAGE}left-behind/").content.decode()
    assert act.title in page and law.title in page and mixed.title not in page
    assert status(act) == "in_force"


def test_the_picture_counts_each_document_once_by_how_its_effect_is_known(a_conflict):
    hoa = a_member_of_staff("hoa", Role.PUBLISHER)
    replaced, days = a_law("3/2019/QH14", title="Luật Mẫu thay"), a_law("4/2019/QH14", issued_on=DAY(2018, 6, 1))
    an_act_says("Luật này thay thế Luật Mẫu thay số 3/2019/QH14.", number="10/2024/QH15", title="Luật Mẫu khác")
    listed = a_law("5/2019/QH14")
    line = StatusLine(2, listed.number, keys=(listed.number_key,), status="in_force")
    list(official_statuses.import_lines(lambda: [line], source="Bộ Tư pháp", as_of=DAY(2025, 6, 1), apply=True))
    case_services.accept(EndingCase.objects.filter(state="open").get(), by=hoa)
    assert status(replaced) == "expired"
    whole, types, years = pictures.knowledge_of_effect(DAY(2025, 6, 1))
    counts = dict(zip(pictures.SOURCES, whole.bars[0].counts, strict=True))
    assert counts == {"official": 1, "act": 1, "hand": 1, "days": 3, "doubtful": 1}
    assert [(bar.label, bar.total) for bar in years.bars] == [("2024", 2), ("2019", 4), ("2018", 1)]
    assert [bar.total for bar in types.bars] == [7]
    assert sum(segment.width for segment in whole.bars[0].segments) == pytest.approx(pictures.WIDTH, abs=0.5)
    page = signed_in(hoa).get(f"{PAGE}picture/").content.decode()
    assert "danh mục chính thức" in page and days.title not in page


def test_the_queue_tells_how_long_cases_wait():
    some_cases(2)
    EndingCase.objects.filter(pk=EndingCase.objects.first().pk).update(
        found_at=timezone.now() - datetime.timedelta(days=10)
    )
    assert [bar.total for bar in pictures.age_of_queue().bars] == [1, 0, 1, 0, 0]
