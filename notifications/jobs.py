"""The jobs of the post room and of the library, for the worker. Each may run twice, and on several machines at once."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from content.changes.services import READ_DAYBOOK, forget_private
from content.dayturn.services import turn_the_day
from content.documents.manuscripts import sweep_abandoned
from content.events import services as events
from content.people.sweeping import sweep
from content.search import encoding, vector_upkeep
from content.search import services as search
from notifications import fanout, living_answers
from notifications.follows.attendance import forget_who_came
from notifications.follows.reconcile import reconcile
from notifications.follows.services import RECONCILE, sweep_forgotten

MOST_VECTORS = 300  # in one go: half a minute; manage.py encode_passages makes all
SOON = RetryStrategy(max_attempts=5, exponential_wait=2)


def register(gateway):
    """Give the worker's app its tasks, bound to the gateway of this process. Call once, when Django is ready."""

    @app.periodic(cron="* * * * *")  # the backstop: whatever was missed is a minute late at the most
    @app.task(name="every_minute")
    def every_minute(timestamp):
        _read_all()
        reconcile(gateway)
        sweep_forgotten()

    @app.periodic(cron="* * * * *")  # midnight in Viet Nam, whatever the server's zone; and made up after an outage
    @app.task(name="turn_the_day")
    def turn(timestamp):
        turn_the_day()

    @app.periodic(cron="* * * * *")  # computed from the time each event has now: an outage is made up, a move followed
    @app.task(name="turn_events")
    def turn_events(timestamp):
        events.fill_all()
        events.remind()
        events.conclude()

    @app.periodic(cron="* * * * *")
    @app.task(name="take_up_stalled_jobs")
    async def take_up_stalled_jobs(timestamp):
        """A job whose worker was killed stays as being done until somebody takes it up."""
        for job in await app.job_manager.get_stalled_jobs():
            await app.job_manager.retry_job(job)

    @app.periodic(cron="17 * * * *")
    @app.task(name="sweep_staff")
    def sweep_staff(timestamp):
        sweep()
        sweep_abandoned()

    @app.periodic(cron="23 3 * * *")
    @app.task(name="forget_private_news")
    def forget_private_news(timestamp):
        forget_private()

    @app.periodic(cron="41 3 * * *")
    @app.task(name="forget_who_came")
    def forget_who_came_to_events(timestamp):
        forget_who_came()

    _register_counting()

    @app.task(name=READ_DAYBOOK, retry=SOON)
    def read_daybook():
        _read_all()

    @app.task(name=RECONCILE, retry=SOON)
    def reconcile_follows():
        reconcile(gateway)


def _register_counting():
    """What search ranks by."""

    one = {
        "lock": "count_search_words",
        "queueing_lock": "count_search_words",
    }  # a count may take longer than ten minutes

    @app.periodic(cron="*/10 * * * *")  # after an import; and each night, 2 o'clock in Viet Nam
    @app.task(name="count_search_words", **one)
    def count_search_words(timestamp):
        if search.is_stale():
            search.count()

    @app.periodic(cron="0 19 * * *")
    @app.task(name="count_search_words_nightly", lock=one["lock"])
    def count_search_words_nightly(timestamp):
        search.count()

    @app.periodic(cron="5-59/10 * * * *")
    @app.task(name="write_search_vectors", lock="write_search_vectors", queueing_lock="write_search_vectors")
    def write_search_vectors(timestamp):
        if encoder := encoding.encoder():
            vector_upkeep.write(encoder, MOST_VECTORS)


def _read_all():
    for reader in (living_answers, fanout):  # the first writes lines that the second tells
        while reader.read_daybook():
            pass
