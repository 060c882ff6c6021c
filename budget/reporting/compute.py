"""From facts to a Grid: every distinct tuple of dimensions is looked up once for its columns and once for its rows."""

from collections import defaultdict
from dataclasses import replace
from itertools import zip_longest
from operator import itemgetter

from . import money
from .grid import Grid, GridColumn, GridRow, GridSection, Misfit
from .plan import NO_COLLAPSE, Plan, plan_of
from .spec import (
    AnyTable,
    Beside,
    Discovered,
    Placed,
    Previous,
    Records,
    Row,
    RowOfWhich,
    RowTotal,
    SideBySide,
    Single,
    Skeleton,
    Sum,
    Table,
)
from .where import ANYTHING, Predicate, Where, any_of


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
    unit = (placed and placed.unit) or book.table_set.unit
    sections = tuple(replace(section, grid=replace(section.grid, unit=unit)) for section in grid.sections)
    return replace(
        grid,
        columns=columns,
        sections=sections,
        title=placed.title.format(year=book.year) if placed else grid.key,
        number=placed.number if placed else 0,
        notes=placed.notes if placed else (),
        statement=placed.statement.format(year=book.year) if placed else "",
        organisation_label=placed.organisation_label if placed else "部门名称",
        unit=unit,
        thousands=book.table_set.thousands,
        organisation=book.name,
        year=book.year,
        _by_key={},
    )


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
            rows = _discovered_rows(table, plan, book, misfits)
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


# ---- gathering


def _gathered(table: Table, plan: Plan, book, misfits: list[Misfit]):
    """Yield (row values, slots, 分) for the facts of the table's scope, one for each distinct tuple of dimensions."""
    facts = book.facts(table.source)
    column_places = [facts.dimensions.index(name) for name in plan.dimensions]
    row_places = [facts.dimensions.index(name) for name in plan.row_dimensions]
    column_values, row_values = _getter(column_places), _getter(row_places)
    sums: dict[tuple, int] = defaultdict(int)
    for fact in facts.rows:
        sums[column_values(fact), row_values(fact)] += fact[-1]
    in_scope = table.where.compiled(plan.dimensions)
    tests = [where.compiled(plan.dimensions) for where in plan.slots]
    slots_of: dict[tuple, tuple[int, ...] | None] = {}
    for (columns, row), amount in sums.items():
        if columns not in slots_of:
            slots_of[columns] = (
                tuple(slot for slot, test in enumerate(tests) if test(columns)) if in_scope(columns) else None
            )
        slots = slots_of[columns]
        if slots is None:
            continue
        if sum(slot < plan.amounts for slot in slots) != 1:
            fact = (*zip(plan.dimensions, columns, strict=True), *zip(plan.row_dimensions, row, strict=True))
            misfits.append(Misfit("column", tuple(dict(fact).items()), amount))
            continue
        yield row, slots, amount


def _getter(places: list[int]):
    if not places:
        return lambda fact: ()
    if len(places) == 1:
        (place,) = places
        return lambda fact: (fact[place],)
    return itemgetter(*places)


def _cells(plan: Plan, words: dict[str, str], sums: list[int]) -> tuple:
    """A row's cells from its words and its slots; nothing where the sum is nothing."""
    cells: list = []
    for at, column in enumerate(plan.columns):
        if at in plan.slot_of:
            cells.append(sums[plan.slot_of[at]] or None)
        elif at in plan.totals:
            cells.append(sum(sums[slot] for slot in plan.totals[at]) or None)
        elif column.role == "text":
            cells.append(words.get(column.key, ""))
        else:
            cells.append(None)
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


