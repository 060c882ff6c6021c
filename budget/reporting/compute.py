"""From facts to a Grid: every distinct tuple of dimensions is looked up once for its columns and once for its rows."""

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from . import money
from .discovered import discovered_rows
from .gather import added, gathered
from .grid import Grid, GridColumn, GridRow, GridSection, Misfit
from .plan import NO_COLLAPSE, Plan, plan_of, row_dimensions
from .spec import (
    AnyTable,
    Beside,
    Placed,
    Previous,
    Records,
    Row,
    RowOfWhich,
    RowTotal,
    SideBySide,
    Single,
    Skeleton,
    Table,
    kind_of,
)
from .where import ANYTHING, Predicate, Test, Where, any_of


def compute(table: AnyTable, book, placed: Placed | None = None) -> Grid:
    """The Grid of a table over a book, as `placed` in its set."""
    if isinstance(table, SideBySide):
        grid = _side_by_side(table, book)
    else:
        grid = _grid(table, book, placed.collapse if placed else NO_COLLAPSE)
    return _dressed(grid, book, placed)


def _dressed(grid: Grid, book, placed: Placed | None) -> Grid:
    columns = grid.columns
    if placed and placed.relabel:
        columns = tuple(
            column._replace(path=(*column.path[:-1], placed.relabel.get(column.key, column.path[-1])))
            for column in columns
        )
    said = {"year": book.year, "kind": kind_of(book.is_department)}
    thousands, unit = book.table_set.thousands, (placed and placed.unit) or book.table_set.unit
    sections = tuple(replace(section, grid=replace(section.grid, thousands=thousands)) for section in grid.sections)
    dressed = replace(
        grid,
        columns=columns,
        sections=sections,
        title=placed.title.format(**said) if placed else grid.key,
        number=placed.number if placed else 0,
        notes=placed.notes if placed else (),
        statement=placed.statement.format(**said) if placed else "",
        organisation_label=placed.organisation_label.format(**said) if placed else "部门名称",
        thousands=thousands,
        organisation=book.name,
        year=book.year,
        _by_key={},
    )
    return dressed if unit == dressed.unit else dressed.in_unit(unit)


def _grid(table: Table, book, collapse: frozenset[str]) -> Grid:
    plan = plan_of(table, collapse)
    misfits: list[Misfit] = []
    match table.rows:
        case Records():
            rows = _record_rows(table, plan, book)
        case Skeleton():
            rows = _skeleton_rows(table, plan, book, misfits)
        case Single():
            rows = _single_row(table, plan, book, misfits)
        case _:
            rows = _compared(discovered_rows(table, plan, book, misfits), plan, book, table)
    if any(leaf.beside for leaf in plan.leaves):
        rows = list(_with_records_beside(rows, plan, book))
    return Grid(
        key=table.key,
        columns=plan.columns,
        rows=tuple(rows),
        sources=(None if isinstance(table.rows, Records) else table.source,),
        scopes=(table.where,),
        misfits=tuple(misfits),
        sections=tuple(GridSection(section.label, _grid(section.table, book, collapse)) for section in table.sections),
    )


# ---- cells


def _cells(plan: Plan, words: dict[str, str], sums: list[int]) -> tuple:
    """A row's cells from its words and its sums a column; nothing where the sum is nothing."""
    cells: list = [amount or None for amount in sums]
    for at, key in plan.texts:
        cells[at] = words.get(key, "")
    return tuple(cells)


def _compared(rows: list[GridRow], plan: Plan, book, table: Table) -> list[GridRow]:
    """Fill the Previous and Change columns from what is known of last year."""
    places = {
        at: leaf.spec for at, leaf in enumerate(plan.leaves) if plan.columns[at].role in ("previous", "change", "rate")
    }
    if not places:
        return rows
    at_key = {column.key: at for at, column in enumerate(plan.columns)}
    known = book.previous(table.key)
    filled = []
    for row in rows:
        cells = list(row.cells)
        for at, spec in places.items():
            now, before = cells[at_key[spec.of]] or 0, known.get((row.key, spec.of))
            if before is None:
                cells[at] = money.UNKNOWN
            elif isinstance(spec, Previous):
                cells[at] = before or None
            elif spec.rate:
                cells[at] = money.rate(now, before)
            else:
                cells[at] = (now - before) or None
        filled.append(row._replace(cells=tuple(cells)))
    return filled


