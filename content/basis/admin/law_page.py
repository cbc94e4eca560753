"""The page where somebody reads a row again after the law it cites has changed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise

from content.basis import cited_texts
from content.basis.admin import citation_picker
from content.people.admin_mixins import call_service, staff_user
from content.people.transition_pages import SeenForm, TransitionViewsMixin


class LawPageMixin(TransitionViewsMixin):
    """A ModelAdmin whose rows have a `basis` and a page `law`: the law as it was read, and as it is now.

    There a person confirms the row with `confirm_service`, or goes on to improve it.
    """

    confirm_transition: TextChoices
    confirm_service: Callable[..., Any]
    confirm_form: type[SeenForm]
    law_title: str | Promise
    law_unchanged: str | Promise  # said where no change waits for anybody
    law_confirmed: str | Promise

    def law_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the changes of the law that nobody has looked at. POST confirms the row."""
        row = self.get_row(request, pk)
        changes = row.basis.changes.filter(settled_at=None).select_related("change")
        if not changes:
            messages.info(request, str(self.law_unchanged))
            return HttpResponseRedirect(self.row_url(row))
        available = self.transition_policy.available_transitions(request.user, row)
        form = self.confirm_form(request.POST or None, row=row)
        if request.method == "POST":
            if self.confirm_transition not in available:
                raise PermissionDenied
            data = form.is_valid() and form.arguments()
            if data and call_service(form, type(self).confirm_service, row, by=staff_user(request), **data):
                messages.success(request, str(self.law_confirmed))
                return HttpResponseRedirect(self.row_url(row))
        context = {
            self.row_name: row,
            "law_changes": [citation_picker.law_change(each) for each in changes],
            "cited_texts": cited_texts.cited_texts_of(row.basis),
            "form": form,
            "may_confirm": self.confirm_transition in available,
        }
        return self.render_page(request, "law", self.law_title, **(context | self.law_context(row, available)))

    def law_context(self, row: Any, available: list[TextChoices]) -> dict[str, Any]:
        """Further template context of the page."""
        return {}
