"""Devices and follows through the API, and what a stranger may do with another's: nothing."""

import datetime

import pytest

from content.editing import services as editing
from notifications.devices.models import Device
from notifications.follows.models import Follow
from tests.builders import a_device, a_document, a_draft, land

pytestmark = pytest.mark.django_db
DEVICE_BODY = {
    "registration_id": "fcm-registration-1",
    "id_kind": "token",
    "platform": "android",
    "app_version": "1.0",
    "language": "vi",
}


def test_the_first_registration_gives_a_secret_once(api):
    first = api("put", "devices/phone-1", DEVICE_BODY)
    secret = first.json()["secret"]
    assert (first.status_code, secret[:4]) == (201, "dvc_")
    again = api("put", "devices/phone-1", DEVICE_BODY, HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert (again.status_code, again.json()["secret"]) == (200, None)
    device = Device.objects.get()
    assert secret not in str(vars(device))
    assert "registration_id" not in again.json()


def test_a_start_that_says_nothing_new_is_one_statement_and_notes_its_time_and_version(api, django_assert_num_queries):
    secret = api("put", "devices/phone-1", DEVICE_BODY).json()["secret"]
    before = Device.objects.get()
    for version in ("1.0", "1.1"):
        with django_assert_num_queries(1):
            again = api(
                "put", "devices/phone-1", DEVICE_BODY | {"app_version": version}, HTTP_AUTHORIZATION=f"Bearer {secret}"
            )
        device = Device.objects.get()
        assert (again.status_code, again.json()["app_version"], device.app_version) == (200, version, version)
        assert datetime.datetime.fromisoformat(again.json()["last_seen_at"]) == device.last_seen_at
    assert device.last_seen_at > before.last_seen_at
    same = ("pk", "reader_id", "registration_id", "secret_hash", "registered_at", "language")
    assert [getattr(device, name) for name in same] == [getattr(before, name) for name in same]


def test_without_its_secret_a_known_installation_is_401(api):
    api("put", "devices/phone-1", DEVICE_BODY)
    answer = api("put", "devices/phone-1", DEVICE_BODY)
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json; charset=utf-8")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert api("put", "devices/phone-1", DEVICE_BODY, HTTP_AUTHORIZATION="Bearer dvc_wrong").status_code == 401


def test_another_devices_secret_finds_nothing_there(api):
    api("put", "devices/phone-1", DEVICE_BODY)
    hoa = a_device("hoa")
    assert api("put", "devices/phone-1", DEVICE_BODY | {"language": "en"}, device=hoa).status_code == 404
    assert Device.objects.get(installation_key="phone-1").language == "vi"


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"registration_id": ""}, "/registration_id", "blank"),
        ({"registration_id": "with space"}, "/registration_id", "invalid"),
        ({"registration_id": "x" * 1001}, "/registration_id", "max_length"),
        ({"registration_id": "a\0b"}, "/registration_id", "null_characters_not_allowed"),
        ({"id_kind": "imei"}, "/id_kind", "invalid_choice"),
        ({"platform": "symbian"}, "/platform", "invalid_choice"),
        ({"language": "fr"}, "/language", "invalid_choice"),
    ],
)
def test_an_invalid_body_is_400_and_nothing_is_registered(api, changed, pointer, code):
    answer = api("put", "devices/phone-1", DEVICE_BODY | changed)
    assert answer.status_code == 400
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert Device.objects.count() == 0


@pytest.mark.parametrize("key", ["a b", "x" * 101, "phone/1", "điện-thoại"])
def test_a_key_of_another_shape_is_404(api, key):
    assert api("put", f"devices/{key}", DEVICE_BODY).status_code == 404


@pytest.mark.parametrize("query", ["", "?lang=en", "?x=1"])
@pytest.mark.parametrize("body", [DEVICE_BODY, {}, {"language": "fr"}, "no object"])
def test_a_secret_that_no_device_has_is_401_whatever_is_sent_and_nothing_is_registered(api, query, body):
    minh = a_device()
    for key in ("phone-of-minh", "a-new-phone"):
        answer = api("put", f"devices/{key}{query}", body, HTTP_AUTHORIZATION="Bearer dvc_wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_secret")
        assert "Bearer" in answer["WWW-Authenticate"]
    assert list(Device.objects.values_list("installation_key", flat=True)) == ["phone-of-minh"]
    assert Device.objects.get().last_seen_at == minh.last_seen_at


