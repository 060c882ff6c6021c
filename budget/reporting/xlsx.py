"""The workbook: a sheet a table, ready to print on A4. XlsxWriter draws it; words never become formulas.

No float touches the figures: XlsxWriter is given the Decimal that is printed, and writes its digits.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import xlsxwriter

from .checked import checked
from .collecting import without_collecting
from .grid import Grid
from .sheet import sheet_of
from .xlsx_page import Page, contents_page

NAME_LIMIT = 31
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'" + "".join(map(chr, range(32))), ""))

Target = str | Path | BinaryIO


def write_book(grids: Iterable[Grid], target: Target, *, created: datetime, contents: bool = False) -> None:
    """Write the tables as a workbook, in order; `contents` puts a 目录 with links before them.

    `created` is the date the file bears (without a zone: UTC); the same grids and date give the same bytes.
    TypeError or ValueError, before anything is written, for a figure or a text that cannot be printed whole.
    """
    content = book_bytes(grids, created=created, contents=contents)
    if isinstance(target, (str, Path)):
        Path(target).write_bytes(content)
    else:
        target.write(content)


def write_table(grid: Grid, target: Target, *, created: datetime) -> None:
    """Write one table as a workbook of one sheet."""
    write_book([grid], target, created=created)


def book_bytes(grids: Iterable[Grid], *, created: datetime, contents: bool = False) -> bytes:
    """The workbook of `write_book` as bytes."""
    grids = list(grids)
    with without_collecting(sum(len(grid.rows) for grid in grids)):
        return _drawn([checked(grid) for grid in grids], created, contents)


def _drawn(grids: list[Grid], created: datetime, contents: bool) -> bytes:
    if not grids:
        raise ValueError("没有表可以写")
    names = sheet_names(grids, taken=["目录"] if contents else [])
    file = BytesIO()
    # in_memory also fixes the date of every part inside the file
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": _utc(created), "author": grids[0].organisation})
        if contents:
            contents_page(workbook, list(zip(grids, names, strict=True)))
        formats: dict = {}
        for grid, name in zip(grids, names, strict=True):
            Page(workbook, name, grid, sheet_of(grid), formats).draw()
    return file.getvalue()


def sheet_names(grids: Iterable[Grid], taken: Iterable[str] = ()) -> list[str]:
    """A name for each sheet, "3 部门支出预算表": what Excel forbids taken out, 31 characters, none twice."""
    names: list[str] = []
    used = {name.casefold() for name in taken}
    for grid in grids:
        wanted = f"{grid.number or ''} {grid.title or grid.key}".translate(FORBIDDEN).strip()
        name, again = _cut(wanted, NAME_LIMIT), 1
        while name.casefold() in used or not name or name.casefold() == "history":
            again += 1
            name = f"{_cut(wanted, NAME_LIMIT - len(str(again)) - 2)}({again})"
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """The text in at most that many UTF-16 units, no sign halved."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore").strip()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
