"""The editor's desk: Django's own admin at /desk/, as the default site, so that rooms write `@admin.register`."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    site_title = "Luật Mở"
    site_header = _("Luật Mở: the desk")
    index_title = _("Today")
    site_url = "/docs"


class DeskConfig(AdminConfig):
    default_site = "config.desk.Desk"