def test_who_has_the_secret_of_another_phone_notes_nothing_of_this_one(api):
    minh, hoa = a_device(), a_device("hoa")
    body = DEVICE_BODY | {"registration_id": minh.registration_id, "app_version": "9.9"}
    assert api("put", f"devices/{minh.installation_key}", body, device=hoa).status_code == 404
    minh.refresh_from_db()
    assert minh.app_version != "9.9"


@pytest.mark.parametrize("target", ["topic", "document", "organisation"])
def test_a_follow_of_somebody_unknown_is_401_before_anything_is_said_of_the_object(api, target):
    law = a_document(topics=[land()])
    key = {"topic": land().key, "document": law.key, "organisation": law.issuer.key}[target]
    for named in (key, f"{key}-x"):
        answer = api("put", f"follows/{target}/{named}", {"kinds": 1}, HTTP_AUTHORIZATION="Bearer dvc_wrong")
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_secret")
        assert api("put", f"follows/{target}/{named}", {"kinds": 1}).status_code == 401
    assert not Follow.objects.exists()


def test_the_same_follow_of_another_reader_or_object_is_none_of_this_one(api):
    minh, hoa = a_device(), a_device("hoa")
    one, two = a_document("1/2020/QH14"), a_document("2/2020/QH14")
    assert api("put", f"follows/document/{one.key}", {}, device=minh).status_code == 201
    assert api("put", f"follows/document/{one.key}", {}, device=hoa).status_code == 201
    assert api("put", f"follows/document/{two.key}", {}, device=minh).status_code == 201
    again = api("put", f"follows/document/{two.key}", {"kinds": ["amended"]}, device=minh)
    assert (again.status_code, again.json()["kinds"], again.json()["key"]) == (200, ["amended"], two.key)
    assert dict(minh.reader.follows.values_list("document__key", "kinds")) == {one.key: [], two.key: ["amended"]}
    assert dict(hoa.reader.follows.values_list("document__key", "kinds")) == {one.key: []}


def test_following_is_201_the_first_time_and_200_after(api):
    minh = a_device()
    assert api("put", "follows/topic/11-dat-dai", {}, device=minh).status_code == 201
    again = api("put", "follows/topic/11-dat-dai", {}, device=minh)
    assert (again.status_code, again.json()["kinds"], again.json()["frequency"]) == (200, [], "instant")
    assert again.json()["key"] == "11-dat-dai"
    assert Follow.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"kinds": []}, {"frequency": "instant"}, {"kinds": [], "frequency": "instant"}])
def test_what_a_body_leaves_out_is_every_kind_at_once(api, body):
    law = a_document()
    path, minh, hoa = f"follows/document/{law.key}", a_device(), a_device("hoa")
    assert api("put", path, body, device=minh).content == api("put", path, {}, device=hoa).content
    assert (minh.reader.follows.get().kinds, minh.reader.follows.get().frequency) == ([], "instant")


@pytest.mark.parametrize("body", [[], "", 0, False, {"kind": []}, {"kinds": {}}])
def test_what_is_no_follow_is_400_and_nothing_is_followed(api, body):
    minh, law = a_device(), a_document()
    assert api("put", f"follows/document/{law.key}", body, device=minh).status_code == 400
    assert not minh.reader.follows.exists()


@pytest.mark.parametrize("target", ["topic", "document", "organisation"])
def test_what_is_asked_past_the_orm_is_the_same_follow_as_its_page_shows(api, target):
    minh, law = a_device(), a_document(topics=[land()])
    subject = {"topic": land(), "document": law, "organisation": law.issuer}[target]
    followed = api("put", f"follows/{target}/{subject.key}", {}, device=minh)
    assert followed.status_code == 201
    assert followed.json() == api("get", f"follows/{target}/{subject.key}", device=minh).json()
    assert api("put", f"follows/{target}/{subject.key}", {}, device=minh).content == followed.content
    assert api("put", f"follows/{target}/{subject.key}-x", {}, device=minh).status_code == 404
    assert api("put", f"follows/{target}/{subject.key}~art_1", {}, device=minh).status_code == 404


