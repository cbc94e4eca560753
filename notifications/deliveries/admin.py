"""Staff pages of the outbox: see every delivery, send one again, cancel one."""

import json
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin
from notifications.deliveries import services
from notifications.deliveries.models import Delivery

if TYPE_CHECKING:
    DeliveryModelAdmin = admin.ModelAdmin[Delivery]
else:
    DeliveryModelAdmin = admin.ModelAdmin  # Django's class takes no parameter at run time


class StatusFilter(admin.ChoicesFieldListFilter):
    """By status. The first page of the staff site links to several at once: `status__in=queued,sending`."""

    def expected_parameters(self) -> list[str | None]:
        return [*super().expected_parameters(), f"{self.field_path}__in"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin, DeliveryModelAdmin):
    """Deliveries and why some were not sent. Staff send again or cancel; nobody edits a row."""

    list_display = ["title", "status", "error", "attempts", "created_at", "settled_at"]
    list_filter = [("status", StatusFilter), "target_kind", "created_at"]
    search_fields = ["key", "error", "target", "payload__title"]
    search_help_text = gettext_lazy("Title, key, target or FCM error")
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "title", "status", "error", "attempts", "target_kind", "address", "created_at", "next_try_at", "expires_at",
        "settled_at", "message_name", "key", "message",
    ]  # fmt: skip
    actions = ["resend", "cancel"]

    def has_steer_permission(self, request: HttpRequest) -> bool:
        """Whether the user may send deliveries again and cancel them."""
        return request.user.has_perm("notifications.steer_delivery")

    def audit_subject_of(self, delivery: Delivery) -> str:
        """The key of a delivery in the audit log."""
        return services.audit_subject(delivery)

    def is_offered(self, action: str, delivery: Delivery) -> bool:
        """Whether the page of this delivery has the button of this action."""
        return delivery.status in (services.ENDED_UNSENT if action == "resend" else (Delivery.Status.QUEUED,))

    @admin.action(description=gettext_lazy("Send again"), permissions=["steer"])
    def resend(self, request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse | None:
        """Queue the chosen deliveries again, after asking why."""
        done = _("Queued to be sent again: %d.")
        return self.run_with_reason(request, rows, services.resend, title=_("Send again"), done=done)

    @admin.action(description=gettext_lazy("Cancel sending"), permissions=["steer"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse | None:
        """Cancel the chosen deliveries, after asking why."""
        done = _("Cancelled: %d.")
        return self.run_with_reason(request, rows, services.cancel, title=_("Cancel sending"), done=done)

    @admin.display(description=gettext_lazy("title of the push"))
    def title(self, delivery: Delivery) -> str:
        """The title that phones show."""
        return delivery.payload.get("title") or delivery.key

    @admin.display(description=gettext_lazy("target"))
    def address(self, delivery: Delivery) -> str:
        """Topic, condition or number of the device. Its registration id is the phone's own secret and not shown."""
        return delivery.target or _("Device %d") % delivery.device_id

    @admin.display(description=gettext_lazy("message"))
    def message(self, delivery: Delivery) -> str:
        """The payload as JSON."""
        return format_html("<pre>{}</pre>", json.dumps(delivery.payload, ensure_ascii=False, indent=2))
