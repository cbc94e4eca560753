"""Who of the staff may do what with layers. The staff site and the services both ask here."""

from content.people import transitions
from content.people.models import AnyUser
from content.provision_layers import states
from content.provision_layers.choices import OFFICE_LANGUAGES
from content.provision_layers.models import Layer, ReviewerLanguage
from content.provision_layers.states import LayerTransition

REQUIRED_PERMISSION = {
    LayerTransition.REVISE: "content.change_layer",
    LayerTransition.PUBLISH: "content.publish_layer",
    LayerTransition.CONFIRM: "content.publish_layer",
    LayerTransition.WITHDRAW: "content.publish_layer",
}
JUDGES = (  # the words of the layer beside those of the law: by another person, who reads its language
    LayerTransition.PUBLISH,
    LayerTransition.CONFIRM,
)


def may(user: AnyUser, transition: LayerTransition, layer: Layer) -> bool:
    """Whether the person may make the transition, whatever the status of the layer. If not, the answer is 403.

    Who wrote a layer neither publishes nor confirms it. A layer in a minority language or in sign language is judged
    only by a reviewer of that language.
    """
    if not user.has_perm(REQUIRED_PERMISSION[transition]):
        return False
    if transition not in JUDGES:
        return True
    return layer.written_by_id != user.pk and reads(user, layer.language)


def reads(user: AnyUser, language: str) -> bool:
    """Whether the person may judge words of that language."""
    if language in OFFICE_LANGUAGES:
        return True
    return ReviewerLanguage.objects.filter(user_id=user.pk or 0, language=language).exists()


def available_transitions(user: AnyUser, layer: Layer) -> list[LayerTransition]:
    """The transitions that the layer has now and this user may make, in the order of its life."""
    return transitions.offered(states.TABLE, layer, lambda transition: may(user, transition, layer))


def may_write(user: AnyUser) -> bool:
    """May write layers and revise drafts."""
    return user.has_perm("content.add_layer")
