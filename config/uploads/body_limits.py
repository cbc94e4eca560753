"""How large the body of a request may be: the one table. deploy/nginx and deploy/kubernetes say the same (tests).

Large bodies are taken on the staff site only, and the largest only where files of materials are uploaded.
"""

import re

from content.importing.plain_text import LARGEST_FILE as LARGEST_DOCUMENT
from content.stored_files.file_types import LARGEST_FILE, MIB

BODY_BYTES = MIB  # as Django's DATA_UPLOAD_MAX_MEMORY_SIZE
FORM_BYTES = 2 * MIB  # what a form has besides its file
STAFF_BODY_BYTES = LARGEST_DOCUMENT + FORM_BYTES
MATERIAL_BODY_BYTES = LARGEST_FILE + FORM_BYTES
STAFF_PREFIX = "/staff/"
MATERIAL_FILES = re.compile(r"/staff/content/material/[0-9]+/files/")  # where `content.media.admin` takes files


def staff_limit(path: str) -> int:
    """Bytes that a body may have at that path of the staff site."""
    return MATERIAL_BODY_BYTES if MATERIAL_FILES.fullmatch(path) else STAFF_BODY_BYTES
