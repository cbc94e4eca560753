"""Two documents written by us to try the house with: an act and one that amends it. No law, and they say so.

They bear the number 00/0000/MAU, which nothing real has; whatever bears it is a specimen (`LegalDocument.is_specimen`).
"""

import datetime
from pathlib import Path

from content.documents import numbers
from content.documents.models import DocType
from content.documents.records import DocumentRecord

TITLE = "VĂN BẢN MẪU – không phải văn bản pháp luật: "
LAND, CIVIL_STATUS = "11-dat-dai", "15-hanh-chinh-tu-phap"


def records():
    """(DocumentRecord, keys of its topics) of each. Their years tell their addresses apart."""
    return [
        (
            _record("act", "Luật Mẫu về vườn chung của xóm", 2024),
            [LAND, CIVIL_STATUS],
        ),
        (
            _record("amending_act", "Luật Mẫu sửa đổi, bổ sung một số điều của Luật Mẫu về vườn chung của xóm", 2025),
            [LAND],
        ),
    ]


def _record(name, title, year):
    return DocumentRecord(
        doc_type=DocType.LAW,
        number=numbers.SPECIMEN,
        title=TITLE + title,
        text=Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8"),
        issued_on=datetime.date(year, 1, 1),
        effective_on=datetime.date(year, 7, 1),
        source="Luật Mở",
    )