def test_following_only_some_kinds(api):
    minh = a_device()
    answer = api("put", "follows/topic/11-dat-dai", {"kinds": ["new"]}, device=minh)
    assert answer.json()["kinds"] == ["new"]
    assert api("put", "follows/topic/11-dat-dai", {"kinds": ["gossip"]}, device=minh).status_code == 400
    assert Follow.objects.get().kinds == ["new"]


def test_no_longer_following_is_204_also_again(api):
    minh = a_device()
    api("put", "follows/topic/11-dat-dai", {}, device=minh)
    assert api("delete", "follows/topic/11-dat-dai", device=minh).status_code == 204
    assert api("delete", "follows/topic/11-dat-dai", device=minh).status_code == 204
    assert Follow.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "delete"])
def test_following_needs_a_device_and_a_topic_that_is_there(api, method):
    minh = a_device()
    assert api(method, "follows/topic/11-dat-dai", {}).status_code == 401
    assert api(method, "follows/topic/99-khong-co", {}, device=minh).status_code == 404


def test_one_readers_follows_do_not_touch_anothers(api):
    minh, hoa = a_device(), a_device("hoa")
    api("put", "follows/topic/11-dat-dai", {}, device=minh)
    api("delete", "follows/topic/11-dat-dai", device=hoa)
    assert [follow.reader for follow in Follow.objects.filter(topic=land())] == [minh.reader]


def test_an_address_registers_no_more_than_so_many_new_devices_an_hour(api, settings):
    settings.NEW_DEVICES_PER_HOUR = 2
    caller = {"REMOTE_ADDR": "192.0.2.77"}
    answers = [
        api("put", f"devices/phone-{number}", DEVICE_BODY | {"registration_id": f"fcm-{number}"}, **caller)
        for number in range(4)
    ]
    # the hour may turn between two of them, but not twice
    statuses = [answer.status_code for answer in answers]
    assert 429 in statuses
    refused = answers[statuses.index(429)]
    assert (refused.json()["code"], 0 < int(refused["Retry-After"]) <= 3601) == ("throttled", True)
    secret = answers[0].json()["secret"]
    again = api("put", "devices/phone-0", DEVICE_BODY, HTTP_AUTHORIZATION=f"Bearer {secret}", **caller)
    assert again.status_code == 200


@pytest.mark.parametrize(
    "columns", [[{"language": "en"}, {"language": "vi"}], [{"registration_id": "one"}, {"registration_id": "two"}]]
)
def test_a_device_changes_its_language_or_registration_ten_times_an_hour(api, columns):
    minh = a_device()
    bodies = [DEVICE_BODY | {"registration_id": minh.registration_id} | columns[number % 2] for number in range(25)]
    answers = [api("put", f"devices/{minh.installation_key}", body, device=minh) for body in bodies]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) >= 4  # 20 are accepted if the hour turns meanwhile
    assert (refused[0].json()["code"], 0 < int(refused[0]["Retry-After"]) <= 3601) == ("throttled", True)
    minh.refresh_from_db()
    same = DEVICE_BODY | {"registration_id": minh.registration_id, "language": minh.language}
    assert api("put", f"devices/{minh.installation_key}", same, device=minh).status_code == 200
    hoa = a_device("hoa")
    other = DEVICE_BODY | {"registration_id": hoa.registration_id, "language": "en"}
    assert api("put", f"devices/{hoa.installation_key}", other, device=hoa).status_code == 200


