"""Sign-in to the staff site: password, then the code of the second factor. The audit records each attempt.

A session is complete after both steps. It ends when it is idle for SESSION_COOKIE_AGE, older than SESSION_MAX_SECONDS,
or when the password changes. `missing_login_step` names the step that is still missing.
"""

import time
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_protect
from django_otp import login as pass_second_factor

from api.limits.counters import ExactCounter
from content.errors import RuleBroken
from content.people import second_factor, services
from content.people.admin_mixins import staff_user
from content.people.models import User

SESSION_STARTED_KEY = "signed_in_at"  # key in the session; seconds of the epoch
PENDING_KEY = "second_factor_key"  # key in the session while the QR code is shown
LOGIN_ATTEMPTS = ExactCounter("logins")


class SecondFactorCodeForm(forms.Form):
    """The six-digit code of an authenticator app."""

    code = forms.RegexField(
        r"^\s*[0-9]{3}\s?[0-9]{3}\s*$",
        label=gettext_lazy("Six-digit code"),
        error_messages={"invalid": gettext_lazy("Enter six digits.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "maxlength": 9}
        ),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


def is_session_recent(request: HttpRequest) -> bool:
    """Whether the session is younger than SESSION_MAX_SECONDS, counted from its first page."""
    began: int = request.session.setdefault(SESSION_STARTED_KEY, int(time.time()))
    return bool(time.time() - began < settings.SESSION_MAX_SECONDS)


def missing_login_step(request: Any) -> str | None:
    """URL name of the sign-in step that is still missing; None when the session is complete."""
    if request.user.is_verified():
        return None
    if not hasattr(request, "_missing_step"):
        if second_factor.device_of(request.user):
            request._missing_step = "admin:code"
        else:
            request._missing_step = "admin:second_factor" if settings.SECOND_FACTOR_REQUIRED else None
    step: str | None = request._missing_step
    return step


class StaffLoginView(LoginView):
    """The password step. Limits attempts and records them in the audit."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempts = LOGIN_ATTEMPTS.count_request(request.META.get("REMOTE_ADDR", ""))
        if attempts.requests > settings.LOGINS_PER_MINUTE:
            return _too_many_attempts_response(request, attempts.seconds)
        return super().post(request, *args, **kwargs)

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[SESSION_STARTED_KEY] = int(time.time())
        services.audit("session.began", services.audit_subject(form.get_user()), by=form.get_user())
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        failures = getattr(self.request, "axes_failures_since_start", None)
        if failures:  # None: no attempt, or already locked; locked attempts add no rows
            self._audit_failure(form.cleaned_data.get("username", ""), failures)
        return super().form_invalid(form)

    @transaction.atomic
    def _audit_failure(self, username: str, failures: int) -> None:
        """Record a failed attempt. Unknown names are not stored: one may be a password typed into the wrong field."""
        user = User.objects.filter(username=username).first()
        subject = services.audit_subject(user) if user else "user:?"
        services.audit("session.refused", subject)
        if failures >= settings.AXES_FAILURE_LIMIT:
            services.audit("session.locked_out", subject)


def locked_out_response(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """The response of django-axes after too many attempts with one name from one address."""
    return _too_many_attempts_response(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))


def _too_many_attempts_response(request: HttpRequest, seconds: int) -> HttpResponse:
    response = render(request, "staff/locked_out.html", {"minutes": -(-seconds // 60)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


class StaffPasswordChangeView(PasswordChangeView):
    """Changes the password and records it in the audit."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        user = staff_user(self.request)
        response = super().form_valid(form)  # ends the other sessions of this user
        services.audit("account.password_changed", services.audit_subject(user), by=user)
        return response


@csrf_protect
def second_factor_code_page(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """The page of the second step: enter the current code."""
    if not _is_signed_in(request) or missing_login_step(request) != "admin:code":
        return redirect("admin:index")
    form = SecondFactorCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = second_factor.verify_code(staff_user(request), form.cleaned_data["code"])
        if device:
            request.session.cycle_key()
            pass_second_factor(request, device)
            return HttpResponseRedirect(_redirect_target(request))
        form.add_error("code", _("The code is wrong or used. Wait a moment, then enter the next code."))
    context = {**site.each_context(request), "title": _("Second step"), "form": form, "next": _redirect_target(request)}
    return render(request, "staff/second_factor_code.html", context)


@csrf_protect
def second_factor_page(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """The page that enrols or removes an authenticator app.

    The key of a new app stays in the session until a code proves that the app has it. An enrolled app is removed with
    one of its codes.
    """
    if not _is_signed_in(request) or missing_login_step(request) == "admin:code":
        return redirect("admin:index")
    device = second_factor.device_of(staff_user(request))
    form = SecondFactorCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            (_remove_second_factor if device else _enrol_second_factor)(request, form.cleaned_data["code"])
            return redirect("admin:second_factor" if device else "admin:index")
        except RuleBroken as refusal:
            form.add_error("code", refusal.message)
    context = {**site.each_context(request), "title": _("Second factor"), "form": form, "device": device}
    if not device:
        url, secret = second_factor.provisioning_details(staff_user(request), _pending_key(request))
        context |= {
            "qr": segno.make(url).svg_inline(scale=5, border=4, light="#fff", title=_("QR code of the secret")),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "required": settings.SECOND_FACTOR_REQUIRED,
        }
    return render(request, "staff/second_factor.html", context)


def _enrol_second_factor(request: HttpRequest, code: str) -> None:
    device = second_factor.enrol_device(staff_user(request), _pending_key(request), code)
    del request.session[PENDING_KEY]
    request.session.cycle_key()
    pass_second_factor(request, device)


def _remove_second_factor(request: HttpRequest, code: str) -> None:
    if not second_factor.verify_code(staff_user(request), code):
        raise RuleBroken("wrong_code", _("The code is wrong or used. Wait a moment, then enter the next code."))
    user = staff_user(request)
    second_factor.remove_device(user, by=user, reason="")


def _pending_key(request: HttpRequest) -> str:
    if PENDING_KEY not in request.session:
        request.session[PENDING_KEY] = second_factor.new_key()
    key: str = request.session[PENDING_KEY]
    return key


def _is_signed_in(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff and is_session_recent(request)


def _redirect_target(request: HttpRequest) -> str:
    """The requested page, if it is on this site; else the dashboard."""
    requested = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = requested.startswith(reverse("admin:index")) and url_has_allowed_host_and_scheme(
        requested, allowed_hosts=None
    )
    return requested if is_ours else reverse("admin:index")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The response to a form without a valid CSRF token: forged, no cookies, or a changed session."""
    return render(request, "staff/csrf_failure.html", status=403)
