"""What rules look at: Grids by table key, records by source, names of codes. A book of ours, or a document read in."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress, count
from operator import itemgetter
from typing import TypeVar

from .columns import Columns
from .gather import taking
from .grid import Grid, GridRow
from .spec import TableSet

T = TypeVar("T")
Cell = tuple[str, str, str]  # table, row and column by their keys


@dataclass(frozen=True)
class Matter:
    """`get` gives the Grid of a table, None for one that is not there.

    `lists`: records by source; a source that is not there makes the rules about it not applicable.
    `names[dimension][code]`: the names of the edition. `half_step`: half of the smallest step its figures are printed
    in (分), 0 where they are exact. `absent`: what is said of a table that is not there. `different[source]`:
    fields with all their different values, where somebody has them already.
    """

    table_set: TableSet
    year: int
    get: Callable[[str], Grid | None]
    lists: Mapping[str, Sequence] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    half_step: int = 0
    absent: str = "表套没有"
    different: Mapping[str, Sequence[tuple[tuple[str, ...], Collection[tuple]]]] = field(default_factory=dict)
    _grids: dict = field(default_factory=dict, init=False, compare=False, repr=False)
    _columns: set = field(default_factory=set, init=False, compare=False, repr=False)
    _titles: dict = field(default_factory=dict, init=False, compare=False, repr=False)
    _kept: dict = field(default_factory=dict, init=False, compare=False, repr=False)

    def grid(self, key: str) -> Grid | None:
        """The Grid of a table, or of a section of one (`department_performance.money`)."""
        if key not in self._grids:
            table, _, section = key.partition(".")
            grid = self.get(table)
            if grid is not None and section:
                grid = next((one.grid for one in grid.sections if one.grid.key == section), None)
            self._grids[key] = grid
            if grid is not None:
                self._columns.update([(key, column.key) for column in grid.columns])
        return self._grids[key]

    def has_columns(self, columns: Iterable[tuple[str, str]]) -> bool:
        """Whether these columns (table and key) are there, of tables that somebody asked for already."""
        return self._columns.issuperset(columns)

    def records(self, source: str) -> Sequence:
        return self.lists[source]

    def grouped(self, source: str, *fields: str) -> Mapping[tuple, list]:
        """The records of a source by the values of these fields: looked through once a combination."""

        def group(matter: "Matter") -> Mapping[tuple, list]:
            groups: dict[tuple, list] = defaultdict(list)
            for values, record in zip(matter.values(source, *fields), matter.lists[source], strict=True):
                groups[values].append(record)
            return dict(groups)

        return self.once(group, ("grouped", source, fields))

    def distinct(
        self, source: str, *fields: str, only: Mapping[str, Collection[str]] | None = None
    ) -> Collection[tuple]:
        """The different values of these fields, each once: far fewer than there are records.

        They are found among the different values of more fields, where those are known. `only`: those of which one of
        these fields has one of these values.
        """
        if only is not None:
            of, values = self._finest(source, fields)
            take, many = taking(of, fields), list(values)
            sought = [(map(itemgetter(of.index(name)), many), frozenset(wanted)) for name, wanted in only.items()]
            found = [compress(many, map(wanted.__contains__, having)) for having, wanted in sought]
            return dict.fromkeys(map(take, chain.from_iterable(found)))
        name = ("distinct", source, fields)
        if name not in self._kept:
            of, values = self._finest(source, fields)
            if len(fields) == 1:
                found = list(zip(dict.fromkeys(map(itemgetter(of.index(*fields)), values))))
            else:
                found = list(dict.fromkeys(map(taking(of, fields), values)))
            self._kept[name] = found
            self._known(source).append((fields, found))
        return self._kept[name]

    def _known(self, source: str) -> list:
        return self.once(lambda _: list(self.different.get(source, ())), ("distinct", source))

    def _finest(self, source: str, fields: tuple[str, ...]) -> tuple[tuple[str, ...], Iterable[tuple]]:
        """The fewest known combinations that have all these fields, or those of every record."""
        finer = [one for one in self._known(source) if set(fields).issubset(one[0])]
        return min(finer, key=lambda one: len(one[1])) if finer else (fields, self.values(source, *fields))

    def places(self, source: str, fields: tuple[str, ...], wanted: Collection[tuple]) -> Iterator[tuple[int, tuple]]:
        """Where the records stand whose values of these fields are wanted, with those values."""
        of_fields = list(zip(*wanted, strict=True))
        shares = [len(set(of)) / len(self.distinct(source, name)) for name, of in zip(fields, of_fields, strict=True)]
        rarest = shares.index(min(shares))
        maybe, columns = set(of_fields[rarest]), [self.column(source, name) for name in fields]
        places = list(compress(count(), map(maybe.__contains__, columns[rarest])))
        return ((at, values) for at, values in zip(places, _at(places, columns), strict=True) if values in wanted)

    def values(self, source: str, *fields: str) -> Iterator[tuple]:
        """The values of these fields, record by record."""
        return zip(*(self.column(source, name) for name in fields), strict=True)

    def samples(self, source: str, *fields: str) -> Mapping[tuple, tuple[Mapping, int]]:
        """The different values of these fields, each with a record that has them and how many have."""

        def sample(matter: "Matter") -> Mapping[tuple, tuple[Mapping, int]]:
            values = list(matter.values(source, *fields))
            one, counts = dict(zip(values, matter.lists[source], strict=True)), Counter(values)
            return {key: (one[key], count) for key, count in counts.items()}

        return self.once(sample, ("samples", source, fields))

    def column(self, source: str, name: str) -> Sequence:
        """One field, record by record."""
        key = ("column", source, name)
        if key not in self._kept:
            records = self.lists[source]
            whole = isinstance(records, Columns)
            self._kept[key] = records.fields[name] if whole else list(map(itemgetter(name), records))
        return self._kept[key]

    def figures(self, key: str, column: str, kinds: tuple[str, ...] = ()) -> list[int]:
        """A column downwards in the rows of those levels (of every level): 分, 0 where nothing is printed."""
        name = ("figures", key, column, kinds)
        if name not in self._kept:
            grid = self.grid(key)
            at = grid.column_at(column)
            across = self.turned(key, kinds, grid.columns[at].half)
            self._kept[name] = [value or 0 for value in across[at]] if across else []
        return self._kept[name]

    def turned(self, key: str, kinds: tuple[str, ...] = (), half: int = 0) -> list[tuple]:
        """The columns of a table downwards, in the rows of those levels; none where there is no such row."""
        name = ("turned", key, kinds, half)
        if name not in self._kept:
            cells = [row.cells for row in rows_of(self.grid(key), kinds or None, half)]
            self._kept[name] = list(zip(*cells, strict=True))
        return self._kept[name]

    def once(self, work: Callable[["Matter"], T], key: Hashable = None) -> T:
        """What a function makes of this matter, made once (under a key, where the function is made anew each time)."""
        name = key or work
        if name not in self._kept:
            self._kept[name] = work(self)
        return self._kept[name]

    def title(self, key: str) -> str:
        """How a table is called in a message: 表3."""
        if key not in self._titles:
            self._titles[key] = self._title(key)
        return self._titles[key]

    def _title(self, key: str) -> str:
        grid = self.grid(key.partition(".")[0])
        if grid is not None and grid.number:
            return f"表{grid.number}"
        placed = self.table_set.placed(key.partition(".")[0])
        return f"表{placed.number}" if placed else f"表 {key}"

    def label(self, cell: Cell) -> str:
        """A cell in words: 表3“行政运行”总计."""
        table, row, column = cell
        grid = self.grid(table)
        words = row_words(grid, row, column)
        at = grid.column_at(column) if column else None
        path = grid.columns[at].path if at is not None else ()
        path = path[1:] if grid.half_labels else path
        return f"{self.title(table)}{f'“{words}”' if words else ''}{'·'.join(path)}"


def _at(places: Sequence[int], columns: Sequence[Sequence]) -> Iterator[tuple]:
    """What stands at these places in each of the columns."""
    if len(places) < 2:
        return iter([tuple([column[at] for column in columns]) for at in places])
    return zip(*map(itemgetter(*places), columns), strict=True)


def rows_of(grid: Grid, kinds: Iterable[str] | None = None, half: int = 0) -> list[GridRow]:
    """The rows of those levels (of every level), without those that only go on with another."""
    levels = grid.levels(half)
    if kinds is None:
        return levels[None]
    wanted = [kind for kind in kinds if kind in levels]
    if len(wanted) < 2:
        return levels[wanted[0]] if wanted else []
    return [row for row in levels[None] if (row.kind[half] if isinstance(row.kind, tuple) else row.kind) in wanted]


def row_key(row: GridRow, half: int = 0) -> str:
    return row.key[half] if isinstance(row.key, tuple) else row.key


def leaf_code(row: GridRow) -> str:
    """The code that a discovered row stands on: the last part of its key."""
    return row_key(row).rpartition("/")[2]


def leaf_codes(rows: Iterable[GridRow]) -> list[str]:
    """The same of many rows."""
    return [row.key.rpartition("/")[2] for row in rows]


def row_words(grid: Grid, row: str, column: str = "") -> str:
    """What a row is called: the last words of it that are no code."""
    half = grid.columns[grid.column_at(column)].half if column else 0
    try:
        found = grid.row(row, half)
    except KeyError:
        return row.rpartition("/")[2]
    words = [
        value
        for spec, value in zip(grid.columns, found.cells, strict=True)
        if spec.is_text and spec.half == half and isinstance(value, str) and value and not spec.merge
    ]
    longest = [one for one in words if not one.isdigit()] or words
    return longest[-1] if longest else ""
