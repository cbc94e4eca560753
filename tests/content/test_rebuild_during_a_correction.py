"""A rebuild of what search stores does not write back words that a correction takes out while it goes on."""

import contextlib
import threading

import pytest
from django.db import connection, transaction

from content.search.index import services
from content.search.index.services import IndexStep
from content.suggestions.models import Suggestion
from content.suggestions.queries import completions
from content.suggestions.removals import remove_outdated_suggestions
from tests.builders import a_document, correct_law
from tests.journeys.installation import eventually

pytestmark = pytest.mark.usefixtures("committed")


@contextlib.contextmanager
def beside(act):
    """Run `act` in another thread, on a connection of its own, until it has ended or waits for a lock."""
    failures = []

    def run():
        try:
            act()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    eventually(lambda: not other.is_alive() or somebody_waits())
    yield
    other.join()
    assert failures == []


def somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def read_changes():
    while remove_outdated_suggestions():
        pass


def correct_heading(law):
    correct_law(law, old="Giải thích từ ngữ\n1. Mẫu là", new="Từ ngữ\n1. Vật là")
    read_changes()


@pytest.fixture
def law():
    law = a_document("1/2019/QH14")
    assert services.rebuild_index(), "another one is rebuilding, or there is no passage"
    assert Suggestion.objects.exists()
    read_changes()
    assert completions("Giải thích từ") != []
    return law


def test_what_is_corrected_after_the_rebuild_has_written_and_before_it_commits_is_suggested_no_more(law):
    with contextlib.ExitStack() as other, transaction.atomic():
        services.rebuild_index()
        other.enter_context(beside(lambda: correct_heading(law)))
    read_changes()  # the rebuild queued the job that does so
    assert completions("Giải thích từ") == []


def test_what_is_corrected_after_the_rebuild_has_read_the_texts_is_not_written_back(law):
    with contextlib.ExitStack() as other, transaction.atomic():
        list(Suggestion.objects.select_for_update())  # holds the rebuild where it replaces them
        other.enter_context(beside(services.rebuild_index))
        correct_heading(law)
    assert completions("Giải thích từ") == []


def test_an_index_whose_rebuild_began_before_a_correction_is_stale(law):
    def correct(step):
        if step == IndexStep.POSTINGS:  # the words are counted
            with beside(lambda: correct_heading(law)):
                pass

    services.rebuild_index(progress=correct)
    assert services.is_index_stale()
    services.rebuild_index()
    assert not services.is_index_stale()
