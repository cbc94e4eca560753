"""The forms of the pages about materials. The fields of a form are the arguments of its service."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from content.media import queries
from content.media.choices import FileRole, MaterialKind
from content.media.models import ALT_LENGTH, SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH, URL_LENGTH, Material
from content.organisations.models import Organisation, Province
from content.organisations.queries import valid_on
from content.people.admin_mixins import reason_field
from content.people.stale_forms import KEPT_WITH_TEXT
from content.people.transition_pages import SeenForm
from content.topics.choices import Audience, ContentLanguage
from content.topics.models import Topic
from content.vietnam_time import today

COLUMNS = (
    "kind", "title", "summary", "language", "audiences", "organisation", "province", "licence", "credits",
    "external_url", "seconds", "full_text", "transcript",
)  # fmt: skip


def _textarea(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _valid_today_or(chosen: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows valid today, and the current choice."""
    return valid_on(rows, today()) | rows.filter(pk=chosen and chosen.pk)


class MaterialForm(forms.Form):
    """A material without its files. The provisions that it explains are ticks beside the form."""

    kind = forms.ChoiceField(label=_("Kind of material"), choices=MaterialKind)
    title = forms.CharField(label=_("Title of the material"), max_length=TITLE_LENGTH)
    summary = forms.CharField(label=_("Summary"), max_length=SUMMARY_LENGTH, required=False, widget=_textarea(3))
    language = forms.ChoiceField(label=_("Language"), choices=ContentLanguage, initial=ContentLanguage.VIETNAMESE)
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"), choices=Audience, required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(), label=_("Topics"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), required=False)
    province = forms.ModelChoiceField(Province.objects.none(), label=_("Province or city"), required=False)
    licence = forms.CharField(
        label=_("Licence"),
        max_length=300,
        required=False,
        help_text=_("An SPDX identifier, for example CC-BY-4.0, or the words of a permission."),
    )
    credits = forms.CharField(label=_("Credits"), max_length=500, required=False)
    external_url = forms.URLField(
        label=_("External address"),
        max_length=URL_LENGTH,
        required=False,
        assume_scheme="https",
        help_text=_("Only of a video on another site. It is linked, never embedded."),
    )
    seconds = forms.IntegerField(
        label=_("Length in seconds"), required=False, help_text=_("Most files tell their length themselves.")
    )
    full_text = forms.CharField(
        label=_("Full text"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=_textarea(6),
        help_text=_("All that is written in the picture or the scanned PDF."),
    )
    transcript = forms.CharField(
        label=_("Transcript"),
        max_length=TEXT_LENGTH,
        required=False,
        widget=_textarea(8),
        help_text=_("All that is said. Captions give the first draft of it."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput(attrs=KEPT_WITH_TEXT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("organisation", Organisation.objects.all()), ("province", Province.objects.all())):
            self.fields[name].queryset = _valid_today_or(self.initial.get(name), rows)  # type: ignore[attr-defined]


class CorrectionForm(MaterialForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class FileForm(forms.Form):
    """A file for a material."""

    role = forms.ChoiceField(label=_("What the file is"), choices=FileRole)
    file = forms.FileField(
        label=_("File to upload"),
        max_length=300,
        help_text=_(
            "Pictures up to 10 MiB, PDF up to 50, MP3, M4A and Ogg up to 200, MP4 and WebM up to 500, WebVTT up to 1."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of the file"),
        choices=[("", _("That of the material")), *ContentLanguage.choices],
        required=False,
    )
    alt_text = forms.CharField(
        label=_("Text alternative"),
        max_length=ALT_LENGTH,
        required=False,
        help_text=_("Only of a picture: what one sees in it."),
    )
    alternatives_fit = forms.BooleanField(
        label=_("Captions, transcript and full text fit this file too"),
        required=False,
        help_text=_("Only where the material already has another file: somebody has compared them."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class FileCorrectionForm(FileForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class VariantForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=ContentLanguage)


class MaterialSeenForm(SeenForm):
    fingerprint = staticmethod(queries.material_fingerprint)


class ReasonForm(MaterialSeenForm):
    reason = reason_field(help_text=_("Stored in the audit with your name."))


class WithdrawForm(MaterialSeenForm):
    reason = reason_field(help_text=_("Public: everybody who opens the address reads this."))


def initial_from_material(material: Material) -> dict[str, Any]:
    """Initial values of the form for a material that is there."""
    values = {name: getattr(material, name) for name in COLUMNS}
    return values | {"topics": material.topics.all(), "seen": queries.material_fingerprint(material)}


def citations_of(material: Material) -> list[str]:
    """The ticks of the picker for what a material cites."""
    cited = material.basis.citations.order_by("pk").values_list("document_key", "eid")
    return [f"{key}/{eid}" for key, eid in cited]
