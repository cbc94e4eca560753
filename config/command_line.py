"""Django's command line. A command joins the private PostgreSQL for its own length, starting it if need be."""

import contextlib
import gc
import os
import signal
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config import logs, start_errors
from config.processes import INTERRUPTED, SAID_WHEN_INTERRUPTED, stop_on_signals, stop_while_loading
from content.own_process import is_begun_by_process

# the first only warns without a database, the second looks at its ports before, the third says more
CHECK_LATER = {"makemigrations", "up", "doctor"}
READS_NO_TABLE = {"check", "help", "makemessages", "compilemessages", "make_seal_key", "parse_text", "spectacular"}


def main() -> None:
    """Run the command of `sys.argv`. What stops it is said in a sentence, and the exit code is not 0."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    needs_database = command not in READS_NO_TABLE and not command.startswith("-") and "--help" not in sys.argv
    if command == "up":
        stop_on_signals()  # before joining: what is being started then must be stopped too
    try:
        if signal.getsignal(signal.SIGINT) is stop_while_loading:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        private = settings.PRIVATE_POSTGRES if needs_database else None
        with private.joined() if private else contextlib.nullcontext():
            if needs_database and command not in CHECK_LATER:
                start_errors.check_database(command)
            _load()
            if is_begun_by_process():
                logs.log_uncaught_exceptions()  # a traceback of Python's would hold values of rows
            execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write(SAID_WHEN_INTERRUPTED)
        sys.exit(INTERRUPTED)
    except (ImproperlyConfigured, start_errors.NotMigrated) as problem:
        sys.exit(f"{problem}")
    except Exception as problem:
        said = start_errors.sentence(problem)
        if said is None or "--traceback" in sys.argv:
            raise
        sys.exit(said)


def _load() -> None:
    """Load the applications. Nothing that they create is garbage: looking for some took a tenth of a start."""
    gc.disable()
    try:
        django.setup()
    finally:
        gc.enable()
