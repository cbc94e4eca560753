"""What a person must know of a DOCX that was read: a code and a Vietnamese sentence each."""

from collections.abc import Iterator

from content.word.document import WordDocument
from content.word.looks import Doubt

Notice = tuple[str, str]


def notices(document: WordDocument) -> Iterator[Notice]:
    """The notices of a document, those of its numbers first."""
    yield from _of_numbers(document)
    yield from _of_doubts(document)
    yield from _of_layout(document)


def _of_numbers(document: WordDocument) -> Iterator[Notice]:
    if count := document.numbers:
        yield (
            "numbers_of_word",
            f"{count} số do Word đánh tự động, đã viết vào văn bản như Word hiện: hãy so với bản in.",
        )
    if count := document.named_numbers:
        yield (
            "named_numbers",
            f"{count} số mà Word viết kèm chữ «Khoản» hoặc «Điểm», đã viết gọn như trong luật: «1.», «a)».",
        )
    if count := document.letters_beyond_d:
        yield (
            "letters_of_word",
            f"Word đánh điểm theo a, b, c, d, e, f; luật viết a, b, c, d, đ, e. Có {count} điểm từ chữ thứ năm trở đi "
            "giữ chữ như Word hiện.",
        )
    if count := document.unknown_numbers:
        yield (
            "automatic_numbers",
            f"{count} đoạn được Word đánh số tự động theo cách không đọc được: số của chúng bị thiếu ở đây.",
        )


def _of_doubts(document: WordDocument) -> Iterator[Notice]:
    if (found := document.doubts[Doubt.HIDDEN]).count:
        yield "hidden_text", f"{found.count} chỗ có chữ bị ẩn trong Word, đã bỏ ra khỏi văn bản: {found.quoted}."
    inserted, deleted = document.doubts[Doubt.INSERTED], document.doubts[Doubt.DELETED]
    if inserted.count or deleted.count or document.changed_cells or document.changed_numbers:
        parts = [f"{inserted.count} chỗ thêm vào, còn nằm trong văn bản: {inserted.quoted}"] if inserted.count else []
        parts += [f"{deleted.count} chỗ bị xóa, đã bỏ ra khỏi văn bản: {deleted.quoted}"] if deleted.count else []
        if count := document.changed_cells:
            parts.append(f"{count} ô của bảng được thêm, xóa hoặc gộp: chữ của chúng còn nằm trong văn bản")
        if count := document.changed_numbers:
            parts.append(f"{count} đoạn được đổi cách đánh số: ở đây là số mới")
        yield (
            "tracked_changes",
            f"Tệp còn thay đổi mà chưa ai chấp nhận (Track Changes). {'; '.join(parts)}. Hãy chấp nhận hoặc từ chối "
            "từng thay đổi trong Word rồi nhập lại, nếu đó không phải nội dung văn bản.",
        )
    if (found := document.doubts[Doubt.UNKNOWN_SYMBOL]).count:
        yield (
            "unknown_symbols",
            f"{found.count} chỗ có dấu của phông chữ ký hiệu (Symbol …) mà bộ đọc không biết chắc: {found.quoted}. "
            "Hãy so với bản in.",
        )
    if (found := document.doubts[Doubt.OLD_ENCODING]).count:
        yield (
            "mixed_encodings",
            f"{found.count} chỗ gõ bằng TCVN3 (phông .Vn…), không phải Unicode: {found.quoted}. Không ai đọc được, nếu "
            "chưa chuyển mã: hãy so với bản in.",
        )
    if (found := document.doubts[Doubt.STRUCK]).count:
        yield (
            "struck_text",
            f"{found.count} chỗ có chữ bị gạch ngang, còn nằm trong văn bản: {found.quoted}. Nếu đó không phải nội "
            "dung văn bản, hãy xóa đi.",
        )
    if (found := document.doubts[Doubt.UNSEEN]).count:
        yield (
            "unseen_text",
            f"{found.count} chỗ có chữ cùng màu với nền hoặc nhỏ đến mức không đọc được trên giấy, còn nằm trong văn "
            f"bản: {found.quoted}. Nếu đó không phải nội dung văn bản, hãy xóa đi.",
        )


def _of_layout(document: WordDocument) -> Iterator[Notice]:
    if count := document.boxes_beside_text:
        yield (
            "text_box_place",
            f"{count} hộp chữ của Word nằm cạnh một đoạn văn: hãy so với bản in xem chữ trong hộp đứng trước hay sau "
            "đoạn đó.",
        )
    if count := document.boxes - document.boxes_beside_text:
        yield "text_boxes", f"{count} hộp chữ của Word, đã đọc vào chỗ chúng được neo: hãy so với bản in."
    if count := document.formulas:
        yield "formulas", f"{count} công thức của Word, đã viết thành một dòng chữ: hãy so với bản in."
    if count := document.outside_parts:
        yield "outside_parts", f"{count} phần của văn bản nằm trong tệp khác mà Word chèn vào: chữ ở đó không đọc được."
    if count := document.pictures:
        yield "pictures", f"{count} hình trong tệp Word: chữ trong hình, nếu có, không đọc được."
