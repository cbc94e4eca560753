"""`manage.py web`: the web server of production, behind nginx."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import granian_server
from content.own_process import end_with_parent


class Command(BaseCommand):
    """Run the web processes, see `help`."""

    help = "Run the web server behind nginx, its only way to the net (deploy/nginx). Ends on SIGTERM."

    def handle(self, **options: Any) -> None:
        """Serve until SIGTERM. Raises CommandError without TRUSTED_PROXIES: nothing would protect it."""
        if not settings.TRUSTED_PROXIES:
            raise CommandError(
                "TRUSTED_PROXIES is not set. This server is safe only behind nginx (deploy/nginx/luatmo.conf): set "
                "TRUSTED_PROXIES to the address that nginx calls from. Without a proxy run "
                "gunicorn -c config/gunicorn.conf.py config.wsgi."
            )
        end_with_parent()
        try:
            granian_server.serve(threads=settings.WEB_THREADS)
        except granian_server.PortNotAvailable as error:
            raise CommandError(str(error)) from None
