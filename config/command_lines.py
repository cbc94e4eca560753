"""Commands to copy into a terminal, which reach this installation and no other."""

import shlex

from django.conf import settings


def manage_line(arguments: str) -> str:
    """`manage.py` with these arguments. It begins with LUATMO_HOME unless that is the default folder."""
    is_default = settings.HOME == settings.BASE_DIR / ".local"
    home = "" if is_default else f"LUATMO_HOME={shlex.quote(str(settings.HOME))} "
    return f"{home}.venv/bin/python manage.py {arguments}"
