from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class StaffSiteConfig(SimpleAdminConfig):
    """Django's admin with our site. The URLs load its pages, not the start: the worker and most commands show none."""

    default_site = "config.staff.site.StaffSite"

    def ready(self) -> None:
        """Register the checks of Django's own, which look at the pages: they are loaded before."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_staff_pages, checks.Tags.admin)


def check_staff_pages(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """What Django finds wrong with the pages of staff. It finds nothing where none is loaded, so they are loaded."""
    admin.autodiscover()
    found: list[checks.CheckMessage] = check_admin_app(app_configs, **options)
    return found
