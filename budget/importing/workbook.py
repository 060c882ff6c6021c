"""Workbooks (.xlsx) → sheets of cells. The caller has seen to the size; `archive.inspect` sees to what is inside.

The `<dimension>` a file claims is never believed: with a stale one openpyxl reads two rows of eight thousand.
What openpyxl's streaming does not tell (hidden rows, merged cells, formulas without result) is read from the XML.
"""

import io
import re
import warnings
import zipfile
from datetime import date, time, timedelta
from functools import lru_cache

import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from budget.cells import Unreadable

from . import archive
from .files import MAX_COLUMNS, MAX_ROWS, FileRefused, Sheet, Source, check_size

if not openpyxl.DEFUSEDXML or openpyxl.LXML:
    raise ImportError("openpyxl must parse with defusedxml: see OPENPYXL_DEFUSEDXML and OPENPYXL_LXML")

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|FIELD!)")
ESCAPED_CONTROL = re.compile(r"_x(00[01][0-9A-Fa-f]|007[Ff])_")  # as the format writes what XML cannot
SCALED = re.compile(r"[0#?],+(?![0#?,])")  # a comma after the last digit: the number is shown in thousands
NAME_LIMIT = 300  # characters of a defined name's text
PERCENT, THOUSANDS = "percent", "thousands"
DRESSING = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')  # what a number format says in words


def read_workbook(content: bytes) -> Source:
    """All visible sheets that have content. Raises FileRefused, or whatever openpyxl raises on a damaged file."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        archive.inspect(zipped)
        if "xl/workbook.xml" in zipped.namelist() and STRICT in zipped.read("xl/workbook.xml"):
            raise FileRefused("工作簿是“严格 Open XML”格式，请另存为普通的 .xlsx。")
    source = Source([])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions that we do not read
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            source.names = _names(book)
            for sheet in book.worksheets:
                _take(sheet, source)
        finally:
            book.close()
    if not source.sheets:
        raise FileRefused("工作簿里没有内容。")
    return source


def _names(book) -> dict[str, str]:
    """The defined names that stand for a text: `="566001"`."""
    texts = {name: (one.value or "").strip() for name, one in book.defined_names.items()}
    return {
        name: text[1:-1].replace('""', '"')
        for name, text in texts.items()
        if len(text) <= NAME_LIMIT and text[:1] == text[-1:] == '"' and len(text) > 1
    }


def _take(worksheet: ReadOnlyWorksheet, source: Source) -> None:
    layout = _Layout(worksheet)
    if not layout.cells:
        return
    if worksheet.sheet_state != "visible":
        source.notices.append(f"隐藏的工作表“{worksheet.title}”没有读取。")
        return
    rows = _rows(worksheet, layout.uncomputed)
    if rows:
        source.sheets.append(
            Sheet(worksheet.title, rows, layout.merged, layout.hidden_rows, layout.hidden_columns, layout.formulas)
        )


class _Layout:
    """A light pass over a sheet's XML; refuses too much before openpyxl begins."""

    def __init__(self, worksheet: ReadOnlyWorksheet):
        self.cells = self.formulas = 0
        self.merged: list[tuple[int, int, int, int]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.uncomputed: set[tuple[int, int]] = set()
        self.row = self.column = 0
        self.data = None
        with worksheet._get_source() as part:
            for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
                self._see(event, element)

    def _see(self, event: str, element) -> None:
        tag = element.tag.removeprefix(MAIN)
        if event == "start":
            if tag == "row":
                self.row = self._next(self.row, int(element.get("r", self.row + 1)))
                self.column = 0
            elif tag == "sheetData":
                self.data = element
            return
        if tag == "c":
            self._cell(element)
            element.clear()
        elif tag == "row":
            if element.get("hidden") in ("1", "true"):
                self.hidden_rows.add(self.row)
            self.data.clear()
        elif tag == "col" and element.get("hidden") in ("1", "true"):
            first, last = max(int(element.get("min")), 1), min(int(element.get("max")), MAX_COLUMNS)
            self.hidden_columns.update(range(first, last + 1))
        elif tag == "mergeCell":
            left, top, right, bottom = range_boundaries(element.get("ref"))
            self.merged.append((int(top), int(left), int(bottom), int(right)))
            if len(self.merged) > MAX_ROWS:
                raise FileRefused(f"合并单元格超过{MAX_ROWS}处。")

    @staticmethod
    def _next(before: int, place: int) -> int:
        """Rows and cells stand in order: openpyxl would leave out one that comes twice or too late."""
        if place <= before:
            raise FileRefused("工作簿里行或单元格的次序不正常，请用 Excel 或 WPS 打开后另存为 .xlsx。")
        return place

    def _cell(self, element) -> None:
        reference = element.get("r", "").rstrip("0123456789")
        self.column = self._next(self.column, column_index_from_string(reference) if reference else self.column + 1)
        value, formula = element.find(f"{MAIN}v"), element.find(f"{MAIN}f")
        has_value = (value is not None and bool(value.text)) or element.find(f"{MAIN}is") is not None
        if formula is not None:
            self.formulas += 1
            # the result of a formula may be an empty text, which is stored as an empty element of type str
            if not has_value and element.get("t") != "str":
                self.uncomputed.add((self.row, self.column))
                has_value = True
        if has_value:
            self.cells += 1
            check_size(self.row, self.cells, self.column)


def _rows(worksheet: ReadOnlyWorksheet, uncomputed: set[tuple[int, int]]) -> list[tuple[int, list]]:
    worksheet.reset_dimensions()
    rows = []
    for number, row in enumerate(worksheet.iter_rows(), 1):
        if number > MAX_ROWS:
            break  # beyond it `_Layout` has found nothing but styles
        values = [_value(cell) for cell in row[:MAX_COLUMNS]]
        for at in range(len(values)) if uncomputed else ():
            if (number, at + 1) in uncomputed:
                values[at] = Unreadable("公式", "没有计算结果，请用 Excel 或 WPS 打开并保存后再导入")
        while values and values[-1] is None:
            values.pop()
        if values:
            rows.append((number, values))
    return rows


def _value(cell):
    """What the cell holds: openpyxl's value, or why it cannot be used."""
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        if cell.data_type == "e" or ERROR_TEXT.fullmatch(value.strip()):
            return Unreadable(value, "是错误值，请改正公式或填写数值")
        value = ESCAPED_CONTROL.sub(lambda escape: chr(int(escape[1], 16)), value)
        return value if value.strip() else None
    if isinstance(value, (bool, date, time, timedelta)):
        return value
    shown = _shown_as(cell.number_format)
    if shown == PERCENT:
        return Unreadable(f"{value * 100:g}%", "是百分数格式，请把单元格设为常规格式后核对数值")
    if shown == THOUSANDS:
        return Unreadable(str(value), f"的格式“{cell.number_format}”把数值缩小显示，请把单元格设为常规格式后核对数值")
    return value


@lru_cache(maxsize=500)
def _shown_as(number_format: str) -> str:
    bare = DRESSING.sub("", number_format)
    if "%" in bare:
        return PERCENT
    return THOUSANDS if SCALED.search(bare) else ""
