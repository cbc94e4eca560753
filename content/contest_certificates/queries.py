"""Which certificates there are."""

from content.contest_certificates.models import SERIAL_LENGTH, Certificate


def certificate_of(typed: str) -> Certificate | None:
    """The certificate with that serial, however it is typed: capitals, blanks and hyphens do not matter."""
    serial = "".join(letter for letter in typed.casefold() if letter.isascii() and letter.isalnum())
    if len(serial) != SERIAL_LENGTH:
        return None
    attempt = "attempt__round__contest__organisation"
    return Certificate.objects.filter(serial=serial).select_related(attempt, "attempt__entry").first()
