"""Aliases at the desk: what people call things."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from content.errors import RuleBroken
from content.search.index import services
from content.search.models import Synonym
from content.text import lexemes


class SynonymForm(forms.ModelForm):
    meant = SimpleArrayField(
        forms.CharField(max_length=200),
        delimiter=";",  # the law's own words have commas: «nghỉ lễ, tết»
        label=_("meant"),
        help_text=_("Separated by semicolons."),
    )

    class Meta:
        model = Synonym
        fields = ["said", "meant", "is_abbreviation"]

    def clean(self):
        """The rules of the service, told beside their fields."""
        cleaned = super().clean()
        if not self.errors:
            try:
                services.refuse_unusable_synonym(cleaned["said"], cleaned["meant"], own=self.instance.pk)
            except RuleBroken as refusal:
                raise ValidationError({refusal.field: refusal.message}) from None
        return cleaned


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    form = SynonymForm
    list_display = ["said", "meant", "shown_abbreviation"]
    list_filter = ["is_abbreviation"]
    search_fields = ["said_key"]
    change_form_template = "staff/change_form_with_actions.html"  # without a history: the audit is that
    actions = None  # deleting many at once would leave the audit out
    list_per_page = 200

    def get_search_results(self, request, queryset, search_term):
        key = " ".join(lexemes.words(search_term))
        return queryset.filter(said_key__contains=key), False

    @admin.display(description=_("abbreviation"), ordering="is_abbreviation")
    def shown_abbreviation(self, alias):
        return _("yes") if alias.is_abbreviation else "—"

    def save_model(self, request, obj, form, change):
        services.save_synonym(obj, by=request.user)

    def delete_model(self, request, obj):
        services.delete_synonym(obj, by=request.user)
