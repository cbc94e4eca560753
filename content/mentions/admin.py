"""Mentions on the staff site: what words of a text name, and the page where a person sets it right."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.documents.models import LegalDocument
from content.law.eids import eid_in_words
from content.mentions import corrections
from content.mentions.models import Mention, MentionCorrection
from content.people.admin_mixins import (
    MAX_ID_DIGITS,
    ReadOnlyAdminMixin,
    StaffPageMixin,
    call_service,
    reason_field,
    staff_user,
)
from content.relations import policy

PER_PAGE = 50
AROUND = 400  # characters of the text shown on each side of the words

if TYPE_CHECKING:
    MentionModelAdmin = admin.ModelAdmin[Mention]
else:
    MentionModelAdmin = admin.ModelAdmin  # Django's class takes no parameter at run time


def posted_pk(value: str) -> int:
    """The primary key in a field of a form; 0, which no row has, where it is none."""
    return int(value) if value.isdecimal() and len(value) <= MAX_ID_DIGITS else 0


class StateFilter(admin.SimpleListFilter):
    """The mentions that lead nowhere, unless another choice is made."""

    title = gettext_lazy("Shown")
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("corrected", gettext_lazy("set right by a person")), ("linked", gettext_lazy("with a link"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("without a link")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mention]) -> QuerySet[Mention]:
        match self.value():
            case "corrected":
                return queryset.filter(is_corrected=True)
            case "linked":
                return queryset.filter(target__isnull=False)
        return queryset.filter(target=None, is_corrected=False)


class CorrectionForm(forms.Form):
    """What the words name, and why."""

    target = forms.ModelChoiceField(
        label=gettext_lazy("Document that the words name"),
        queryset=LegalDocument.objects.all(),
        required=False,
        help_text=gettext_lazy("Empty: the words name no document, and have no link."),
    )
    units = forms.CharField(
        label=gettext_lazy("Provisions"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("As in «khoản 2 Điều 15». Empty: the whole document."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = reason_field(help_text=gettext_lazy("Stored in the audit with your name."))

    def __init__(self, *args: Any, admin_site: admin.AdminSite, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].widget = AutocompleteSelect(
            MentionCorrection._meta.get_field("target"), admin_site, choices=cast(Any, self.fields["target"]).choices
        )


@admin.register(Mention)
class MentionAdmin(ReadOnlyAdminMixin, StaffPageMixin, MentionModelAdmin):
    """Lists mentions; the page of each shows it in its text, with the form that sets it right."""

    list_display = ["words", "stated_in", "named"]
    list_filter = [StateFilter]
    search_fields = ["version__provision__document__number"]
    search_help_text = gettext_lazy("Number of the document that has the words")
    list_select_related = ["version__provision__document", "target"]
    list_per_page = PER_PAGE
    show_full_result_count = False
    actions = None
    ordering = ("-pk",)
    row_name = "mention"

    class Media:
        css = {"all": ["staff/documents.css"]}
        js = ["staff/documents.js"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mention]:
        words = Substr("version__text", F("start") + 1, F("end") - F("start"))
        return super().get_queryset(request).annotate(words=words)

    def has_view_permission(self, request: HttpRequest, obj: Mention | None = None) -> bool:
        return request.user.has_perm("content.view_relation")

    @admin.display(description=gettext_lazy("Words"))
    def words(self, mention: Any) -> str:
        return str(mention.words)

    @admin.display(description=gettext_lazy("stated in"))
    def stated_in(self, mention: Mention) -> str:
        provision = mention.version.provision
        return f"{provision.document.number or provision.document.key}, {eid_in_words(provision.eid)}"

    @admin.display(description=gettext_lazy("names"))
    def named(self, mention: Mention) -> str:
        if mention.target is None:
            return _("nothing") if mention.is_corrected else _("no document here, or several")
        units = "; ".join(eid_in_words(eid) for eid in mention.eids)
        return ", ".join(filter(None, [units, mention.target.number or mention.target.key]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The words in their text, and for those who may decide the form.

        A text that is read again loses rows. The form knows which words it is about, so what was typed is not lost.
        """
        is_current = True
        try:
            mention: Mention = self.get_row(request, object_id)
        except Http404:
            if not object_id.isdecimal():
                raise
            found, is_current = self._same_words(request), False
            if found is None:
                return self._gone(request)
            mention = found
        may_decide = policy.may_decide_on_relations(request.user)
        is_posted = request.method == "POST"
        if is_posted and not may_decide:
            raise PermissionDenied
        form = CorrectionForm(request.POST if is_posted else None, admin_site=self.admin_site)
        seen = request.POST.get("seen")
        if is_posted and form.is_valid():
            if is_current and seen not in (None, corrections.meaning_of(mention)):
                now = {"named": self.named(mention)}
                form.add_error(
                    None, _("The words were set right meanwhile. They name now: %(named)s. Look, then save.") % now
                )
            elif not is_current:
                form.add_error(
                    None, _("The text was read again meanwhile. Look at the words as they are now, then save.")
                )
            elif self._decide(request, mention, form):
                return HttpResponseRedirect("../../")
        text = mention.version.text
        shown = {
            "mention": mention,
            "action": self.row_url(mention),
            "seen": corrections.meaning_of(mention),
            "before": text[max(0, mention.start - AROUND) : mention.start],
            "words": text[mention.start : mention.end],
            "after": text[mention.end : mention.end + AROUND],
            "stated_in": self.stated_in(mention),
            "named": self.named(mention),
            "form": form if may_decide else None,
            "media": self.media + form.media,
        }
        return self.render_page(request, "mention", _("What the words name"), **shown)

    def _same_words(self, request: HttpRequest) -> Mention | None:
        """The mention of the words that a form of a row that is gone was about, in the latest text that has them."""
        posted = request.POST
        rows: QuerySet[Any] = self.get_queryset(request).select_related("version__provision__document", "target")
        same = rows.filter(
            version__provision__document__key=posted.get("document", ""),
            version__provision__eid=posted.get("eid", ""),
            words=posted.get("words", ""),
        )
        return same.order_by("-version__valid_from", "start").first()

    def _gone(self, request: HttpRequest) -> HttpResponse:
        """What happened, and what was typed: the words are no longer there, or nothing tells which they were."""
        if request.method != "POST":
            messages.warning(
                request, _("This mention is gone: its text was read again. Look for the words in the list.")
            )
            return HttpResponseRedirect(reverse("admin:content_mention_changelist"))
        target = LegalDocument.objects.filter(pk=posted_pk(request.POST.get("target", ""))).first()
        typed = {"target": target, "units": request.POST.get("units", ""), "reason": request.POST.get("reason", "")}
        shown = {"words": request.POST.get("words", ""), "typed": typed}
        response = self.render_page(request, "gone", _("These words are no longer in the text"), **shown)
        response.status_code = 410
        return response

    def _decide(self, request: HttpRequest, mention: Mention, form: CorrectionForm) -> bool:
        data, person = form.cleaned_data, staff_user(request)
        if "withdraw" in request.POST:
            done = call_service(form, corrections.withdraw_correction, mention, reason=data["reason"], by=person)
            message = _("The words are read by the program again.")
        else:
            arguments = {name: data[name] for name in ("target", "units", "reason")}
            done = call_service(form, corrections.correct_mention, mention, by=person, **arguments)
            message = _("The mention was set right.")
        if done:
            messages.success(request, message)
        return done
