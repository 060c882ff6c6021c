"""The parts of a workbook that are large, read in one pass each: a sheet's cells, the shared texts, the formats.

openpyxl reads these parts too, five times slower, and does not tell what is hidden, merged, or a formula without a
result. What is inside has been looked at by `archive.inspect`; what is too much is refused as soon as it is seen.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.worksheet._reader import _cast_number

from budget.cells import Unreadable

from .files import MAX_COLUMNS, MAX_ROWS, FileRefused, Sheet, check_size

NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROW, CELL, VALUE, FORMULA, INLINE, TEXT, PHONETIC, COLUMN, MERGED, SHARED = (
    f"{NAMESPACE} {name}" for name in ("row", "c", "v", "f", "is", "t", "rPh", "col", "mergeCell", "si")
)
NUMBER_FORMAT, CELL_FORMATS, CELL_FORMAT = (f"{NAMESPACE} {name}" for name in ("numFmt", "cellXfs", "xf"))
MAX_TEXTS = 400_000  # shared texts: twice the cells that are read
MAX_TEXT = 32_767  # characters of a cell, by the format
MAX_FORMATS = 65_490  # styles of a workbook, by the format
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|FIELD!)")
ESCAPED_CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f]|007[Ff])_")  # as the format writes what XML cannot
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a comma after the last digit: the number is shown in thousands
PERCENT, THOUSANDS = "percent", "thousands"
DRESSING = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')  # what a number format says in words
TRUE = ("1", "true")
UNCOMPUTED = Unreadable("公式", "没有计算结果，请用 Excel 或 WPS 打开并保存后再导入")


class Format(NamedTuple):
    """How a style shows numbers."""

    code: str = "General"
    is_date: bool = False
    is_duration: bool = False


PLAIN = Format()


class _Pass:
    """One pass over a part: subclasses say what begins, what ends; text is kept between where `keeps` is set."""

    def __init__(self):
        self.keeps = False
        self.text: list[str] = []

    def read(self, part) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.begin
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self._say
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse
        parser.ParseFile(part)

    def _say(self, text: str) -> None:
        if self.keeps:
            self.text.append(text)

    def _refuse(self, *declared) -> None:
        raise FileRefused("工作簿的 XML 里有文档类型声明，不予读取。")

    def _taken(self) -> str:
        text = "".join(self.text)
        self.text.clear()
        self.keeps = False
        return text


class SharedTexts(_Pass):
    """The texts that cells refer to by number: `texts`. Phonetic guides are left out."""

    def __init__(self):
        super().__init__()
        self.texts: list[str] = []
        self.is_phonetic = False

    def begin(self, name: str, attributes: dict) -> None:
        if name == TEXT:
            self.keeps = not self.is_phonetic
        elif name == PHONETIC:
            self.is_phonetic = True

    def end(self, name: str) -> None:
        if name == TEXT:
            self.keeps = False
        elif name == PHONETIC:
            self.is_phonetic = False
        elif name == SHARED:
            self.texts.append(self._taken())
            if len(self.texts) > MAX_TEXTS:
                raise FileRefused(f"工作簿里的文字超过{MAX_TEXTS}条。")


class Formats(_Pass):
    """The number formats of the styles, in the order in which cells refer to them: `styles`."""

    def __init__(self):
        super().__init__()
        self.styles: list[Format] = []
        self.codes: dict[int, str] = {}
        self.is_of_cells = False

    def begin(self, name: str, attributes: dict) -> None:
        if name == NUMBER_FORMAT:
            self.codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == CELL_FORMATS:
            self.is_of_cells = True
        elif name == CELL_FORMAT and self.is_of_cells:
            number = int(attributes.get("numFmtId", 0))
            self.styles.append(format_of(self.codes.get(number) or BUILTIN_FORMATS.get(number, "General")))
            if len(self.styles) > MAX_FORMATS:
                raise FileRefused(f"工作簿里的单元格格式超过{MAX_FORMATS}种。")

    def end(self, name: str) -> None:
        if name == CELL_FORMATS:
            self.is_of_cells = False


class Cells(_Pass):
    """A sheet's cells, row by row, and what the sheet hides and merges."""

    def __init__(self, texts: list[str], styles: list[Format], epoch: datetime):
        super().__init__()
        self.texts, self.styles, self.epoch = texts, styles, epoch
        self.known: dict[str, object] = {}  # what a shared text is as a cell, by its number as cells write it
        self.rows: list[tuple[int, list]] = []
        self.cells = self.formulas = 0
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = 0
        self.values: list = []
        self.cell: dict = {}
        self.written: str | None = None
        self.is_formula = self.is_inline = self.is_phonetic = False

    def sheet(self, title: str) -> Sheet:
        """What was read."""
        return Sheet(title, self.rows, self.merged, self.hidden_rows, self.hidden_columns, self.formulas)

    def begin(self, name: str, attributes: dict) -> None:
        if name == CELL:
            self._begin_cell(attributes)
        elif name == VALUE:
            self.keeps = True
        elif name == FORMULA:
            self.is_formula = True
        elif name == ROW:
            self.row = _next(self.row, int(attributes.get("r", self.row + 1)))
            self.column = 0
            self.values = []
            if attributes.get("hidden") in TRUE:
                self.hidden_rows.add(self.row)
        elif name == INLINE:
            self.is_inline = True
        elif name == TEXT:
            self.keeps = self.is_inline and not self.is_phonetic
        elif name == PHONETIC:
            self.is_phonetic = True
        elif name == COLUMN and attributes.get("hidden") in TRUE:
            first, last = max(int(attributes["min"]), 1), min(int(attributes["max"]), MAX_COLUMNS)
            self.hidden_columns.update(range(first, last + 1))
        elif name == MERGED:
            self._merge(attributes["ref"])

    def end(self, name: str) -> None:
        if name == VALUE:
            self.keeps = False
            text = self.text
            self.written = (text[0] if len(text) == 1 else "".join(text)) or None
            text.clear()
        elif name == CELL:
            self._end_cell()
        elif name == ROW:
            while self.values and self.values[-1] is None:
                self.values.pop()
            if self.values:
                self.rows.append((self.row, self.values))
        elif name == TEXT:
            self.keeps = False
        elif name == PHONETIC:
            self.is_phonetic = False

    def _begin_cell(self, attributes: dict) -> None:
        reference = attributes.get("r", "").rstrip("0123456789")
        self.column = _next(self.column, column_index_from_string(reference) if reference else self.column + 1)
        self.cell = attributes
        self.written = None
        self.is_formula = self.is_inline = False

    def _end_cell(self) -> None:
        kind = self.cell.get("t", "n")
        if kind == "s" and not self.is_formula and not self.is_inline and self.written in self.known:
            self._put(self.known[self.written])
            return
        inline = self._taken() if self.is_inline else None
        has_value = self.written is not None or self.is_inline
        uncomputed = False
        if self.is_formula:
            self.formulas += 1
            # the result of a formula may be an empty text, which is stored as an empty element of type str
            uncomputed = not has_value and kind != "str"
        if not (has_value or uncomputed):
            return
        self._put(UNCOMPUTED if uncomputed else self._value(kind, inline))

    def _put(self, value) -> None:
        """One more filled cell; a value of None is filled with nothing that counts."""
        self.cells += 1
        check_size(self.row, self.cells, self.column)
        if value is not None:
            missing = self.column - 1 - len(self.values)
            if missing:
                self.values.extend([None] * missing)
            self.values.append(value)

    def _value(self, kind: str, inline: str | None):
        if kind == "inlineStr":
            return _text(inline or "")
        written = self.written
        if written is None:
            return None
        if kind == "s":
            found = self.known[written] = _text(_of(self.texts, written))
            return found
        if kind == "n":
            return self._number(written)
        if kind == "b":
            return bool(int(written))
        if kind == "d":
            return from_ISO8601(written)
        if kind == "e":
            return _error(written)
        return _text(written)

    def _number(self, written: str):
        value = _cast_number(written)
        shape = _of(self.styles, self.cell.get("s", "0")) if self.styles else PLAIN
        if shape is PLAIN:
            return value
        if shape.is_date:
            try:
                found = from_excel(value, self.epoch, timedelta=shape.is_duration)
            except (OverflowError, ValueError):
                return _error("#VALUE!")
            return found if isinstance(found, (date, time, timedelta)) else value
        shown = _shown_as(shape.code)
        if shown == PERCENT:
            return Unreadable(f"{value * 100:g}%", "是百分数格式，请把单元格设为常规格式后核对数值")
        if shown == THOUSANDS:
            return Unreadable(str(value), f"的格式“{shape.code}”把数值缩小显示，请把单元格设为常规格式后核对数值")
        return value

    def _merge(self, reference: str) -> None:
        left, top, right, bottom = (int(bound) for bound in range_boundaries(reference))
        if not (1 <= top <= bottom and 1 <= left <= right):
            raise ValueError(f"no range: {reference}")
        self.merged.append((top, left, bottom, right))
        if len(self.merged) > MAX_ROWS:
            raise FileRefused(f"合并单元格超过{MAX_ROWS}处。")


