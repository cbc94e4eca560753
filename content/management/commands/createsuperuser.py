from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.db import transaction

from content.management import CHECKS_OF_SETTINGS
from content.people import services
from content.people.models import User


class Command(createsuperuser.Command):
    """Django's command; it also writes the audit."""

    requires_system_checks = CHECKS_OF_SETTINGS

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        newest = User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        done = super().handle(*args, **options)
        for user in User.objects.filter(pk__gt=newest, is_superuser=True):
            services.audit(
                "account.created", services.audit_subject(user), reason="manage.py createsuperuser", superuser=True
            )
        return done
