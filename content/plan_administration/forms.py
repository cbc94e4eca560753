"""Forms about programmes, duties, plans, targets and measurements. What is typed is the argument of a service."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from content.documents.models import LegalDocument
from content.documents.queries import published_documents
from content.errors import RuleBroken
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.people.admin_mixins import reason_field
from content.people.form_fields import vietnamese_date_field
from content.plans import queries, services
from content.plans.decimals import parse_decimal
from content.plans.models import Area, Indicator, Plan, PlanFile, Programme, Target
from content.plans.services import FileBytes, MeasurementForm, PlanForm, TargetForm
from content.vietnam_time import today

SOURCE_HELP = _("Who says so, where and when, in words.")


class OrganisationField(forms.ModelChoiceField):
    """Committees of provinces of any day, and central organisations of today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        ended = f" (→ {obj.valid_until:%d/%m/%Y})" if obj.valid_until else ""
        return f"{obj.name}{ended}"


def adopters() -> Any:
    """Who may adopt a plan: every committee, also of a province that was merged, and what exists today."""
    local = Q(code=queries.CODE_OF_COMMITTEE, province__isnull=False)
    central = Q(pk__in=valid_on(Organisation.objects.all(), today()).values("pk"), province=None)
    return Organisation.objects.filter(local | central).order_by("name", "-valid_from", "pk")


