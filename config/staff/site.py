"""The staff site: Django's admin at /staff/. It is the default site, so packages use `@admin.register`."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.staff import charts, dashboard, login
from config.staff.list_filters import DeclaredFiltersMixin
from content.changes.models import Change
from content.errors import QueryTooSlow
from content.events.models import Event
from content.people import services
from content.people.admin_mixins import staff_user
from content.qa.models import Question
from content.search import queries as search
from notifications.follows import reach
from notifications.messages import events
from notifications.messages.message_text import MessageText

if TYPE_CHECKING:
    from content.contest_administration.round_pages import ChartingSite
    from content.events.admin.model_admins import NotifyingSite
    from content.qa.admin.answer_pages import SimilarQuestionSite

APP_ORDER = ["content", "notifications"]  # order of the sections
STAFF_MODELS = ("User", "Group", "RoleProposal", "AuditRow")
NO_PAGES = ("view_on_site",)  # of Django's: it says of every table which rows exist, and no page of ours links there
AUTOCOMPLETED = {  # fields with such a widget: content/editing/admin/forms.py, content/mentions/admin.py
    ("content", "legaldocument", "topics"),
    ("content", "mentioncorrection", "target"),
}


class StaffSite(admin.AdminSite):
    """Django's admin with our sign-in (`login`) and our first page (`dashboard`)."""

    site_title = "Luật Mở"
    site_header = gettext_lazy("Luật Mở staff site")
    index_title = gettext_lazy("Today")
    index_template = "staff/dashboard.html"
    site_url = "/docs"
    enable_nav_sidebar = False

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """As Django's; the list of the model is narrowed only by what the admin declares (`list_filters`)."""
        declared = admin_class or admin.ModelAdmin
        narrowed = type(declared.__name__, (DeclaredFiltersMixin, declared), {"__module__": declared.__module__})
        super().register(model_or_iterable, narrowed, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path("logout/", self.logout, name="logout"),
            path("code/", lambda request: login.second_factor_code_page(request, self), name="code"),
            path("second-factor/", lambda request: login.second_factor_page(request, self), name="second_factor"),
        ]
        return own + [url for url in super().get_urls() if getattr(url, "name", None) not in NO_PAGES]

    def has_permission(self, request: HttpRequest) -> bool:
        allowed = super().has_permission(request) and login.is_session_recent(request)
        return allowed and login.missing_login_step(request) is None

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Models in sections; accounts and the audit have a section of their own, «Staff»."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = [(app, model) for app in apps for model in app["models"]]
        sections = []
        for app in sorted(
            apps, key=lambda app: APP_ORDER.index(app["app_label"]) if app["app_label"] in APP_ORDER else 9
        ):
            own_models = [model for owner, model in models if owner is app and model["object_name"] not in STAFF_MODELS]
            sections.append({**app, "models": own_models})
        staff = [model for _owner, model in models if model["object_name"] in STAFF_MODELS]
        sections.append({"name": _("Staff"), "app_label": "staff", "app_url": "", "models": staff})
        return [section for section in sections if section["models"]]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a page of the site: a person who gave only the password is sent to the second step, then back.

        Who sends a form after the sign-in ended is told so on the page of the sign-in.
        """
        protected, is_staff = super().admin_view(view, cacheable), super().has_permission

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            refuse_last_calendar_year(request)
            if is_staff(request) and login.is_session_recent(request):
                step = login.missing_login_step(request)
                if step:
                    return redirect(f"{reverse(step)}?{urlencode({'next': request.get_full_path()})}")
            elif request.method == "POST" and not (request.user.is_authenticated and login.is_session_recent(request)):
                ended = {"next": request.get_full_path(), "ended": "1"}
                return redirect(f"{reverse('admin:login')}?{urlencode(ended)}")
            return protected(request, *args, **kwargs)

        inner.__dict__.update(protected.__dict__)
        return inner

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        index = reverse("admin:index")
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "next": request.POST.get("next") or request.GET.get("next") or index,
            **(extra_context or {}),
        }
        view = login.StaffLoginView.as_view(
            extra_context=context, authentication_form=AdminAuthenticationForm, template_name="staff/login.html"
        )
        return cast(HttpResponse, view(request))

    @transaction.atomic
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user = request.user
        response = super().logout(request, extra_context)
        if user.is_authenticated and not request.user.is_authenticated:
            services.audit("session.ended", services.audit_subject(user), by=user)
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        view = login.StaffPasswordChangeView.as_view(
            form_class=AdminPasswordChangeForm,
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Rows for a field with such a widget. Raises Http404 for every other: Django would list rows of any model."""
        asked = tuple(request.GET.get(name, "") for name in ("app_label", "model_name", "field_name"))
        if asked not in AUTOCOMPLETED:
            raise Http404
        return super().autocomplete_view(request)

    def count_devices_following(self, event: Event) -> int:
        """Number of devices that a change of the event would notify. content cannot import notifications."""
        return reach.event_follower_device_count(event)

    def similar_questions(self, text: str) -> list[Question]:
        """Similar public questions, most similar first; an empty list if the search took too long."""
        try:
            return search.similar_questions(text)
        except QueryTooSlow:
            return []

    def push_wording(self, change: Change) -> MessageText:
        """The Vietnamese push text of a change of an event."""
        return events.full_text(change, "vi")

    def minute_chart(
        self, id: str, title: str, minutes: Sequence[datetime.datetime], counts: Mapping[datetime.datetime, int]
    ) -> charts.Chart:
        """A chart of what happened in each of these minutes."""
        total = sum(counts.get(minute, 0) for minute in minutes)
        description = _("%(count)d in the last %(minutes)d minutes") % {"count": total, "minutes": len(minutes)}
        return charts.daily_chart(id, title, description, minutes, {title: counts}, is_daily=False)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**dashboard.dashboard_context(staff_user(request)), **(extra_context or {})})


if TYPE_CHECKING:  # the site has what the admin packages of content ask of it
    _site_of_events: NotifyingSite = StaffSite()
    _site_of_rounds: ChartingSite = StaffSite()
    _site_of_questions: SimilarQuestionSite = StaffSite()


def refuse_last_calendar_year(request: HttpRequest) -> None:
    """Raise BadRequest for the year 9999 in a date filter: Django computes the day after it, which does not exist."""
    for name, value in request.GET.dict().items():
        if name.endswith("__year") and value.isdecimal() and int(value[:9]) >= datetime.MAXYEAR:
            raise BadRequest(f"{name}: a year before {datetime.MAXYEAR}")
