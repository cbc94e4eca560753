"""The page of a question: its public copy and its current answer, with the provisions that the answer cites."""

import datetime
import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.defaultfilters import date as written
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.pages.contents import beginning
from api.pages.error_pages import error_page
from api.pages.views import Page, answer, prefers_json, see_api
from api.parameters import requested_as_of
from api.problems import QuestionGone
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.questions.my_questions import QUESTION_KEY
from content.basis.models import BasisChange, Citation
from content.law.page_paths import document_path, provision_path, question_path
from content.qa import queries
from content.qa.models import Question


class QuestionPage(Page):
    """`/hoi-dap/{key}`: what the API shows of a public question."""

    def get(self, request: Request, key: str) -> HttpResponse:
        if not re.fullmatch(QUESTION_KEY, key):
            raise Http404
        day = requested_as_of(request)
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("question-detail", key=key))
        asked = day if "as_of" in request.query_params else None
        question = queries.public_questions(asked).filter(key=key).first()
        if question is None:
            return self._gone(request._request, key)
        context = question_context(question, day)
        # without Last-Modified, as in the API: a change of the cited law shows here and is not a change of the question
        return answer(request._request, "api/pages/question.html", question_path(key), context, None, day)

    def _gone(self, request: HttpRequest, key: str) -> HttpResponse:
        gone = queries.withdrawal_of(key)
        if gone is None:
            raise Http404
        told = QuestionGone(gone.at, gone.merged_into)
        elsewhere = [(_("Read it there"), question_path(gone.merged_into))] if gone.merged_into else []
        return error_page(request, told.status_code, words=str(told.detail), elsewhere=elsewhere)


def question_context(question: Question, day: datetime.date) -> dict[str, Any]:
    """Of a question from `public_questions`, read as of `day`."""
    current = question.current_answers[0] if question.current_answers else None
    causes = current.basis.unsettled if current else []
    citations = current.basis.citations.all() if current else []
    return {
        "question": question,
        "current": current,
        "is_outdated": bool(causes),
        "citations": [_shown_citation(each, causes) for each in citations],
        "written_day": written(day, "d/m/Y"),
        "page_title": question.public_title,
        # of the question only: a card is kept for months, and the answer may be another one by then
        "description": beginning(question.public_text or question.public_title),
        "api_url": resource_urls.question_url(question),
        "feed_url": resource_urls.resource_url("question-feed", feed_format="atom"),
    }


def _shown_citation(citation: Citation, causes: list[BasisChange]) -> JSONObject:
    key, eid = citation.document_key, citation.eid
    return {
        "words": citation.words,
        "path": provision_path(key, eid) if eid else document_path(key),
        "has_changed": any(each.change.subject == key and (not each.eids or eid in each.eids) for each in causes),
    }
