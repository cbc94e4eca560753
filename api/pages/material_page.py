"""The page of a material: what it shows or says, its text alternatives, and the law it explains."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from rest_framework.request import Request

from api.pages.contents import beginning
from api.pages.json_ld import as_data_block
from api.pages.views import Page, answer, prefers_json, see_api
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.materials.materials import file_name
from api.v1.materials.parameters import MATERIAL_KEY, material_or_gone
from api.v1.materials.schema_org import material_as_schema_org
from content.copies import url_at_home
from content.law.page_paths import material_path, provision_path
from content.media import queries
from content.media.choices import FileRole
from content.media.models import Material, MaterialFile
from content.stored_files.file_types import AUDIO, PICTURES, VIDEO
from content.topics.choices import Audience, ContentLanguage

PLAYERS = {"picture": PICTURES, "audio": AUDIO, "video": VIDEO}


class MaterialPage(Page):
    """`/tai-lieu/{key}`: what the API shows of a public material. Nothing of it comes from another site."""

    extra_parameters = ("lang",)

    def get(self, request: Request, key: str) -> HttpResponse:
        if not re.fullmatch(MATERIAL_KEY, key):
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("material-detail", key=key))
        material = material_or_gone(key)
        return answer(request._request, "api/pages/material.html", material_path(key), material_context(material), None)


def material_context(material: Material) -> dict[str, Any]:
    """Of a material from `public_materials`, with its details."""
    files = {role: [each for each in material.files.all() if each.role == role] for role in FileRole}
    return {
        "material": material,
        "main": _shown_file(next(iter(files[FileRole.MAIN]), None)),
        "poster": _shown_file(next(iter(files[FileRole.POSTER]), None)),
        "captions": [_shown_file(each) for each in files[FileRole.CAPTIONS]],
        "signed": [_shown_file(each) for each in files[FileRole.SIGN]],
        "audiences": [str(Audience(each).label) for each in material.audiences],
        "language": str(ContentLanguage(material.language).label),
        "citations": [
            (each.words, provision_path(each.document_key, each.eid)) for each in material.basis.citations.all()
        ],
        "variants": [(str(ContentLanguage(each.language).label), each) for each in queries.variants_of(material)],
        "page_title": material.title,
        "description": beginning(material.summary or material.title),
        "json_ld": as_data_block(material_as_schema_org(material)),
        "page_at_home": url_at_home(material.home, material_path(material.key)),
        "api_url": resource_urls.material_url(material),
        "feed_url": resource_urls.resource_url("material-feed", feed_format="atom"),
    }


def _shown_file(file: MaterialFile | None) -> JSONObject | None:
    if file is None:
        return None
    stored = file.stored
    return {
        "file": file,
        "path": f"/api/v1/files/{stored.sha256}/{file_name(file.material, file.role, stored.media_type)}",
        "player": next((name for name, types in PLAYERS.items() if stored.media_type in types), ""),
        "language": file.language,
        "language_name": str(ContentLanguage(file.language).label),
    }
