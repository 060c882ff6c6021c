"""A copy of somebody's own file with its mistakes in it: red cells, comments, a sheet that lists them with links."""

import io
import warnings

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from .files import ZIP, csv_rows, decoded

SUMMARY = "错误清单"
AUTHOR = "明账"
RED = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
RED_TEXT = Font(color="FF9C0006")
LINK = Font(color="FF1D5A96", underline="single")
BOLD = Font(bold=True)
HEIGHT_OF_LINE, CHARACTERS_A_LINE = 15, 22
CSV_SHEET = "文件内容"


def marked_copy(content: bytes, told: dict) -> bytes:
    """The file as .xlsx with `told["mistakes"]` (row, column, address, message) marked; a CSV becomes a workbook."""
    if content.startswith(ZIP):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about extensions that a copy loses
            book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    else:
        book = _from_csv(content)
    places: dict[tuple[str, int, int], list[str]] = {}
    for row, column, address, message in told["mistakes"]:
        sheet = _sheet_of(book, address)
        if row and sheet is not None:
            places.setdefault((sheet.title, row, max(column, 1)), []).append(message)
    for (title, row, column), messages in places.items():
        _mark(book[title].cell(*_visible(book[title], row, column)), messages)
    _list(book, told["mistakes"], told.get("unlisted", 0))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _from_csv(content: bytes) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = CSV_SHEET
    text, _ = decoded(content)
    for number, values in csv_rows(text):
        for at, value in enumerate(values, 1):
            if value is not None:
                _write(sheet.cell(number, at), value)
    return book


def _write(cell, text: str) -> None:
    """Text as text: what begins with = is no formula here."""
    cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("�", text)[:32_767]
    cell.data_type = "s"
    cell.quotePrefix = True


def _sheet_of(book: openpyxl.Workbook, address: str):
    name = address.rpartition("!")[0]
    if name:
        return book[name] if name in book.sheetnames else None
    return book.worksheets[0] if book.worksheets else None


def _visible(sheet, row: int, column: int) -> tuple[int, int]:
    """The cell itself, or the first of the merged range that it is in."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return merged.min_row, merged.min_col
    return row, column


def _mark(cell, messages: list[str]) -> None:
    cell.fill = RED
    font = cell.font.copy(color=RED_TEXT.color)
    cell.font = font
    before = f"{cell.comment.text}\n——\n" if cell.comment else ""
    text = before + "\n".join(messages)
    lines = sum(1 + len(line) // CHARACTERS_A_LINE for line in text.splitlines())
    cell.comment = Comment(text[:32_000], AUTHOR, height=HEIGHT_OF_LINE * (lines + 1) + 10, width=320)


def _list(book: openpyxl.Workbook, mistakes: list, unlisted: int) -> None:
    """The first sheet: every mistake, its place a link."""
    title = SUMMARY
    while title in book.sheetnames:
        title += "_"
    sheet = book.create_sheet(title, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    head = f"共{len(mistakes) + unlisted}处错误，没有导入任何内容。改正后删除本表，重新上传。"
    for text, cell, font in ((head, "A1", BOLD), ("位置", "A3", BOLD), ("错误", "B3", BOLD)):
        sheet[cell] = text
        sheet[cell].font = font
    for at, (row, column, address, message) in enumerate(mistakes, 4):
        place, said = sheet.cell(at, 1), sheet.cell(at, 2)
        _write(place, address or "整个文件")
        _write(said, message)
        said.alignment = Alignment(wrap_text=True, vertical="top")
        place.alignment = Alignment(vertical="top")
        target = _sheet_of(book, address) if row else None
        if target is sheet:
            target = book.worksheets[1]
        if target is not None:
            cell = f"{get_column_letter(max(column, 1))}{row}"
            place.hyperlink = Hyperlink(ref=place.coordinate, location=f"{quote_sheetname(target.title)}!{cell}")
            place.font = LINK
    if unlisted:
        sheet.cell(len(mistakes) + 4, 2, f"另有{unlisted}个错误没有列出。")
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    sheet.freeze_panes = "A4"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
