"""A copy made by reading the change log from its beginning equals the bulk export. bench/replica.py: 300."""

import datetime

import pytest
from django.test import Client

from api.v1.sync import bulk_export
from content.editing import services as editing
from content.mentions import consumer
from tests.builders import a_document
from tests.random_history import RandomHistory
from tests.replica import Replica, lines_of_export

STEPS = 26


def get(path):
    answer = Client().get(f"/api/v1/{path}")
    return answer.status_code, answer.getvalue(), answer.headers


@pytest.mark.django_db
def test_links_come_and_go_with_what_they_lead_to_and_a_follower_has_them(settings, tmp_path):
    """The document that has the links has no change of its own: the follower asks who cites what changed."""
    settings.EXPORTS_FOLDER = tmp_path
    replica = Replica(get)

    def links():
        replica.catch_up()
        bulk_export.write_bulk_export()
        lines, _manifest = lines_of_export(get)
        assert replica.lines == lines
        return b"".join(lines.values()).count(b'"start":')

    a_document("31/2024/QH15", title="Luật Mẫu", text="Điều 1. Căn cứ\nTheo Luật số 45/2013/QH13 về đất đai.\n")
    assert links() == 0
    cited = a_document("45/2013/QH13", title="Luật Đất đai")
    assert links() == 1
    editing.withdraw_document(cited, reason="Nhập hai lần")
    assert links() == 0


@pytest.mark.django_db
def test_a_second_law_of_a_name_takes_links_away_and_a_follower_has_that(client, settings, tmp_path):
    """Neither of the two documents that were linked has a change of its own; the line is about the second law."""
    settings.EXPORTS_FOLDER = tmp_path
    replica, day = Replica(get), datetime.date(2013, 11, 29)
    citing = a_document("31/2024/QH15", title="Luật Mẫu", text="Điều 1. Căn cứ\nTheo Luật Đất đai thì được thử.\n")
    text = f"/api/v1/documents/{citing.key}/text"

    def links():
        consumer.point_mentions()
        replica.catch_up()
        bulk_export.write_bulk_export()
        lines, _manifest = lines_of_export(get)
        assert replica.lines == lines
        return b"".join(lines.values()).count(b'"start":')

    a_document("45/2013/QH13", title="Luật Đất đai", issued_on=day)
    assert links() == 1
    first = client.get(text)
    second = a_document("46/2013/QH13", title="Luật Đất đai", issued_on=day)
    assert links() == 0
    assert client.get(text, headers={"If-None-Match": first["ETag"]}).status_code == 200
    editing.withdraw_document(second, reason="Nhập hai lần")
    assert links() == 1
    assert client.get(text).content == first.content


@pytest.mark.django_db
def test_a_follower_has_byte_for_byte_what_a_bulk_export_has(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path
    history, replica = RandomHistory(seed=28), Replica(get)
    for step in range(STEPS):
        history.step()
        if step % 4 == 0:
            replica.catch_up()
    replica.catch_up()
    bulk_export.write_bulk_export()
    lines, manifest = lines_of_export(get)
    assert replica.lines == lines
    assert replica.cursor == manifest["cursor"]
    assert replica.read >= STEPS - 3
    laws = {"publish", "correct", "amend", "withdraw_amendment", "withdraw"}
    others = {"answer", "look_at_answers", "take_answer_down", "announce", "move"}
    assert history.done.keys() >= laws | others, history.done
