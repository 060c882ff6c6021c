"""A published workbook → Grids: which table each sheet is, by its header and title, and where every cell stands.

Whatever table set is known can be read: the columns and rows looked for are those of the set's own declarations, drawn
over an empty book. Nothing is guessed: what cannot be read is said with its cell.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from unicodedata import normalize

from budget import cells
from budget.reporting import registry
from budget.reporting.book import Book, Facts
from budget.reporting.grid import Grid
from budget.reporting.money import WAN, YUAN
from budget.reporting.spec import Member, TableSet

from .files import Sheet, Source

MOST_HEADER_ROWS = 40  # in which the header may begin
ENOUGH = 4, 5  # of the columns that must be found


@dataclass(frozen=True)
class Unread:
    """A cell that could not be read as what it should be."""

    address: str
    message: str


@dataclass
class Found:
    """A table that was found in a sheet. `places`: column of the Grid → column of the sheet, from 1."""

    sheet: Sheet
    key: str
    blank: Grid  # the table drawn over nothing: its columns, and its rows where they are printed in any case
    header: int  # the row number of its last header row
    places: dict[int, int]
    unit: str
    title: str = ""

    def body(self) -> Iterator[tuple[int, dict[int, object]]]:
        """(row number, value by column of the Grid) of every row below the header; merged words go to each row."""
        down = {
            (row, column): (top, left)
            for top, left, bottom, right in self.sheet.merged
            if top > self.header and left == right
            for row in range(top + 1, bottom + 1)
            for column in (left,)
        }
        values = {number: row for number, row in self.sheet.rows}
        for number, row in self.sheet.rows:
            if number <= self.header:
                continue
            found = {}
            for at, column in self.places.items():
                value = row[column - 1] if column <= len(row) else None
                if value is None and (number, column) in down and self.blank.columns[at].merge:
                    top, left = down[number, column]
                    value = values[top][left - 1]
                found[at] = value
            yield number, found

    def address(self, number: int, at: int) -> str:
        return self.sheet.address(number, self.places[at])


@dataclass
class Document:
    """What was read of a file: Grids by table, the address of every cell, what could not be read, what was left out."""

    table_set: TableSet
    year: int
    grids: dict[str, Grid] = field(default_factory=dict)
    addresses: dict[tuple[str, str, str], str] = field(default_factory=dict)
    lists: dict[str, list] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unit: str = WAN
    places: dict[str, str] = field(default_factory=dict)  # table → the sheet it was found in

    def address(self, key: Sequence[str]) -> str:
        """Where a cell (table, row, column) stands; of a row, of a table, where there is nothing closer."""
        table = key[0].partition(".")[0]
        row = [address for (other, name, _), address in self.addresses.items() if (other, name) == (key[0], key[1])]
        return self.addresses.get(tuple(key)) or (row[0] if row else self.places.get(table, ""))


def narrow(value) -> str:
    """A label as labels are compared: NFKC, without blanks and quotes of any kind."""
    if value is None:
        return ""
    text = normalize("NFKC", str(value))
    return re.sub(r"[\s\u200b“”\"'‘’]", "", text)


def empty_book(table_set: TableSet, year: int) -> Book:
    """A department's book without a figure: what a set prints in any case."""
    keys = [placed.table for placed in table_set.tables]
    sources = set().union(*(registry.sources_of(registry.table_in(table_set, key)) for key in keys))
    money = registry.money_sources()
    return Book(
        table_set=table_set,
        year=year,
        code="000",
        name="",
        is_department=True,
        units=(Member("000", ""),),
        money={name: Facts(registry.dimensions_of(name), []) for name in sources & money},
        lists={name: [] for name in sources - money},
        members={"department": {}, "unit": {}},
    )


def find(source: Source, table_set: TableSet, year: int) -> tuple[list[Found], list[str]]:
    """The tables in a file, one a sheet, and what is said of sheets that are none."""
    blanks = empty_book(table_set, year).grids()
    found: dict[str, Found] = {}
    notices = list(source.notices)
    for sheet in source.sheets:
        here = _in_sheet(sheet, blanks, table_set)
        if here is None:
            notices.append(f"工作表“{sheet.name}”不是表套中的表，没有检查。")
        elif here.key in found:
            notices.append(f"工作表“{sheet.name}”和“{found[here.key].sheet.name}”是同一张表，只检查前一个。")
        else:
            found[here.key] = here
    return list(found.values()), notices


