"""For whom content is, and in which language: one list each for events, contests and materials."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """The audience: the groups of Law 14/2012/QH13, Chapter II, sections 2 and 3."""

    EVERYBODY = "everybody", _("Everybody")
    ETHNIC_MINORITIES = "ethnic_minorities", _("Ethnic minorities")
    REMOTE_AREAS = "remote_areas", _("People of mountains, borders and islands, fishermen")
    WORKERS = "workers", _("Workers in enterprises")
    VIOLENCE_VICTIMS = "violence_victims", _("Victims of domestic violence")
    DISABLED_PEOPLE = "disabled_people", _("People with disabilities")
    PRISONERS = "prisoners", _("People serving sentences")
    ON_PROBATION = "on_probation", _("People on probation or educated in the commune")
    STUDENTS = "students", _("Pupils and students")
    BUSINESSES = "businesses", _("Businesses")
    OFFICIALS = "officials", _("Officials and armed forces")


class ContentLanguage(models.TextChoices):
    """The language of content: the ISO 639 codes that BCP 47 takes. `sgn`: sign language."""

    VIETNAMESE = "vi", _("Vietnamese")
    ENGLISH = "en", _("English")
    TAY = "tyz", _("Tày")
    THAI = "blt", _("Thái")
    MUONG = "mtq", _("Mường")
    KHMER = "km", _("Khmer")
    HMONG = "hmn", _("Hmong")
    CHAM = "cjm", _("Chăm")
    SIGNED = "sgn", _("Sign language")
