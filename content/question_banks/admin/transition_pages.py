"""The pages on which staff make a transition of a quiz question: the service, its texts and its form."""

from django.utils.translation import gettext_lazy as _

from content.people.transition_pages import TransitionPage
from content.question_banks import services
from content.question_banks.admin.forms import QuestionSeenForm, WithdrawForm
from content.question_banks.states import QuizTransition as T

TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.APPROVE: TransitionPage(
        services.approve_question,
        T.APPROVE.label,
        _("The question was approved."),
        _("Read the question, its right answer and the law. From now on rounds may draw it."),
        QuestionSeenForm,
    ),
    T.WITHDRAW: TransitionPage(
        services.withdraw_question,
        T.WITHDRAW.label,
        _("The question was withdrawn."),
        _("No round can draw it any more. Rounds that are frozen keep it: there it can only be voided."),
        WithdrawForm,
        is_grave=True,
    ),
}
