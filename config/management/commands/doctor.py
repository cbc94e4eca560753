import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.doctor import services


class Command(BaseCommand):
    """Examines an installation, see `help`."""

    help = (
        "Say in words what is wrong with this installation and what to do: settings, folders, database, worker, "
        "pushes. Changes nothing. The exit code is 1 if something is wrong. Run it where web server and worker run, "
        "with their settings."
    )
    requires_system_checks = []  # it says more about what they look at

    def add_arguments(self, parser: CommandParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--lang", choices=languages, default=settings.LANGUAGE_CODE, help="language of the words")

    def handle(self, *, lang: str, **options: Any) -> None:
        with translation.override(lang):
            found = [problem for _check, problems in services.examine() for problem in problems]
            for problem in found:
                self.stdout.write(f"✗ {problem.words}")
            if found:
                words = ngettext("%(count)d thing is wrong.", "%(count)d things are wrong.", len(found))
                self.stdout.write(words % {"count": len(found)})
                sys.exit(1)
            self.stdout.write(_("✓ Nothing is wrong that can be seen from here."))
