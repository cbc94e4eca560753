import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from content.people import services
from content.people.models import User


class Command(changepassword.Command):
    """Django's command; it also writes the audit."""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> str | None:
        options["username"] = options["username"] or getpass.getuser()
        done = super().handle(*args, **options)
        user = User.objects.get(username=options["username"])
        services.audit("account.password_changed", services.audit_subject(user), reason="manage.py changepassword")
        return done
