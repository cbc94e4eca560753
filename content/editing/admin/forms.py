"""Forms that editors fill in."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin import AdminSite
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.files.uploadedfile import UploadedFile
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from content.documents.identity import Origin
from content.documents.models import LegalDocument
from content.documents.records import DocumentRecord
from content.editing import revisions
from content.editing.admin.warnings import AcceptanceField
from content.editing.models import Revision
from content.errors import RuleBroken
from content.importing import uploads
from content.law.doc_types import DocType
from content.organisations.models import Organisation, Province
from content.people.form_fields import vietnamese_date_field
from content.publishing import origins
from content.publishing.heavy_notices import HeavyNotice
from content.topics.models import Topic

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
else:
    StrOrPromise = str

FIELD_LABELS = {  # of the description, on every page
    "doc_type": _("Type"),
    "number": _("Number"),
    "title": _("Title"),
    "issuer": _("Issuing body"),
    "province": _("Province"),
    "commune_code": _("Code of the commune"),
    "commune_name": _("Commune"),
    "signer": _("Signer"),
    "issued_on": _("Issued on"),
    "effective_on": _("Takes effect on"),
    "expires_on": _("Loses effect on"),
    "gazette_number": _("Gazette number"),
    "gazette_on": _("Gazette of"),
    "source": _("Source of our copy"),
    "source_url": _("Address of the source"),
    "topics": _("Topics"),
}


def _validate_file_size(file: UploadedFile) -> None:
    """Refuse a file that is too large before it is read into memory."""
    if file.size is None or file.size > uploads.LARGEST_FILE:
        raise forms.ValidationError(
            _("The file is larger than %d MiB. Choose a smaller file.") % (uploads.LARGEST_FILE // 2**20)
        )


class NewTextForm(forms.Form):
    """Paste a text, or choose a file."""

    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        help_text=_("Paste the whole text. If it is longer than 1 MiB, save it as a file and choose the file."),
        widget=forms.Textarea(attrs={"rows": 14, "class": "revision-text", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a file"), required=False, max_length=200, validators=[_validate_file_size])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(uploads.accepted_extensions())
        self.fields["file"].help_text = ", ".join(uploads.accepted_extensions())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("file")) == bool((cleaned.get("text") or "").strip()) and not self.errors:
            raise forms.ValidationError(_("Either paste a text or choose a file."), code="one_of_two")
        return cleaned


def _date_field(name: str, help_text: StrOrPromise = "") -> forms.DateField:
    return vietnamese_date_field(FIELD_LABELS[name], help_text)


def _text_field(name: str, **options: Any) -> forms.CharField:
    return forms.CharField(label=FIELD_LABELS[name], max_length=options.pop("max_length", 200), **options)


class PastOrPresentField(forms.ModelChoiceField):
    """A choice of bodies or provinces, where several may have had one name: those that ended say when."""

    def label_from_instance(self, obj: Any) -> str:
        last = obj.valid_until and obj.valid_until - datetime.timedelta(days=1)
        return f"{obj.name} (… – {date_format(last, 'd/m/Y')})" if last else obj.name


class DescriptionForm(forms.Form):
    """The description of a document, together with its text if that is short enough for a form."""

    doc_type = forms.ChoiceField(label=FIELD_LABELS["doc_type"], choices=[("", "---------"), *DocType.choices])
    number = _text_field(
        "number", required=False, max_length=100, help_text=_("Leave empty if it was published without a number.")
    )
    title = _text_field("title", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    issuer = PastOrPresentField(
        Organisation.objects.order_by("name", "pk"), label=FIELD_LABELS["issuer"], required=False
    )
    province = PastOrPresentField(
        Province.objects.all(),
        label=FIELD_LABELS["province"],
        required=False,
        to_field_name="key",
        help_text=_("Of the day of issue, for documents of local bodies. Empty: as the issuing body or the text says."),
    )
    commune_code = _text_field(
        "commune_code", required=False, max_length=5, help_text=_("Five digits, if a commune issued the document.")
    )
    commune_name = _text_field("commune_name", required=False, max_length=100)
    signer = _text_field("signer", required=False)
    issued_on = _date_field("issued_on")
    effective_on = _date_field("effective_on")
    expires_on = _date_field("expires_on", _("The first day on which it is no longer in force."))
    topics = forms.ModelMultipleChoiceField(Topic.objects.all(), label=FIELD_LABELS["topics"], required=False)
    gazette_number = _text_field("gazette_number", required=False, max_length=60)
    gazette_on = _date_field("gazette_on")
    source = _text_field("source", required=False, max_length=300)
    source_url = forms.URLField(label=FIELD_LABELS["source_url"], required=False, max_length=500, assume_scheme="https")
    text = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "revision-text", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Replace this text with another file"), required=False, max_length=200, validators=[_validate_file_size]
    )
    is_whole = forms.BooleanField(label=_("This is the whole text of the document"), required=False)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)  # of a version shown beside the text

    def __init__(
        self, *args: Any, admin_site: AdminSite, with_text: bool = True, is_part: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelMultipleChoiceField, self.fields["topics"])
        field.widget = AutocompleteSelectMultiple(LegalDocument._meta.get_field("topics"), admin_site)
        field.widget.is_required = True  # without a clear button, which breaks the list's markup
        field.widget.choices = field.choices
        self.fields["file"].widget.attrs["accept"] = ",".join(uploads.accepted_extensions())
        if not with_text:
            del self.fields["text"]
        if not is_part:
            del self.fields["is_whole"]

    def record(self, revision: Revision) -> DocumentRecord:
        """The record of what was entered, with the text of the form or of the revision.

        Raises RuleBroken for a file that cannot be used.
        """
        description = {name: self.cleaned_data[name] for name in revisions.DESCRIPTION_FIELDS}
        description["issuer"] = description["issuer"].name if description["issuer"] else ""
        description["province"] = description["province"].key if description["province"] else ""
        text, original = self.cleaned_data.get("text") or revision.text, None
        notes = revisions.record_of_revision(revision).notes
        if file := self.cleaned_data["file"]:
            uploaded = uploads.record_from_upload(file.name, file.read())
            text, original, notes = uploaded.text, uploaded.original, uploaded.notes
        elif text != revision.text:
            uploads.check_edited_text(text)
        return DocumentRecord(**description, text=text, original=original, notes=notes)


def initial_description(record: DocumentRecord, topics: Iterable[Topic]) -> dict[str, Any]:
    """The initial values of a DescriptionForm."""
    try:
        origin = origins.origin_of_record(record)
    except RuleBroken:
        origin = Origin(Organisation.objects.filter(name=record.issuer).first())
    initial = {name: getattr(record, name) for name in revisions.DESCRIPTION_FIELDS}
    initial |= {"issuer": origin.issuer, "province": origin.province or record.province}
    return initial | {"topics": list(topics), "text": record.text}


class TransitionForm(forms.Form):
    """The reason of a transition, and the version that the person read.

    `heavy`: the heavy notices that it brings, each with a tick; with `must_accept` all ticks are needed.
    """

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    by_issuer = forms.BooleanField(label=_("The issuing body corrected its text"), required=False)
    delete_files = forms.BooleanField(label=_("Delete these files for good"), required=False)
    notify = forms.BooleanField(label=_("Tell the followers on their phones"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        wants_reason: bool,
        may_notify: bool,
        may_be_of_issuer: bool = False,
        may_delete_files: bool = False,
        heavy: Iterable[HeavyNotice] = (),
        must_accept: bool = False,
        reason_help: StrOrPromise = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = wants_reason
        self.fields["reason"].help_text = reason_help
        ticks = {"notify": may_notify, "by_issuer": may_be_of_issuer, "delete_files": may_delete_files}
        for name, wanted in ticks.items():
            if not wanted:
                del self.fields[name]
        self.must_accept = must_accept
        if notices := list(heavy):
            self.fields["accepted"] = AcceptanceField(notices)

    def clean_accepted(self) -> list[str]:
        ticked: list[str] = self.cleaned_data["accepted"]
        if self.must_accept:
            cast(AcceptanceField, self.fields["accepted"]).refuse_unless_all(ticked)
        return ticked

    def clean_seen(self) -> datetime.datetime:
        """When the version that was read last changed. An invalid value becomes a time at which nothing changed."""
        never = datetime.datetime.fromtimestamp(0, tz=datetime.UTC)
        try:
            return parse_datetime(self.cleaned_data["seen"]) or never
        except ValueError:
            return never
