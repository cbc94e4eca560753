"""How the desk calls a verb: what is not this person's is 403, what breaks a rule is said where it was filled in."""

from django.core.exceptions import PermissionDenied

from content.errors import RuleBroken
from content.qa.services import NotAllowed


def call_service(form, verb, *arguments, **named):
    """Call the verb. True when done, False where a rule forbids it: the form says why. Raises PermissionDenied."""
    try:
        verb(*arguments, **named)
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except RuleBroken as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True
