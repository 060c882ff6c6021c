"""Checks that hold figures of tables against each other: cells named by table, row and column."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count
from operator import gt

from .grid import GridRow
from .matter import Cell, Matter, leaf_code, row_key, rows_of
from .rules import Finding, Severity, Side, Spot, Tally, wan

ROUNDING = "尾差"


@dataclass(frozen=True)
class At:
    """A cell, with its sign in the sum."""

    table: str
    row: str
    column: str
    sign: int = 1

    def cells(self, matter: Matter) -> list[tuple[Cell, int]]:
        return [((self.table, self.row, self.column), self.sign)]

    def value(self, matter: Matter) -> int:
        return self.sign * matter.grid(self.table).fen(self.row, self.column)

    def __neg__(self) -> "At":
        return At(self.table, self.row, self.column, -self.sign)


@dataclass(frozen=True)
class Over:
    """The cells of a column in every row that the test holds for; `words` says which rows those are."""

    table: str
    column: str
    test: Callable[[str], bool]  # of the code (the last part of the key) of a row
    words: str
    kinds: tuple[str, ...] = ()
    sign: int = 1

    row = ""

    def cells(self, matter: Matter) -> list[tuple[Cell, int]]:
        keys, places = self._rows(matter)
        return [((self.table, keys[at], self.column), self.sign) for at in places]

    def value(self, matter: Matter) -> int:
        figures = matter.figures(self.table, self.column, self.kinds)
        return self.sign * sum([figures[at] for at in self._rows(matter)[1]])

    def _rows(self, matter: Matter) -> tuple[list[str], list[int]]:
        """The keys of the table's rows, and the places of those that the test holds for: the same for every column."""
        grid = matter.grid(self.table)
        half = grid.columns[grid.column_at(self.column)].half
        rows = self.table, self.kinds, half
        keys = matter.once(
            lambda _: [row_key(row, half) for row in rows_of(grid, self.kinds or None, half)], ("keys", *rows)
        )
        codes = matter.once(lambda _: [key.rpartition("/")[2] for key in keys], ("codes", *rows))
        return keys, matter.once(lambda _: self._places(codes), (*rows, self.test))

    def _places(self, codes: list[str]) -> list[int]:
        wanted = {code for code in set(codes) if self.test(code)}
        return list(compress(count(), map(wanted.__contains__, codes)))


Term = At | Over


def value_of(matter: Matter, cells: Iterable[tuple[Cell, int]]) -> int:
    return sum(sign * matter.grid(table).fen(row, column) for (table, row, column), sign in cells)


def compared(
    matter: Matter,
    tally: Tally,
    left: Side,
    right: Side,
    *,
    at_most: bool = False,
    subject: str = "",
    words: str = "",
) -> Iterator[Finding]:
    """A finding where the sides differ (at_most: where left is the larger).

    Within what printing in large units takes off it is a hint: 尾差.
    """
    tally.count(left.cells, right.cells)
    difference = left.value - right.value
    if not difference or (at_most and difference < 0):
        return
    relation = "大于" if at_most else "不等于"
    tolerance = matter.half_step * (len(left.cells) + len(right.cells))
    is_rounding = abs(difference) <= tolerance
    words = words or f"{left.label} {left.words} {relation} {right.label} {right.words}"
    message = f"{words}，相差 {wan(abs(difference))} 万元"
    yield Finding(
        message=f"{message}（在印制精度之内，{ROUNDING}）" if is_rounding else message,
        subject=subject or "/".join((left.cells or right.cells)[0]),
        spots=tuple(Spot("cell", one, matter.label(one)) for one in spots_of(left.cells, right.cells)),
        left=left,
        right=right,
        severity=Severity.HINT if is_rounding else None,
    )


MOST_SPOTS = 12


def spots_of(left: Sequence[Cell], right: Sequence[Cell]) -> list[Cell]:
    """The cells to open: each side's first ones."""
    half = MOST_SPOTS // 2
    return list(dict.fromkeys((*left[:half], *right[: MOST_SPOTS - min(len(left), half)])))


