import pytest

pytestmark = pytest.mark.django_db


def test_all_subjects_come_in_one_answer_each_with_its_headings(api, django_assert_num_queries):
    with django_assert_num_queries(3):  # the state, subjects, headings
        answer = api("get", "topics").json()
    assert (answer["next"], answer["previous"], len(answer["results"])) == (None, None, 45)
    assert [topic["number"] for topic in answer["results"]] == [str(n) for n in range(1, 46)]
    land = answer["results"][10]
    assert (land["key"], land["url"]) == ("11-dat-dai", "http://127.0.0.1:8000/api/v1/topics/11-dat-dai")
    assert {"key": "11-1-dat-dai", "name": "Đất đai"}.items() <= land["children"][0].items()


def test_one_topic(api):
    assert api("get", "topics/11-1-dat-dai").json()["name"] == "Đất đai"
    assert api("get", "topics/99-khong-co").status_code == 404
