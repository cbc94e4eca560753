"""A command that answers no request begins without the pages. `check` and who answers requests look at them all."""

import subprocess
import sys

import pytest
from django.core.management import get_commands, load_command_class

from content.management import CHECKS_OF_SETTINGS
from tests.config.test_production_imports import PRODUCTION, ROOT

ALL_CHECKS = {"check_contract", "spectacular", "web"}  # they show the addresses, or answer at them
NO_CHECKS = {"changepassword", "doctor", "parse_text", "restore"}
OURS = sorted(name for name, app in get_commands().items() if app in {"config", "content", "notifications"})
WORKER = """
import sys, django
from django.core.management import load_command_class
django.setup()
command = load_command_class("config", "work")
command.check(**command.get_check_kwargs({}))
print("content.admin" in sys.modules, "config.urls" in sys.modules, "config.management.commands.work" in sys.modules)
"""
CHECK = """
import django
from django.contrib.admin import site
from django.core.checks import run_checks
django.setup()
print(len(site._registry))
from content.topics.models import Topic
found = run_checks(tags=["admin"])
site._registry[Topic].list_display = ("no_such_column",)
print(found, [each.id for each in run_checks(tags=["admin"])])
"""


def said(code, folder):
    """What a process of production prints that runs this."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=PRODUCTION | {"DJANGO_SETTINGS_MODULE": "config.settings", "LUATMO_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout or done.stderr


@pytest.mark.parametrize("name", OURS)
def test_only_who_answers_requests_looks_at_the_pages_before_it_begins(name):
    checked = load_command_class(get_commands()[name], name).requires_system_checks
    expected = "__all__" if name in ALL_CHECKS else [] if name in NO_CHECKS else CHECKS_OF_SETTINGS
    assert checked == expected


def test_the_worker_loads_no_page_of_staff_and_no_url(tmp_path):
    assert said(WORKER, tmp_path) == "False False True\n"


def test_check_finds_what_is_wrong_with_a_page_of_staff_though_no_url_was_loaded(tmp_path):
    assert said(CHECK, tmp_path) == "0\n[] ['admin.E108', 'admin.E111']\n"
