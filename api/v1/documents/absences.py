"""Why a document or one of its provisions is not there: problems with a code of their own."""

import datetime

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException


class DocumentWithdrawn(APIException):
    """The document was withdrawn for good: 410 with day and reason (RFC 9110, 15.5.11)."""

    status_code = 410

    def __init__(self, day: datetime.date, reason: str) -> None:
        words = _("Withdrawn on %(day)s. Reason: %(reason)s")
        super().__init__(words % {"day": day.strftime("%d/%m/%Y"), "reason": reason}, "withdrawn")


class DocumentNotYetIssued(APIException):
    """The document was issued after the requested day: 404."""

    status_code = 404

    def __init__(self, issued_on: datetime.date) -> None:
        words = _("This document was issued on %(day)s. Ask for that day or a later one with `as_of`.")
        super().__init__(words % {"day": issued_on.strftime("%d/%m/%Y")}, "not_yet_issued")


class ProvisionGone(APIException):
    """The provision was removed from the document before the requested day: 410."""

    status_code = 410
    default_code = "provision_removed"


class ProvisionNotYet(APIException):
    """The provision is added to the document after the requested day: 404."""

    status_code = 404
    default_code = "provision_not_yet_added"
