"""Every table that answers in memory are made of is watched: a change of it is announced, whoever writes it."""

import contextlib
import json
import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.reads.keys import read_key
from content.document_counts import services as document_counts
from content.organisations.models import Province
from content.topics.models import Topic
from tests import database_server
from tests.api.sync.test_removed_words import addresses
from tests.builders import a_document, a_question, amend, an_amending_law, an_answered_question, land

pytestmark = pytest.mark.django_db
# A page orders questions without ratings: a vote of a reader changes no answer in memory. Sums and marks of documents
# say what the documents say, whose changes are announced; who forgets the sums announces it.
NOT_SHOWN = {"content_rating", "content_counteddocument", "content_documentcount", "content_outdatedcount"}


def tables_of(path):
    """The tables that a GET of this address reads."""
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code in (200, 410), path
    said = " ".join(each["sql"] for each in captured.captured_queries)
    return set(re.findall(r'(?:FROM|JOIN)\s+"?((?:content|notifications)_\w+)', said))


def watched():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'announce_%' AND tgenabled = 'O'"
        )
        found = cursor.fetchall()
    tables = {table for table, _name in found}
    events = ("announce_delete", "announce_insert", "announce_truncate", "announce_update")
    assert {(table, event) for table in tables for event in events} == set(found)
    return tables


def test_each_table_of_an_answer_in_memory_is_watched(settings, tmp_path):
    settings.EXPORTS_FOLDER = tmp_path / "exports"
    law = a_document("1/2019/QH14", topics=[land()])
    act = an_amending_law(law, "2/2024/QH15", topics=[land()])
    an_answered_question(citations=[(law, "art_1"), (law, "")])
    amend(act)
    things = {
        "document": [law, act], "topic": [land()], "organisation": [law.issuer], "province": [Province.objects.first()]
    }  # fmt: skip
    newest = json.loads(Client().get("/api/v1/changes").content)["cursor"]
    pages = [f"/api/v1/changes?after={newest}"]  # one with news is not kept
    pages += [f"/van-ban/{each.key}{unit}" for each in (law, act) for unit in ("", "/dieu-1", "/dieu-2")]
    kept = [
        path
        for path in [*addresses(things, ("art_1", "art_2")), *pages]
        if read_key({"REQUEST_METHOD": "GET", "PATH_INFO": path.partition("?")[0]})
    ]
    assert len(kept) > 30
    read = {path: tables_of(path) for path in kept}
    missed = {path: tables - watched() - NOT_SHOWN for path, tables in read.items()}
    assert {path: tables for path, tables in missed.items() if tables} == {}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_commit_is_announced_once_and_a_statement_that_changes_nothing_is_not():
    with database_server.connect(connection.settings_dict["NAME"]) as session:  # PgBouncer forgets who listens
        session.execute("LISTEN luatmo_public")

        def announced():
            """How many commits were announced since the last look. Notices come in the order of commits."""
            session.execute("SELECT pg_notify('luatmo_public', 'last')")
            said = []
            while "last" not in said:
                said += [each.payload for each in session.notifies(timeout=10, stop_after=1)]
            return said.count("")

        announced()
        Topic.objects.filter(key=land().key).update(name="Đất và nhà")
        assert announced() == 1
        Topic.objects.filter(key="nothing").update(name="x")
        assert announced() == 0
        with transaction.atomic():
            Topic.objects.create(key="99-thu", name="Thử", number="99", position=990)
            Topic.objects.filter(key="99-thu").update(name="Thử nữa")
        assert announced() == 1
        Topic.objects.filter(key="99-thu").delete()
        assert announced() == 1
        a_question()
        assert announced() == 0  # nobody has answered it
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            Topic.objects.filter(key=land().key).update(name="Đất đai")
            raise ZeroDivisionError
        assert announced() == 0
        a_document("1/2019/QH14")
        assert announced() > 0
        assert document_counts.settle_counts() == 1
        assert announced() == 0  # the answers stay the same
        document_counts.count_anew()
        assert announced() == 1  # the sums may have been wrong
