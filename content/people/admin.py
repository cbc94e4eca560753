"""The admins of accounts, roles and the audit, for administrators."""

import json
from typing import Any

import django.contrib.auth.admin  # noqa: F401 (registers Group, which is unregistered below)
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp import admin as stock_otp

from content.errors import RuleBroken
from content.people import audit_export, second_factor, services
from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin, ReasonForm, reason_field, staff_user
from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow, Role, RoleProposal, User
from content.people.permission_labels import permission_label

admin.site.unregister(Group)  # groups are created by a migration
admin.site.unregister(stock_otp.TOTPDevice)  # its pages show secrets


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group: Group) -> str:
        return role_name(group)


def role_name(group: Group) -> str:
    return str(Role(group.name).label) if group.name in Role.values else group.name


class AccountForm(forms.ModelForm):
    """An account as an administrator creates or changes it. `reason` goes into the audit."""

    roles = RolesField(Group.objects.order_by("name"), label=gettext_lazy("Roles"), required=False)
    reason = reason_field(help_text=gettext_lazy("Stored in the audit with your name."))

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "roles" in self.fields:
            self.fields["roles"].initial = self.instance.groups.all()


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Role.choices

    def queryset(self, request: HttpRequest, users: QuerySet[Any]) -> QuerySet[Any]:
        return users.filter(groups__name=self.value()) if self.value() else users


@admin.register(User)
class UserAdmin(ReasonedActionsMixin):
    """Accounts of staff. An account is closed, never deleted, because the audit names it."""

    form = AccountForm
    list_display = ["username", "full_name", "roles_held", "is_active_label", "has_second_factor", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["username", "first_name", "last_name"]
    ordering = ["username"]
    actions = ["renew_password", "remove_second_factor", "unlock"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser changes the account of a superuser."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def audit_subject_of(self, user: User) -> str:
        return services.audit_subject(user)

    def is_offered(self, action: str, user: User) -> bool:
        return _has_second_factor(user) if action == "remove_second_factor" else True

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        facts = ["roles_proposed", "is_active", "has_second_factor", "last_login", "date_joined"] if obj else []
        if self.has_change_permission(request, obj):
            return ["username", "first_name", "last_name", "roles", *facts, "reason"]
        return ["username", "first_name", "last_name", "roles_held", *facts]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return [
            "roles_held",
            "roles_proposed",
            "has_second_factor",
            "last_login",
            "date_joined",
            *(["username"] if obj else []),
        ]

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleBroken as refusal:  # the transaction was rolled back
            self.message_user(request, refusal.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        cleaned = form.cleaned_data
        data = {name: cleaned[name] for name in ("first_name", "last_name", "reason")}
        data["roles"] = [group.name for group in cleaned["roles"]]
        if change:
            user = services.change_account(obj, is_active=cleaned["is_active"], by=staff_user(request), **data)
        else:
            user, password = services.create_account(cleaned["username"], by=staff_user(request), **data)
            obj.pk, obj._state.adding = user.pk, False
            self._show_password_once(request, user, password)
        self._show_what_waits(request, user)

    def _show_what_waits(self, request: HttpRequest, user: User) -> None:
        """Say which roles the account gets only when another administrator has confirmed them."""
        waiting = ", ".join(str(each.get_role_display()) for each in services.open_proposals(user))
        if waiting:
            message = _("Another administrator must confirm these roles of «%(username)s»: %(roles)s.")
            self.message_user(request, message % {"username": user.username, "roles": waiting}, messages.WARNING)

    def _show_password_once(self, request: HttpRequest, user: User, password: str) -> None:
        message = _("Write down the password of «%(username)s». It is shown only now: %(password)s")
        self.message_user(request, message % {"username": user.username, "password": password}, messages.WARNING)

    @admin.action(description=gettext_lazy("Renew password"), permissions=["change"])
    def renew_password(self, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
        def renew(user: User, *, by: User, reason: str) -> None:
            self._show_password_once(request, user, services.renew_password(user, by=by, reason=reason))
            self._show_what_waits(request, user)

        return self.run_with_reason(request, rows, renew, title=_("Renew password"), done=_("Passwords renewed: %d."))

    @admin.action(description=gettext_lazy("Remove second factor"), permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
        title, done = _("Remove second factor"), _("Second factor removed: %d.")
        return self.run_with_reason(request, rows, second_factor.remove_device, title=title, done=done)

    @admin.action(description=gettext_lazy("Unlock after failed logins"), permissions=["change"])
    def unlock(self, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
        return self.run_with_reason(
            request, rows, services.unlock_account, title=_("Unlock after failed logins"), done=_("Unlocked: %d.")
        )

    @admin.display(description=gettext_lazy("name"))
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=gettext_lazy("Roles"))
    def roles_held(self, user: User) -> str:
        return ", ".join(sorted(str(role_name(group)) for group in user.groups.all()))

    @admin.display(description=gettext_lazy("Roles to confirm"))
    def roles_proposed(self, user: User) -> str:
        return ", ".join(str(each.get_role_display()) for each in services.open_proposals(user)) or "—"

    @admin.display(
        description=gettext_lazy("Status"), ordering="is_active"
    )  # the icons of the admin have English texts
    def is_active_label(self, user: User) -> str:
        return _("open") if user.is_active else _("closed")

    @admin.display(description=gettext_lazy("Second factor"))
    def has_second_factor(self, user: User) -> str:
        return _("yes") if _has_second_factor(user) else _("no")


def _has_second_factor(user: User) -> bool:
    return any(device.confirmed for device in user.totpdevice_set.all())  # type: ignore[attr-defined]


class ProposalStatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("to confirm")), ("confirmed", _("confirmed")), ("refused", _("refused"))]

    def queryset(self, request: HttpRequest, proposals: QuerySet[Any]) -> QuerySet[Any]:
        chosen, value = {"open": None, "confirmed": True, "refused": False}, self.value()
        return proposals.filter(is_confirmed=chosen[value]) if value in chosen else proposals


@admin.register(RoleProposal)
class RoleProposalAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin):
    """Roles that one administrator proposed and another confirms or refuses."""

    list_display = ["account", "role", "proposed_by", "proposed_at", "reason", "shown_status", "decided_by"]
    list_filter = [ProposalStatusFilter]
    list_select_related = ["user", "proposed_by", "decided_by"]
    list_per_page = 50
    ordering = ["-pk"]
    fields = ["account", "role", "proposed_by", "proposed_at", "reason", "shown_status", "decided_by", "decided_at"]
    actions = ["confirm", "refuse"]
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: RoleProposal | None = None) -> bool:
        return request.user.has_perm("content.view_user")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("content.change_user")

    def audit_subject_of(self, proposal: RoleProposal) -> str:
        return services.audit_subject(proposal.user)

    def is_offered(self, action: str, proposal: RoleProposal) -> bool:
        return proposal.decided_at is None

    @admin.action(description=gettext_lazy("Confirm the role"), permissions=["decide"])
    def confirm(self, request: HttpRequest, rows: QuerySet[RoleProposal]) -> HttpResponse | None:
        return self.run_with_reason(
            request, rows, services.confirm_role, title=_("Confirm the role"), done=_("Roles confirmed: %d.")
        )

    @admin.action(description=gettext_lazy("Refuse the role"), permissions=["decide"])
    def refuse(self, request: HttpRequest, rows: QuerySet[RoleProposal]) -> HttpResponse | None:
        return self.run_with_reason(
            request, rows, services.refuse_role, title=_("Refuse the role"), done=_("Roles refused: %d.")
        )

    @admin.display(description=gettext_lazy("account"), ordering="user__username")
    def account(self, proposal: RoleProposal) -> str:
        return f"{proposal.user.username} {proposal.user.get_full_name()}".strip()

    @admin.display(description=gettext_lazy("status"))
    def shown_status(self, proposal: RoleProposal) -> str:
        return {None: _("to confirm"), True: _("confirmed"), False: _("refused")}[proposal.is_confirmed]


@admin.register(Group)
class RoleAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """The roles with their permissions. A migration creates them; accounts say who has which role."""

    change_form_template = "staff/change_form_with_actions.html"

    list_display = ["role", "holders"]
    fields = ["role", "permissions_list"]
    ordering = ["name"]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        group = self.get_object(request, unquote(object_id))
        name = group and role_name(group)
        context = {"subtitle": name, "original": name, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("role"), ordering="name")
    def role(self, group: Group) -> str:
        return role_name(group)

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, group: Group) -> str:
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True))

    @admin.display(description=gettext_lazy("permissions"))
    def permissions_list(self, group: Group) -> str:
        permissions = group.permissions.select_related("content_type").order_by("content_type", "codename")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", map(permission_label, permissions)))


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ACTION_LABELS.items())

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(action=self.value()) if self.value() else rows


