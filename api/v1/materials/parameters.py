"""Keys and path parameters of materials, and why one is not there."""

import datetime

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException

from content.media import queries
from content.media.models import Material

MATERIAL_KEY = "tl-[a-z0-9]{10}"
MATERIAL_PATH_PARAMETERS = [
    OpenApiParameter(
        "key", {"type": "string", "pattern": f"^{MATERIAL_KEY}$"}, "path", description="Key of the material."
    )
]


class MaterialGone(APIException):
    """The material was withdrawn: 410 with day and reason."""

    status_code = 410

    def __init__(self, moment: datetime.datetime, reason: str) -> None:
        words = _("Withdrawn on %(day)s. Reason: %(reason)s")
        day = timezone.localtime(moment).strftime("%d/%m/%Y")
        super().__init__(words % {"day": day, "reason": reason}, "withdrawn")


def material_or_gone(key: str) -> Material:
    """The public material of that key with all its page shows. Raises MaterialGone, Http404."""
    material = queries.with_details(queries.public_materials()).filter(key=key).first()
    if material is None:
        raise absence_of(key)
    return material


def absence_of(key: str) -> Exception:
    """Why no public material has that key."""
    gone = queries.withdrawn_material(key)
    return MaterialGone(gone.withdrawn_at, gone.withdrawal_reason) if gone and gone.withdrawn_at else Http404()
