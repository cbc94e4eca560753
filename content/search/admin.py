"""Aliases at the desk: what people call things."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from content.errors import RuleBroken
from content.search import services
from content.search.models import SearchAlias
from content.text import lexemes


class AliasForm(forms.ModelForm):
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
    list_display = ["said", "meant", "is_abbreviation"]
    list_filter = ["is_abbreviation"]
    search_fields = ["said_key"]
    actions = None  # deleting many at once would leave the audit out
    list_per_page = 200

    def get_search_results(self, request, queryset, search_term):
        key = " ".join(lexemes.words(search_term))
        return queryset.filter(said_key__contains=key), False

    def save_model(self, request, obj, form, change):
        services.save_alias(obj, by=request.user)

    def delete_model(self, request, obj):
        services.delete_alias(obj, by=request.user)
