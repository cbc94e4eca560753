"""Accounts, roles and the audit at the desk: for administrators."""

import json

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as stock
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp import admin as stock_otp

from content.errors import RuleBroken
from content.people import audit_export, second_factor, services
from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin, ReasonForm
from content.people.audit_actions import ACTION_LABELS
from content.people.models import AuditRow, Role, User
from content.people.permission_labels import permission_label

admin.site.unregister(stock.Group)  # groups come with the program
admin.site.unregister(stock_otp.TOTPDevice)  # its pages show secrets


class RolesField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group):
        return role_name(group)


def role_name(group):
    return Role(group.name).label if group.name in Role.values else group.name


class AccountForm(forms.ModelForm):
    """An account as an administrator makes or changes it; `reason` goes into the audit."""

    roles = RolesField(Group.objects.order_by("name"), label=gettext_lazy("Roles"), required=False)
    reason = ReasonForm.base_fields["reason"]

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "roles" in self.fields:
            self.fields["roles"].initial = self.instance.groups.all()


class RoleFilter(admin.SimpleListFilter):
    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, users):
        return users.filter(groups__name=self.value()) if self.value() else users


@admin.register(User)
class UserAdmin(ReasonedActionsMixin, admin.ModelAdmin):
    """Accounts of staff. An account is closed, never deleted: the audit names it."""

    form = AccountForm
    list_display = ["username", "called", "holds", "is_open", "enrolled", "last_login"]
    list_filter = ["is_active", RoleFilter]
    search_fields = ["username", "first_name", "last_name"]
    ordering = ["username"]
    actions = ["renew_password", "remove_second_factor", "unlock"]

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """The account of a superuser is changed by a superuser only."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or request.user.is_superuser or not obj.is_superuser)

    def audited_as(self, user):
        return services.audit_subject(user)

    def offers(self, act, user):
        return _has_second_factor(user) if act == "remove_second_factor" else True

    def lookup_allowed(self, lookup, value, request=None):
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups", "totpdevice_set")

    def get_fields(self, request, obj=None):
        facts = ["is_active", "enrolled", "last_login", "date_joined"] if obj else []
        asks = ["reason"] if self.has_change_permission(request, obj) else []
        return ["username", "first_name", "last_name", "roles" if asks else "holds", *facts, *asks]

    def get_readonly_fields(self, request, obj=None):
        return ["holds", "enrolled", "last_login", "date_joined", *(["username"] if obj else [])]

    def get_form(self, request, obj=None, change=False, **kwargs):
        if not self.has_change_permission(request, obj):
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleBroken as refusal:  # all is rolled back
            self.message_user(request, refusal.message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        given = form.cleaned_data
        papers = {name: given[name] for name in ("first_name", "last_name", "reason")}
        papers["roles"] = [group.name for group in given["roles"]]
        if change:
            services.change_account(obj, is_active=given["is_active"], by=request.user, **papers)
            return
        user, password = services.create_account(given["username"], by=request.user, **papers)
        obj.pk, obj._state.adding = user.pk, False
        self._show(request, user, password)

    def _show(self, request, user, password):
        words = _("The password of «%(username)s», shown this once: %(password)s")
        self.message_user(request, words % {"username": user.username, "password": password}, messages.WARNING)

    @admin.action(description=gettext_lazy("Renew password"), permissions=["change"])
    def renew_password(self, request, rows):
        def renew(user, **why):
            self._show(request, user, services.renew_password(user, **why))

        return self.act(request, rows, renew, title=_("Renew password"), done=_("Passwords renewed: %d."))

    @admin.action(description=gettext_lazy("Remove second factor"), permissions=["change"])
    def remove_second_factor(self, request, rows):
        done = _("Second factor removed: %d.")
        return self.act(request, rows, second_factor.remove_device, title=_("Remove second factor"), done=done)

    @admin.action(description=gettext_lazy("Unlock after wrong passwords"), permissions=["change"])
    def unlock(self, request, rows):
        return self.act(
            request, rows, services.unlock_account, title=_("Unlock after wrong passwords"), done=_("Unlocked: %d.")
        )

    @admin.display(description=gettext_lazy("name"))
    def called(self, user):
        return user.get_full_name()

    @admin.display(description=gettext_lazy("Roles"))
    def holds(self, user):
        return ", ".join(sorted(str(role_name(group)) for group in user.groups.all()))

    @admin.display(description=gettext_lazy("Status"), ordering="is_active")  # icons of the admin speak English
    def is_open(self, user):
        return _("open") if user.is_active else _("closed")

    @admin.display(description=gettext_lazy("Second factor"))
    def enrolled(self, user):
        return _("yes") if _has_second_factor(user) else _("no")


def _has_second_factor(user):
    return any(device.confirmed for device in user.totpdevice_set.all())


@admin.register(Group)
class RoleAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """What each role may do. Roles come with the program; who holds one is said at the accounts."""

    change_form_template = "staff/change_form_with_actions.html"

    list_display = ["role", "holders"]
    fields = ["role", "may"]
    ordering = ["name"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        group = self.get_object(request, unquote(object_id))
        name = group and role_name(group)
        context = {"subtitle": name, "original": name, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("role"), ordering="name")
    def role(self, group):
        return role_name(group)

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, group):
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True))

    @admin.display(description=gettext_lazy("what it may do"))
    def may(self, group):
        permissions = group.permissions.select_related("content_type").order_by("content_type", "codename")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", map(permission_label, permissions)))


class ActionFilter(admin.SimpleListFilter):
    title = gettext_lazy("act")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return list(ACTION_LABELS.items())

    def queryset(self, request, rows):
        return rows.filter(action=self.value()) if self.value() else rows


@admin.register(AuditRow)
class AuditAdmin(ReadOnlyAdminMixin, admin.ModelAdmin):
    """Who did what to what, when, from where and why. Nobody changes it, the database refuses."""

    list_display = ["at", "actor", "act", "subject", "reason", "address"]
    list_display_links = ["at"]
    list_filter = ["at", ("by", admin.RelatedOnlyFieldListFilter), ActionFilter]
    date_hierarchy = "at"
    search_fields = ["subject", "reason", "action", "by__username", "by__first_name", "address"]
    search_help_text = gettext_lazy("Account, object, act, reason or address")
    list_select_related = ["by"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-pk"]
    fields = ["at", "actor", "act", "subject", "reason", "address", "told"]
    change_list_template = "staff/audit_list.html"
    change_form_template = "staff/change_form_with_actions.html"

    def get_urls(self):
        export = self.admin_site.admin_view(self.export)
        return [path("export/", export, name="content_auditrow_export"), *super().get_urls()]

    def export(self, request):
        """GET asks why; POST streams the rows that the list shows for the same parameters, and is itself a row."""
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
        return self._streamed(request, rows, form.cleaned_data)

    def _streamed(self, request, rows, asked):
        with transaction.atomic():
            facts = {"format": asked["format"], "narrowed": sorted(request.GET)}
            act = services.audit("audit.exported", "audit", by=request.user, reason=asked["reason"], **facts)
        lines, media_type = audit_export.FORMATS[asked["format"]]
        response = StreamingHttpResponse(lines(rows.filter(pk__lte=act.pk).order_by("pk")), content_type=media_type)
        name = f"nhat-ky-{timezone.localdate()}.{asked['format']}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @admin.display(description=gettext_lazy("who"), ordering="by__username")
    def actor(self, row):
        return row.by.username if row.by else _("the system")

    @admin.display(description=gettext_lazy("act"), ordering="action")
    def act(self, row):
        return ACTION_LABELS.get(row.action, row.action)

    @admin.display(description=gettext_lazy("facts"))
    def told(self, row):
        return format_html("<pre>{}</pre>", json.dumps(row.facts, ensure_ascii=False, indent=2))


class AuditExportForm(ReasonForm):
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[("csv", gettext_lazy("CSV, for a spreadsheet")), ("jsonl", gettext_lazy("JSON Lines, for a program"))],
    )
    field_order = ["format", "reason"]
