"""What the pages of a document have in common."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from content.documents.models import LegalDocument

if TYPE_CHECKING:
    DocumentModelAdmin = admin.ModelAdmin[LegalDocument]
else:
    DocumentModelAdmin = admin.ModelAdmin  # Django's class takes no parameter at run time


class DocumentPages(DocumentModelAdmin):
    """Renders pages from the templates of legal documents."""

    def _page(
        self, request: HttpRequest, name: str, title: str, *, status: int = 200, **shown: Any
    ) -> TemplateResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "media": self.media}
        template = f"admin/content/legaldocument/{name}.html"
        return TemplateResponse(request, template, context | shown, status=status)
