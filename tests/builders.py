"""What tests build their worlds from. Lan edits, Minh asks and follows, Hoa is a stranger."""

import contextlib
import datetime
import itertools

from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from content.amendments import queries as amendment_queries
from content.amendments import services as amendments
from content.changes.models import Change
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.events import services as events
from content.people import services as people
from content.people.models import Reader, User
from content.publishing import heavy_notices
from content.publishing import services as documents
from content.qa import services as questions
from content.question_banks import services as question_banks
from content.topics.models import Topic
from notifications.deliveries.models import Delivery, Notification
from notifications.devices.models import Device
from notifications.follows import services as follows

_numbers = itertools.count(1001)  # those that tests choose are smaller

A_LAW = """QUỐC HỘI
Luật số: {number}
LUẬT
MẪU
Căn cứ Hiến pháp;
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về mẫu.
Điều 2. Giải thích từ ngữ
1. Mẫu là vật để thử:
a) Mẫu lớn;
b) Mẫu nhỏ;
c) Mẫu vừa;
d) Mẫu khác;
đ) Mẫu không đặt tên.
2. Thử là xem có đúng không.
Chương II
ĐIỀU KHOẢN THI HÀNH
Điều 3. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2020.
"""


def a_record(number=None, **columns):
    number = number or f"{next(_numbers)}/2019/QH14"
    defaults = {
        "doc_type": "law",
        "title": f"Luật Mẫu {number}",
        "text": A_LAW.format(number=number),
        "issuer": "Quốc hội",
        "issued_on": datetime.date(2019, 6, 14),
        "effective_on": datetime.date(2020, 1, 1),
    }
    return DocumentRecord(number=number, **(defaults | columns))


def a_draft(number=None, *, topics=(), **columns):
    document, _ = documents.import_document(a_record(number, **columns), topics=topics)
    return document


def a_document(number=None, *, topics=(), notify=False, **columns):
    """A published law. `topics` are Topic rows. Heavy notices of its text are accepted."""
    return publish_as_read(a_draft(number, topics=topics, **columns), notify=notify)


def a_local_document(number="15/2024/QĐ-UBND", *, province="25-phu-tho", **columns):
    """A published decision of the People's Committee of a province, by default of Phú Thọ before 2025-07-01."""
    defaults = {"doc_type": "decision", "title": "Quyết định về mẫu", "issuer": "", "province": province}
    if number.endswith("/2024/QĐ-UBND"):
        defaults |= {"issued_on": datetime.date(2024, 5, 1), "effective_on": datetime.date(2024, 5, 15)}
    return a_document(number, **(defaults | columns))


def publish_as_read(draft, **options):
    """Publish a draft whatever heavy notices its text has."""
    codes = {notice.code for notice in heavy_notices.heavy_notices(draft)}
    return documents.publish(draft, accepted=codes, reason="Mẫu thử" if codes else "", **options)


