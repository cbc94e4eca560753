"""Several records in one answer are those that are given one by one."""

import pytest

from api.v1.sync import records as view
from content.documents.models import ProvisionVersion
from content.editing import services as editing
from tests.builders import a_document, an_answered_question, an_event

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/records"


def keys_of(count):
    return [a_document(f"{number}/2013/QH13").key for number in range(1, count + 1)]


def asked(client, keys, name="document", **options):
    return client.get(f"{ADDRESS}?object={name}&keys={','.join(keys)}", **options)


def alone(client, objects, key):
    return client.get(f"/api/v1/{objects}/{key}/record").json()


def test_each_record_is_that_of_its_own_address_in_the_order_of_the_keys(client):
    keys = keys_of(3)[::-1]
    answer = asked(client, keys)
    assert answer.status_code == 200
    assert answer.json() == {"results": [alone(client, "documents", key) for key in keys], "left": []}


@pytest.mark.parametrize(("name", "made"), [("question", an_answered_question), ("event", an_event)])
def test_objects_of_other_types_are_given_too(client, name, made):
    keys = [made().key, made().key]
    assert asked(client, keys, name).json()["results"] == [alone(client, f"{name}s", key) for key in keys]


def test_what_is_not_public_is_in_neither_list_and_holds_back_no_other(client):
    first, gone, last = (a_document(f"{number}/2013/QH13") for number in (1, 2, 3))
    editing.withdraw_document(gone, reason="Nhập hai lần")
    question = an_answered_question()
    answer = asked(client, [first.key, gone.key, "khong-co", question.key, last.key]).json()
    assert [each["key"] for each in answer["results"]] == [first.key, last.key]
    assert answer["left"] == []


def test_an_answer_that_is_large_enough_names_what_it_leaves_out(client):
    keys = keys_of(3)
    long = ProvisionVersion.objects.filter(provision__document__key=keys[0])[:1]
    ProvisionVersion.objects.filter(pk__in=long.values("pk")).update(text="a" * view.ENOUGH_BYTES)
    answer = asked(client, keys).json()
    assert [each["key"] for each in answer["results"]] == keys[:1]
    assert answer["left"] == keys[1:]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("object=law&keys=luat-1", "invalid_choice"), ("keys=luat-1", "invalid_choice"), ("object=document", "invalid"),
        ("object=document&keys=luat-1,,luat-2", "invalid"), ("object=document&keys=Lu%E1%BA%ADt", "invalid"),
        ("object=document&keys=" + ",".join(f"luat-{number}" for number in range(view.MOST_KEYS + 1)), "invalid"),
    ],
)  # fmt: skip
def test_what_names_no_records_is_refused(client, query, code):
    answer = client.get(f"{ADDRESS}?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


def test_queries_do_not_grow_with_the_keys(client, django_assert_max_num_queries):
    keys = keys_of(4)
    asked(client, keys)
    for some in (keys[:1], keys):
        with django_assert_max_num_queries(8):
            assert len(asked(client, some).json()["results"]) == len(some)


def test_each_record_counts_and_what_is_refused_counts_nothing(client, settings):
    settings.RECORDS_PER_MINUTE = 5
    three = keys_of(3)
    several, escaped = (f"{ADDRESS}?object=document&keys={comma.join(three)}" for comma in (",", "%2c"))
    paths = [several, several, escaped, *[f"/api/v1/documents/{three[0]}/record"] * 3]
    assert told(client, paths) == [(200, 2), (429, 2), (429, 2), (200, 1), (200, 0), (429, 0)]


def test_what_an_answer_does_not_have_counts_nothing_beside_one(client, settings):
    settings.RECORDS_PER_MINUTE = 5
    long, *others = three = keys_of(3)
    of_it = ProvisionVersion.objects.filter(provision__document__key=long)[:1]
    ProvisionVersion.objects.filter(pk__in=of_it.values("pk")).update(text="ệ" * (view.ENOUGH_BYTES // 3 + 1))
    paths = [f"{ADDRESS}?object=document&keys={','.join(keys)}" for keys in (three, others, ["khong-co", "khong-co-2"])]
    assert told(client, paths, network="198.51.100") == [(200, 4), (200, 2), (200, 1)]


def told(client, paths, *, network="203.0.113"):
    """The status of each answer, and how many records are left of the quota: in one minute, which may turn once."""

    def ask(address):
        answers = [client.get(path, REMOTE_ADDR=address) for path in paths]
        assert all("Retry-After" in each for each in answers if each.status_code == 429)
        ends = [int(each["RateLimit"].partition(";t=")[2]) for each in answers]
        left = [int(each["RateLimit"].partition(";r=")[2].partition(";")[0]) for each in answers]
        return [(each.status_code, some) for each, some in zip(answers, left, strict=True)], max(ends) == ends[0]

    said, in_one_minute = ask(f"{network}.77")
    return said if in_one_minute else ask(f"{network}.78")[0]


def test_the_change_log_says_where_records_are_given_together(client):
    a_document()
    assert client.get("/api/v1/changes").json()["records_url"].endswith(ADDRESS)
    page = client.get("/api/v1/changes?after=0&fields=key").json()
    assert page["records_url"].endswith(ADDRESS)
