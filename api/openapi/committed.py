"""The contract as it is committed, in each language. A test keeps it equal to the code."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

CONTRACTS = {"vi": "openapi.vi.yaml", "en": "openapi.yaml"}  # {language: name of the file}


@cache
def committed_contract(language: str) -> bytes:
    """The whole file, YAML, as it was when the process first read it: files may be replaced under a running program."""
    return Path(settings.BASE_DIR, CONTRACTS[language]).read_bytes()


def parsed_contract(language: str) -> dict[str, Any]:
    """What the file says. It takes half a second, and some 20 MiB while it is used."""
    contract: dict[str, Any] = yaml.load(
        committed_contract(language),
        getattr(yaml, "CSafeLoader", yaml.SafeLoader),  # noqa: S506 (both are safe)
    )
    return contract