def _discovered_rows(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    axis: Discovered = table.rows
    levels = [level for level in axis.levels if isinstance(level, Sum) or level.when(book)]
    by_levels = [level for level in levels if not isinstance(level, Sum)]
    places = [[plan.row_dimensions.index(name) for name in level.names] for level in by_levels]
    width = len(plan.slots)
    sums: dict[tuple, list[int]] = {(): [0] * width}
    rows_of: dict[tuple, list[list[int]]] = {}
    for values, slots, amount in _gathered(table, plan, book, misfits):
        if values not in rows_of:
            path: tuple = ()
            found = [sums[()]]
            for level, at in zip(by_levels, places, strict=True):
                codes = tuple(values[place][: level.length] if level.length else values[place] for place in at)
                path = (*path, codes)
                found.append(sums.setdefault(path, [0] * width))
            rows_of[values] = found
        for row in rows_of[values]:
            for slot in slots:
                row[slot] += amount

    def members(path):
        level = by_levels[len(path) - 1]
        return [book.member(name, code) for name, code in zip(level.names, path[-1], strict=True)]

    def place(path):
        return tuple(
            tuple(member.sort or (member.code,) for member in members(path[: end + 1])) for end in range(len(path))
        )

    rows = []
    sum_level = next((level for level in levels if isinstance(level, Sum)), None)
    for path in sorted(sums, key=place):
        if path:
            level, found = by_levels[len(path) - 1], members(path)
            words = {key: cell if isinstance(cell, str) else cell(*found) for key, cell in level.cells.items()}
            key = "/".join("+".join(codes) for codes in path)
            where: Predicate = Where(
                **{
                    name: code
                    for level_, codes in zip(by_levels, path, strict=False)
                    for name, code in zip(level_.names, codes, strict=True)
                }
            )
            rows.append(GridRow(key, level.kind, _cells(plan, words, sums[path]), (where,), len(path)))
        elif sum_level:
            words = dict(sum_level.cells)
            rows.append(GridRow(sum_level.key, "total", _cells(plan, words, sums[path]), (ANYTHING,), 0))
    return _compared(rows, plan, book, table)


def _single_row(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    sums = [0] * len(plan.slots)
    for _, slots, amount in _gathered(table, plan, book, misfits):
        for slot in slots:
            sums[slot] += amount
    row = GridRow(table.rows.key, "single", _cells(plan, dict(table.rows.cells), sums), (ANYTHING,))
    return _compared([row], plan, book, table)


def _skeleton_rows(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    axis: Skeleton = table.rows
    wheres = _skeleton_wheres(axis)
    width = len(plan.slots)
    sums = {row.key: [0] * width for row in axis.rows}
    tests = [
        (row.key, isinstance(row, Row), wheres[row.key].compiled(plan.row_dimensions))
        for row in axis.rows
        if not isinstance(row, RowTotal)
    ]
    rows_of: dict[tuple, list[str] | None] = {}
    for values, slots, amount in _gathered(table, plan, book, misfits):
        if values not in rows_of:
            found = [(key, is_row) for key, is_row, test in tests if test(values)]
            rows_of[values] = [key for key, _ in found] if sum(is_row for _, is_row in found) == 1 else None
        if (keys := rows_of[values]) is None:
            misfits.append(Misfit("row", tuple(zip(plan.row_dimensions, values, strict=True)), amount))
            continue
        for key in keys:
            for slot in slots:
                sums[key][slot] += amount
    above: list[str] = []
    for row in axis.rows:
        if isinstance(row, Row):
            above.append(row.key)
        elif isinstance(row, RowTotal):
            parts = row.of if row.of is not None else above
            sums[row.key] = [sum(sums[part][slot] for part in parts) for slot in range(width)]
    # a total printed above its parts (一、本年收入) is summed after them
    for row in axis.rows:
        if isinstance(row, RowTotal) and row.of is not None:
            sums[row.key] = [sum(sums[part][slot] for part in row.of) for slot in range(width)]
    kinds = {Row: "row", RowOfWhich: "of_which", RowTotal: "total"}
    rows = []
    for row in axis.rows:
        hidden = row.key in axis.hidden_when_empty and not any(sums[row.key])
        words = {axis.label_column: "" if hidden else row.label}
        rows.append(GridRow(row.key, kinds[type(row)], _cells(plan, words, sums[row.key]), (wheres[row.key],)))
    return _compared(rows, plan, book, table)


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
        rows.append(GridRow(key, "record", _cells(plan, words, [0] * len(plan.slots))))
    return rows


def _with_records_beside(rows: list[GridRow], plan: Plan, book):
    """Each row followed by as many continuing rows as its longest list beside it needs."""
    lists = {leaf.beside.key: leaf.beside for leaf in plan.leaves if leaf.beside}
    belonging = {key: _records_of(beside, book) for key, beside in lists.items()}
    for row in rows:
        where = row.wheres[0]
        owner = dict(where.tests).get("item", (None,))[0] if isinstance(where, Where) else None
        found = {key: belonging[key].get(owner, []) if owner else [] for key in lists}
        for index in range(max(1, *(len(records) for records in found.values()))):
            cells = list(row.cells) if index == 0 else ["" if column.is_text else None for column in plan.columns]
            for at, leaf in enumerate(plan.leaves):
                if leaf.beside and index < len(found[leaf.beside.key]):
                    cells[at] = str(found[leaf.beside.key][index][leaf.spec.key])
            yield row._replace(
                key=row.key if index == 0 else f"{row.key}#{index + 1}",
                cells=tuple(cells),
                continues=index > 0,
                wheres=row.wheres if index == 0 else (None,),
            )


def _records_of(beside: Beside, book) -> dict[str, list]:
    names = tuple(sorted(beside.where.dimensions))
    test = beside.where.compiled(names)
    found: dict[str, list] = defaultdict(list)
    for record in book.records(beside.source):
        if test(tuple(record[name] for name in names)):
            found[record[beside.by]].append(record)
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
                kind=one.kind if one else other.kind,
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
