"""A copy made by reading the change log from its beginning equals the bulk export. bench/replica.py: 300."""

import pytest
from django.test import Client

from api.v1.sync import bulk_export
from tests.random_history import RandomHistory
from tests.replica import Replica, lines_of_export

STEPS = 26


def get(path):
    answer = Client().get(f"/api/v1/{path}")
    return answer.status_code, answer.getvalue(), answer.headers


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
