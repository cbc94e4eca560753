"""The admin of question banks: the list, a new bank, and a bank's own page with what rounds may draw."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.organisations.models import Organisation
from content.people.admin_mixins import Context, HistoryOnPageMixin, ReadOnlyAdminMixin, call_service, staff_user
from content.people.queries import audit_history
from content.question_banks import policy, queries, services
from content.question_banks.admin.forms import BankForm
from content.question_banks.models import QuestionBank


@admin.register(QuestionBank)
class QuestionBankAdmin(ReadOnlyAdminMixin, HistoryOnPageMixin):
    """Banks are written and never deleted: frozen rounds keep what they drew."""

    row_name = "bank"

    list_display = ["name", "shown_organisation", "shown_approved", "shown_drafts", "shown_flagged"]
    list_per_page = 50
    search_fields = ["name", "key"]
    search_help_text = gettext_lazy("Words of the name, or the key.")
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["staff/documents.css", "staff/questions.css", "staff/contests.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionBank]:
        return queries.staff_banks()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.may_write(request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Context = None) -> HttpResponse:
        """Name a new bank."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BankForm(request.POST or None)
        written: list[QuestionBank] = []

        def write(name: str, organisation: Organisation | None) -> None:
            written.append(services.write_bank(name, organisation=organisation, by=staff_user(request)))

        if form.is_valid() and call_service(form, write, **form.cleaned_data):
            messages.success(request, _("The bank was saved."))
            return HttpResponseRedirect(self.row_url(written[0]))
        return self.render_page(request, "form", _("Write a question bank"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Context = None
    ) -> HttpResponse:
        """A bank: how many questions rounds may draw of each topic."""
        bank = self.get_row(request, object_id)
        return self.render_page(
            request,
            "bank",
            bank.name,
            bank=bank,
            topics=queries.approved_per_topic(bank),
            may_write=policy.may_write(request.user),
            history=audit_history([bank.key]),
        )

    @admin.display(description=gettext_lazy("Organisation"), ordering="organisation__name")
    def shown_organisation(self, bank: QuestionBank) -> str | Organisation:
        return bank.organisation or "—"

    @admin.display(description=gettext_lazy("Approved (count)"), ordering="approved_count")
    def shown_approved(self, bank: Any) -> int:
        return int(bank.approved_count)

    @admin.display(description=gettext_lazy("Drafts (count)"), ordering="draft_count")
    def shown_drafts(self, bank: Any) -> int:
        return int(bank.draft_count)

    @admin.display(description=gettext_lazy("Law changed (count)"), ordering="flagged_count")
    def shown_flagged(self, bank: Any) -> int:
        return int(bank.flagged_count)
