"""A law says with exceptions that fifty others end: readers see «unknown» with the clause until a person decided.

Fifty are confirmed at once, one is refused and says why, the batch is undone; then an official list contradicts an
end that was carried out. The staff site, the command and the public API; nothing is waited for.
"""

import datetime
import io

import pytest
from django.core.management import call_command
from django.test import Client

from content.editing import services as editing
from content.effect_reviews.models import DecisionBatch
from content.endings import consumer
from content.endings.models import EndingCase
from content.official_statuses.models import StatusConflict
from content.people.models import Role
from tests.builders import a_document, a_member_of_staff

pytestmark = pytest.mark.usefixtures("committed")
DAY = datetime.date
PAGE = "/staff/content/endingcase/"


def an_act(number, *clauses):
    lines = "\n".join(f"{place}. {clause}" for place, clause in enumerate(clauses, 1))
    text = f"LUẬT\nMẪU\nĐiều 1. Phạm vi\nLuật này quy định về mẫu.\nĐiều 2. Hiệu lực thi hành\n{lines}\n"
    columns = {"text": text, "issued_on": DAY(2024, 6, 1), "effective_on": DAY(2025, 1, 1)}
    act = a_document(number, title=f"Luật Mẫu mới {number}", **columns)
    while consumer.settle_changes():
        pass
    return act


def shown(api, law):
    answer = api("get", f"documents/{law.key}?as_of=2025-06-01").json()
    return answer["effect_status"], (answer["effect_doubt"] or {}).get("words", "")


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def signed_in(user):
    browser = Client()
    browser.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.rehearsal
def test_fifty_are_confirmed_one_is_refused_and_the_batch_is_taken_back(api):
    laws = [a_document(f"{place}/2019/QH14", title=f"Luật Mẫu thứ {place}") for place in range(1, 51)]
    an_act("9/2024/QH15", *(f"Luật số {law.number} hết hiệu lực, trừ khoản 2 Điều 2." for law in laws))
    hoa = signed_in(a_member_of_staff("hoa", Role.PUBLISHER))
    rows = hoa.get(PAGE).context["rows"]
    status, words = shown(api, laws[0])
    assert (status, len(rows)) == ("unknown", 50)
    assert "trừ khoản 2 Điều 2" in words

    editing.withdraw_document(laws[6], reason="Đăng nhầm.")  # while Hoa reads the page
    chosen = {"action": "accept", "index": "0", "_selected_action": [row.case.pk for row in rows]}
    answer = hoa.post(PAGE, chosen, follow=True)
    refusal, done = told(answer)
    assert (refusal.startswith("7/2019/QH14 Luật Mẫu thứ 7"), done) == (True, "Đã xác nhận hết hiệu lực: 49.")
    assert {shown(api, law) for law in (laws[0], laws[5], laws[7], laws[49])} == {("expired", "")}

    answer = hoa.post(f"{PAGE}batches/{DecisionBatch.objects.get().pk}/take-back/", follow=True)
    assert told(answer) == ["Đã hoàn tác: 49. Các mục này lại nằm trong danh sách chờ."]
    while consumer.settle_changes():
        pass
    assert shown(api, laws[0]) == (status, words)
    assert EndingCase.objects.filter(state="open").count() == 49  # the withdrawn law is no longer here


def test_a_list_that_says_in_force_against_a_carried_out_end_goes_to_a_person(api, tmp_path):
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    an_act("9/2024/QH15", "Luật này thay thế Luật Mẫu cũ số 1/2019/QH14.")
    assert shown(api, law) == ("expired", "")
    file = tmp_path / "danh-muc.csv"
    file.write_text("Số hiệu;Loại văn bản;Tình trạng hiệu lực\n1/2019/QH14;Luật;Còn hiệu lực\n", "utf-8-sig")
    given = [str(file), "--source", "Bộ Tư pháp", "--as-of", "2025-06-01", "--apply"]
    call_command("import_statuses", *given, stdout=io.StringIO())
    status, words = shown(api, law)
    assert status == "unknown"
    assert "Luật này thay thế Luật Mẫu cũ" in words
    assert "Bộ Tư pháp, 01/06/2025: Còn hiệu lực" in words

    hoa, conflict = signed_in(a_member_of_staff("hoa", Role.APPROVER)), StatusConflict.objects.get()
    path = f"/staff/content/statusconflict/{conflict.pk}/change/"
    hoa.post(path, {"state": "ours", "reason": "Công báo ghi như vậy."})
    assert shown(api, law) == ("expired", "")