def a_member_of_staff(username, *roles):
    """Somebody of these roles, without a password: hashing one takes longer than most tests."""
    user = User.objects.create(username=username, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def topic(key):
    return Topic.objects.get(key=key)


def land():
    return topic("11-dat-dai")


def justice():
    return topic("15-hanh-chinh-tu-phap")


def a_device(name="minh", *, registration_id=None, language="vi", **columns):
    """A registered device with `secret` on it."""
    defaults = {"id_kind": "token", "platform": "android", "app_version": "1.0"}
    device, secret = follows.register_device(
        f"phone-of-{name}",
        caller=None,
        registration_id=registration_id or registration_of(name),
        language=language,
        **(defaults | columns),
    )
    device.secret = secret
    return device


def registration_of(name):
    return f"registration-of-{name}-0123456789"


def a_follower(name, *topics, **columns):
    """A device whose reader follows these topics."""
    device = a_device(name, **columns)
    for each in topics:
        follows.follow(device.reader, each)
    return device


def fcm_knows_follows():
    """As if FCM had been told of all subscriptions: for tests that do not look at FCM itself."""
    for device in Device.objects.all():
        device.subscriptions.update(actual=True, next_try_at=timezone.now())


def staff(username, *roles):
    """A member of staff in these groups."""
    return people.create_account(username, roles=roles)[0]


def a_delivery(status="queued", *, to="vn.t.1", title="Luật Mẫu", change=None, **columns):
    """One message to a topic, about a law just published."""
    number = next(_numbers)
    if change is None:
        a_document(notify=True, title=title)
        change = Change.objects.latest("pk")
    notification = Notification.objects.create(dedupe_key=f"n{number}", change=change, kind="moi", fcm_topics=[to])
    defaults = {
        "key": f"d{number}",
        "target_kind": "topic",
        "target": to,
        "payload": {"title": title, "body": "…", "data": {}},
        "next_try_at": timezone.now(),
        "expires_at": timezone.now() + datetime.timedelta(hours=1),
    }
    return Delivery.objects.create(notification=notification, status=status, **(defaults | columns))


def answerer():
    return _permanent_staff("lan-answers", "answerer")


def approver():
    return _permanent_staff("hoa-approves", "approver")


def _permanent_staff(username, role):
    return User.objects.filter(username=username).first() or a_member_of_staff(username, role)


def a_question(reader=None, **columns):
    """What a reader asked just now, with a name and a telephone number in it."""
    defaults = {
        "title": "Sang tên xe",
        "text": "Tôi là Trần Văn Minh, 0912 345 678. Bao lâu thì phải sang tên?",
        "consent_to_publish": True,
        "topic": land(),
    }
    reader = reader or Reader.objects.create()
    return questions.ask(reader, **(defaults | columns))[0]


def a_question_in_review(reader=None, *, citations=(), public_text="Bao lâu thì phải sang tên?", **columns):
    """Screened, redacted, answered by `answerer`, waiting for `approver`."""
    question = a_question(reader, **columns)
    title = columns.get("title", "Sang tên xe")
    questions.screen(question, by=approver())
    questions.redact(question, title=title, text=public_text, by=approver())
    questions.assign(question, to=answerer(), by=approver())
    questions.start_answering(question, by=answerer())
    questions.save_draft(question, text="Trong 30 ngày.", citations=citations, by=answerer())
    return questions.submit_for_review(question, by=answerer())


def an_answered_question(reader=None, **columns):
    """One that was approved: published where the asker consented."""
    return questions.approve(a_question_in_review(reader, **columns), by=approver())


def correct_law(law, old="Mẫu lớn", new="Mẫu to"):
    """Another wording of a published law, as its change log has it. Returns the Change."""
    text = documents.import_document(
        a_record(law.number, text=A_LAW.format(number=law.number).replace(old, new)), correct=True
    )
    return Change.objects.filter(subject=text[0].key).latest("pk")


AN_AMENDING_LAW = """QUỐC HỘI
Luật số: {number}
LUẬT
SỬA ĐỔI, BỔ SUNG MỘT SỐ ĐIỀU CỦA LUẬT MẪU
Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu số {amended}
{instructions}
Điều 2. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày {day:%d} tháng {day:%m} năm {day:%Y}.
"""
SOME_INSTRUCTIONS = """1. Sửa đổi, bổ sung điểm đ khoản 1 Điều 2 như sau:
“đ) Mẫu có tên mới.”.
2. Bổ sung khoản 3 vào sau khoản 2 Điều 2 như sau:
“3. Mẫu mới gồm:
a) Một;
b) Hai.”.
3. Bãi bỏ điểm b khoản 1 Điều 2.
4. Bổ sung Điều 1a vào sau Điều 1 như sau:
“Điều 1a. Đối tượng áp dụng
Luật này áp dụng với người thử.”."""


def an_amending_law(amended, number=None, *, instructions=SOME_INSTRUCTIONS, on=datetime.date(2025, 1, 1), **columns):
    """A published law that amends `amended` (a document) from `on`."""
    number = number or f"{next(_numbers)}/2024/QH15"
    text = AN_AMENDING_LAW.format(number=number, amended=amended.number, instructions=instructions, day=on)
    title = f"Luật sửa đổi, bổ sung một số điều của Luật Mẫu {number}"
    defaults = {"title": title, "text": text, "issued_on": datetime.date(2024, 6, 1), "effective_on": on}
    return a_document(number, **(defaults | columns))


def amend(act, **options):
    """Apply all instructions of the act; returns the Amendments."""
    return amendments.apply_amendments(act, amendment_queries.recognised_instructions(act), **options)


def a_planned_event(*, in_days=10, hours=2, seats=None, registration=True, **columns):
    """The draft of a talk at 08:00, Viet Nam time, about land; whoever likes may register until it begins."""
    starts_at = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    starts_at += datetime.timedelta(days=in_days)
    defaults = {
        "kind": "talk",
        "title": "Toạ đàm về đất đai",
        "place": "Hội trường A",
        "starts_at": starts_at,
        "ends_at": starts_at + datetime.timedelta(hours=hours),
        "capacity": seats,
        "topics": [land()],
    }
    if registration:
        defaults["registration_opens_at"] = timezone.now() - datetime.timedelta(minutes=1)
        defaults["registration_closes_at"] = columns.get("ends_at", defaults["ends_at"])
    return events.plan(**(defaults | columns))


def an_event(*, notify=False, **columns):
    """One that was announced."""
    return events.announce(a_planned_event(**columns), notify=notify)


def move_event(event, *, days=0, reason="Hội trường sửa chữa", **columns):
    """Move it by so many days, or elsewhere."""
    shift = datetime.timedelta(days=days)
    defaults = {
        "starts_at": event.starts_at + shift,
        "ends_at": event.ends_at + shift,
        "province": event.province,
        "place": event.place,
        "online_url": event.online_url,
    }
    return events.move(event, reason=reason, **(defaults | columns))


def end_event(event):
    """As if it had ended a minute ago, announced well before. Returns it."""
    ended = timezone.now() - datetime.timedelta(minutes=1)
    columns = {"starts_at": ended - datetime.timedelta(hours=2), "ends_at": ended}
    if event.registration_opens_at:
        columns["registration_opens_at"] = ended - datetime.timedelta(days=2)
        columns["registration_closes_at"] = ended - datetime.timedelta(days=1)
    type(event).objects.filter(pk=event.pk).update(time_announced_at=ended - datetime.timedelta(days=9), **columns)
    event.refresh_from_db()
    return event


@contextlib.contextmanager
def former_subscription_table():
    """The table of FCM subscriptions as migrations before notifications 0042 know it, for tests of those migrations."""
    table, former = "notifications_fcmsubscription", "notifications_wiresubscription"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {former}; ALTER TABLE {former} RENAME fcm_topic TO wire_topic")
        yield
        cursor.execute(f"ALTER TABLE {former} RENAME TO {table}; ALTER TABLE {table} RENAME wire_topic TO fcm_topic")


def a_bank(name="Ngân hàng mẫu"):
    return question_banks.write_bank(name)


def a_quiz_question(bank, *, law=None, approved=True, **columns):
    """A question whose right choice is the second, about article 2 of a sample law."""
    defaults = {
        "kind": "single",
        "text": f"Mẫu là gì? ({next(_numbers)})",
        "choices": ["Một con vật", "Vật để thử", "Một con đường", "Một loại thuế"],
        "right": 2,
        "explanation": "Khoản 1 Điều 2.",
        "topic": land(),
    }
    if columns.get("kind") == "fill_in":
        defaults |= {"choices": [], "right": None}
    law = law or LegalDocument.objects.filter(number="1/2019/QH14").first() or a_document("1/2019/QH14")
    columns.setdefault("citations", [(law, "art_2")])
    question = question_banks.write_question(bank, **(defaults | columns))
    return question_banks.approve_question(question, by=approver()) if approved else question
