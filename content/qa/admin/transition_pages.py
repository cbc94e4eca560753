"""What may be done with a question on a page that asks for a reason or for whom: the verb, its words, its form."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from content.qa import policy, services
from content.qa.admin import forms
from content.qa.states import QuestionTransition


@dataclass(frozen=True)
class TransitionPage:
    """`does` is the verb; what `form` holds becomes its arguments. `may` asks for acts that are no transition."""

    does: object
    name: Promise
    done: Promise
    explanation: Promise
    form: type = forms.NoInputForm
    is_grave: bool = False
    may: object = None

    @property
    def is_plain(self):
        """Nothing is asked: its button does it."""
        return self.form is forms.NoInputForm


REASON_EXPLANATION = _("The asker reads this, word for word. Write it for them.")
TRANSITION_PAGES = {
    QuestionTransition.SCREEN: TransitionPage(
        services.screen, _("Take up for screening"), _("Taken up."), _("You make the public copy, file it, assign it.")
    ),
    "classify": TransitionPage(
        services.classify, _("File"), _("Filed."), _("Its subject decides the last day to answer and who hears of it."),
        forms.ClassifyForm, may=lambda user, question: policy.may_screen(user),
    ),
    QuestionTransition.ASSIGN: TransitionPage(
        services.assign, _("Assign"), _("Assigned."), _("Somebody answers it; somebody else approves."),
        forms.AssignForm,
    ),
    QuestionTransition.START: TransitionPage(services.start_answering, _("Start answering"), _("Begun."), _("It is yours to answer.")),
    QuestionTransition.APPROVE: TransitionPage(
        services.approve, _("Approve"), _("Approved."),
        _("The asker is told. With their consent everybody can read it, and followers hear of it."), forms.ApproveForm,
    ),
    QuestionTransition.SEND_BACK: TransitionPage(
        services.send_back, _("Send back to the answerer"), _("Sent back."), _("Say what is to be bettered."),
        forms.ReasonForm,
    ),
    QuestionTransition.REVISE: TransitionPage(
        services.revise, _("Revise the answer"),
        _("Opened: the standing answer is shown until the new one is approved."),
        _("You write another answer; until it is approved the standing one is shown."), forms.ReasonForm,
    ),
    QuestionTransition.KEEP: TransitionPage(
        services.discard_revision, _("Keep the standing answer"), _("The draft is thrown away, the standing answer goes on."),
        _("The draft is thrown away."), forms.ReasonForm, is_grave=True,
    ),
    QuestionTransition.RETURN: TransitionPage(
        services.return_for_detail, _("Return for detail"), _("Returned to the asker."), REASON_EXPLANATION, forms.ReasonForm
    ),
    QuestionTransition.MERGE: TransitionPage(
        services.merge, _("Merge into another question"), _("Merged."),
        _("Its asker is pointed to the other question and hears when that is answered."), forms.MergeForm,
    ),
    QuestionTransition.REDIRECT: TransitionPage(
        services.redirect, _("Redirect"), _("Redirected."), REASON_EXPLANATION, forms.RedirectForm, is_grave=True
    ),
    QuestionTransition.REJECT: TransitionPage(services.reject, _("Reject"), _("Rejected."), REASON_EXPLANATION, forms.ReasonForm, is_grave=True),
    QuestionTransition.TAKE_DOWN: TransitionPage(
        services.take_down, _("Take down"), _("Taken down."),
        _("Nobody can read it any more. The asker keeps the answer in their own list and reads this reason."),
        forms.ReasonForm, is_grave=True,
    ),
    "erase": TransitionPage(
        services.erase_original, _("Erase the original words"), _("Erased."),
        _("What the reader wrote is gone for good; the public copy stays."), forms.ReasonForm, is_grave=True,
        may=lambda user, question: policy.may_read_original(user),
    ),
}  # fmt: skip
NOT_HERE = (QuestionTransition.SUBMIT,)  # on the page where the answer is written


def may_open(user, name, question):
    """Whether this person may do that, whatever the status allows: what a 403 is about."""
    act = TRANSITION_PAGES[name]
    return act.may(user, question) if act.may else policy.may(user, name, question)


def offered_pages(user, question):
    """[(name, Act)] of the question's buttons, in the order of its life."""
    now = policy.transitions_for(user, question)
    has_words = bool(question.title or question.text)
    return [
        (name, act)
        for name, act in TRANSITION_PAGES.items()
        if name in now or (act.may and act.may(user, question) and (name != "erase" or has_words))
    ]