class DecimalField(forms.CharField):
    """A number with a point or a comma; what is unclear is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if not written:
            return None
        try:
            return parse_decimal(written)
        except RuleBroken as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None


class ChargeForm(forms.Form):
    """Who owes a plan, and which provision says so."""

    GROUPS = [("provinces", _("All provinces and cities of today")), ("ministries", _("All ministries of today"))]
    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme of plans"))
    group = forms.ChoiceField(label=_("Who owes a plan"), choices=[("", "–"), *GROUPS], required=False)
    organisation = OrganisationField(label=_("or this organisation"), required=False)
    year = forms.IntegerField(
        label=_("Year"), required=False, min_value=2000, max_value=2100, help_text=_("Empty: for the whole programme.")
    )
    due_on = vietnamese_date_field(_("Due on"), _("Empty: the act names no day; it is due at once."))
    basis = forms.CharField(
        label=_("Provision that says so"), max_length=300, help_text=_("For example: Điều 2 Quyết định số 766/QĐ-TTg.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = adopters()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("group")) == bool(cleaned.get("organisation")):
            self.add_error("group", _("Choose a group, or one organisation."))
        return cleaned


class StatementForm(forms.Form):
    """An organisation declares that it has no plan."""

    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme of plans"))
    adopter = OrganisationField(label=_("Organisation"))
    on = vietnamese_date_field(_("Declared on"))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=SOURCE_HELP)
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adopter"].queryset = adopters()  # type: ignore[attr-defined]
        self.fields["on"].required = True


class PlanFileForm(forms.Form):
    """The PDF of a plan, whose head is read before the plan is entered."""

    file = forms.FileField(label=_("PDF file"), widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}))


class PlanEntryForm(forms.Form):
    """A plan. `stored`: SHA-256 of a file that was given on the page before."""

    programme = forms.ModelChoiceField(Programme.objects.all(), label=_("Programme of plans"))
    adopter = OrganisationField(label=_("Adopted by"))
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    adopted_on = vietnamese_date_field(_("Adopted on"), _("Empty: unknown. The plan counts from its publication here."))
    title = forms.CharField(label=_("Title"), max_length=500)
    year = forms.IntegerField(
        label=_("Year"), required=False, min_value=2000, max_value=2100, help_text=_("Empty: for the whole programme.")
    )
    period_from = vietnamese_date_field(_("First day of the plan"))
    period_until = vietnamese_date_field(_("First day after the plan"))
    document = forms.CharField(
        label=_("Document here"), max_length=200, required=False, help_text=_("Key of the document, if it is here.")
    )
    replaces = forms.CharField(
        label=_("Replaces the plan"), max_length=200, required=False,
        help_text=_("Key of the earlier plan whose place it takes. Empty: it replaces none."),
    )  # fmt: skip
    file = forms.FileField(label=_("PDF file"), required=False)
    source_url = forms.URLField(label=_("Address of the plan"), max_length=500, required=False, assume_scheme="https")
    stored = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "adopter" in self.fields:
            self.fields["adopter"].queryset = adopters()  # type: ignore[attr-defined]

    def known_document(self, key: str) -> LegalDocument | None:
        """A document that may be named here although it is not public any more."""
        return None

    def clean_document(self) -> LegalDocument | None:
        key = self.cleaned_data["document"]
        found = self.known_document(key) or published_documents().filter(key=key).first() if key else None
        if key and found is None:
            raise forms.ValidationError(_("There is no public document with this key."), code="unknown_value")
        return found

    def clean_replaces(self) -> Plan | None:
        key = self.cleaned_data["replaces"]
        found = Plan.objects.filter(key=key).first() if key else None
        if key and found is None:
            raise forms.ValidationError(_("There is no plan with this key."), code="unknown_value")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stored = cleaned.get("stored")
        if stored and not cleaned.get("file") and not PlanFile.objects.filter(sha256=stored).exists():
            self.add_error("file", _("The file is not kept any more. Choose it again."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """The plan as the service takes it."""
        columns = dict(self.cleaned_data)
        stored, upload = columns.pop("stored"), columns.pop("file")
        return {"form": PlanForm(**columns, file=_file(upload, stored))}


def _file(upload: Any, stored: str) -> FileBytes | None:
    if upload:
        return FileBytes(upload.name, "application/pdf", upload.read())
    if not stored:
        return None
    found = PlanFile.objects.get(sha256=stored)  # `clean` found it
    return FileBytes(found.name, found.media_type, bytes(found.content))


def initial_of_plan(plan: Plan) -> dict[str, Any]:
    """The form of a plan as it is stored."""
    names = (
        "programme",
        "adopter",
        "number",
        "adopted_on",
        "title",
        "year",
        "period_from",
        "period_until",
        "source_url",
    )
    keys = {
        "document": plan.document.key if plan.document else "",
        "replaces": plan.replaces.key if plan.replaces else "",
    }
    return {name: getattr(plan, name) for name in names} | keys


class PlanCorrectionForm(PlanEntryForm):
    """What may be corrected of a public plan. What says which plan it is stays: see `services.correct_plan`."""

    programme = adopter = year = file = stored = None  # type: ignore[assignment]
    reason = reason_field(help_text=_("Stored in the audit with your name."))

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        for name in services.fixed_columns(plan):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Two people published this. Withdraw the plan to enter another one.")

    def known_document(self, key: str) -> LegalDocument | None:
        """The one that the plan has, also if it was withdrawn since."""
        return self.plan.document if self.plan.document and self.plan.document.key == key else None

    def arguments(self) -> dict[str, Any]:
        columns = dict(self.cleaned_data)
        reason = columns.pop("reason")
        same = ("programme", "adopter", "year", *services.fixed_columns(self.plan))
        return {"form": PlanForm(**columns | {name: getattr(self.plan, name) for name in same}), "reason": reason}


class WithdrawalForm(forms.Form):
    reason = reason_field(help_text=_("This reason is public."))


class TargetEntryForm(forms.Form):
    """A target, with the provision that was read or another source."""

    due_on = vietnamese_date_field(_("To be reached by"))
    operator = forms.ChoiceField(label=_("How the value is meant"), choices=Target.Operator.choices)
    value = DecimalField(label=_("Value"))
    area = forms.ChoiceField(label=_("Area"), choices=Area.choices)
    provision = forms.CharField(
        label=_("Provision"), max_length=300, required=False, help_text=_("Its citation, if you have read it.")
    )
    read_on = vietnamese_date_field(_("Read on"))
    source = forms.CharField(label=_("Source"), max_length=300, required=False, help_text=SOURCE_HELP)
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["due_on"].required = True

    def arguments(self) -> dict[str, Any]:
        return {"form": TargetForm(indicator=self.indicator, **self.cleaned_data)}


class MeasurementEntryForm(forms.Form):
    """What somebody measured, and who says so."""

    province = forms.ModelChoiceField(
        Province.objects.all(), label=_("Province or city"), required=False, empty_label=_("the whole country")
    )
    organisation = OrganisationField(label=_("Organisation"), required=False)
    area = forms.ChoiceField(label=_("Area"), choices=Area.choices)
    period_from = vietnamese_date_field(_("First day of the period"))
    period_until = vietnamese_date_field(_("First day after the period"))
    value = DecimalField(label=_("Value"), help_text=_("80,5 or 80.5; a thousand without a mark."))
    numerator = DecimalField(label=_("Numerator"), required=False, help_text=_("Empty: the source does not say it."))
    denominator = DecimalField(label=_("Denominator"), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=SOURCE_HELP)
    source_url = forms.URLField(label=_("Address of the source"), max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator
        self.fields["organisation"].queryset = adopters()  # type: ignore[attr-defined]
        self.fields["period_from"].required = self.fields["period_until"].required = True

    def arguments(self) -> dict[str, Any]:
        return {"form": MeasurementForm(indicator=self.indicator, **self.cleaned_data)}
