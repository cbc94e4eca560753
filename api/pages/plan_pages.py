"""The pages of a programme, with its grid of tiles and its indicators, and of a plan."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.pages.contents import beginning
from api.pages.views import Page, answer, prefers_json, see_api
from api.parameters import requested_day, requested_integer
from api.v1 import resource_urls
from api.v1.plans.plans import plan_or_gone
from api.v1.plans.programmes import YEARS
from content.copies import url_at_home
from content.documents.models import LegalDocument
from content.law.page_paths import document_path, plan_path, programme_path
from content.plans import queries
from content.plans.grid import coverage_grid
from content.plans.models import Plan, Programme
from content.plans.queries import Coverage, CoveredOrganisation
from content.plans.tiles import FIRST_DAY
from content.vietnam_time import today

MOST_PLANS = 40  # that the page of a programme names; the API has all


class ProgrammePage(Page):
    """`/de-an/{key}?on=&year=`: who has a plan on a day, as tiles and as a table. It is no map."""

    extra_parameters = ("lang", "on", "year")

    def get(self, request: Request, key: str) -> HttpResponse:
        programme = queries.programmes().filter(key=key).first()
        if programme is None:
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("programme-detail", key=key))
        asked = request.query_params  # a field of the form that is left empty asks for nothing
        on = requested_day(request, "on", default=today()) if asked.get("on") else today()
        year = requested_integer(request, "year", *YEARS, default=0) if asked.get("year") else None
        context = programme_context(programme, queries.coverage(programme, on, year))
        return answer(request._request, "api/pages/programme.html", programme_path(key), context, None)


class PlanPage(Page):
    """`/ke-hoach/{key}`: a public plan and where to read it."""

    extra_parameters = ("lang",)

    def get(self, request: Request, key: str) -> HttpResponse:
        plan = plan_or_gone(key)
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("plan-detail", key=key))
        return answer(request._request, "api/pages/plan.html", plan_path(key), plan_context(plan), None)


def programme_context(programme: Programme, coverage: Coverage) -> dict[str, Any]:
    """What the page of a programme shows."""
    grid = coverage_grid(coverage, queries.provinces_on(coverage.on), _page_of_plan)
    return {
        "programme": programme,
        "act_path": _document_path(programme.act),
        "on": coverage.on,
        "year": coverage.year,
        "years": queries.years_with_duties(programme),
        "grid": grid,
        "first_day_of_tiles": FIRST_DAY,
        "plans": [(plan_path(each.key), each) for each in queries.latest_plans(programme, MOST_PLANS)],
        "plans_url": resource_urls.resource_url("plan-list"),
        "indicators": queries.indicators().filter(programme=programme),
        "page_title": programme.name,
        "description": beginning(_("Who has a plan for: %s") % programme.name),
        "api_url": resource_urls.resource_url("programme-detail", key=programme.key),
        "coverage_url": resource_urls.resource_url("programme-coverage", key=programme.key),
        "measurements_url": resource_urls.resource_url("measurement-list"),
        "feed_url": resource_urls.resource_url("plan-feed", feed_format="atom"),
    }


def plan_context(plan: Plan) -> dict[str, Any]:
    """Of a plan from `public_plans`."""
    return {
        "plan": plan,
        "replaced_plan": _link_to_plan(plan.replaced_plan) if plan.replaced_plan else None,
        "replacing_plans": [_link_to_plan(each) for each in queries.plans_that_replace(plan)],
        "document_path": _document_path(plan.document),
        "file_path": resource_urls.resource_url("plan-file", key=plan.key) if plan.file_id else "",
        "programme_path": programme_path(plan.programme.key),
        "page_title": plan.title,
        "description": beginning(f"{plan.adopter.shown_name}: {plan.title}"),
        "page_at_home": url_at_home(plan.home, plan_path(plan.key)),
        "api_url": resource_urls.resource_url("plan-detail", key=plan.key),
        "feed_url": resource_urls.resource_url("plan-feed", feed_format="atom"),
    }


def _link_to_plan(plan: Plan) -> tuple[str, str]:
    """Its page and its words."""
    return plan_path(plan.key), str(plan)


def _document_path(document: LegalDocument | None) -> str:
    """The page of a document that people may read; empty without one."""
    is_public = document is not None and document.status == LegalDocument.Status.PUBLISHED
    return document_path(document.key) if document and is_public else ""


def _page_of_plan(covered: CoveredOrganisation) -> str:
    return plan_path(covered.plan.key) if covered.plan else ""
