"""Two sample documents to try the software with: an act and one that amends it. They are no law, and say so.

Their number is 00/0000/MAU, which nothing real has. A document with it is a sample (`LegalDocument.is_sample`).
"""

import datetime
from pathlib import Path

from content.documents.records import DocumentRecord
from content.law import official_numbers
from content.law.doc_types import DocType

TITLE_PREFIX = "VĂN BẢN MẪU – không phải văn bản pháp luật: "
LAND, CIVIL_STATUS = "11-dat-dai", "15-hanh-chinh-tu-phap"


def sample_records() -> list[tuple[DocumentRecord, list[str]]]:
    """(DocumentRecord, keys of its topics) of each sample. Their years make their addresses different."""
    return [
        (
            _sample_record("act", "Luật Mẫu về vườn chung của xóm", 2024),
            [LAND, CIVIL_STATUS],
        ),
        (
            _sample_record(
                "amending_act", "Luật Mẫu sửa đổi, bổ sung một số điều của Luật Mẫu về vườn chung của xóm", 2025
            ),
            [LAND],
        ),
    ]


def _sample_record(name: str, title: str, year: int) -> DocumentRecord:
    return DocumentRecord(
        doc_type=DocType.LAW,
        number=official_numbers.SAMPLE_NUMBER,
        title=TITLE_PREFIX + title,
        text=Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8"),
        issued_on=datetime.date(year, 1, 1),
        effective_on=datetime.date(year, 7, 1),
        source="Luật Mở",
    )
