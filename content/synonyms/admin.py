"""Synonyms on the staff site. Everybody reads them; administrators change them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content.errors import RuleBroken
from content.people.admin_mixins import staff_user
from content.synonyms import services
from content.synonyms.models import Synonym
from content.text import lexemes


class SynonymForm(forms.ModelForm):
    meant = SimpleArrayField(
        forms.CharField(max_length=200),
        delimiter=";",  # the law's own words have commas: «nghỉ lễ, tết»
        label=_("what the law calls it"),
        help_text=_("Separate several with semicolons."),
    )

    class Meta:
        model = Synonym
        fields = ["said", "meant", "is_abbreviation"]

    def clean(self) -> dict[str, Any] | None:
        """Ask the service whether the synonym may be saved, and show its refusal beside the field."""
        cleaned = super().clean()
        if cleaned is not None and not self.errors:
            try:
                services.refuse_unusable_synonym(cleaned["said"], cleaned["meant"], pk=self.instance.pk)
            except RuleBroken as refusal:
                raise ValidationError({refusal.field or NON_FIELD_ERRORS: refusal.message}) from None
        return cleaned


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    form = SynonymForm
    list_display = ["said", "meant", "shown_abbreviation"]
    list_filter = ["is_abbreviation"]
    search_fields = ["said_key"]
    change_form_template = "staff/change_form_with_actions.html"  # no history: the audit replaces it
    actions = None  # deleting many at once would bypass the audit
    list_per_page = 200

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Synonym], search_term: str
    ) -> tuple[QuerySet[Synonym], bool]:
        key = " ".join(lexemes.words(search_term))
        return queryset.filter(said_key__contains=key), False

    @admin.display(description=_("abbreviation"), ordering="is_abbreviation")
    def shown_abbreviation(self, synonym: Synonym) -> str:
        return gettext("yes") if synonym.is_abbreviation else "—"

    def save_model(self, request: HttpRequest, obj: Synonym, form: forms.ModelForm, change: bool) -> None:
        services.save_synonym(obj, by=staff_user(request))

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        services.delete_synonym(obj, by=staff_user(request))
