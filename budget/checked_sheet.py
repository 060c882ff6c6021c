"""The report of a check as a sheet that is printed and signed: A4 on its side, its heading on every page."""

import io
from collections.abc import Sequence
from decimal import Decimal

import xlsxwriter

from .checked_forms import report_rows
from .checking import Report
from .reporting.measure import lines_of, pixels
from .reporting.xlsx_page import BORDER, FONT, LINE, PADDING, TALLEST, WRAPPED

# half-widths of the columns of report_rows: words wrap, figures do not
WIDTHS = (6, 6, 8, 20, 34, 17, 15, 17, 15, 13, 20, 14)
CENTRED = 3  # the first columns: rule, severity, status
SIGNATURES = ("检查人", "复核人", "单位负责人", "日期")  # as on the page
EACH = len(WIDTHS) // len(SIGNATURES)  # columns that a signature takes: its name in one, its place in the others


def report_bytes(report: Report, title: str) -> bytes:
    """The workbook of a report; `title` stands above every page."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("检查报告")
        base = {"font_name": FONT, "font_size": 10, **BORDER, **WRAPPED}
        heading = workbook.add_format({**base, "align": "center", "bold": True})
        centred = workbook.add_format({**base, "align": "center", "num_format": "@"})
        words = workbook.add_format({**base, "align": "left", "num_format": "@"})
        money = workbook.add_format({**base, "align": "right", "num_format": "#,##0.00####"})
        for at, width in enumerate(WIDTHS):
            sheet.set_column_pixels(at, at, pixels(width))
        head, *body = report_rows(report)
        for at, text in enumerate(head):
            sheet.write_string(0, at, text, heading)
        sheet.set_row(0, _height(head))
        for number, row in enumerate(body, start=1):
            for at, value in enumerate(row):
                if isinstance(value, Decimal):
                    sheet.write_number(number, at, value, money)
                else:
                    sheet.write_string(number, at, value, centred if at < CENTRED else words)
            sheet.set_row(number, _height(row))
        _sign(sheet, len(body) + 2, heading)
        _print(sheet, len(body), title)
    return content.getvalue()


def _height(row: Sequence) -> int:
    """Points that the longest cell of a row takes."""
    lines = max(
        1 if isinstance(value, Decimal) else lines_of(value, width) for value, width in zip(row, WIDTHS, strict=True)
    )
    return min(lines * LINE + PADDING, TALLEST)


def _sign(sheet, row: int, form) -> None:
    for at, name in enumerate(SIGNATURES):
        sheet.write_string(row, at * EACH, name, form)
        sheet.merge_range(row, at * EACH + 1, row, at * EACH + EACH - 1, "", form)
    sheet.set_row(row, 3 * LINE)


def _print(sheet, rows: int, title: str) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, rows, len(WIDTHS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(0)
    sheet.set_header(f'&C&"{FONT},Bold"&14{title.replace("&", "&&")}')
    sheet.set_footer(f'&C&"{FONT}"&9第 &P 页　共 &N 页')
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
