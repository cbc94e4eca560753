"""Why an instruction needs a person, or cannot be carried out: codes and their messages."""

from enum import StrEnum


class Doubt(StrEnum):
    """What the recogniser was unsure of. A person must check the instruction."""

    NO_ARTICLE = "no_article"
    NO_TEXT = "no_text"
    TEXT_NOT_SPLIT = "text_not_split"
    UNIT_NOT_READ = "unit_not_read"
    NO_TARGET = "no_target"
    PASSAGE = "passage"
    WHOLE_DOCUMENT = "whole_document"
    UNCLEAR_ORDER = "unclear_order"
    HIGHER_UNIT = "higher_unit"
    NO_DAY = "no_day"


class Failure(StrEnum):
    """Why an instruction cannot be carried out."""

    # in the text as it is on the day
    UNKNOWN_PROVISION = "unknown_provision"
    EXISTS_ALREADY = "exists_already"
    NO_PLACE = "no_place"
    PHRASE_NOT_FOUND = "phrase_not_found"
    CAPITALISED = "capitalised"
    LEFT_OVER = "left_over"
    UNIT_NOT_READ = "unit_not_read"
    NOT_FOR_MACHINES = "not_for_machines"
    # in the stored documents
    NO_SUCH_DOCUMENT = "no_such_document"
    NO_DAY = "no_day"
    AMENDED_LATER = "amended_later"


REASON_MESSAGES: dict[str, str] = {  # of every Doubt and every Failure; `unit_not_read` and `no_day` are both
    Doubt.NO_ARTICLE: "Không rõ thuộc điều nào.",
    Doubt.NO_TEXT: "Không tìm thấy nội dung mới.",
    Doubt.TEXT_NOT_SPLIT: "Không tách được nội dung mới cho từng đơn vị.",
    Doubt.NO_TARGET: "Không rõ văn bản bị sửa đổi.",
    Doubt.PASSAGE: "Chỉ sửa một đoạn, một câu; không xác định được đoạn nào.",
    Doubt.WHOLE_DOCUMENT: "Áp dụng cho cả văn bản, không nêu điều, khoản nào.",
    Doubt.UNCLEAR_ORDER: "Câu lệnh không rõ.",
    Doubt.HIGHER_UNIT: "Đơn vị lớn hơn điều: chương, mục, phần, phụ lục.",
    Failure.UNKNOWN_PROVISION: "Không có đơn vị này trong văn bản vào ngày đó.",
    Failure.EXISTS_ALREADY: "Đơn vị này đã có trong văn bản.",
    Failure.NO_PLACE: "Không xác định được vị trí cần bổ sung.",
    Failure.PHRASE_NOT_FOUND: "Không tìm thấy cụm từ trong đơn vị này.",
    Failure.CAPITALISED: "Cụm từ còn đứng đầu câu, viết hoa chữ đầu: cần người xem có sửa cả chỗ đó không.",
    Failure.LEFT_OVER: "Bỏ hoặc thay cụm từ như vậy để lại dấu câu thừa hoặc câu dở dang: cần người sửa.",
    Failure.UNIT_NOT_READ: "Không đọc được nội dung mới.",
    Failure.NOT_FOR_MACHINES: "Không áp dụng tự động được.",
    Failure.NO_SUCH_DOCUMENT: "Không có văn bản này, hoặc có hơn một văn bản như vậy.",
    Failure.NO_DAY: "Không rõ có hiệu lực từ ngày nào.",
    Failure.AMENDED_LATER: "Đơn vị này đã có sửa đổi từ ngày đó hoặc sau đó.",
}
