"""The pages on which staff submit, return, publish and withdraw a material."""

from django.utils.translation import gettext_lazy as _

from content.media import services
from content.media.admin.forms import MaterialSeenForm, ReasonForm, WithdrawForm
from content.media.states import MaterialTransition as T
from content.people.transition_pages import TransitionPage

TRANSITION_PAGES: dict[str, TransitionPage] = {
    T.SUBMIT: TransitionPage(
        services.submit_material,
        T.SUBMIT.label,
        _("Submitted. Another person publishes it."),
        _("Another person reads the material and publishes it."),
        MaterialSeenForm,
    ),
    T.RETURN: TransitionPage(
        services.return_material,
        T.RETURN.label,
        _("The material is a draft again."),
        _("The author reads the reason in the history of the material."),
        ReasonForm,
    ),
    T.PUBLISH: TransitionPage(
        services.publish_material,
        T.PUBLISH.label,
        _("The material was published."),
        _("The material becomes public, and the followers of its topics and organisation are notified."),
        MaterialSeenForm,
    ),
    T.WITHDRAW: TransitionPage(
        services.withdraw_material,
        T.WITHDRAW.label,
        _("The material was withdrawn."),
        _("Its files are gone at once; its address gives the reason. This cannot be undone."),
        WithdrawForm,
        is_grave=True,
    ),
}