@admin.register(AuditRow)
class AuditAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """The audit: who did what, when, from which address and why. The database refuses every change of it."""

    list_display = ["at", "actor", "action_label", "subject", "reason", "address"]
    list_display_links = ["at"]
    list_filter = ["at", ("by", admin.RelatedOnlyFieldListFilter), ActionFilter]
    date_hierarchy = "at"
    search_fields = ["subject", "reason", "action", "by__username", "by__first_name", "address"]
    search_help_text = gettext_lazy("Account, subject, action, reason or IP address")
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-pk"]
    fields = ["at", "actor", "action_label", "subject", "reason", "address", "facts_shown"]
    change_list_template = "staff/audit_list.html"
    change_form_template = "staff/change_form_with_actions.html"

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="content_auditrow_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """GET asks for a reason; POST streams the rows that the list shows for the same parameters, and is audited."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditExportForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            context = {**self.admin_site.each_context(request), "title": _("Export the audit"), "form": form}
            return TemplateResponse(request, "staff/export.html", {**context, "opts": self.opts})
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:content_auditrow_changelist") + "?e=1")
        return self._stream(request, rows, **form.cleaned_data)

    def _stream(
        self, request: HttpRequest, rows: QuerySet[AuditRow], *, format: str, reason: str
    ) -> StreamingHttpResponse:
        with transaction.atomic():
            facts = {"format": format, "narrowed": sorted(request.GET)}
            last = services.audit("audit.exported", "audit", by=staff_user(request), reason=reason, **facts)
        lines, media_type = audit_export.FORMATS[format]
        response = StreamingHttpResponse(lines(rows.filter(pk__lte=last.pk).order_by("pk")), content_type=media_type)
        name = f"nhat-ky-{timezone.localdate()}.{format}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description=gettext_lazy("who"), ordering="by__username")
    def actor(self, row: AuditRow) -> str:
        return row.by.username if row.by else _("the system")

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def action_label(self, row: AuditRow) -> str | Promise:
        return ACTION_LABELS.get(row.action, row.action)

    @admin.display(description=gettext_lazy("facts"))
    def facts_shown(self, row: AuditRow) -> str:
        return format_html("<pre>{}</pre>", json.dumps(row.facts, ensure_ascii=False, indent=2))


class AuditExportForm(ReasonForm):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("csv", gettext_lazy("CSV, for a spreadsheet")), ("jsonl", gettext_lazy("JSON Lines, for a program"))],
    )
    field_order = ["format", "reason"]
