"""Query parameters: nothing is ignored in silence."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from api.languages import speak


class KnownParametersOnly:
    """A view that answers 400 to a query parameter it does not know, and names those it does."""

    own_parameters = ()  # beyond filters and pages

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not hasattr(self, request.method.lower()):
            return  # 405 comes first: no parameter makes that method right
        known = self.known_parameters()
        for name in request.query_params:
            if name not in known:
                message = _("There is no such parameter here. Known: %s.") % ", ".join(sorted(known))
                raise ValidationError({name: [message]}, code="unknown_parameter")
        speak(request)

    def known_parameters(self):
        known = {"lang", *self.own_parameters}
        if getattr(self, "action", "list") == "list":
            known |= set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
            known |= set(getattr(getattr(self, "paginator", None), "parameters", ()))
        return known
