"""What a table is made of: declarations, frozen, without a figure in them.

Columns are a tree (`Group` holds columns); every money column is a `Where`. Rows come from an axis:
`Discovered` (the members that have money), `Skeleton` (printed whether or not there is money),
`Single` (one row) or `Records` (rows of a source that is no money). `SideBySide` prints two tables
beside each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from .where import ANYTHING, Predicate


class Member(NamedTuple):
    """A value of a dimension: its code, printed name, place among its like, and what else a row may print of it."""

    code: str
    name: str
    sort: tuple = ()
    more: Mapping[str, str] = {}


# ---- columns


@dataclass(frozen=True)
class Text:
    """A column of words. `merge`: equal neighbours below each other are printed as one cell."""

    key: str
    label: str
    merge: bool = False
    width: int | None = None  # characters of 12 pt, for the sheet; None: by content


@dataclass(frozen=True)
class Amount:
    """Money where the predicate holds. The Amounts of a table part its money: each fact falls in exactly one."""

    key: str
    label: str
    where: Predicate = ANYTHING


@dataclass(frozen=True)
class OfWhich:
    """其中：a part of the money column before it (or of `of`), in no sum."""

    key: str
    label: str
    where: Predicate
    of: str | None = None


@dataclass(frozen=True)
class Total:
    """The sum of the Amounts of its group (at the root: of the table)."""

    key: str = "total"
    label: str = "合计"


@dataclass(frozen=True)
class Previous:
    """Last year's figure of the money column at path `of`; 上年数缺 where it is not known."""

    key: str
    label: str
    of: str


@dataclass(frozen=True)
class Change:
    """This year less last year of the money column at path `of`; with `rate`, in percent of last year."""

    key: str
    label: str
    of: str
    rate: bool = False


@dataclass(frozen=True)
class Beside:
    """Records that belong to a row, listed downwards beside it in columns of their own (table 15)."""

    key: str
    label: str
    source: str
    where: Predicate
    fields: tuple[Text, ...]
    by: str = "item"


@dataclass(frozen=True, init=False)
class Group:
    """Columns under one heading; its predicate holds for all of them."""

    key: str
    label: str
    columns: tuple
    where: Predicate

    def __init__(self, key: str, label: str, *columns, where: Predicate = ANYTHING):
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "where", where)


Column = Text | Amount | OfWhich | Total | Previous | Change | Beside | Group


# ---- rows

Cell = str | Callable[..., str]  # a fixed text, or a function of the level's member(s)


def always(book) -> bool:
    return True


@dataclass(frozen=True)
class Sum:
    """The row of everything."""

    cells: Mapping[str, Cell]
    key: str = "total"


@dataclass(frozen=True)
class By:
    """A row for each member of a dimension (or of a pair of dimensions) that has money.

    `length`: members are the codes cut to that many characters (类, 款). `when`: whether the book has this level.
    """

    dimensions: str | tuple[str, ...]
    cells: Mapping[str, Cell]
    length: int | None = None
    when: Callable = always

    @property
    def names(self) -> tuple[str, ...]:
        return (self.dimensions,) if isinstance(self.dimensions, str) else self.dimensions

    @property
    def kind(self) -> str:
        return "+".join(self.names) + (f"-{self.length}" if self.length else "")


@dataclass(frozen=True, init=False)
class Discovered:
    """Nested levels, outermost first."""

    levels: tuple[Sum | By, ...]

    def __init__(self, *levels):
        object.__setattr__(self, "levels", levels)


@dataclass(frozen=True)
class Single:
    """One row for all the money of the table."""

    cells: Mapping[str, Cell] = field(default_factory=dict)
    key: str = "total"


@dataclass(frozen=True)
class Row:
    """A printed row of a skeleton. The Rows of a skeleton part its money, as Amounts do."""

    key: str
    label: str
    where: Predicate = ANYTHING


@dataclass(frozen=True)
class RowOfWhich:
    """其中：a part of the Row before it, in no sum."""

    key: str
    label: str
    where: Predicate


@dataclass(frozen=True)
class RowTotal:
    """The sum of the Rows named in `of`; without `of`, of all Rows above it."""

    key: str
    label: str
    of: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Skeleton:
    """Rows that are printed in any case. The last `tail` of them stand at the foot when two tables are side by side.

    `hidden_when_empty`: rows that print a blank label (and blank cells) while they hold nothing.
    """

    rows: tuple[Row | RowOfWhich | RowTotal, ...]
    tail: int = 0
    label_column: str = "item"
    hidden_when_empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Records:
    """A row for each record of a source: `cells` maps column keys to fields. `keys`: the fields that name the row."""

    source: str
    cells: Mapping[str, str]
    keys: tuple[str, ...]


Axis = Discovered | Skeleton | Single | Records


# ---- tables


@dataclass(frozen=True, eq=False)
class Table:
    """A table under its semantic key. `where` is its scope: other money is none of its business."""

    key: str
    columns: tuple
    rows: Axis
    source: str = "lines"
    where: Predicate = ANYTHING
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of a form above its main table (table 14)."""

    label: str
    table: Table


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Two tables printed as the halves of one; both halves under a heading of their own."""

    key: str
    left: Table
    right: Table
    left_label: str
    right_label: str


AnyTable = Table | SideBySide


# ---- sets


@dataclass(frozen=True, eq=False)
class Placed:
    """A table's place in a set: number, title, notes, what is said of it when it is empty, and what is special here.

    `collapse` prints groups as one column; `unit` overrides the set's; `relabel` renames columns by path.
    Title, statement and label say {year} and {kind}: 部门 or 单位, of whichever the budget is.
    """

    table: str
    number: int
    title: str
    notes: tuple[str, ...] = ()
    statement: str = ""
    collapse: frozenset[str] = frozenset()
    relabel: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    organisation_label: str = "{kind}名称"

    def titled(self, year: int | str, is_department: bool = True) -> str:
        return self.title.format(year=year, kind=kind_of(is_department))


def kind_of(is_department: bool) -> str:
    """Whose budget it is, as its titles say."""
    return "部门" if is_department else "单位"


@dataclass(frozen=True, eq=False)
class TableSet:
    """Which tables a place prints, in what order, under what titles, in what unit, and with what definitions."""

    key: str
    title: str
    unit: str
    tables: tuple[Placed, ...]
    function_classes: tuple[tuple[str, str], ...]  # 类 and its printed label, in print order
    agency_operating: Predicate  # what 机关（机构）运行经费 means here
    function_lengths: tuple[int, ...] = (7,)  # levels of the functional rows: 3 类, 5 款, 7 项
    thousands: bool = False

    @cached_property
    def _by_key(self) -> dict[str, Placed]:
        return {placed.table: placed for placed in self.tables}

    def placed(self, key: str) -> Placed | None:
        return self._by_key.get(key)
