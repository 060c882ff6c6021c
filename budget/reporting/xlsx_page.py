"""A sheet of the workbook: one table as a bureau prints it, A4 on its side."""

from collections.abc import Iterable
from functools import cache

from xlsxwriter import Workbook

from . import money, remarks
from .grid import Grid
from .measure import column_widths, lines_of, pixels, row_lines, width_of
from .sheet import Cell, Sheet

FONT = "宋体"
LINE, PADDING, TALLEST = 13, 7, 409  # points; Excel allows no higher row
BORDER = {"border": 1}
WRAPPED = {"text_wrap": True, "valign": "vcenter"}
RED = {**BORDER, "font_color": "#B42318", "border_color": "#B42318"}
LOOKS = {
    "title": {"bold": True, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "organisation": {"align": "left", "valign": "vcenter"},
    "unit": {"align": "right", "valign": "vcenter"},
    "header": {**BORDER, **WRAPPED, "align": "center", "bold": True},
    "label": {**BORDER, **WRAPPED, "align": "center"},
    "text": {**BORDER, **WRAPPED, "align": "left", "num_format": "@"},
    "code": {**BORDER, **WRAPPED, "align": "center", "num_format": "@"},
    "figure": {**BORDER, "align": "right", "valign": "vcenter"},
    "form_figure": {**BORDER, "align": "center", "valign": "vcenter"},
    "rate": {**BORDER, "align": "right", "valign": "vcenter"},
    "remark": {**WRAPPED, "align": "left"},
    "misfit": {**WRAPPED, **RED, "align": "left"},
    "misfits": {**WRAPPED, **RED, "align": "left", "bold": True},
}
FIGURES = ("figure", "form_figure")
INDENTED = ("text", "figure", "rate")
PAGE_HEIGHT = 500  # points of an A4 page on its side within the margins
HEAD_HEIGHT, TIGHT_PADDING = 56, 1  # points of title and unit line; the least space between rows
SHRINK = (13, 10)  # a table that is longer than a page by less than this is printed a little smaller, on one
ROOMY = 10  # up to so many columns words and figures keep a distance from the lines
TEXT_LIMIT = 32_767  # UTF-16 units a cell holds; XlsxWriter would cut off what is beyond
CONTROLS = dict.fromkeys(range(32))


class Page:
    """Draws one grid: title, organisation and unit, the table, what is said under it; then how it is printed."""

    top = 2  # the title, and the line of organisation and unit

    def __init__(self, workbook: Workbook, name: str, grid: Grid, sheet: Sheet, formats: dict):
        self.workbook, self.grid, self.sheet, self.formats = workbook, grid, sheet, formats
        self.worksheet = workbook.add_worksheet(name)
        declared = {} if grid.sections else {at: column.width for at, column in enumerate(grid.columns) if column.width}
        self.widths = column_widths(sheet, grid.printed, declared)
        self.form = cache(self._format)
        self.height = 0  # points drawn so far

    def draw(self) -> None:
        for at, width in enumerate(self.widths):
            self.worksheet.set_column_pixels(at, at, pixels(width))
        self._head()
        lines = row_lines(self.sheet, self.grid.printed, self.widths)
        padding = self._padding(lines)
        for row, count in enumerate(lines):
            self._height(self.top + row, count, padding)
        self._cells(self.sheet.cells, self.top)
        self._print(self._foot(self.top + self.sheet.rows))

    def _head(self) -> None:
        columns = self.sheet.columns
        self._cells([Cell(0, 0, 1, columns, self.grid.title, "title")])
        title_lines = lines_of(self.grid.title, sum(self.widths) * 10 // 18)
        self._row(0, 24 * title_lines + 12)
        organisation = f"{self.grid.organisation_label}：{self.grid.organisation}" if self.grid.organisation else ""
        unit = f"单位：{self.grid.unit}"
        if columns == 1:
            self._cells([Cell(1, 0, 1, 1, f"{organisation}　{unit}".strip(), "unit")])
        else:
            at = columns - 1
            while at > 1 and sum(self.widths[at:]) < width_of(unit) + 2:
                at -= 1
            self._cells([Cell(1, 0, 1, at, organisation, "organisation"), Cell(1, at, 1, columns - at, unit, "unit")])
        self._row(1, 20)

    def _foot(self, row: int) -> int:
        """Statement, 未归列 and notes, each across the table; the row after them."""
        words = [(remarks.statement(self.grid), "remark"), (remarks.misfit_heading(self.grid), "misfits")]
        words += [(line, "misfit") for line in remarks.misfit_lines(self.grid)]
        words += [(note, "remark") for note in self.grid.notes]
        for text, look in words:
            if text:
                self._cells([Cell(row, 0, 1, self.sheet.columns, text, look)])
                self._height(row, lines_of(text, sum(self.widths)))
                row += 1
        return row

    def _print(self, rows: int) -> None:
        sheet, first, last = self.worksheet, self.top + self.sheet.header[0], self.top + self.sheet.header[1]
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 1 if self.height * SHRINK[1] <= PAGE_HEIGHT * SHRINK[0] else 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer(f'&C&"{FONT}"&9第 &P 页　共 &N 页')
        sheet.print_area(0, 0, rows - 1, self.sheet.columns - 1)
        sheet.repeat_rows(first, last)
        if not self.grid.sections:  # the header of a form stands in its middle: nothing to freeze
            sheet.freeze_panes(last + 1, 0)
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{rows}"})  # codes are words

    def _padding(self, lines: list[int]) -> int:
        """The space between rows: less where that brings a table of little more than a page onto one."""
        room = PAGE_HEIGHT * SHRINK[0] // SHRINK[1] - HEAD_HEIGHT - sum(lines) * LINE
        fitting = room // len(lines) if lines else PADDING
        return fitting if TIGHT_PADDING <= fitting < PADDING else PADDING

    def _height(self, row: int, lines: int, padding: int = PADDING) -> None:
        self._row(row, min(lines * LINE + padding, TALLEST))

    def _row(self, row: int, points: int) -> None:
        self.worksheet.set_row(row, points)
        self.height += points

    def _cells(self, cells: Iterable[Cell], top: int = 0) -> None:
        """A loop, not a call a cell: a book has a million of them."""
        sheet, form_of, in_unit, unit = self.worksheet, self.form, money.in_unit, self.grid.unit
        blank, string, number = sheet.write_blank, sheet.write_string, sheet.write_number
        for row, column, rowspan, colspan, value, look, strong, indent in cells:
            row += top
            form = form_of(look, strong, indent)
            if rowspan > 1 or colspan > 1:
                # merge_range would guess what its text is (a formula, an address): it is given none
                sheet.merge_range(row, column, row + rowspan - 1, column + colspan - 1, "", form)
            if not value:
                blank(row, column, None, form)
            elif isinstance(value, str):
                if len(value) > TEXT_LIMIT // 2:  # a sign takes one unit or two
                    self._refuse_too_long(value)
                string(row, column, value, form)
            else:
                number(row, column, in_unit(value, unit), form)

    def _refuse_too_long(self, text: str) -> None:
        if len(text.encode("utf-16-le")) > 2 * TEXT_LIMIT:
            raise ValueError(f"表 {self.grid.key}：有超过 {TEXT_LIMIT} 个字符的文字，一格写不下：{text[:20]}…")

    def _format(self, look: str, strong: bool, indent: int):
        if look in INDENTED and self.sheet.columns <= ROOMY:
            indent += 1
        key = (look, strong, indent, self.grid.thousands)
        if key not in self.formats:
            wanted = {"font_name": FONT, "font_size": 10, **LOOKS[look]}
            if look in FIGURES:
                wanted["num_format"] = "#,##0.00" if self.grid.thousands else "0.00"
            if strong:
                wanted["bold"] = True
            if indent:
                wanted["indent"] = indent
            self.formats[key] = self.workbook.add_format(wanted)
        return self.formats[key]


def contents_page(workbook: Workbook, entries: list[tuple[Grid, str]]) -> None:
    """A first sheet 目录: number and title of each table, linked to its sheet."""
    sheet = workbook.add_worksheet("目录")
    base = {"font_name": FONT, "font_size": 12, "valign": "vcenter", **BORDER}
    heading = workbook.add_format({"font_name": FONT, **LOOKS["title"]})
    number = workbook.add_format({**base, "align": "center"})
    link = workbook.add_format({**base, "font_color": "#1D5A96"})
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 64)
    sheet.merge_range(0, 0, 0, 1, "", heading)
    sheet.write_string(0, 0, "目录", heading)
    sheet.set_row(0, 36)
    for row, (grid, name) in enumerate(entries, start=1):
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, str(grid.number or ""), number)
        title = (grid.title or grid.key).translate(CONTROLS)  # a link's words go where XlsxWriter escapes none of these
        sheet.write_url(row, 1, f"internal:'{name}'!A1", link, string=title)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
