"""Aliases at the desk: what people call things."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from content.errors import RuleBroken
from content.search import services
from content.search.models import SearchAlias
from content.text import lexemes


class AliasForm(forms.ModelForm):
    meant = SimpleArrayField(
        forms.CharField(max_length=200),
        delimiter=";",  # the law's own words have commas: «nghỉ lễ, tết»
        label=_("meant"),
        help_text=_("Separated by semicolons."),
    )

    class Meta:
        model = SearchAlias
        fields = ["said", "meant", "is_abbreviation"]

    def clean(self):
        """The rules of the service, told beside their fields."""
        cleaned = super().clean()
        if not self.errors:
            try:
                services.refuse_unusable(cleaned["said"], cleaned["meant"], own=self.instance.pk)
            except RuleBroken as refusal:
                raise ValidationError({refusal.field: refusal.message}) from None
        return cleaned


@admin.register(SearchAlias)
class SearchAliasAdmin(admin.ModelAdmin):
    form = AliasForm
    list_display = ["said", "meant", "shown_abbreviation"]
    list_filter = ["is_abbreviation"]
    search_fields = ["said_key"]
    change_form_template = "desk/change_form_with_acts.html"  # without a history: the audit is that
    actions = None  # deleting many at once would leave the audit out
    list_per_page = 200

    def get_search_results(self, request, queryset, search_term):
        key = " ".join(lexemes.words(search_term))
        return queryset.filter(said_key__contains=key), False

    @admin.display(description=_("abbreviation"), ordering="is_abbreviation")
    def shown_abbreviation(self, alias):
        return _("yes") if alias.is_abbreviation else "—"

    def save_model(self, request, obj, form, change):
        services.save_alias(obj, by=request.user)

    def delete_model(self, request, obj):
        services.delete_alias(obj, by=request.user)
