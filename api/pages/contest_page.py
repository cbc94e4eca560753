"""The page of a contest: whether it is open, its rounds and rules, and how anyone checks it."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from api.pages.banners import Banner
from api.pages.contents import beginning
from api.pages.json_ld import as_data_block
from api.pages.views import Page, answer, prefers_json, see_api
from api.types import JSONObject
from api.v1 import resource_urls
from api.v1.contests.parameters import CONTEST_KEY
from api.v1.contests.round_links import public_status
from api.v1.contests.schema_org import contest_as_schema_org
from content.clock_times import end_in_words, start_in_words
from content.contest_results import boards
from content.contest_rules.sentences import rules_in_words
from content.contests import queries
from content.contests.models import Contest, Round
from content.contests.states import ContestStatus
from content.copies import url_at_home
from content.copying.contests import named_winners
from content.law.page_paths import contest_path
from content.topics.choices import Audience


class ContestPage(Page):
    """`/cuoc-thi/{key}`: what the API shows of an announced contest."""

    extra_parameters = ("lang",)

    def get(self, request: Request, key: str) -> HttpResponse:
        if not re.fullmatch(CONTEST_KEY, key):
            raise Http404
        if prefers_json(request._request):
            return see_api(request._request, resource_urls.resource_url("contest-detail", key=key))
        contest = queries.public_contests().filter(key=key).first()
        if contest is None:
            raise Http404
        return answer(request._request, "api/pages/contest.html", contest_path(key), contest_context(contest), None)


def contest_context(contest: Contest) -> dict[str, Any]:
    """Of a contest from `public_contests`."""
    return {
        "contest": contest,
        "banner": contest_banner(contest),
        "rounds": [_shown_round(each) for each in contest.rounds.all()],
        "rules": rules_in_words(contest),
        "winners": named_winners(contest),
        "audiences": [str(Audience(each).label) for each in contest.audiences],
        "page_title": contest.title,
        "description": beginning(contest.text or contest.title),
        "json_ld": as_data_block(contest_as_schema_org(contest)),
        "api_url": resource_urls.contest_url(contest),
        "page_at_home": url_at_home(contest.home, contest_path(contest.key)),
        "leaderboard_url": _leaderboard_url(contest),
        "feed_url": resource_urls.resource_url("contest-feed", feed_format="atom"),
    }


def _leaderboard_url(contest: Contest) -> str:
    """The URL of the ranks; empty while the rules do not show them."""
    is_shown = boards.is_board_open(contest, boards.counted_round(contest, None))
    return f"{resource_urls.contest_url(contest)}/leaderboard" if is_shown else ""


def contest_banner(contest: Contest) -> Banner:
    """Where the contest is in its life. `contest` of `public_contests`: its rounds have `now`."""
    rounds: list[Any] = list(contest.rounds.all())
    if contest.status == ContestStatus.CANCELLED:
        return Banner("cancelled", "✕", _("Cancelled: the contest does not take place"))
    if contest.status == ContestStatus.PUBLISHED:
        return Banner("held", "✓", _("The results are published"))
    if any(public_status(each) == "open" for each in rounds):
        at_home = _("Open now: take part at %(home)s") % {"home": contest.home}
        return Banner("announced", "◷", at_home if contest.home else _("Open now: take part in the app"))
    if contest.status == ContestStatus.ANNOUNCED and any(each.now < each.starts_at for each in rounds):
        return Banner("announced", "◷", _("Announced: a round begins later"))
    return Banner("held", "✓", _("It is over; the results follow"))


def _shown_round(round: Round) -> JSONObject:
    names = {
        "planned": _("its questions are not fixed yet"),
        "frozen": _("its questions are fixed"),
        "open": _("open"),
        "ended": _("ended, being counted"),
        "closed": _("closed"),
        "cancelled": _("cancelled"),
    }
    return {
        "round": round,
        "starts": start_in_words(round.starts_at),
        "ends": end_in_words(round.ends_at),
        "status": names[public_status(round)],
        "proof_url": f"{resource_urls.contest_round_url(round)}/proof" if _has_proof_here(round) else "",
    }


def _has_proof_here(round: Round) -> bool:
    return not round.is_copied and queries.publishes_proof(round)
