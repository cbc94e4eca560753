"""Background jobs of the content layer. Each may run twice, and on several machines at once."""

from collections.abc import Callable, Sequence

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from content.changes.queued_readings import drop_queued_readings
from content.changes.services import READ_CHANGES, delete_old_private_changes
from content.channel import services as channels
from content.computed_indicators import services as computed_indicators
from content.contest_results import services as contest_results
from content.contests.services.isolation import do_each
from content.copying.plan_documents import link_published_documents
from content.dissemination import services as dissemination
from content.document_counts.services import settle_counts
from content.documents.span_writer import write_outdated_spans
from content.editing.revisions import delete_abandoned_revisions
from content.endings.consumer import settle_changes
from content.events import services as events
from content.media import services as media
from content.mentions.consumer import point_mentions
from content.official_statuses.consumer import compare_changes
from content.own_process import run_command
from content.people.cleanup import delete_expired_sessions_and_attempts
from content.plans import services as plans
from content.provision_layers import services as layers
from content.public_changes.citations import update_citations
from content.qa.services import outdated
from content.request_counts import services as request_counts
from content.search.index import services as search
from content.search.vectors import backfill, text_encoder
from content.suggestions.removals import remove_outdated_suggestions
from content.sync import queries as sync
from content.transitions.services import record_due_transitions

MAX_VECTORS_PER_RUN = 300  # half a minute of work; `manage.py encode_passages` makes all of them
RETRY_SOON = RetryStrategy(max_attempts=5, exponential_wait=2)

# Tasks keep their former names as aliases: jobs queued before an upgrade still run. A scheduled task is queued at most
# once (`queueing_lock`): one that is slow, or a clock that jumps, leaves one job waiting, not sixty.


def register(
    *, further_consumers: Sequence[Callable[[], int]] = (), afterwards: Sequence[Callable[[], None]] = ()
) -> None:
    """Give the worker's app its tasks. Call once, when Django is ready.

    `further_consumers` read the change log before those of content that take long, so that a push need not wait for
    them. Changes that content writes meanwhile are read in the next turn. `afterwards` are called once when all have
    read all, but those that failed; they may not raise. A consumer that fails holds up no other, and the job fails with
    an ExceptionGroup at its end.
    """
    consumers = [
        remove_outdated_suggestions,  # first: what was taken out must not wait
        compare_changes,  # what lists contradict is withdrawn before anybody is told
        *further_consumers,
        settle_changes,
        outdated.flag_outdated_answers,
        media.flag_outdated_materials,
        layers.flag_outdated_layers,
        update_citations,
        point_mentions,
        link_published_documents,
    ]
    _register_consumers(consumers, afterwards)
    _register_schedule()
    _register_cleanup()
    _register_search()


def _register_consumers(consumers: Sequence[Callable[[], int]], afterwards: Sequence[Callable[[], None]]) -> None:
    def read_all() -> None:
        failures = _read_in_turn(consumers)
        for call in afterwards:
            call()
        if failures:
            raise ExceptionGroup("some consumers of the change log failed", failures)

    @app.task(name=READ_CHANGES, aliases=["daybook.read"], retry=RETRY_SOON)
    def read_changes() -> None:
        drop_queued_readings()
        read_all()

    @app.periodic(cron="* * * * *")  # the backstop: a change that was missed is read within a minute
    @app.task(name="read_changes_every_minute", aliases=["every_minute"], queueing_lock="read_changes_every_minute")
    def read_changes_every_minute(timestamp: int) -> None:
        read_all()


def _read_in_turn(consumers: Sequence[Callable[[], int]]) -> list[Exception]:
    """Call each in its turn until none reads anything more: a push does not wait for all that an import left.

    One that fails is not called again. Returns what failed.
    """
    left, failures, is_read = list(consumers), [], True
    while is_read:
        is_read = False
        for consumer in tuple(left):
            try:
                is_read = bool(consumer()) or is_read
            except Exception as failure:  # the next run tries it again
                failures.append(failure)
                left.remove(consumer)
                connection.close_if_unusable_or_obsolete()  # perhaps only this connection is lost
    return failures


