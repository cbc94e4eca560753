"""Response language: `?lang=`, else `Accept-Language`, else Vietnamese."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


def activate_requested_language(request: Request) -> None:
    """Activate the language that the `lang` parameter names. Raises ValidationError for an unknown one."""
    asked = request.query_params.get("lang")
    if asked is None:
        return
    known = [code for code, _name in settings.LANGUAGES]
    if asked not in known:
        raise ValidationError({"lang": [_("Use one of: %s.") % ", ".join(known)]}, code="invalid_choice")
    translation.activate(asked)
