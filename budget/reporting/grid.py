"""A Grid: a table with its figures, complete and exact, ready for any renderer. It knows no ORM and rounds nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from . import money
from .where import NOTHING, Predicate

Value = str | int | None  # words; money in 分; nothing


class GridColumn(NamedTuple):
    """A leaf column. `path`: the labels from the outermost heading down; `key`: the same path in keys, dotted.

    `role` is text, amount, of_which, total, previous, change or rate; `half` is 1 in the right half of a side-by-side.
    """

    key: str
    path: tuple[str, ...]
    role: str
    group_keys: tuple[str, ...] = ()
    where: Predicate | None = None
    half: int = 0
    merge: bool = False
    width: int | None = None

    @property
    def is_text(self) -> bool:
        return self.role == "text"

    @property
    def is_money(self) -> bool:
        return self.role in ("amount", "of_which", "total", "previous", "change")


class GridRow(NamedTuple):
    """A row. `key` names it, `kind` is its level: total, department, unit, function, … (pairs side by side).

    `wheres`: for each half, the predicate of the row, None where the row has no figures there.
    """

    key: str | tuple[str, str]
    kind: str | tuple[str, str]
    cells: tuple[Value, ...]
    wheres: tuple[Predicate | None, ...] = (None,)
    depth: int = 0
    continues: bool = False  # goes on with the row above: only the columns beside it are filled


class HeaderCell(NamedTuple):
    text: str
    row: int
    column: int
    rowspan: int
    colspan: int


class Misfit(NamedTuple):
    """Money of the table that no printed row or column holds: 未归列."""

    reason: str  # "column" or "row"
    fact: tuple[tuple[str, object], ...]
    amount_fen: int


class Merge(NamedTuple):
    """Body cells printed as one: `rows` rows downwards from `row` in `column`."""

    row: int
    column: int
    rows: int


@dataclass(frozen=True)
class Grid:
    """`rows` hold money in 分; `unit` is what it is printed in. `sources` and `scopes`: one for each half."""

    key: str
    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    title: str = ""
    number: int = 0
    unit: str = money.WAN
    organisation: str = ""
    organisation_label: str = "部门名称"
    notes: tuple[str, ...] = ()
    statement: str = ""  # printed when there is no figure
    thousands: bool = False
    sources: tuple[str | None, ...] = (None,)
    scopes: tuple[Predicate, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    sections: tuple["GridSection", ...] = ()
    half_labels: tuple[str, ...] = ()
    year: int = 0
    _by_key: dict = field(default_factory=dict, compare=False, repr=False)

    def filled(self, rows: Iterable[GridRow], misfits: Iterable[Misfit], sections: tuple, organisation: str) -> "Grid":
        """This Grid, which has none, with these rows."""
        more = {"rows": tuple(rows), "misfits": tuple(misfits), "sections": sections, "organisation": organisation}
        grid = object.__new__(Grid)  # without the constructor of a frozen class, which sets field by field
        vars(grid).update(vars(self), **more, _by_key={})
        return grid

    # -- looking things up

    def column_at(self, key: str) -> int:
        """The place of a column by key. KeyError names what there is."""
        if "columns" not in self._by_key:
            self._by_key["columns"] = {column.key: at for at, column in enumerate(self.columns)}
        try:
            return self._by_key["columns"][key]
        except KeyError:
            raise KeyError(f"表 {self.key} 没有列 {key}；有：{', '.join(self._by_key['columns'])}") from None

    def row(self, key, half: int | None = None) -> GridRow:
        """The row of that key (the first, where a row continues). KeyError if there is none.

        Side by side a row may also be named by its key in one half: in that `half`, or in either.
        """
        if self.rows and self.rows[0].key == key:
            return self.rows[0]  # the row of everything mostly stands first, and mostly it is asked for
        if "rows" not in self._by_key:
            rows: dict = {}
            for row in self.rows:
                rows.setdefault(row.key, row)
                for at, name in enumerate(row.key if isinstance(row.key, tuple) else ()):
                    if name:
                        rows.setdefault((at, name), row)
            self._by_key["rows"] = rows
        rows = self._by_key["rows"]
        found = rows.get(key) or rows.get((half or 0, key))
        if found is None and half is None:
            found = rows.get((1, key))
        if found is None:
            raise KeyError(key)
        return found

    def levels(self, half: int = 0) -> dict[str | None, list[GridRow]]:
        """The rows that have something in a half, by their level there; all of them under None."""
        if ("levels", half) not in self._by_key:
            rows = [row for row in self.rows if row.key and not row.continues]
            if rows and isinstance(rows[0].key, tuple):
                rows = [row for row in rows if row.key[half]]
                kinds = [row.kind[half] for row in rows]
            else:
                kinds = [row.kind for row in rows]
            found: dict[str | None, list[GridRow]] = {None: rows, **{kind: [] for kind in dict.fromkeys(kinds)}}
            for kind, row in zip(kinds, rows, strict=True):
                found[kind].append(row)
            self._by_key["levels", half] = found
        return self._by_key["levels", half]

    def fen(self, row, column: str) -> int:
        """A figure in 分: 0 where nothing is printed or the row is not there."""
        at = self.column_at(column)
        try:
            value = self.row(row, self.columns[at].half).cells[at]
        except KeyError:
            return 0
        return value if isinstance(value, int) else 0

    def amount(self, row, column: str):
        """A figure in 元, exact (Decimal)."""
        return money.yuan(self.fen(row, column))

    def behind(self, row, column: str) -> tuple[str | None, Predicate]:
        """The source and the predicate of the facts a figure is made of."""
        at = self.column_at(column)
        spec = self.columns[at]
        where = self.row(row, spec.half).wheres[spec.half]
        if where is None or spec.where is None:
            return self.sources[spec.half], NOTHING
        return self.sources[spec.half], self.scopes[spec.half] & where & spec.where

    # -- what renderers need

    @property
    def is_empty(self) -> bool:
        """Whether there is no figure at all (then the statement is printed)."""
        money_columns = [at for at, column in enumerate(self.columns) if column.is_money]
        return not any(row.cells[at] for row in self.rows for at in money_columns if isinstance(row.cells[at], int))

    @property
    def header_depth(self) -> int:
        return max((len(column.path) for column in self.columns), default=0)

    def header_cells(self) -> tuple[HeaderCell, ...]:
        """The merged cells of the header, left to right and top to bottom; they tile it exactly."""
        return _header_cells(tuple([(column.path, column.half, column.group_keys) for column in self.columns]))

    def header_rows(self) -> list[list[HeaderCell]]:
        rows: list[list[HeaderCell]] = [[] for _ in range(self.header_depth)]
        for cell in sorted(self.header_cells(), key=lambda cell: (cell.row, cell.column)):
            rows[cell.row].append(cell)
        return rows

    def merges(self) -> list[Merge]:
        """Runs of equal words in merging columns; a run never crosses a change in the merging columns left of it."""
        merges = []
        starts = {0}
        for at, column in enumerate(self.columns):
            if not column.merge:
                continue
            begin = 0
            for index in range(1, len(self.rows) + 1):
                ends = (
                    index == len(self.rows)
                    or index in starts
                    or self.rows[index].cells[at] != self.rows[begin].cells[at]
                )
                if ends:
                    starts.add(index)
                    if index - begin > 1 and self.rows[begin].cells[at]:
                        merges.append(Merge(begin, at, index - begin))
                    begin = index
        return merges

    def printed(self, value: Value, *, thousands: bool | None = None) -> str:
        """A cell as printed in the grid's unit."""
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        return money.printed(value, self.unit, thousands=self.thousands if thousands is None else thousands)

    def printed_rows(self) -> Iterator[list[str]]:
        for row in self.rows:
            yield [self.printed(value) for value in row.cells]

    def in_unit(self, unit: str) -> "Grid":
        """The same grid to be printed in another unit, sections too; a heading that names the unit follows."""
        sections = tuple(replace(section, grid=section.grid.in_unit(unit)) for section in self.sections)
        columns = tuple(
            column._replace(path=tuple(label.replace(f"（{self.unit}）", f"（{unit}）") for label in column.path))
            for column in self.columns
        )
        return replace(self, unit=unit, columns=columns, sections=sections, _by_key={})


@lru_cache(maxsize=500)  # headings are declared: the same ones come again and again
def _header_cells(headings: tuple[tuple, ...]) -> tuple[HeaderCell, ...]:
    """The header of columns, each told by (path, half, group_keys)."""
    depth = max((len(path) for path, _, _ in headings), default=0)
    cells: list[HeaderCell] = []

    def draw(at: int, level: int) -> int:
        path, half, keys = headings[at]
        if level == len(path) - 1:
            cells.append(HeaderCell(path[level], level, at, depth - level, 1))
            return at + 1
        group, end = (half, keys[: level + 1]), at
        while end < len(headings) and _group(headings[end], level) == group:
            end += 1
        cells.append(HeaderCell(path[level], level, at, 1, end - at))
        while at < end:
            at = draw(at, level + 1)
        return at

    at = 0
    while at < len(headings):
        at = draw(at, 0)
    return tuple(cells)


def _group(heading: tuple, level: int) -> tuple | None:
    """What a heading has in common with those under the same label at that level; None where it has none below it."""
    path, half, keys = heading
    return (half, keys[: level + 1]) if len(path) > level + 1 else None


@dataclass(frozen=True)
class GridSection:
    label: str
    grid: Grid
