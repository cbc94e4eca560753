"""A journey: a push is tapped, a person reads the article; the law is replaced; the same address says so."""

import datetime

import pytest

from content.endings import services as endings
from content.vietnam_time import today
from notifications.deliveries.models import Delivery
from notifications.fanout import read_changes
from notifications.follows import services as follows
from tests.builders import a_device, a_document, amend, an_amending_law, an_answered_question, an_event
from tests.web_pages import card_of, links, page, words

pytestmark = pytest.mark.django_db

HOME = "http://127.0.0.1:8000"
REPLACES = "Luật Mẫu cũ số 1/2019/QH14 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành."


def pushed():
    """The data of the only push that waits to be sent; it is taken away."""
    while read_changes():
        pass
    data = Delivery.objects.get().payload["data"]
    Delivery.objects.all().delete()
    return data


def test_a_tapped_push_opens_the_article_and_the_same_address_tells_that_the_law_was_replaced(client):
    day = today()
    before = day - datetime.timedelta(days=1)
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    follows.follow(a_device("minh").reader, law.provisions.get(eid="art_2"))
    amend(an_amending_law(law, instructions="1. Sửa đổi khoản 1 Điều 2 như sau:\n“1. Lời mới.”."))
    data = pushed()
    article = f"/van-ban/{law.key}/dieu-2/khoan-1"
    assert data["page_url"] == HOME + article
    read = page(client, article)
    assert "Còn hiệu lực, từ" in words(read)
    assert "Lời mới." in words(read)

    text = f"Điều 1. Phạm vi\nMột.\nĐiều 2. Hiệu lực thi hành\n1. {REPLACES}\n"
    act = a_document(
        "9/2025/QH15",
        title="Luật Mẫu mới",
        text=text,
        issued_on=day - datetime.timedelta(days=90),
        effective_on=day,
    )
    endings.read_acts([act], notify=True)
    replaced = page(client, article)
    assert f"Hết hiệu lực từ {day:%d/%m/%Y}" in words(replaced)
    assert f"/van-ban/{act.key}" in links(replaced).values()
    assert pushed()["page_url"] == f"{HOME}/van-ban/{law.key}"

    day_before = page(client, article, as_of=before.isoformat())
    assert f"Bạn đang đọc pháp luật tại ngày {before:%d/%m/%Y}." in words(day_before)
    assert "Còn hiệu lực, từ" in words(day_before)
    assert "Hết hiệu lực từ" not in words(day_before)
    assert "Lời mới." in words(day_before)

    led = client.get(f"{article}?as_of={before}", headers={"Accept": "application/json"})
    assert led.status_code == 303
    answer = client.get(led["Location"].removeprefix(HOME)).json()
    assert (answer["eid"], answer["effect_status"], answer["page_url"]) == (
        "art_2__clause_1", "in_force", HOME + article,
    )  # fmt: skip


def test_an_entry_of_the_inbox_names_the_page_of_its_push(client, api):
    lan, minh = a_device("lan"), a_device("minh")
    law = a_document("1/2019/QH14", title="Luật Mẫu cũ")
    follows.follow(lan.reader, law.provisions.get(eid="art_2"))
    amend(an_amending_law(law, instructions="1. Sửa đổi khoản 1 Điều 2 như sau:\n“1. Lời mới.”."))
    an_answered_question(minh.reader)
    while read_changes():
        pass
    addresses = {}
    for device in (lan, minh):
        (entry,) = api("get", "inbox", device=device).json()["results"]
        one = api("get", f"inbox/{entry['key']}", device=device).json()
        (sent,) = {each.payload["data"]["page_url"] for each in Delivery.objects.filter(notification=entry["key"])}
        assert entry["page_url"] == one["page_url"] == sent
        addresses[device] = entry["page_url"]
    assert list(addresses.values()) == [f"{HOME}/van-ban/{law.key}/dieu-2/khoan-1", f"{HOME}/"]
    led = client.get(addresses[lan], headers={"Accept": "application/json"})
    assert client.get(led["Location"]).json()["eid"] == "art_2__clause_1"  # what the Flutter starter draws


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "Accept": "*/*"},
        {"User-Agent": "facebookexternalhit/1.1", "Range": "bytes=0-524287", "Accept-Encoding": "deflate"},
        {"User-Agent": "Facebot"},
        {"User-Agent": "Mozilla/5.0 (compatible; ZaloBot/1.0)", "Accept": "text/html"},
        {"User-Agent": "Zalo"},
    ],
)
def test_the_messenger_to_which_a_link_is_shared_gets_its_card(client, headers):
    law = a_document("1/2019/QH14", title="Luật Mẫu")
    question, event = an_answered_question(), an_event()
    titles = {
        f"/van-ban/{law.key}": "Luật Mẫu năm 2019",
        f"/van-ban/{law.key}/dieu-2": "Điều 2 Luật Mẫu năm 2019",
        f"/hoi-dap/{question.key}": "Sang tên xe",
        f"/su-kien/{event.key}": "Toạ đàm về đất đai",
    }
    for path, title in titles.items():
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
        card = card_of(answer)
        assert (card["title"], card["url"]) == (title, HOME + path)
        assert (card["image:width"], card["image:height"]) == ("1200", "630")
        picture = client.get(card["image"].removeprefix(HOME), headers=headers)
        assert (picture.status_code // 100, picture["Content-Type"]) == (2, "image/png")
        assert 0 < len(card["description"]) <= 200
        assert "hiệu lực" not in card["title"] + card["description"]
