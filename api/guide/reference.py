"""The operations of the contract as a list to read and to search, without a script."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt

from api.openapi.committed import CONTRACTS, parsed_contract

SPARSE_ANSWERS = re.compile("«(Sparse answers|Phản hồi rút gọn)»")
METHODS = ("get", "put", "post", "delete")


@dataclass(frozen=True)
class Parameter:
    name: str
    is_required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    needs_secret: bool

    @property
    def html(self) -> str:
        """The description, which is Markdown, as HTML. It names a section of the contract, which the guide has too."""
        html = MarkdownIt("commonmark", {"html": False}).render(self.description)
        return SPARSE_ANSWERS.sub(r'<a href="/docs/paging#choose-fields">\1</a>', html)


@lru_cache(maxsize=len(CONTRACTS))
def operations(language: str) -> tuple[Operation, ...]:
    """All operations in the order of the contract. Read once per process and language: it takes half a second."""
    contract = parsed_contract(language)
    shared = contract["components"]["parameters"]
    return tuple(
        _operation(method, path, item[method], shared)
        for path, item in contract["paths"].items()
        for method in METHODS
        if method in item
    )


def _operation(method: str, path: str, said: dict[str, Any], shared: dict[str, Any]) -> Operation:
    named = said.get("parameters", [])
    parameters = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in named]
    return Operation(
        id=said["operationId"],
        tag=said["tags"][0],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        description=said.get("description", ""),
        parameters=tuple(
            Parameter(each["name"], each.get("required", False), each["description"]) for each in parameters
        ),
        needs_secret=bool(said.get("security")) and {} not in said["security"],
    )
