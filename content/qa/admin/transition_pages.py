"""The pages on which staff make a transition of a question: the service, its texts and its form."""

from django.utils.translation import gettext_lazy as _

from content.people.transition_pages import TransitionPage
from content.qa import policy, services
from content.qa.admin import forms
from content.qa.states import QuestionTransition as T

REASON_EXPLANATION = _("The asker reads this word for word. Write it for them.")
TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.SCREEN: TransitionPage(
        services.screen, _("Start screening"), _("Screening started."),
        _("You make the public copy, classify the question and assign it.")
    ),
    "classify": TransitionPage(
        services.classify, _("Classify"), _("Classified."),
        _("The topic decides the due day and which followers are notified."), forms.ClassifyForm,
        may=lambda user, question: policy.may_screen(user)
    ),
    T.ASSIGN: TransitionPage(
        services.assign, _("Assign"), _("Assigned."), _("One person answers, another approves."), forms.AssignForm
    ),
    T.START: TransitionPage(
        services.start_answering, _("Start answering"), _("Answering started."), _("You write the answer.")
    ),
    T.APPROVE: TransitionPage(
        services.approve, _("Approve"), _("Approved."),
        _("The asker is notified. With their consent the answer becomes public and followers are notified."),
        forms.ApproveForm
    ),
    T.SEND_BACK: TransitionPage(
        services.send_back, _("Send back to the answerer"), _("Sent back."), _("Say what to improve."),
        forms.ReasonForm
    ),
    T.REVISE: TransitionPage(
        services.revise, _("Revise the answer"),
        _("Opened for revision. The current answer is shown until the new one is approved."),
        _("You write another answer. The current one is shown until the new one is approved."), forms.ReasonForm
    ),
    T.KEEP: TransitionPage(
        services.discard_revision, _("Keep the current answer"),
        _("The draft was deleted. The current answer stays."), _("The draft is deleted."), forms.ReasonForm,
        is_grave=True
    ),
    T.RETURN: TransitionPage(
        services.return_for_detail, _("Return for detail"), _("Returned to the asker."), REASON_EXPLANATION,
        forms.ReasonForm
    ),
    T.MERGE: TransitionPage(
        services.merge, _("Merge into another question"), _("Merged."),
        _("The asker gets a link to the other question and is notified when it is answered."), forms.MergeForm
    ),
    T.REDIRECT: TransitionPage(
        services.redirect, _("Redirect"), _("Redirected."), REASON_EXPLANATION, forms.RedirectForm, is_grave=True
    ),
    T.REJECT: TransitionPage(
        services.reject, _("Reject"), _("Rejected."), REASON_EXPLANATION, forms.ReasonForm, is_grave=True
    ),
    T.TAKE_DOWN: TransitionPage(
        services.take_down, _("Take down"), _("Taken down."),
        _("The question is no longer public. The asker still sees the answer in their list and reads this reason."),
        forms.ReasonForm, is_grave=True
    ),
    "erase": TransitionPage(
        services.erase_original, _("Erase the original text"), _("Erased."),
        _("The text that the reader wrote is erased for good. The public copy stays."), forms.ReasonForm,
        is_grave=True, may=lambda user, question: policy.may_read_original(user)
    ),
}  # fmt: skip
