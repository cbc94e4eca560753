import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.people.admin_mixins import ReadOnlyAdminMixin, ReasonedActionsMixin
from notifications.deliveries import services
from notifications.deliveries.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdminMixin, ReasonedActionsMixin, admin.ModelAdmin):
    """What was sent, and why what was not sent was not. Acted on, never edited."""

    list_display = ["told", "status", "error", "attempts", "created_at", "settled_at"]
    list_filter = ["status", "target_kind", "created_at"]
    search_fields = ["key", "error", "target", "payload__title"]
    search_help_text = gettext_lazy("Title, key, target, or what FCM said")
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "told", "status", "error", "attempts", "target_kind", "to", "created_at", "next_try_at", "expires_at",
        "settled_at", "message_name", "key", "message",
    ]  # fmt: skip
    actions = ["resend", "cancel"]

    def has_steer_permission(self, request):
        return request.user.has_perm("notifications.steer_delivery")

    def audit_subject_of(self, delivery):
        return services.audit_subject(delivery)

    def is_offered(self, action, delivery):
        return delivery.status in (services.ENDED_UNSENT if action == "resend" else (Delivery.Status.QUEUED,))

    @admin.action(description=gettext_lazy("Send again"), permissions=["steer"])
    def resend(self, request, rows):
        return self.run_with_reason(
            request, rows, services.resend, title=_("Send again"), done=_("Queued to be sent again: %d.")
        )

    @admin.action(description=gettext_lazy("Cancel sending"), permissions=["steer"])
    def cancel(self, request, rows):
        return self.run_with_reason(request, rows, services.cancel, title=_("Cancel sending"), done=_("Cancelled: %d."))

    @admin.display(description=gettext_lazy("what it tells"))
    def told(self, delivery):
        return delivery.payload.get("title") or delivery.key

    @admin.display(description=gettext_lazy("target"))
    def to(self, delivery):
        """A registration id is the phone's own secret: of a device the desk sees its number."""
        return delivery.target or _("Device %d") % delivery.device_id

    @admin.display(description=gettext_lazy("message"))
    def message(self, delivery):
        return format_html("<pre>{}</pre>", json.dumps(delivery.payload, ensure_ascii=False, indent=2))