def _register_schedule() -> None:
    @app.periodic(cron="* * * * *")  # midnight in Viet Nam, whatever the server's time zone; made up after an outage
    @app.task(name="record_due_transitions", aliases=["turn_the_day"], queueing_lock="record_due_transitions")
    def transitions(timestamp: int) -> None:
        record_due_transitions(told_homes=sync.told_homes())

    @app.periodic(cron="* * * * *")  # what a service could not write without waiting, and what others changed
    @app.task(name="write_outdated_spans", queueing_lock="write_outdated_spans")
    def outdated_spans(timestamp: int) -> None:
        write_outdated_spans()

    @app.periodic(cron="* * * * *")  # reads count what is marked apart, until it is settled
    @app.task(name="settle_document_counts", queueing_lock="settle_document_counts")
    def document_counts(timestamp: int) -> None:
        settle_counts()

    @app.periodic(cron="* * * * *")  # computed from the present time of each event, so that outages and moves count
    @app.task(name="run_event_schedule", aliases=["turn_events"], queueing_lock="run_event_schedule")
    def event_schedule(timestamp: int) -> None:
        events.assign_all_free_seats()
        events.record_reminders(told_homes=sync.told_homes())
        events.conclude_ended_events()

    @app.periodic(cron="* * * * *")  # each start once; one that was missed for long is no news
    @app.task(name="record_live_starts", queueing_lock="record_live_starts")
    def live_starts(timestamp: int) -> None:
        channels.record_live_starts()

    @app.periodic(cron="*/5 * * * *")  # those of changed titles; a new short address has its card at once
    @app.task(name="make_cards_again", queueing_lock="make_cards_again")
    def cards_again(timestamp: int) -> None:
        dissemination.make_cards()

    @app.periodic(cron="23 * * * *")
    @app.task(name="renew_cards", queueing_lock="renew_cards", lock="renew_cards")
    def all_cards(timestamp: int) -> None:
        dissemination.renew_cards()

    @app.task(name=dissemination.MAKE_CARDS, retry=RETRY_SOON)
    def make_cards() -> None:
        dissemination.make_cards()

    @app.periodic(cron="* * * * *")  # by the clock of the database; made up after an outage
    @app.task(name="run_contest_schedule", queueing_lock="run_contest_schedule", lock="run_contest_schedule")
    def contest_schedule(timestamp: int) -> None:
        contest_results.run_schedule()

    @app.periodic(cron="* * * * *")  # one round at a time: a large one takes minutes
    @app.task(name="store_contest_proofs", queueing_lock="store_contest_proofs", lock="store_contest_proofs")
    def contest_proofs(timestamp: int) -> None:
        contest_results.store_next_proof()

    @app.periodic(cron="11 17 * * *")  # 0:11 in Viet Nam; each month once, made up after an outage
    @app.task(name="store_finished_months", lock="store_finished_months", queueing_lock="store_finished_months")
    def finished_months(timestamp: int) -> None:
        computed_indicators.store_finished_months()
        plans.delete_unused_files()


def _register_cleanup() -> None:
    @app.periodic(cron="17 * * * *")
    @app.task(name="clean_up_staff_data", aliases=["sweep_staff"], queueing_lock="clean_up_staff_data")
    def clean_up_staff_data(timestamp: int) -> None:
        delete_expired_sessions_and_attempts()
        delete_abandoned_revisions()

    @app.periodic(cron="* * * * *")
    @app.task(name="forget_request_counts", queueing_lock="forget_request_counts")
    def counts(timestamp: int) -> None:
        request_counts.forget_ended()

    @app.periodic(cron="23 3 * * *")
    @app.task(
        name="delete_old_private_changes", aliases=["forget_private_news"], queueing_lock="delete_old_private_changes"
    )
    def private_changes(timestamp: int) -> None:
        erasures: Sequence[Callable[[], int]] = (
            delete_old_private_changes,
            contest_results.erase_old_practice,
            contest_results.erase_old_identities,
            contest_results.erase_words_left_behind,
        )
        do_each(erasures, lambda erase: erase())  # one that fails does not hold up the others

    @app.periodic(cron="53 3 * * *")
    @app.task(name="delete_unused_files", queueing_lock="delete_unused_files")
    def unused_files(timestamp: int) -> None:
        media.register_lost_files()
        media.delete_unused_files()


def _register_search() -> None:
    def rebuild_in_own_process() -> None:
        run_command("rebuild_search_index", "--index-only")

    lock = "count_search_words"  # a rebuild may take longer than the ten minutes between two looks

    @app.periodic(cron="*/10 * * * *")  # after an import
    @app.task(
        name="rebuild_stale_search_index",
        aliases=["count_search_words"],
        lock=lock,
        queueing_lock=lock,
        retry=RetryStrategy(max_attempts=3, wait=30),  # the worker may have been stopped meanwhile
    )
    def rebuild_stale_search_index(timestamp: int) -> None:
        if search.is_index_stale():
            rebuild_in_own_process()

    @app.periodic(cron="0 19 * * *")  # 2 o'clock at night in Viet Nam
    @app.task(
        name="rebuild_search_index",
        aliases=["count_search_words_nightly"],
        lock=lock,
        queueing_lock="rebuild_search_index",
        retry=RetryStrategy(max_attempts=3, wait=600),
    )  # the worker may have been stopped meanwhile
    def rebuild_search_index(timestamp: int) -> None:
        rebuild_in_own_process()

    @app.periodic(cron="5-59/10 * * * *")
    @app.task(name="write_search_vectors", lock="write_search_vectors", queueing_lock="write_search_vectors")
    def write_search_vectors(timestamp: int) -> None:
        if encoder := text_encoder.default_encoder():
            backfill.write_missing_vectors(encoder, MAX_VECTORS_PER_RUN)
