from content.organisations.models import Organisation
from content.text.vietnamese import fold


def by_name(name):
    """The issuing body of that name, case and accents aside; None if there is none."""
    wanted = fold(name)
    return next((body for body in Organisation.objects.all() if fold(body.name) == wanted), None)