# ---- rows


def _single_row(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    sums = gathered(table, plan, book, misfits).get((), [0] * len(plan.columns))
    row = GridRow(table.rows.key, "single", _cells(plan, dict(table.rows.cells), sums), (ANYTHING,))
    return _compared([row], plan, book, table)


def _skeleton_rows(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    axis: Skeleton = table.rows
    wheres, tests = _skeleton_tests(table)
    amounts = [places[0] for places in plan.places[: plan.amounts]]
    nothing = [0] * len(plan.columns)
    parts: dict[str, list] = {row.key: [nothing] for row in axis.rows}
    for values, found in gathered(table, plan, book, misfits).items():
        rows = [(key, is_row) for key, is_row, test in tests if test(values)]
        if sum([is_row for _, is_row in rows]) == 1:
            for key, _ in rows:
                parts[key].append(found)
        else:
            fact = tuple(zip(plan.row_dimensions, values, strict=True))
            misfits.append(Misfit("row", fact, sum([found[at] for at in amounts])))
    sums = {row.key: added(parts[row.key]) for row in axis.rows if not isinstance(row, RowTotal)}
    above: list[str] = []
    for row in axis.rows:
        if isinstance(row, Row):
            above.append(row.key)
        elif isinstance(row, RowTotal):
            of = above if row.of is None else row.of
            sums[row.key] = added([nothing, *(sums[key] for key in of)])
    kinds = {Row: "row", RowOfWhich: "of_which", RowTotal: "total"}
    rows = []
    for row in axis.rows:
        hidden = row.key in axis.hidden_when_empty and not any(sums[row.key])
        words = {axis.label_column: "" if hidden else row.label}
        rows.append(GridRow(row.key, kinds[type(row)], _cells(plan, words, sums[row.key]), (wheres[row.key],)))
    return _compared(rows, plan, book, table)


@lru_cache(maxsize=512)
def _skeleton_tests(table: Table) -> tuple[dict[str, Predicate], list[tuple[str, bool, Test]]]:
    """What each printed row is made of; and key, whether it is a Row, and test of those that facts fall in."""
    wheres, names = _skeleton_wheres(table.rows), row_dimensions(table)
    return wheres, [
        (row.key, isinstance(row, Row), wheres[row.key].compiled(names))
        for row in table.rows.rows
        if not isinstance(row, RowTotal)
    ]


def _skeleton_wheres(axis: Skeleton) -> dict[str, Predicate]:
    """What each printed row is made of."""
    wheres: dict[str, Predicate] = {}
    own = {row.key: row.where for row in axis.rows if isinstance(row, Row)}
    above: list[str] = []
    for row in axis.rows:
        match row:
            case Row():
                wheres[row.key] = row.where
                above.append(row.key)
            case RowOfWhich():
                wheres[row.key] = own[above[-1]] & row.where
            case RowTotal(of=None):
                wheres[row.key] = any_of(own[key] for key in above)
            case RowTotal():
                wheres[row.key] = any_of(own[key] for key in row.of)
    return wheres


def _record_rows(table: Table, plan: Plan, book) -> list[GridRow]:
    axis: Records = table.rows
    rows = []
    for record in book.records(axis.source):
        words = {key: str(record[name]) for key, name in axis.cells.items()}
        key = "/".join(str(record[name]) for name in axis.keys)
        rows.append(GridRow(key, "record", _cells(plan, words, [0] * len(plan.columns))))
    return rows


def _with_records_beside(rows: list[GridRow], plan: Plan, book):
    """Each row followed by as many continuing rows as its longest list beside it needs."""
    fields: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for at, leaf in enumerate(plan.leaves):
        if leaf.beside:
            fields[leaf.beside.key].append((at, leaf.spec.key))
    belonging = _records_beside({leaf.beside.key: leaf.beside for leaf in plan.leaves if leaf.beside}, book)
    blank = _blank(plan.columns)
    for row in rows:
        where = row.wheres[0]
        owner = dict(where.tests).get("item", (None,))[0] if isinstance(where, Where) else None
        found = belonging.get(owner, {}) if owner else {}
        for index in range(max(map(len, found.values()), default=1)):
            cells = list(blank if index else row.cells)
            for key, records in found.items():
                if index < len(records):
                    for at, name in fields[key]:
                        cells[at] = str(records[index][name])
            if index:
                yield GridRow(f"{row.key}#{index + 1}", row.kind, tuple(cells), (None,), row.depth, True)
            else:
                yield GridRow(row.key, row.kind, tuple(cells), row.wheres, row.depth)


def _records_beside(besides: dict[str, Beside], book) -> dict[str, dict[str, list]]:
    """Whose records they are → key of the list beside → the records."""
    found: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for source, by in {(beside.source, beside.by) for beside in besides.values()}:
        lists = {key: beside for key, beside in besides.items() if (beside.source, beside.by) == (source, by)}
        names = sorted(set().union(*(beside.where.dimensions for beside in lists.values())))
        tests = {key: beside.where.compiled(names) for key, beside in lists.items()}
        keys_of: dict[tuple, list[str]] = {}
        for record in book.records(source):
            values = tuple([record[name] for name in names])
            if values not in keys_of:
                keys_of[values] = [key for key, test in tests.items() if test(values)]
            for key in keys_of[values]:
                found[record[by]][key].append(record)
    return found


# ---- halves


def _side_by_side(table: SideBySide, book) -> Grid:
    left, right = _grid(table.left, book, NO_COLLAPSE), _grid(table.right, book, NO_COLLAPSE)
    columns = (*_half(left, table.left, table.left_label, 0), *_half(right, table.right, table.right_label, 1))
    rows = []
    for one, other in _zipped(left.rows, right.rows, table.left.rows.tail, table.right.rows.tail):
        rows.append(
            GridRow(
                key=(one.key if one else "", other.key if other else ""),
                kind=(one.kind if one else "", other.kind if other else ""),
                cells=(
                    *(one.cells if one else _blank(left.columns)),
                    *(other.cells if other else _blank(right.columns)),
                ),
                wheres=(one.wheres[0] if one else None, other.wheres[0] if other else None),
            )
        )
    return Grid(
        key=table.key,
        columns=columns,
        rows=tuple(rows),
        sources=(*left.sources, *right.sources),
        scopes=(*left.scopes, *right.scopes),
        misfits=(*left.misfits, *right.misfits),
        half_labels=(table.left_label, table.right_label),
    )


def _half(grid: Grid, table: Table, label: str, half: int) -> tuple[GridColumn, ...]:
    return tuple(
        column._replace(
            key=f"{table.key}.{column.key}",
            path=(label, *column.path),
            group_keys=(table.key, *column.group_keys),
            half=half,
        )
        for column in grid.columns
    )


def _blank(columns) -> tuple:
    return tuple("" if column.is_text else None for column in columns)


def _zipped(left, right, left_tail: int, right_tail: int):
    """Heads side by side from the top, tails from the bottom."""
    split_left, split_right = len(left) - left_tail, len(right) - right_tail
    yield from zip_longest(left[:split_left], right[:split_right])
    short = max(left_tail, right_tail)
    left_foot = (*(None,) * (short - left_tail), *left[split_left:])
    right_foot = (*(None,) * (short - right_tail), *right[split_right:])
    yield from zip(left_foot, right_foot, strict=True)