def _in_sheet(sheet: Sheet, blanks: list[Grid], table_set: TableSet) -> Found | None:
    values = {number: row for number, row in sheet.rows}
    merged = {
        (row, column): (top, left)
        for top, left, bottom, right in sheet.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    width = max((len(row) for _, row in sheet.rows), default=0)
    numbers = [number for number, _ in sheet.rows][:MOST_HEADER_ROWS]
    text = narrow(sheet.name) + "".join(
        narrow(value) for number in numbers[:3] for value in values[number] if isinstance(value, str)
    )
    labels = cache(lambda number, rows: _labels(values, merged, width, number, rows))
    best, best_score = None, (0, 0)
    for grid in blanks:
        wanted = {_path(column.path): at for at, column in enumerate(grid.columns)}
        depth = grid.header_depth
        reach = len(numbers) if not grid.sections else len(sheet.rows)
        for number in [one for one, _ in sheet.rows][:reach]:
            for rows in {depth, 1}:
                places = _columns(labels(number, rows), wanted)
                if len(places) * ENOUGH[1] < len(wanted) * ENOUGH[0]:
                    continue
                bare = narrow(grid.title).replace("年", "").lstrip("0123456789")
                titled = bare in text.replace("年", "") or text.startswith(f"{grid.number}{bare[:4]}")
                score = (int(titled), len(places))
                if score > best_score:
                    unit = _unit(values, number, table_set)
                    best = Found(sheet, grid.key, grid, number + rows - 1, places, unit, text)
                    best_score = score
    return best if best is not None and (best_score[0] or _is_alone(best, blanks)) else None


def _is_alone(found: Found, blanks: list[Grid]) -> bool:
    """Whether no other table of the set has the same columns: then its header is enough to know it by."""
    own = [column.path for column in found.blank.columns]
    return sum([column.path for column in grid.columns] == own for grid in blanks) == 1


def _path(labels: Sequence[str]) -> tuple[str, ...]:
    return tuple(narrow(label) for label in labels)


def _labels(values, merged, width: int, top: int, rows: int) -> list[tuple[tuple[str, ...], int]]:
    """(path of labels, column of the sheet) for a header of so many rows that begins at `top`."""
    found = []
    for column in range(1, width + 1):
        labels, last = [], None
        for number in range(top, top + rows):
            owner = merged.get((number, column), (number, column))
            if owner == last or owner[0] < top:
                continue
            last = owner
            row = values.get(owner[0], ())
            label = row[owner[1] - 1] if owner[1] <= len(row) else None
            if isinstance(label, str) and label.strip():
                labels.append(label)
        if rows == 1 and labels and "/" in labels[0]:
            labels = labels[0].split("/")
        found.append((_path(labels), column))
    return found


def _columns(labels: list[tuple[tuple[str, ...], int]], wanted: dict[tuple, int]) -> dict[int, int]:
    """Column of the Grid → column of the sheet."""
    found: dict[int, int] = {}
    for path, column in labels:
        at = wanted.get(path)
        if at is not None and at not in found:
            found[at] = column
    return found


UNIT = re.compile(r"单位[:：]?(万元|元)")


def _unit(values, header: int, table_set: TableSet) -> str:
    """What the figures are printed in: as said above the header, else as the set says."""
    for number, row in values.items():
        if number < header + 2:
            for value in row:
                if isinstance(value, str) and (match := UNIT.search(narrow(value))):
                    return match[1]
    return table_set.unit


def read(source: Source, table_set: TableSet, year: int, grid_of: Callable[[Found, Document], Grid]) -> Document:
    """The Grids of a file, each made by `grid_of`. Nothing is refused: what cannot be read is said."""
    tables, notices = find(source, table_set, year)
    document = Document(table_set, year, notices=notices)
    for found in tables:
        document.places[found.key] = found.sheet.name
        document.grids[found.key] = grid_of(found, document)
    units = {found.unit for found in tables}
    document.unit = WAN if WAN in units else YUAN
    return document


def amount(value, unit: str, document: Document, address: str) -> int | None:
    """A figure in 分; None for nothing, and for what is no amount, which is said."""
    try:
        if isinstance(value, str) and "," not in value:
            value = value.strip()
        return cells.parse_amount(value, unit, cells.FEN_STEP).fen
    except cells.Refusal as refusal:
        document.unread.append(Unread(address, str(refusal)))
        return None


def renamed(grid: Grid, **more) -> Grid:
    return replace(grid, _by_key={}, **more)
