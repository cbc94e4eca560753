"""Pages and objects as others publish them: what each says it is, and how many articles are read from it."""

from pathlib import Path

import pytest

from content import parsing
from content.documents.records import RecordError
from content.import_runs import sources
from content.importing import reading

SAMPLES = Path(__file__).resolve().parents[4] / "shared/data/raw-samples"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the saved pages are not beside this checkout"),
]

WHOLE = {  # beginning of the file's name: type, number, title, issuer, day of issue, day of effect, articles
    "nd168": (
        "decree", "168/2024/NĐ-CP",
        "Nghị định quy định xử phạt vi phạm hành chính về trật tự, an toàn giao thông trong lĩnh vực giao thông đường"
        " bộ; trừ điểm, phục hồi điểm giấy phép lái xe",
        "Chính phủ", "2024-12-26", "2025-01-01", 55,
    ),
    "phapluatgovvn_3c61": (
        "law", "88/2025/QH15", "Luật sửa đổi, bổ sung một số điều của Luật Xử lý vi phạm hành chính",
        "Quốc hội", "2025-06-25", "2025-07-01", 3,
    ),
    "phapluatgovvn_9ed2": (
        "law", "44/2019/QH14", "Luật Phòng, chống tác hại của rượu, bia",
        "Quốc hội", "2019-06-14", "2020-01-01", 36,
    ),
    "phapluatgovvn_a366": (
        "decree", "100/2019/NĐ-CP",
        "Nghị định quy định xử phạt vi phạm hành chính trong lĩnh vực giao thông đường bộ và đường sắt",
        "Chính phủ", "2019-12-30", "2020-01-01", 86,
    ),
    "tvpl_Luat-hoa-giai": (
        "law", "35/2013/QH13", "Luật hòa giải ở cơ sở", "Quốc hội", "2013-06-20", "2014-01-01", 33,
    ),
    "tvpl_Luat-pho-bien": (
        "law", "14/2012/QH13", "Luật phổ biến, giáo dục pháp luật", "Quốc hội", "2012-06-20", "2013-01-01", 41,
    ),
    "tvpl_Luat-quyen-lap-hoi": (
        "law", "102-SL/L-004", "Luật quy định quyền lập hội", "Quốc hội", "1957-05-20", None, 12,
    ),
    "tvpl_Luat-sua-doi": (
        "law", "02/2021/QH15", "Luật sửa đổi, bổ sung một số điều của Bộ luật Tố tụng hình sự",
        "Quốc hội", "2021-11-12", "2021-12-01", 2,
    ),
    "tvpl_Luat-thue": (
        "law", "13/2008/QH12", "Luật thuế giá trị gia tăng", "Quốc hội", "2008-06-03", "2009-01-01", 16,
    ),
    "tvpl_Luat-tiep-can": (
        "law", "104/2016/QH13", "Luật tiếp cận thông tin", "Quốc hội", "2016-04-06", "2018-07-01", 37,
    ),
}  # fmt: skip
PARTS = {"phapdien_3403": (14, 162), "phapdien_8235": (3, 22), "phapdien_e30b": (0, 0)}  # documents, their articles


def read(beginning):
    (source,) = [source for source in sources.source_files([SAMPLES]) if source.path.name.startswith(beginning)]
    records = [record for _, record in reading.records_in_path(source.path, source.text_file)]
    assert [record for record in records if isinstance(record, RecordError)] == []
    return records


@pytest.mark.parametrize("beginning", WHOLE)
def test_a_page_or_object_is_the_document_it_is(beginning):
    (record,) = read(beginning)
    articles = [unit for unit in parsing.parse_text(record.text).units if unit.kind == "article"]
    days = [day and str(day) for day in (record.issued_on, record.effective_on)]
    assert (record.doc_type, record.number, record.title, record.issuer, *days, len(articles)) == WHOLE[beginning]
    assert record.notes == ()
    assert "google" not in record.text.lower() and "ThuVienPhapLuat" not in record.text


@pytest.mark.parametrize("beginning", PARTS)
def test_a_heading_of_the_codification_is_the_documents_it_is_made_of(beginning):
    records = read(beginning)
    assert (len(records), sum(len(record.articles) for record in records)) == PARTS[beginning]