def test_what_a_reader_follows_is_listed_with_the_same_queries_however_much(api, django_assert_max_num_queries):
    minh, law = a_device(), a_document()
    for target in ("topic/11-dat-dai", f"document/{law.key}", "organisation/quoc-hoi"):
        assert api("put", f"follows/{target}", {}, device=minh).status_code == 201
    with django_assert_max_num_queries(2):
        listed = api("get", "follows", device=minh).json()["results"]
    assert [(row["target"], row["subject"]["name"]) for row in listed] == [
        ("topic", "Đất đai"),
        ("document", law.title),
        ("organisation", "Quốc hội"),
    ]
    assert api("get", listed[1]["url"], device=minh).json() == listed[1]
    assert api("get", listed[1]["subject"]["url"]).json()["title"] == law.title
    assert api("get", "follows", device=a_device("hoa")).json()["results"] == []
    assert api("get", "follows").status_code == 401


def test_a_draft_cannot_be_followed(api):
    minh = a_device()
    assert api("put", f"follows/document/{a_draft().key}", {}, device=minh).status_code == 404
    assert api("put", "follows/person/lan", {}, device=minh).status_code == 404


@pytest.mark.parametrize("path", ["", "~art_2"])
def test_what_was_withdrawn_is_still_listed_and_can_be_unfollowed_and_not_followed_anew(api, path):
    law, minh = a_document(), a_device()
    address = f"follows/{'article' if path else 'document'}/{law.key}{path}"
    api("put", address, {}, device=minh)
    editing.withdraw_document(law, reason="nhầm")
    assert [follow["key"] for follow in api("get", "follows", device=minh).json()["results"]] == [f"{law.key}{path}"]
    assert api("get", address, device=minh).status_code == 200
    assert api("get", address, device=a_device("hoa")).status_code == 404
    assert api("delete", address, device=minh).status_code == 204
    assert not Follow.objects.exists()
    assert api("put", address, {}, device=minh).status_code == 404


def test_a_device_reads_what_it_said_of_itself_and_only_that(api):
    minh, hoa = a_device(), a_device("hoa")
    assert api("get", "devices/phone-of-minh", device=minh).json()["platform"] == "android"
    assert api("get", "devices/phone-of-minh", device=hoa).status_code == 404
    assert api("get", "devices/phone-of-minh").status_code == 401


def test_a_forgotten_device_leaves_nothing_and_its_key_may_come_again(api):
    minh = a_device()
    api("put", "follows/topic/11-dat-dai", {}, device=minh)
    assert api("delete", "devices/phone-of-minh", device=minh).status_code == 204
    assert api("get", "devices/phone-of-minh", device=minh).status_code == 401
    assert Follow.objects.count() == 0
    again = api("put", "devices/phone-of-minh", DEVICE_BODY | {"registration_id": minh.registration_id})
    assert again.status_code == 201


@pytest.mark.parametrize(
    ("lang", "detail"),
    [
        ("vi", "Chỉ theo dõi được cả điều. Hãy theo dõi `{key}~art_2`."),
        ("en", "Only a whole article can be followed. Follow `{key}~art_2`."),
    ],
)
def test_who_wants_to_follow_a_point_is_told_its_article(api, lang, detail):
    law = a_document()
    answer = api("put", f"follows/article/{law.key}~art_2__clause_1?lang={lang}", {}, device=a_device())
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == detail.format(key=law.key)
    nowhere = api("put", f"follows/article/{law.key}~art_99__clause_1?lang={lang}", {}, device=a_device("hoa"))
    assert (nowhere.status_code, "art_99" in nowhere.json()["detail"]) == (404, False)


def test_a_follow_asks_few_statements_however_much_is_followed(api, django_assert_num_queries):
    minh = a_device()
    laws = [a_document(f"{number}/2020/QH14", topics=[land()]) for number in range(4)]
    for law in laws:
        path = f"follows/document/{law.key}"
        with django_assert_num_queries(5):  # nothing that the page of the document shows is read
            assert api("put", path, {}, device=minh).status_code == 201
        with django_assert_num_queries(1):  # device, document and follow
            assert api("put", path, {}, device=minh).json()["subject"]["name"] == law.title
    with django_assert_num_queries(13):
        assert api("put", path, {"kinds": ["amended"]}, device=minh).status_code == 200
