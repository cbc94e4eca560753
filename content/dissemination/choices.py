"""Kinds of outlets, forms of dissemination in the law, and what becomes of a placement."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutletKind(models.TextChoices):
    FACEBOOK = "facebook", "Facebook"
    ZALO = "zalo", "Zalo"
    YOUTUBE = "youtube", "YouTube"
    TV = "tv", _("Television")
    RADIO = "radio", _("Radio")
    LOUDSPEAKER = "loudspeaker", _("Loudspeaker")
    NOTICE_BOARD = "notice_board", _("Notice board")
    PRESS = "press", _("Press")
    MEETING = "meeting", _("Meeting")
    SITE = "site", _("Website")


class DisseminationForm(models.TextChoices):
    """The eight forms of Law 14/2012/QH13, Article 11, one a clause."""

    PRESS = "press_release", _("Press conference or release (clause 1)")
    DIRECT = "direct", _("Direct dissemination, advice, information and materials (clause 2)")
    MASS_MEDIA = (
        "mass_media",
        _("Mass media, loudspeakers, internet, posters, Gazette, websites, notice boards (clause 3)"),
    )
    CONTEST = "contest", _("Contests about law (clause 4)")
    CASEWORK = "casework", _("Trials, sanctions, reception of citizens, complaints, legal aid, mediation (clause 5)")
    CULTURE = "culture", _("Culture, clubs, law bookcases (clause 6)")
    EDUCATION = "education", _("Programmes of education in schools (clause 7)")
    OTHER = "other", _("Other forms (clause 8)")


FORM_OF_KIND = {  # what is offered first
    OutletKind.PRESS: DisseminationForm.PRESS,
    OutletKind.MEETING: DisseminationForm.DIRECT,
}
TEXT_LIMITS = {OutletKind.YOUTUBE: 5_000, OutletKind.ZALO: 2_000, OutletKind.NOTICE_BOARD: 600}
DEFAULT_TEXT_LIMIT = 2_000


class SubjectType(models.TextChoices):
    """What can be placed and has a short address."""

    DOCUMENT = "document", _("Document or article")
    QUESTION = "question", _("Answer")
    EVENT = "event", _("Event")
    CONTEST = "contest", _("Contest")
    MATERIAL = "material", _("Material")


class PlacementStatus(models.TextChoices):
    """Claimed and not reported means unsure: perhaps it was posted. It is never given out again by itself.

    Proposed: it waits for a second person, and nobody posts it yet.
    """

    PROPOSED = "proposed", _("Waits for a second person")
    QUEUED = "queued", _("Queued")
    PLACED = "placed", _("Placed")
    FAILED = "failed", _("Failed")
    UNSURE = "unsure", _("Unsure")


class PlacementError(models.TextChoices):
    """Why we ourselves settled a placement as failed. What a program reports is its own words."""

    SUBJECT_NOT_PUBLIC = "subject_not_public", _("The object was withdrawn before it was posted.")
    ALREADY_THERE = "already_there", _("An earlier placement turned out to be there.")


GIVEN_OUT = [each for each in PlacementStatus.choices if each[0] != PlacementStatus.PROPOSED]  # what programs see
