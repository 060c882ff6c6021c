"""CSV: one table a file, UTF-8 with a byte order mark (so that a spreadsheet reads Chinese), lines ended by CRLF.

The header is one row, paths joined by `/`; the rows are as printed, merged words repeated. Titles, notes and
statements are not in it: a CSV is the table's data. Each section of a form is a file of its own.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .checked import checked
from .grid import Grid

BOM = b"\xef\xbb\xbf"
# a spreadsheet may take text that begins so for a formula; Chinese editions read the full-width signs as the plain ones
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")
NAME = re.compile(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*")


def csv_bytes(grid: Grid) -> bytes:
    """The table as a CSV file, without its sections; figures in the grid's unit, negative ones untouched."""
    columns = checked(grid).columns
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe("/".join(column.path)) for column in columns])
    for row in grid.rows:
        writer.writerow(
            [
                safe(value) if column.is_text and isinstance(value, str) else grid.printed(value)
                for column, value in zip(columns, row.cells, strict=True)
            ]
        )
    return BOM + text.getvalue().encode()


def csv_files(grids: Iterable[Grid]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of a book: `01_<key>.csv`, a section `14_<key>.<section key>.csv`."""
    for grid in grids:
        name = f"{grid.number:02}_{_name(grid.key)}"
        for section in grid.sections:
            yield f"{name}.{_name(section.grid.key)}.csv", csv_bytes(section.grid)
        yield f"{name}.csv", csv_bytes(grid)


def write_folder(grids: Iterable[Grid], folder: Path) -> list[Path]:
    """Write a book as files into an existing folder, and say where they are.

    Nothing is written if any table is at fault; ValueError where two tables would have the same file.
    """
    files = list(csv_files(grids))
    if len({name for name, _ in files}) < len(files):
        raise ValueError("两张表的文件名相同")
    for name, content in files:
        (Path(folder) / name).write_bytes(content)
    return [Path(folder) / name for name, _ in files]


def safe(text: str) -> str:
    """Words that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _name(key: str) -> str:
    if not NAME.fullmatch(key):
        raise ValueError(f"表名 {key!r} 不能作文件名")
    return key
