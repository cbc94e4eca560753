"""What the audit may say somebody did, in words for whoever reads it. An act without words is shown as it is."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "session.began": _("Signed in"),
    "session.ended": _("Signed out"),
    "session.refused": _("Wrong password"),
    "session.locked_out": _("Locked out"),
    "second_factor.added": _("Second factor added"),
    "second_factor.passed": _("Second factor passed"),
    "second_factor.refused": _("Wrong code of the second factor"),
    "second_factor.removed": _("Second factor removed"),
    "account.created": _("Account made"),
    "account.changed": _("Account changed"),
    "account.unlocked": _("Account unlocked"),
    "account.password_changed": _("Own password changed"),
    "account.password_renewed": _("Password renewed"),
    "audit.exported": _("Audit exported"),
    "document.taken_in": _("Document taken in"),
    "document.drafted": _("Draft written"),
    "document.submitted": _("Document sent for review"),
    "document.returned": _("Document sent back"),
    "document.published": _("Document published"),
    "document.correction_proposed": _("Correction proposed"),
    "document.correction_handed_back": _("Correction handed back"),
    "document.corrected": _("Document corrected"),
    "document.withdrawn": _("Document withdrawn"),
    "document.removed": _("Specimen removed"),
    "delivery.resent": _("Delivery sent again"),
    "delivery.cancelled": _("Delivery cancelled"),
}
