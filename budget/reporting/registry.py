"""What the apps have declared: sources with their dimensions, tables under semantic keys, table sets.

An app declares its tables in `disclosure.py`, found at start-up as `admin.py` is. A table is a function of the set
it is drawn in (labels, definitions), called once for each set.
"""

from collections.abc import Callable
from functools import cache

from .plan import NO_COLLAPSE, Plan, plan_of, row_dimensions
from .spec import (
    AnyTable,
    Beside,
    Change,
    Discovered,
    Placed,
    Previous,
    Records,
    Row,
    RowTotal,
    SideBySide,
    Single,
    Skeleton,
    Table,
    TableSet,
)

_sources: dict[str, tuple[str, ...]] = {}
_records: dict[str, tuple[str, ...]] = {}
_tables: dict[str, Callable[[TableSet], AnyTable]] = {}
_sets: dict[str, TableSet] = {}


def facts(name: str, *dimensions: str) -> None:
    """Declare a source of money and the dimensions of its facts."""
    _sources[name] = dimensions


def records(name: str, *fields: str) -> None:
    """Declare a source of records that are no money (goals, indicators) and their fields."""
    _records[name] = fields


def table(key: str):
    """Decorator: the function builds the table of that key for a set."""

    def declare(build: Callable[[TableSet], AnyTable]):
        if key in _tables and _tables[key].__module__ != build.__module__:
            raise ValueError(f"table {key} is declared in {_tables[key].__module__} and in {build.__module__}")
        _tables[key] = build
        return build

    return declare


def table_set(declared: TableSet) -> TableSet:
    """Declare a table set."""
    if declared.key in _sets and _sets[declared.key] is not declared:
        raise ValueError(f"table set {declared.key} is declared twice")
    _sets[declared.key] = declared
    return declared


def sets() -> dict[str, TableSet]:
    """All declared sets by key, in the order of declaration."""
    return dict(_sets)


def money_sources() -> set[str]:
    """The names of the sources of money."""
    return set(_sources)


def record_sources() -> set[str]:
    """The names of every source that is declared."""
    return {*_records, *_sources}


def has_table(key: str) -> bool:
    return key in _tables


def has_column(key: str, column: str) -> bool:
    """Whether the table (or section `table.section`) of that key has the column in any set that prints it."""
    name, _, section = key.partition(".")
    for declared in _sets.values():
        placed = declared.placed(name)
        if placed is None:
            continue
        built = table_in(declared, name)
        halves = [built.left, built.right] if isinstance(built, SideBySide) else []
        for part in parts(built):
            if section and part.key != section:
                continue
            prefix = f"{part.key}." if part in halves else ""
            if any(f"{prefix}{spec.key}" == column for spec in plan_of(part, placed.collapse).columns):
                return True
    return False


def dimensions_of(source: str) -> tuple[str, ...]:
    return _sources[source]


@cache
def table_in(declared: TableSet, key: str) -> AnyTable:
    """The table of that key as the set draws it. KeyError for a key nobody declared."""
    try:
        return _tables[key](declared)
    except KeyError:
        if key in _tables:
            raise
        raise KeyError(f"no table is called {key}; there are {', '.join(sorted(_tables))}") from None


def problems() -> list[str]:
    """What is wrong with the declarations: names that nothing has; numbers, tables and rows that are there twice."""
    found = []
    for declared in _sets.values():
        numbers = [placed.number for placed in declared.tables]
        if len(set(numbers)) < len(numbers):
            found.append(f"{declared.key}: a table number is used twice")
        if len({placed.table for placed in declared.tables}) < len(numbers):
            found.append(f"{declared.key}: a table is placed twice")
        for placed in declared.tables:
            if placed.table not in _tables:
                found.append(f"{declared.key}: no table is called {placed.table}")
                continue
            table = table_in(declared, placed.table)
            wrong = [problem for part in parts(table) for problem in _table_problems(part, placed.collapse)]
            wrong += _placing_problems(placed, table) if not wrong else []
            found.extend(f"{declared.key}: {placed.table}: {problem}" for problem in wrong)
    return found