@dataclass(frozen=True)
class Equal:
    """Two sums of cells are the same. `when`: a reason why it does not apply to this matter, "" where it does."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]
    at_most: bool = False
    when: Callable[[Matter], str] | None = None
    also: tuple[str, ...] = ()  # tables that `when` looks at

    sources = ()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*(term.table for term in (*self.left, *self.right)), *self.also)))

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return tuple((term.table, term.column) for term in (*self.left, *self.right))

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        if self.when and (reason := self.when(matter)):
            tally.lacking.append(reason)
            return
        if tally.pairs is None:
            left, right = (sum([term.value(matter) for term in terms]) for terms in (self.left, self.right))
            if left == right or (self.at_most and left < right):
                tally.compared += 1  # and no word of it is written
                return
        yield from compared(
            matter, tally, self._side(matter, self.left), self._side(matter, self.right), at_most=self.at_most
        )

    @staticmethod
    def _side(matter: Matter, terms: tuple[Term, ...]) -> Side:
        cells = [one for term in terms for one in term.cells(matter)]
        words = []
        for term in terms:
            sign = " + " if term.sign > 0 else " − "
            label = (
                matter.label((term.table, term.row, term.column))
                if isinstance(term, At)
                else f"{matter.title(term.table)}{term.words}"
            )
            words.append(f"{sign if words or term.sign < 0 else ''}{label}")
        return Side("".join(words), value_of(matter, cells), tuple(name for name, _ in cells))


def AtMost(left: tuple[Term, ...], right: tuple[Term, ...], **more) -> Equal:
    """The left sum is no larger than the right one."""
    return Equal(left, right, at_most=True, **more)


def added(columns: Iterable[list[int]]) -> list[int]:
    """Columns added up row by row."""
    first, *more = columns
    return list(map(sum, zip(first, *more, strict=True))) if more else first


@dataclass(frozen=True)
class InRows:
    """In every row of a table a column is the sum of others (at_most: no larger than it)."""

    table: str
    total: str
    parts: tuple[str, ...]
    at_most: bool = False
    kinds: tuple[str, ...] = ()

    sources = ()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return tuple((self.table, column) for column in (self.total, *self.parts))

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        grid = matter.grid(self.table)
        at = grid.column_at(self.total)
        half = grid.columns[at].half
        wholes = matter.figures(self.table, self.total, self.kinds)
        parts = added(matter.figures(self.table, part, self.kinds) for part in self.parts)
        if tally.pairs is None and (wholes == parts or (self.at_most and not any(map(gt, wholes, parts)))):
            tally.compared += len(wholes)
            return
        for row, whole, part in zip(rows_of(grid, self.kinds or None, half), wholes, parts, strict=True):
            if tally.pairs is None and (whole == part or (self.at_most and whole < part)):
                tally.compared += 1
            else:
                yield from compared(matter, tally, *self._sides(matter, row, half, whole, part), at_most=self.at_most)

    def _cells(self, row: GridRow, half: int) -> tuple[tuple[Cell, ...], tuple[Cell, ...]]:
        key = row_key(row, half)
        return ((self.table, key, self.total),), tuple((self.table, key, part) for part in self.parts)

    def _sides(self, matter: Matter, row: GridRow, half: int, whole: int, part: int) -> tuple[Side, Side]:
        left, right = self._cells(row, half)
        words = " + ".join(matter.label(one).removeprefix(matter.title(self.table)) for one in right)
        return Side(matter.label(left[0]), whole, left), Side(words, part, right)


@dataclass(frozen=True)
class AddsUp:
    """The rows of each level of a table add up to the row above them all, in every money column."""

    table: str
    top: str = "total"

    sources = ()
    columns = ()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return (self.table,)

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        grid = matter.grid(self.table)
        levels = [kind for kind in grid.levels() if kind not in (None, "total", "single")]
        top = next((row for row in (*grid.rows[:1], *grid.levels().get("total", ())) if row.key == self.top), None)
        if top is None:  # table 15 has no row of everything: its first level is
            found = rows_of(grid, levels[:1])
            if len(found) != 1:
                return
            top, levels = found[0], levels[1:]
        columns = [
            (at, column.key)
            for at, column in enumerate(grid.columns)
            if column.is_money and column.role not in ("previous", "change")
        ]
        for kind in levels:
            across = matter.turned(self.table, (kind,))
            for at, column in columns:
                whole, part = top.cells[at] or 0, sum(filter(None, across[at]))
                if whole == part and tally.pairs is None:
                    tally.compared += 1
                else:
                    yield from self._level(matter, tally, top, column, kind, whole, part)

    def _level(
        self, matter: Matter, tally: Tally, top: GridRow, column: str, kind: str, whole: int, part: int
    ) -> Iterator[Finding]:
        left, rows = ((self.table, top.key, column),), rows_of(matter.grid(self.table), (kind,))
        right = tuple((self.table, row.key, column) for row in rows)
        words = f"{LEVELS.get(kind, '各行')}相加（{len(rows)} 行）"
        sides = Side(matter.label(left[0]), whole, left), Side(words, part, right)
        yield from compared(matter, tally, *sides, subject=f"{self.table}/{top.key}/{column}/{kind}")


LEVELS = {
    "department": "部门行",
    "unit": "各单位行",
    "function": "各项级科目行",
    "function-3": "各类级科目行",
    "function-5": "各款级科目行",
    "item": "各项目行",
    "economic": "各经济科目行",
    "economic+government": "各经济科目行",
}


class Places:
    """For each of what rows are told by, the places of its rows in a table: one at most, or several."""

    def __init__(self, single: list[int] | None, several: list[list[int]] | None = None):
        self._single, self._several = single, several or []  # single: -1 where there is no row

    @classmethod
    def of(cls, keys: list[str], told: list[str], places: Sequence[int]) -> "Places":
        """The places of rows told by these keys, in the order of the keys of both tables."""
        single = dict(zip(told, places, strict=True))
        if len(single) == len(told):
            return cls([single.get(key, -1) for key in keys])
        found: dict[str, list[int]] = {key: [] for key in keys}
        for key, at in zip(told, places, strict=True):
            found[key].append(at)
        return cls(None, list(found.values()))

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self._several) if self._single is None else ([] if at < 0 else [at] for at in self._single)

    def sums(self, figures: list[int]) -> list[int]:
        """The figures of a column added up for each."""
        if self._single is None:
            return [sum([figures[at] for at in places]) for places in self._several]
        return list(map([*figures, 0].__getitem__, self._single))


@dataclass(frozen=True)
class SameRows:
    """Row by row (by `key`, of rows of these levels) a sum of columns of one table against one of another.

    `by`: what rows are told by, of each table; by default the whole key. Rows that only one table has count as nothing
    in the other.
    """

    left: str
    left_columns: tuple[str, ...]
    right: str
    right_columns: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    at_most: bool = False
    by: Callable[[GridRow], str] = row_key
    right_test: Callable[[Matter, GridRow], bool] | None = None
    when: Callable[[Matter], str] | None = None
    also: tuple[str, ...] = ()

    sources = ()

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return (self.left, self.right, *self.also)

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        left = tuple((self.left, column) for column in self.left_columns)
        return (*left, *((self.right, column) for column in self.right_columns))

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        if self.when and (reason := self.when(matter)):
            tally.lacking.append(reason)
            return
        keys, *rows = matter.once(self._aligned, (self.left, self.right, self.kinds, self.by, self.right_test))
        left, right = (
            self._sums(matter, table, columns, places)
            for table, columns, places in zip(
                (self.left, self.right), (self.left_columns, self.right_columns), rows, strict=True
            )
        )
        if tally.pairs is None and (left == right or (self.at_most and not any(map(gt, left, right)))):
            tally.compared += len(keys)
            return
        for key, one, other, *places in zip(keys, left, right, *rows, strict=True):
            if tally.pairs is None and (one == other or (self.at_most and one < other)):
                tally.compared += 1
                continue
            here = self._cells(matter, self.left, self.left_columns, places[0])
            there = self._cells(matter, self.right, self.right_columns, places[1])
            here = here or tuple((self.left, key, column) for column in self.left_columns)
            sides = self._side(matter, self.left, key, one, here), self._side(matter, self.right, key, other, there)
            subject = f"{self.left}/{key}/{self.left_columns[0]}/{self.right}"
            yield from compared(matter, tally, *sides, at_most=self.at_most, subject=subject)

    def _aligned(self, matter: Matter) -> tuple[list[str], "Places", "Places"]:
        """What rows are told by, and for each the places of its rows in the left table and in the right one."""
        sides = []
        for table, test in ((self.left, None), (self.right, self.right_test)):
            rows = rows_of(matter.grid(table), self.kinds or None)
            places = [at for at, row in enumerate(rows) if test(matter, row)] if test else range(len(rows))
            sides.append(([self.by(rows[at]) for at in places], places))
        keys = list(dict.fromkeys([key for told, _ in sides for key in told]))
        return keys, *(Places.of(keys, *side) for side in sides)

    def _sums(self, matter: Matter, table: str, columns: tuple[str, ...], places: "Places") -> list[int]:
        return places.sums(added(matter.figures(table, column, self.kinds) for column in columns))

    def _cells(self, matter: Matter, table: str, columns: tuple[str, ...], places: list[int]) -> tuple[Cell, ...]:
        rows = rows_of(matter.grid(table), self.kinds or None)
        return tuple((table, rows[at].key, column) for at in places for column in columns)

    @staticmethod
    def _side(matter: Matter, table: str, key: str, value: int, cells: tuple[Cell, ...]) -> Side:
        words = (
            " + ".join(dict.fromkeys(matter.label(one) for one in cells[:4]))
            or f"{matter.title(table)}（没有此行 {key}）"
        )
        return Side(words, value, cells)


def first_code(row: GridRow) -> str:
    """Of a pair of economic classes the department's."""
    return leaf_code(row).partition("+")[0]
