"""Files that a page offers of what it shows: a table or all tables of a book, or a list."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

import xlsxwriter
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header

from .readback import Differs, verified
from .reporting import csv_text, json_form, xlsx
from .reporting.grid import Grid

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "zip": "application/zip",
}


def grids_response(grids: Sequence[Grid], form: str, name: str, *, contents: bool = False) -> HttpResponse:
    """The tables as printed, in the set's unit. A CSV holds one table: of several, or of a form, a zip of them."""
    if form == "xlsx":
        content = xlsx.book_bytes(grids, created=timezone.now(), contents=contents)
        try:
            return file_response(verified(content, grids, contents=contents), form, name)
        except Differs as error:
            return HttpResponse(render_to_string("budget/differs.html", {"message": str(error)}), status=500)
    if form == "json":
        return file_response(json_form.json_text(grids).encode(), form, name)
    if form == "csv":
        files = list(csv_text.csv_files(grids))
        return (
            file_response(files[0][1], "csv", name) if len(files) == 1 else file_response(_zipped(files), "zip", name)
        )
    raise Http404


def list_response(rows: Iterable[Sequence], form: str, name: str) -> HttpResponse:
    """A list, its heading first: words as words, never as formulas; amounts (Decimal) exact, in the heading's unit."""
    heading, *body = [[_plain(value) for value in row] for row in rows]
    if form == "xlsx":
        return file_response(_workbook(heading, body, name), form, name)
    if form == "json":
        data = {"schema": 1, "columns": heading, "rows": [[str(value) for value in row] for row in body]}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        return file_response(f"{text}\n".encode(), form, name)
    if form == "csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows([[_safe(value) for value in row] for row in (heading, *body)])
        return file_response(csv_text.BOM + text.getvalue().encode(), form, name)
    raise Http404


def file_response(content: bytes, form: str, name: str) -> HttpResponse:
    """A file to be kept, under its name and the ending of its form."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.{form}")
    return HttpResponse(content, content_type=TYPES[form], headers={"Content-Disposition": disposition})


def _zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files:
            archive.writestr(name, text)
    return content.getvalue()


def _plain(value) -> str | int | Decimal:
    return "" if value is None else value if isinstance(value, (int, Decimal)) else str(value)


def _safe(value) -> str:
    """As csv_text keeps words from being taken for formulas; figures stay figures."""
    return f"'{value}" if isinstance(value, str) and value.startswith(csv_text.FORMULA) else str(value)


def lists_workbook(lists: Sequence[tuple[str, Sequence[Sequence]]]) -> bytes:
    """A workbook of several lists, a sheet each by its name; the heading first in each."""
    content = io.BytesIO()
    names = xlsx.sheet_names([Grid(name, (), (), title=name) for name, _ in lists])
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        for name, (_, rows) in zip(names, lists, strict=True):
            heading, *body = [[_plain(value) for value in row] for row in rows]
            _sheet(workbook, name, heading, body)
    return content.getvalue()


def _workbook(heading: Sequence[str], body: Sequence[Sequence], name: str) -> bytes:
    return lists_workbook([(name, [heading, *body])])


def _sheet(workbook, name: str, heading: Sequence[str], body: Sequence[Sequence]) -> None:
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    words = workbook.add_format({"num_format": "@"})
    money = workbook.add_format({"num_format": "#,##0.00####"})
    for at, text in enumerate(heading):
        sheet.write_string(0, at, text, bold)
    for number, row in enumerate(body, start=1):
        for at, value in enumerate(row):
            if isinstance(value, Decimal):
                sheet.write_number(number, at, value, money)
            elif isinstance(value, int):
                sheet.write_number(number, at, value)
            else:
                sheet.write_string(number, at, value, words)
    for at, text in enumerate(heading):
        longest = max([len(text), *(len(str(row[at])) for row in body[:500])])
        sheet.set_column(at, at, min(max(8, longest * 2 + 2), 60))
    sheet.freeze_panes(1, 0)
    if body:
        sheet.autofilter(0, 0, len(body), len(heading) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
