"""Workbooks for the tests: honest ones by openpyxl, dishonest ones by changing what is in the zip."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from budget.importing import files

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows, *, title="明细", change=None) -> bytes:
    """A workbook with the rows on one sheet; `change(sheet)` may do anything openpyxl can."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(book)


def shared(rows, *, change=None) -> bytes:
    """The same by another producer, which keeps its texts in a part of their own; `change(book, sheet)`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("明细")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if change:
            change(book, sheet)
    return file.getvalue()


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The workbook with one part put in or replaced."""
    return zipped(parts(content) | {name: part})


def rewritten(content: bytes, pattern: str, replacement: str, name: str = SHEET) -> bytes:
    """The workbook with a pattern replaced in one part; it must be there."""
    before = parts(content)[name].decode()
    after, count = re.subn(pattern, replacement, before)
    assert count, f"{pattern} is not in {name}"
    return with_part(content, name, after.encode())


def refused(content: bytes, name: str = "明细.xlsx") -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(files.FileRefused) as refusal:
        files.read(content, name)
    assert CHINESE.search(str(refusal.value))
    return str(refusal.value)
