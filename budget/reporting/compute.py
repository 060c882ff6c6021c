"""From facts to a Grid: every distinct tuple of dimensions is looked up once for its columns and once for its rows."""

from . import money
from .discovered import discovered_rows
from .form import form_of
from .gather import gathered
from .grid import Grid, GridRow, GridSection, Misfit
from .plan import NO_COLLAPSE, Plan, plan_of
from .records import record_rows, with_records_beside
from .skeleton import paired_rows, skeleton_rows
from .spec import AnyTable, Placed, Previous, Records, SideBySide, Single, Skeleton, Table
from .where import ANYTHING


def compute(table: AnyTable, book, placed: Placed | None = None) -> Grid:
    """The Grid of a table over a book, as `placed` in its set."""
    form = form_of(table, placed, book.table_set, book.year, book.is_department)
    return _grid(table, form, placed.collapse if placed else NO_COLLAPSE, book, book.name)


def _grid(table: AnyTable, form: Grid, collapse: frozenset[str], book, organisation: str = "") -> Grid:
    misfits: list[Misfit] = []
    if isinstance(table, SideBySide):
        left, right = (_rows(half, NO_COLLAPSE, book, misfits) for half in (table.left, table.right))
        rows, sections = paired_rows(table, left, right), ()
    else:
        rows = _rows(table, collapse, book, misfits)
        sections = tuple(
            GridSection(section.label, _grid(section.table, blank.grid, collapse, book))
            for section, blank in zip(table.sections, form.sections, strict=True)
        )
    return form.filled(rows, misfits, sections, organisation)


def _rows(table: Table, collapse: frozenset[str], book, misfits: list[Misfit]) -> list[GridRow]:
    plan = plan_of(table, collapse)
    match table.rows:
        case Records():
            rows = record_rows(table, plan, book)
        case Skeleton():
            rows = skeleton_rows(table, plan, book, misfits)
        case Single():
            rows = _single_row(table, plan, book, misfits)
        case _:
            rows = discovered_rows(table, plan, book, misfits)
    if plan.compared:
        rows = _compared(rows, plan, book, table)
    return with_records_beside(rows, plan, book)


def _compared(rows: list[GridRow], plan: Plan, book, table: Table) -> list[GridRow]:
    """Fill the Previous and Change columns from what is known of last year."""
    at_key = {column.key: at for at, column in enumerate(plan.columns)}
    known = book.previous(table.key)
    filled = []
    for row in rows:
        cells = list(row.cells)
        for at, spec in plan.compared:
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


def _single_row(table: Table, plan: Plan, book, misfits) -> list[GridRow]:
    placing, gained = gathered(table, plan, book, misfits)
    cells = plan.worded(table.rows.cells)
    for sums in gained:  # one or, of no facts, none
        cells = placing.cells(cells, sums)
    return [GridRow(table.rows.key, "single", cells, (ANYTHING,))]
