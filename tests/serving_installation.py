"""The process of another installation (tests/other_installations.py): serves HTTP, and executes what it reads."""
# ruff: noqa: E402

import ast
import json
import os
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from waitress.server import create_server

from api.limits.reports import REPORTS
from config.wsgi import application
from tests import names_of_other_installations


def executed(statements, names):
    """The value of the last expression of the statements, None without one."""
    tree = ast.parse(statements)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "run", "exec"), names)
    return eval(compile(ast.Expression(last.value), "run", "eval"), names) if last else None


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    REPORTS.begin()
    server = create_server(application, host="127.0.0.1", port=int(os.environ["PORT"]), threads=8)
    threading.Thread(target=server.run, daemon=True).start()
    names = dict(vars(names_of_other_installations))
    say("ready")
    for line in sys.stdin:
        try:
            text = json.dumps({"value": executed(json.loads(line), names)}, default=str)
        except Exception as error:
            text = json.dumps({"error": f"{type(error).__name__}: {error}"})
        say(text)


if __name__ == "__main__":
    main()
