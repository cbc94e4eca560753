"""Commands to copy into a terminal, which reach this installation and no other."""

import shlex

from django.conf import settings


def manage_line(arguments: str) -> str:
    """`manage.py` with these arguments. It begins with the folder and the ports that are not the default ones."""
    values = {"LUATMO_HOME": settings.HOME, "PORT": settings.PORT, "FCM_PORT": settings.FCM_PORT}
    defaults = {"LUATMO_HOME": settings.BASE_DIR / ".local", "PORT": 8000, "FCM_PORT": 9099}
    given = [f"{name}={shlex.quote(str(value))} " for name, value in values.items() if value != defaults[name]]
    return f"{''.join(given)}.venv/bin/python manage.py {arguments}"
