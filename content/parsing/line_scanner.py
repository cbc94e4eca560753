"""Which marks open units of an act: those that its numbering explains.

A mark opens a unit if its number continues the act's own count and no quotation is open. Wrapped references ("... quy
định tại / Điều 7 ..."), years that begin a line and lists inside a clause do not continue the count.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from content.law.unit_numbers import number_order
from content.law.units import KINDS_ABOVE_ARTICLES, UnitKind
from content.marks import cue_phrases
from content.marks.contents import is_sentence
from content.marks.marks import Mark, SpoiltMark, read_mark
from content.parsing import annexes, mark_sequence, number_gaps, spoilt_marks
from content.parsing.hidden_units import HiddenUnits
from content.parsing.quotations import OPENING_QUOTES, Quotations, closing_quotes_ahead, ends_with_closing_quote
from content.parsing.spoilt_marks import FIRST_POINT, Around, SpoiltMarks
from content.parsing.text_line import Line
from content.parsing.units import ParserWarning

MAX_MISSING_NUMBERS = 3  # in a row, before the next number is doubted
TELLS_OF_SWALLOWED = frozenset({number_gaps.SWALLOWED, "article_out_of_sequence", "clause_out_of_sequence"})
LINES_TO_FIRST_UNIT = 6  # a chapter is followed by its first section or article within so many lines


@dataclass(frozen=True, slots=True)
class UnitOpening:
    """A unit begins at `lines[index]`."""

    index: int
    kind: UnitKind
    number: str = ""


class ArticleVerdict(StrEnum):
    """What a line is that begins with the mark of an article; MISSING to REPEATED, and STRAY, are codes of warnings."""

    REFERENCE = "reference"  # no article begins
    NEXT = "next"
    MISSING = "missing_article"  # it opens an article; one or more before it are missing
    MISNUMBERED = "misnumbered_article"  # it opens the next article, under a misprinted number
    REPEATED = "repeated_article"  # it opens an article with the number of the one before
    QUOTED = "quoted"  # new wording without its quotation mark
    RESTART = "restart"  # an attached text begins
    STRAY = "article_out_of_sequence"  # it is in the text of another article


class LineScanner:
    """One pass over the lines; `openings`, `quotations`, `warnings`, `is_own_text` and `closing` hold the result.

    Without `warns`, `warnings` are incomplete: nothing is said of units inside the text of others.
    """

    def __init__(self, lines: list[Line], *, warns: bool = True) -> None:
        self.lines = lines
        self.openings: list[UnitOpening] = []
        self.warnings: list[ParserWarning] = []
        self.quotations = Quotations()
        self._unread_articles = spoilt_marks.with_article_marks(lines)
        self._spoilt = SpoiltMarks(lines)
        self._next = mark_sequence.next_marks(lines)
        self._closed_ahead = closing_quotes_ahead(lines)
        self._last_with = {  # by the number of an article: the last line whose mark has it
            line.mark.order: index
            for index, line in enumerate(lines)
            if line.mark and mark_sequence.is_firm_article(line)
        }
        self._last_ending = max(
            (i for i, line in enumerate(lines) if ends_with_closing_quote(line.content)), default=-1
        )
        self._article: tuple[int, ...] = (0,)
        self._in_article = False
        self._clause: tuple[int, ...] = (0,)
        self._point: tuple[int, ...] = ()
        self._repeated_clauses = self._repeated_points = 0  # with a number met before, since the last new number
        self._last_unit = self._last_clause = 0  # lines: of the last unit; of the last clause, or the article's
        self._last_numbers: dict[UnitKind, str] = {}  # of the last article and the last clause, as printed
        self._list = 0  # last number of a list inside a clause
        self._list_is_announced = False
        self._spoilt_list_sign: str | None = None  # sign of the numbers of a list inside the clause
        self._doubted: set[UnitKind] = set()  # kinds of which a spoilt mark in the clause or article was told
        self._quotation_begins = 0  # line of the last one
        self._quotation_is_unmarked = False  # the open quotation had no opening mark
        self._in_attached_text = False  # a second numbering has begun, as of an attached regulation
        self.is_own_text = [False] * len(lines)  # by line: outside quotations and second numberings
        self.closing = len(lines)  # the line where the closing part begins
        self._start_article()
        for index in range(len(lines)):
            if not self._read(index):
                break
        if self.quotations.depth:
            self._abandon(lines[-1].end, len(lines))
        if warns:
            self._tell_hidden_units()

    def _tell_hidden_units(self) -> None:
        told = [notice.start for notice in self.warnings if notice.code in TELLS_OF_SWALLOWED]
        units = [(opening.index, opening.kind, opening.number) for opening in self.openings]
        self.warnings += HiddenUnits(self.lines, self.is_own_text, units, self.closing).warnings(told)

    def _read(self, index: int) -> bool:
        """Read one line; False when the closing part begins there."""
        line = self.lines[index]
        if self.quotations.depth and self._resumes(index):
            self._abandon(self.lines[index - 1].end, index)
        if not self.quotations.depth:
            if self._closes(index):
                self.closing = index
                return False
            self._quotation_is_unmarked = False
            if line.mark is None and self._in_article and not self._in_attached_text:
                line = self._with_spoilt_mark(index)
            if line.mark:
                self._consider(index, line.mark)
        was_open = self.quotations.depth > 0
        self.quotations.read(line)
        if self.quotations.depth and not was_open:
            self._quotation_begins = index
        elif was_open and not self.quotations.depth and self._is_list_quoted(index + 1):
            self._warn_of_swallowing_quotation()
        quoted = was_open or (line.content[0] in OPENING_QUOTES and self.quotations.depth > 0)
        self.is_own_text[index] = not (quoted or self._in_attached_text or self.quotations.began_at(line.start))
        return True

    # -- quotations -----------------------------------------------------------------

    def _resumes(self, index: int) -> bool:
        """Whether the act's own count clearly continues although a quotation is still open."""
        line, mark = self.lines[index], self.lines[index].mark
        if cue_phrases.says_who_passed_it(line.content):
            return True
        if index > self._last_ending and cue_phrases.may_start_closing_part(line.content):
            return True
        if not mark or (self._closed_ahead[index] and not self._quotation_is_unmarked):
            return False
        if mark.kind is UnitKind.ARTICLE:
            return mark.order == (self._article[0] + 1,)
        if mark.kind is UnitKind.CLAUSE:
            return mark.order == (self._clause[0] + 1,) and cue_phrases.starts_like_amendment(line.rest)
        return (
            mark.kind is UnitKind.POINT
            and mark_sequence.letters_ahead(self._point, mark.order) == 1
            and cue_phrases.starts_like_amendment(line.rest)
        )

    def _abandon(self, end: int, last: int) -> None:
        start = self.quotations.abandon(end)
        if self._quotation_is_unmarked:  # it got its warning when it began
            return
        if self._quoted_own_mark() or self._is_article_quoted(last):
            self._warn_of_swallowing_quotation()
            return
        self.warnings.append(ParserWarning("unclosed_quotation", "Ngoặc kép mở ở đây không có ngoặc đóng.", start))

    def _quoted_own_mark(self) -> Mark | None:
        """The mark after the opening sign of the quotation, if nothing announced it and it is next in the own count."""
        content = self.lines[self._quotation_begins].content
        inner = content[1:].lstrip()
        if content[0] not in OPENING_QUOTES or self._is_announced(self._quotation_begins) or not inner:
            return None
        mark = read_mark(inner)
        if mark is None or cue_phrases.announces_quotation_or_list(self._previous(self._quotation_begins)):
            return None
        last = self._last_order(mark.kind)
        if mark.kind is UnitKind.POINT:
            is_next = bool(last) and mark_sequence.letters_ahead(last, mark.order) == 1
        else:
            is_next = bool(last) and mark.order == (last[0] + 1,)
        return mark if is_next else None

    def _last_order(self, kind: UnitKind) -> tuple[int, ...]:
        return {UnitKind.ARTICLE: self._article, UnitKind.CLAUSE: self._clause, UnitKind.POINT: self._point}.get(
            kind, ()
        )

    def _is_list_quoted(self, last: int) -> bool:
        """Whether a quotation that is closed holds the next unit of the own count and the one after it."""
        mark = self._quoted_own_mark()
        inside = self.lines[self._quotation_begins + 1 : last]
        return mark is not None and any(
            line.mark and line.kind is mark.kind and line.mark.order == spoilt_marks.next_order(mark.order)
            for line in inside
        )

    def _is_article_quoted(self, last: int) -> bool:
        following = (self._article[0] + 1,)
        inside = self.lines[self._quotation_begins + 1 : last]
        return any(
            line.mark and mark_sequence.is_firm_article(line) and line.mark.order == following for line in inside
        )

    def _warn_of_swallowing_quotation(self) -> None:
        words = "Ngoặc kép mở ở đây chứa cả đơn vị của chính văn bản, nên chúng chưa được tách. Hãy xóa hoặc đóng nó."
        self._warn(number_gaps.SWALLOWED, words, self._quotation_begins)

    # -- closing part ---------------------------------------------------------------

    def _closes(self, index: int) -> bool:
        """Whether the closing part begins here: only signatures of the act follow, no next article."""
        if self._article == (0,) or not (
            cue_phrases.may_start_closing_part(self.lines[index].content) or self._is_after(index)
        ):
            return False
        following = self._following(index, UnitKind.ARTICLE)
        return self._in_attached_text or following is None or following[0] != self._article[0] + 1

    def _is_after(self, index: int) -> bool:
        """Whether an annex or the footnotes begin here."""
        return annexes.is_annex_start(self.lines, index) and not cue_phrases.ends_before_reference(
            self._previous(index)
        )

    # -- marks ----------------------------------------------------------------------

    def _consider(self, index: int, mark: Mark) -> None:
        if self._in_attached_text:
            return
        if mark.kind in KINDS_ABOVE_ARTICLES:
            self._consider_higher(index, mark)
        elif mark.kind is UnitKind.ARTICLE:
            self._consider_article(index, mark)
        elif self._is_quoted_without_marks(index, mark):
            self._quote(index)
        elif self._in_article and mark.kind is UnitKind.CLAUSE:
            self._consider_clause(index, mark)
        elif self._in_article and mark.kind is UnitKind.POINT:
            self._consider_point(index, mark)

    def _with_spoilt_mark(self, index: int) -> Line:
        """The line, with its spoilt mark where the count explains it; else a warning where it may hide a unit."""
        if unread := self._unread_articles.get(index):
            self._doubt_article(index, unread)
        spoilt = self._spoilt.at(index)
        if spoilt is None or self._is_in_spoilt_list(spoilt):
            return self.lines[index]
        mark, is_clause = spoilt.mark, spoilt.mark.kind is UnitKind.CLAUSE
        around = Around(
            before=self._previous(index),
            is_after_unit=self._last_unit == index - 1,
            last=self._clause if is_clause else self._point,
            following=self._following(index, mark.kind),
        )
        is_listed = is_clause and self._list > 0 and mark.order == (self._list + 1,)
        if not is_listed and self._spoilt.is_explained(index, around):
            self.lines[index] = replace(self.lines[index], mark=mark)
        elif mark.kind not in self._doubted and spoilt_marks.may_hide_unit(
            spoilt, around, most_missing=MAX_MISSING_NUMBERS
        ):
            self._doubted.add(mark.kind)
            words = number_gaps.doubt_in_words(spoilt, self.lines[index])
            self._warn(number_gaps.SWALLOWED, f"{self._place(mark.kind)}: {words}", index)
        return self.lines[index]

    def _is_in_spoilt_list(self, spoilt: SpoiltMark) -> bool:
        """Whether it numbers a list inside a clause: «1) …» after «2. Gồm:» begins one, and its sign carries it on."""
        if spoilt.mark.kind is not UnitKind.CLAUSE:
            return False
        if spoilt.mark.order == (1,) and self._clause != (0,):
            self._spoilt_list_sign = spoilt.sign
        return spoilt.sign == self._spoilt_list_sign

    def _is_quoted_without_marks(self, index: int, mark: Mark) -> bool:
        """Whether new wording follows "Sửa đổi khoản 2 như sau:" without its quotation mark."""
        before, line = self.lines[index - 1], self.lines[index]
        if (
            not self._is_announced(index)
            or not before.mark
            or before.mark.kind not in (UnitKind.CLAUSE, UnitKind.POINT)
        ):
            return False
        is_first_point = before.mark.kind is UnitKind.CLAUSE and mark.number == "a"
        return (
            not is_first_point
            and cue_phrases.starts_like_amendment(before.rest)
            and not cue_phrases.starts_like_amendment(line.rest)
        )

    def _quote(self, index: int) -> None:
        self.quotations.open(self.lines[index].start)
        self._quotation_is_unmarked = True
        self._warn("unmarked_quotation", "Đoạn này có vẻ là trích dẫn thiếu ngoặc kép.", index)

    def _open(self, index: int, mark: Mark) -> None:
        self.openings.append(UnitOpening(index, mark.kind, mark.number))
        self._last_unit, self._last_numbers[mark.kind] = index, mark.number
        if mark.kind is not UnitKind.POINT:
            self._last_clause = index
        if mark.misread:
            self._warn(
                "misread_mark", f"«{self.lines[index].content[: mark.body].strip()}» đọc là {mark.number}.", index
            )

    def _consider_higher(self, index: int, mark: Mark) -> None:
        is_title = mark.firm or self.lines[index].rest.isupper()
        if self._is_announced(index) or (not is_title and cue_phrases.ends_before_reference(self._previous(index))):
            return
        near = self.lines[index + 1 : index + 1 + LINES_TO_FIRST_UNIT]
        first = next((line.mark for line in near if line.mark), None)
        if first and (first.kind in KINDS_ABOVE_ARTICLES or first.kind is UnitKind.ARTICLE):
            self._open(index, mark)
            self._in_article = False

    def _consider_article(self, index: int, mark: Mark) -> None:
        verdict = self._judge_article(index, mark)
        if verdict is ArticleVerdict.QUOTED:
            self._quote(index)
        elif verdict is ArticleVerdict.RESTART:
            self._in_attached_text = True
            before = self.lines[self.openings[0].index : index]  # without a sentence it may be a list of contents
            code = "numbering_restarts" if any(is_sentence(line.content) for line in before) else number_gaps.SWALLOWED
            self._warn(code, "Số điều bắt đầu lại từ 1: có thể là văn bản kèm theo.", index)
        elif verdict is ArticleVerdict.STRAY:
            self._warn_of_stray_article(index, mark)
        elif verdict is ArticleVerdict.REFERENCE:
            self._doubt_article(index, mark)
        else:
            self._open(index, mark)
            if verdict is not ArticleVerdict.NEXT:
                self._warn(verdict.value, f"Điều {mark.number} không nối tiếp Điều {self._article[0]}.", index)
            self._article = (self._article[0] + 1,) if verdict is ArticleVerdict.MISNUMBERED else mark.order
            self._start_article()

    def _doubt_article(self, index: int, mark: Mark) -> None:
        """Warn of the misread mark of an article that opens none, where no later article tells that one is lost."""
        ahead = mark.order[0] - self._article[0]
        has_ended = self._previous(index).endswith(spoilt_marks.SENTENCE_ENDS) and not self._is_announced(index)
        is_last = self._following(index, UnitKind.ARTICLE) is None and self._article != (0,)
        if mark.doubtful and mark.firm and has_ended and is_last and 0 < ahead <= MAX_MISSING_NUMBERS + 1:
            self._warn_of_stray_article(index, mark)

    def _warn_of_stray_article(self, index: int, mark: Mark) -> None:
        self._warn(ArticleVerdict.STRAY.value, f"Điều {mark.number} không nối tiếp số điều trước.", index)

    def _judge_article(self, index: int, mark: Mark) -> ArticleVerdict:
        """What a line is that begins with the mark of an article."""
        last, following = self._article[0], self._following(index, UnitKind.ARTICLE)
        if mark_sequence.is_next_number(mark.order, self._article):
            if cue_phrases.ends_before_reference(self._previous(index)) and self._last_with.get(mark.order, -1) > index:
                return ArticleVerdict.REFERENCE
            is_title = mark.firm or not self.lines[index].content.endswith((".", ";", ","))
            return ArticleVerdict.NEXT if is_title else ArticleVerdict.REFERENCE
        after = following[0] if following else None
        goes_on = after == mark.order[0] + 1
        sure = mark.firm and (not mark.doubtful or not last)
        if cue_phrases.ends_before_reference(self._previous(index)) or not (goes_on or sure):
            return ArticleVerdict.REFERENCE
        if self._is_announced(index) or (
            mark.order[0] > last + MAX_MISSING_NUMBERS and self._last_with.get((last + 1,), -1) > index
        ):
            return ArticleVerdict.QUOTED if last else ArticleVerdict.REFERENCE
        if not last:
            return ArticleVerdict.MISSING
        if (
            mark.order[0] > last
            and after != last + 1
            and (mark.order[0] - last <= MAX_MISSING_NUMBERS or after == mark.order[0] + 1)
        ):
            return ArticleVerdict.MISSING
        if after == last + 2:
            return ArticleVerdict.MISNUMBERED
        if mark.order == self._article:
            return ArticleVerdict.REPEATED
        return ArticleVerdict.RESTART if mark.order == (1,) and after == 2 else ArticleVerdict.STRAY

    def _start_article(self) -> None:
        self._in_article = self._article != (0,)
        self._clause, self._list, self._list_is_announced = (0,), 0, False
        self._point = ()
        self._repeated_clauses = self._repeated_points = 0
        self._spoilt_list_sign, self._doubted = None, set()

    def _consider_clause(self, index: int, mark: Mark) -> None:
        if self._judge_clause(index, mark):
            missing = [str(number) for number in range(self._clause[0] + 1, mark.order[0])]
            self._warn_missing(mark, missing, self._last_clause, self._repeated_clauses, index)
            self._open(index, mark)
            self._repeated_clauses = 0 if mark.order > self._clause else self._repeated_clauses + 1
            self._clause, self._list, self._point = max(self._clause, mark.order), 0, ()
            self._repeated_points, self._spoilt_list_sign = 0, None
            self._doubted.discard(UnitKind.POINT)
        elif self._is_skipped_clause(index, mark):
            message = f"Khoản {mark.number} không nối tiếp khoản {self._clause[0]}, nên chưa được tách thành khoản."
            self._warn("clause_out_of_sequence", message, index)
        elif 1 < mark.order[0] <= self._clause[0] and not self._list:
            self._warn_of_repeated(index, mark)

    def _is_skipped_clause(self, index: int, mark: Mark) -> bool:
        """Whether a mark that opens no clause may be one of the act's own, ahead of its count."""
        is_reference = self._is_announced(index) or cue_phrases.ends_before_reference(self._previous(index))
        return not (mark.doubtful or self._list or is_reference) and mark.order[0] > self._clause[0]

    def _judge_clause(self, index: int, mark: Mark) -> bool:
        """Whether the clause continues the last one; counts a list inside a clause (`_list`)."""
        if cue_phrases.goes_on_with_reference(self._previous(index), mark.kind, self.lines[index].rest):
            return False
        number, last = mark.order[0], self._clause[0]
        following = self._following(index, UnitKind.CLAUSE)
        after = following[0] if following else None
        if len(mark.order) > 1:
            return mark_sequence.is_next_number(mark.order, self._clause) or number == last + 1
        if mark.doubtful and number != last + 1 and number != self._list + 1:
            return False
        if (
            self._list
            and number == self._list + 1
            and (self._list_is_announced or number != last + 1 or after == number)
        ):
            self._list = number
            return False
        if number == last + 1:
            return True
        if (
            number <= last
            and ends_with_closing_quote(self._previous(index))
            and cue_phrases.starts_like_amendment(self.lines[index].rest)
        ):
            return True  # misprinted: what an amending act says between two quotations is its own
        if number == 1 and last:
            self._list, self._list_is_announced = 1, cue_phrases.announces_quotation_or_list(self._previous(index))
            code = number_gaps.SWALLOWED if self._is_lost_beginning(index, mark) else "numbering_restarts"
            self._warn(code, "Số khoản bắt đầu lại từ 1 trong cùng một điều.", index)
            return False
        if self._list or self._is_announced(index) or cue_phrases.ends_before_reference(self._previous(index)):
            return False
        if number == last:
            return after in (last + 1, last + 2)
        return last < number <= last + MAX_MISSING_NUMBERS and after in (None, number + 1)

    def _is_lost_beginning(self, index: int, mark: Mark) -> bool:
        """Whether clauses that begin again are those of another unit: of an article, a part, an attached text.

        A list is announced; in a table that lost its form the cell before it has no stop.
        """
        before = self.lines[index - 1]
        has_ended = before.content.endswith((".", ";")) or ends_with_closing_quote(before.content)
        is_heading = before.content.isupper() or before.kind in (*KINDS_ABOVE_ARTICLES, UnitKind.ARTICLE)
        return not (self._list_is_announced or mark.doubtful) and (has_ended or is_heading)

    def _consider_point(self, index: int, mark: Mark) -> None:
        if self._is_bare_dd(index, mark):
            mark = replace(mark, number="đ", order=number_order("đ"), misread=True)
        if self._judge_point(index, mark):
            missing = mark_sequence.letters_between(self._point, mark.order)
            repeated = self._repeated_points + (self._following(index, UnitKind.POINT) == mark.order)
            self._warn_missing(mark, missing, self._last_unit, repeated, index)
            self._open(index, mark)
            self._repeated_points = 0 if mark.order > self._point else self._repeated_points + 1
            self._point = max(self._point, mark.order)
        elif self._point and FIRST_POINT < mark.order <= self._point:
            self._warn_of_repeated(index, mark)

    def _warn_of_repeated(self, index: int, mark: Mark) -> None:
        """Warn of a number met before that opens no unit: a misprint, where no other number tells that one is lost."""
        if self._previous(index).endswith((".", ";")) and not mark.doubtful:
            words = f"số {mark.number} in lặp lại, nên đơn vị này chưa được tách. Hãy sửa số theo bản in."
            self._warn(number_gaps.SWALLOWED, f"{self._place(mark.kind)}: {words}", index)

    def _is_bare_dd(self, index: int, mark: Mark) -> bool:
        """Whether a second d) is a đ) that lost its stroke: e) or nothing follows it."""
        if mark.number != "d" or self._point != mark.order or not self._previous(index).endswith(";"):
            return False
        return self._following(index, UnitKind.POINT) in (None, number_order("e"))

    def _judge_point(self, index: int, mark: Mark) -> bool:
        """Whether the point continues the last one; a misprint does if the list continues around it."""
        if cue_phrases.goes_on_with_reference(self._previous(index), mark.kind, self.lines[index].rest):
            return False
        step, following = mark_sequence.letters_ahead(self._point, mark.order), self._following(index, UnitKind.POINT)
        if step == 1:
            return True
        goes_on = self._previous(index).endswith((";", ":"))
        if not step:  # the same letter again, or one that falls back
            expected = following is not None and mark_sequence.letters_ahead(self._point, following) in (1, 2)
            return bool(self._point) and (expected or (step == 0 and goes_on))
        ahead = None if following is None else mark_sequence.letters_ahead(mark.order, following)
        return (goes_on or step <= MAX_MISSING_NUMBERS) and ahead in (None, 0, 1, 2)

    # -- neighbours -----------------------------------------------------------------

    def _previous(self, index: int) -> str:
        return self.lines[index - 1].content if index else ""

    def _is_announced(self, index: int) -> bool:
        return self._previous(index).endswith(("như sau:", "như sau"))

    def _following(self, index: int, kind: UnitKind) -> tuple[int, ...] | None:
        """Number of the next mark of this kind, quoted or not; for clauses and points, within article and clause."""
        at = self._next[kind][index]
        mark = None if at is None else self.lines[at].mark
        return mark.order if mark else None

    def _warn_missing(self, mark: Mark, missing: list[str], first: int, repeated: int, index: int) -> None:
        """Warn of numbers not found before this mark; units with a number met twice may stand for as many of them."""
        if len(missing) <= repeated:
            return
        between = [line for line, own in zip(self.lines[first:index], self.is_own_text[first:], strict=False) if own]
        code, words = number_gaps.gap_in_words(mark.kind, mark.number, missing, between, repeated=repeated)
        self._warn(code, f"{self._place(mark.kind)}: {words}", index)

    def _place(self, kind: UnitKind) -> str:
        """Which article, and of a point which clause, is being read: «Điều 5 khoản 2»."""
        place = f"Điều {self._last_numbers.get(UnitKind.ARTICLE, '')}"
        if kind is UnitKind.POINT and self._clause != (0,):
            place += f" khoản {self._last_numbers.get(UnitKind.CLAUSE, '')}"
        return place

    def _warn(self, code: str, message: str, index: int) -> None:
        self.warnings.append(ParserWarning(code, message, self.lines[index].start))
