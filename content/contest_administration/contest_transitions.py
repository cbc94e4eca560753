"""The pages on which staff announce and cancel a contest."""

from django.utils.translation import gettext_lazy as _

from content.contest_administration.contest_forms import AnnounceForm, CancelForm
from content.contests import services
from content.contests.states import ContestTransition as T
from content.people.transition_pages import TransitionPage

TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.ANNOUNCE: TransitionPage(
        services.announce,
        T.ANNOUNCE.label,
        _("The contest was announced."),
        _("Read the rules as contestants read them: they are fixed from now on. Followers of the topics are notified."),
        AnnounceForm,
    ),
    T.CANCEL: TransitionPage(
        services.cancel,
        T.CANCEL.label,
        _("The contest was cancelled."),
        _("No attempt is taken any more. The contest stays readable with the reason. This cannot be undone."),
        CancelForm,
        is_grave=True,
    ),
}
