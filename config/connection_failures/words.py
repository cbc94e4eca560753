"""Why the database cannot be reached, in words. For commands before Django is set up, and for the doctor."""

from collections.abc import Callable

from django.conf import settings


def gettext_noop(words: str) -> str:
    """Mark words for translation. Django's own reads the settings, which are not there yet."""
    return words


# what libpq says: the cause in our words. It gives no code for a connection that was never made
CAUSES = {
    "password authentication failed": gettext_noop(
        "The database %(address)s refuses the password of the user «%(user)s». Correct it in DATABASE_URL."
    ),
    "no password supplied": gettext_noop(
        "The database %(address)s asks the user «%(user)s» for a password. Give one in DATABASE_URL."
    ),
    "does not exist": gettext_noop(
        "The database %(address)s does not exist, or not for this user. Create it, or correct DATABASE_URL."
    ),
    "resolve host": gettext_noop("The database %(address)s has a host whose name nobody knows. Correct DATABASE_URL."),
    "too many": gettext_noop(
        "The database %(address)s has no free connection. End other programs, or raise its max_connections."
    ),
    "starting up": gettext_noop("The database %(address)s is starting. Try again in a few seconds."),
    "no pg_hba.conf entry": gettext_noop(
        "The database %(address)s lets nobody in from this machine as «%(user)s». Add a line to its pg_hba.conf."
    ),
}
CAUSES["translate host name"] = CAUSES["resolve host"]  # of older versions of libpq
NO_ANSWER = gettext_noop("The database %(address)s does not answer. Start it, or correct DATABASE_URL.")
ADDRESS = gettext_noop("«%(name)s» on %(host)s")


def database_address(translate: Callable[[str], str] = str) -> str:
    """The database for people: name, host and port, without user and password."""
    described = settings.DATABASES["default"]
    host, port = described.get("HOST") or "localhost", described.get("PORT")
    return translate(ADDRESS) % {"name": described["NAME"], "host": f"{host}:{port}" if port else host}


def why_no_connection(words: str, translate: Callable[[str], str] = str) -> str:
    """The cause, from what libpq says."""
    cause = next((cause for said, cause in CAUSES.items() if said in words), NO_ANSWER)
    user = settings.DATABASES["default"].get("USER")
    return translate(cause) % {"address": database_address(translate), "user": user}
