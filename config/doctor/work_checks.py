"""What an installation does: worker, jobs, pushes, consumers of the change log."""

from django.utils.translation import gettext as _

from config.doctor.problems import Problem
from config.metrics import backlog
from content.document_counts import queries as counts
from content.documents.outdated_spans import MOST_COMPUTED
from content.effect_reviews import span_comparison
from notifications.deliveries import queries as deliveries

EFFECTS_COMPARED = 1_000  # documents; `manage.py check_effect_spans` compares all
LATE_SECONDS = 10 * 60  # a consumer reads within a second, a delivery is tried at once


def check_worker() -> list[Problem]:
    """Whether a worker runs."""
    if deliveries.is_a_worker_alive():
        return []
    silence = backlog.worker_silence()
    if silence is None:
        words = _("No worker runs, and none has run: nothing is sent and nothing becomes due. Start `manage.py work`.")
        return [Problem("no_worker", words)]
    words = _(
        "No worker has given a sign of life for %(minutes)d minutes: nothing is sent and nothing becomes due. "
        "Read its log, then start `manage.py work`."
    )
    return [Problem("no_worker", words % {"minutes": max(1, silence // 60)})]


def check_jobs() -> list[Problem]:
    """Whether jobs begin when they should."""
    late = sorted(set(backlog.late_jobs().values_list("task_name", flat=True)))
    if not late:
        return []
    words = _(
        "%(count)d jobs are late, of these kinds: %(names)s. If a worker runs, it is too busy or stuck: "
        "read its log, start another one."
    )
    return [Problem("jobs_late", words % {"count": backlog.late_job_count(), "names": ", ".join(late)})]


def check_push() -> list[Problem]:
    """Whether Firebase accepts our configuration, and deliveries leave."""
    if broken := deliveries.broken_channel():
        words = _(
            "Firebase refuses our configuration since %(since)s: %(reason)s. Correct FIREBASE_CREDENTIALS_FILE, start "
            "the worker again, then run `manage.py send_test_push KEY`."
        )
        return [
            Problem(
                "push_refused", words % {"since": f"{broken.broken_since:%Y-%m-%d %H:%M}Z", "reason": broken.reason}
            )
        ]
    if deliveries.closed_gates():
        return []  # FCM's quota is used up: the senders wait for as long as FCM said
    if (age := backlog.oldest_due_delivery()) < LATE_SECONDS:
        return []
    words = _("The oldest push waits for %(minutes)d minutes. Look whether a worker runs, and read its log.")
    return [Problem("pushes_late", words % {"minutes": age // 60})]


def check_consumers() -> list[Problem]:
    """Whether every consumer of the change log reads it."""
    if backlog.oldest_unread_change() < LATE_SECONDS:
        return []
    behind = ", ".join(sorted(name for name, count in backlog.unread_changes().items() if count))
    words = _(
        "These consumers of the change log have stopped reading: %(names)s. Followers hear of nothing new. "
        "Read the worker's log: a change that a consumer cannot handle stops it."
    )
    return [Problem("consumer_stopped", words % {"names": behind})]


def check_effect_spans() -> list[Problem]:
    """Whether lists know the effect that the pages of the documents updated last show, and need not compute it."""
    problems = []
    if wrong := [document.key for document, _words in span_comparison.wrong_spans(last=EFFECTS_COMPARED)]:
        words = _(
            "%(count)d documents are in lists with another effect than their events give, %(key)s among them. "
            "Run `manage.py check_effect_spans --write`."
        )
        problems.append(Problem("effect_spans_differ", words % {"count": len(wrong), "key": wrong[0]}))
    if late := span_comparison.late_count():
        words = _(
            "The worker has not written the effect spans of %(count)d documents for more than ten minutes: lists "
            "compute their effect, and answer 503 for more than %(most)d. Read the worker's log, then run "
            "`manage.py check_effect_spans --write`."
        )
        problems.append(Problem("effect_spans_late", words % {"count": late, "most": MOST_COMPUTED}))
    return problems


def check_document_counts() -> list[Problem]:
    """Whether the stored counts that facets read are those of the documents, and the worker keeps them."""
    problems = []
    if wrong := counts.differences():
        words = _(
            "%(count)d stored counts of documents are wrong: facets and counts of lists are, too. Run "
            "`manage.py check_document_counts --write`."
        )
        problems.append(Problem("document_counts_differ", words % {"count": len(wrong)}))
    if late := counts.late_count():
        words = _(
            "The worker has not counted %(count)d documents for more than ten minutes. Facets are right, and slower "
            "above %(most)d. Look whether a worker runs, and read its log."
        )
        problems.append(Problem("document_counts_late", words % {"count": late, "most": counts.MOST_APART}))
    return problems
