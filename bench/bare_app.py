"""A WSGI application that only hands out one answer: what the web server itself costs. Started by bench/rivals.py.

RIVAL_FACTS names a file of JSON; `bare` in it are the headers and the body of an answer of ours.
"""

import json
import os
from pathlib import Path

HEADERS, BODY = json.loads(Path(os.environ["RIVAL_FACTS"]).read_text())["bare"]
HEADERS, BODY = [tuple(each) for each in HEADERS], BODY.encode()


def application(environ, start_response):
    """The same answer to everybody (PEP 3333)."""
    start_response("200 OK", HEADERS)
    return [BODY]
