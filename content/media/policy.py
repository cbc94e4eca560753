"""Who of the staff may do what with materials. The staff site and the services both ask here."""

from content.media import states
from content.media.models import Material
from content.media.states import MaterialTransition
from content.people import transitions
from content.people.models import AnyUser

REQUIRED_PERMISSION = {
    MaterialTransition.REVISE: "content.change_material",
    MaterialTransition.SUBMIT: "content.change_material",
    MaterialTransition.RETURN: "content.publish_material",
    MaterialTransition.PUBLISH: "content.publish_material",
    MaterialTransition.CORRECT: "content.publish_material",
    MaterialTransition.CONFIRM: "content.publish_material",
    MaterialTransition.WITHDRAW: "content.publish_material",
}


def may(user: AnyUser, transition: MaterialTransition, material: Material) -> bool:
    """Whether the person may make the transition, whatever the status of the material. If not, the answer is 403.

    Who wrote a material never publishes it.
    """
    if not user.has_perm(REQUIRED_PERMISSION[transition]):
        return False
    return transition != MaterialTransition.PUBLISH or material.written_by_id != user.pk


def available_transitions(user: AnyUser, material: Material) -> list[MaterialTransition]:
    """The transitions that the material has now and this user may make, in the order of its life."""
    return transitions.offered(states.TABLE, material, lambda transition: may(user, transition, material))


def may_write(user: AnyUser) -> bool:
    """May write materials and revise drafts."""
    return user.has_perm("content.add_material")
