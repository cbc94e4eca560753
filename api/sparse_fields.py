"""`?fields=` leaves out what the caller does not want, `?include=` adds what one screen also needs."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError


def requested_names(request, parameter, known):
    """The names a comma-separated parameter gives, or None without it. ValidationError for one not `known`."""
    asked = request.query_params.get(parameter)
    if asked is None:
        return None
    listed = [name.strip() for name in asked.split(",")]
    unknown = [name for name in listed if name not in known]
    if unknown:
        message = _("Not here: %(unknown)s. Known: %(known)s.")
        words = {"unknown": ", ".join(unknown), "known": ", ".join(sorted(known)) or "–"}
        raise ValidationError({parameter: [message % words]}, code="invalid_choice")
    return listed


def select_fields(request, representation):
    """One representation with only the fields the request names; all without `fields`."""
    asked = requested_names(request, "fields", representation.keys())
    return representation if asked is None else {name: representation[name] for name in asked}


class SparseFieldsMixin:
    """A view whose serializers compute and show only the fields the request names."""

    def get_serializer(self, *args, **kwargs):
        serializer = super().get_serializer(*args, **kwargs)
        shown = getattr(serializer, "child", serializer)
        asked = requested_names(self.request, "fields", shown.fields.keys())
        for name in set(shown.fields) - set(asked or shown.fields):
            shown.fields.pop(name)
        return serializer