@lru_cache(maxsize=500)
def format_of(code: str) -> Format:
    """What a format code says; the plain one for whatever shows a number as it is."""
    found = Format(code, bool(is_date_format(code)), bool(is_timedelta_format(code)))
    return found if found.is_date or _shown_as(code) else PLAIN


@lru_cache(maxsize=500)
def _shown_as(code: str) -> str:
    bare = DRESSING.sub("", code)
    if "%" in bare:
        return PERCENT
    return THOUSANDS if SCALED.search(bare) else ""


def _text(text: str):
    if len(text) > MAX_TEXT:
        return Unreadable(text[:60], f"等共{len(text)}个字，超过单元格的上限")
    if text[:1] == "#" and ERROR_TEXT.fullmatch(text.strip()):
        return _error(text)
    if "_x" in text:
        text = ESCAPED_CONTROL.sub(lambda escape: chr(int(escape[1], 16)), text)
    return text if text.strip() else None


def _error(shown: str) -> Unreadable:
    return Unreadable(shown, "是错误值，请改正公式或填写数值")


def _of(listed: list, number: str):
    """What a cell refers to by number; IndexError where there is no such thing."""
    at = int(number)
    if at < 0:
        raise IndexError(number)
    return listed[at]


def _next(before: int, place: int) -> int:
    """Rows and cells stand in order: a spreadsheet would leave out one that comes twice or too late."""
    if place <= before:
        raise FileRefused("工作簿里行或单元格的次序不正常，请用 Excel 或 WPS 打开后另存为 .xlsx。")
    return place
