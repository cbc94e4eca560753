"""What programs that read pages should know first (llmstxt.org): one static page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from api.discovery import with_public_cache_control

TEXT = """# Luật Mở

> Vietnamese legal documents with their effect on any day, as pages for people and as a free API. Unofficial: the
> official text prevails.

Legal text is Vietnamese. Whether a provision is in force depends on the day: `as_of=YYYY-MM-DD`, today without it.
Cite with the day and with the URL of the page. Do not say that a provision is in force without having asked.

## Pages

- [Search]({home}/tim): documents, articles, questions
- `{home}/van-ban/{{key}}` and `{home}/van-ban/{{key}}/dieu-15/khoan-2`: a document, an article, a clause
- `{home}/hoi-dap/{{key}}`: a question with its answer and the provisions that the answer cites
- `{home}/su-kien/{{key}}`: an event
- `{home}/tai-lieu/{{key}}`: a material
- `{home}/danh-sach-phat/{{key}}` and `{home}/kenh/{{key}}`: a playlist, a channel with its schedule
- `{home}/cuoc-thi/{{key}}`: a contest
- `{home}/de-an/{{key}}` and `{home}/ke-hoach/{{key}}`: a programme with who has a plan for it, a plan

## API

- [Guide]({home}/docs): how to call the API
- [Contract]({home}/api/v1/openapi.yaml): OpenAPI 3.1
- `POST {home}/api/v1/citations/resolve`: which provisions a text names, and whether they are in force
- `GET {home}/api/v1/documents/{{key}}/text?format=md`: the text as Markdown

## Optional

- [Bulk files]({home}/api/v1/exports): everything as JSON Lines and Akoma Ntoso
"""


@require_safe
def llms_txt(request: HttpRequest) -> HttpResponse:
    text = TEXT.format(home=settings.PUBLIC_URL)
    return with_public_cache_control(HttpResponse(text, content_type="text/plain; charset=utf-8"))