def parts(declared: AnyTable) -> list[Table]:
    """The simple tables a table is made of: halves and sections."""
    if isinstance(declared, SideBySide):
        return [*parts(declared.left), *parts(declared.right)]
    return [declared, *(section.table for section in declared.sections)]


@cache
def sources_of(declared: AnyTable) -> frozenset[str]:
    """The names of every source a table reads."""
    names: set[str] = set()
    for part in parts(declared):
        names.add(part.rows.source if isinstance(part.rows, Records) else part.source)
        names.update(leaf.beside.source for leaf in plan_of(part).leaves if leaf.beside)
    return frozenset(names)


def _table_problems(declared: Table, collapse: frozenset[str]) -> list[str]:
    try:
        plan = plan_of(declared, collapse)
    except ValueError as error:
        return [str(error)]
    found = [*_column_problems(plan), *_row_problems(declared, plan)]
    if isinstance(declared.rows, Records):
        fields = (*declared.rows.cells.values(), *declared.rows.keys)
        return [*found, *_field_problems(declared.rows.source, fields)]
    if declared.source not in _sources:
        return [*found, f"no source is called {declared.source}"]
    unknown = {*plan.dimensions, *row_dimensions(declared)} - set(_sources[declared.source])
    found += [f"{declared.source} has no dimension {name}" for name in sorted(unknown)]
    besides: dict[str, Beside] = {leaf.beside.key: leaf.beside for leaf in plan.leaves if leaf.beside}
    for beside in besides.values():
        fields = (beside.by, *(text.key for text in beside.fields), *beside.where.dimensions)
        found.extend(_field_problems(beside.source, fields))
    return found


def _column_problems(plan: Plan) -> list[str]:
    """Last year's figures of columns that have none."""
    figures = {column.key for column in plan.columns if column.where is not None}
    compared = [leaf.spec.of for leaf in plan.leaves if isinstance(leaf.spec, (Previous, Change))]
    return [f"no money column is called {key}" for key in compared if key not in figures]


def _row_problems(declared: Table, plan: Plan) -> list[str]:
    """Words for columns that are not there, sums of rows that are not there, rows that are there twice."""
    found = []
    match declared.rows:
        case Skeleton(rows=rows, label_column=label):
            words = {label}
            keys = [row.key for row in rows]
            found += [f"row declared twice: {key}" for key in sorted({key for key in keys if keys.count(key) > 1})]
            own = {row.key for row in rows if isinstance(row, Row)}
            parts_of = [part for row in rows if isinstance(row, RowTotal) for part in row.of or ()]
            found += [f"no row to add up is called {key}" for key in parts_of if key not in own]
        case Discovered(levels=levels):
            words = {key for level in levels for key in level.cells}
        case Single(cells=cells) | Records(cells=cells):
            words = set(cells)
    texts = {column.key for column in plan.columns if column.is_text}
    return [*found, *(f"no text column is called {key}" for key in sorted(words - texts))]


def _placing_problems(placed: Placed, declared: AnyTable) -> list[str]:
    """Groups to collapse and columns to relabel that the table does not have."""
    halves = [declared.left, declared.right] if isinstance(declared, SideBySide) else []
    groups = {
        ".".join(leaf.keys[:end])
        for part in parts(declared)
        for leaf in plan_of(part).leaves
        for end in range(1, len(leaf.keys))
    }
    columns = {f"{half.key}.{column.key}" for half in halves for column in plan_of(half).columns}
    if not halves:
        columns = {column.key for column in plan_of(declared, placed.collapse or NO_COLLAPSE).columns}
    return [
        *(f"no group to collapse is called {key}" for key in sorted(placed.collapse - groups)),
        *(f"no column to relabel is called {key}" for key in sorted(set(placed.relabel) - columns)),
    ]


def _field_problems(source: str, fields) -> list[str]:
    if source not in _records:
        return [f"no records are called {source}"]
    return [f"{source} has no field {name}" for name in sorted(set(fields) - set(_records[source]))]
