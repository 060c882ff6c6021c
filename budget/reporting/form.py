"""What declarations alone say of a Grid: all but its rows. It is made once for a table in its place in a set."""

from dataclasses import replace
from functools import lru_cache

from .grid import Grid, GridColumn, GridSection
from .plan import NO_COLLAPSE, plan_of
from .spec import AnyTable, Placed, Records, SideBySide, Table, TableSet, kind_of


@lru_cache(maxsize=512)
def form_of(table: AnyTable, placed: Placed | None, table_set: TableSet, year: int, is_department: bool) -> Grid:
    """The Grid without rows: columns, headings, title, unit; of its sections likewise."""
    form = replace(_plain(table, placed), thousands=table_set.thousands, year=year)
    unit = table_set.unit
    if placed:
        said = {"year": year, "kind": kind_of(is_department)}
        unit = placed.unit or unit
        form = replace(
            form,
            columns=tuple(
                column._replace(path=(*column.path[:-1], placed.relabel.get(column.key, column.path[-1])))
                for column in form.columns
            ),
            title=placed.titled(year, is_department),
            number=placed.number,
            notes=placed.notes,
            statement=placed.statement.format(**said),
            organisation_label=placed.organisation_label.format(**said),
        )
    sections = tuple(
        replace(section, grid=replace(section.grid, thousands=table_set.thousands)) for section in form.sections
    )
    form = replace(form, sections=sections)
    return form if unit == form.unit else form.in_unit(unit)


def _plain(table: AnyTable, placed: Placed | None) -> Grid:
    """As the table alone declares it."""
    if isinstance(table, SideBySide):
        halves = ((table.left, table.left_label), (table.right, table.right_label))
        return Grid(
            key=table.key,
            title=table.key,
            columns=tuple(
                column for at, (half, label) in enumerate(halves) for column in _half_columns(half, label, at)
            ),
            rows=(),
            sources=tuple(half.source for half, _ in halves),
            scopes=tuple(half.where for half, _ in halves),
            half_labels=tuple(label for _, label in halves),
        )
    return replace(_simple(table, placed.collapse if placed else NO_COLLAPSE), title=table.key)


def _simple(table: Table, collapse: frozenset[str]) -> Grid:
    return Grid(
        key=table.key,
        columns=plan_of(table, collapse).columns,
        rows=(),
        sources=(None if isinstance(table.rows, Records) else table.source,),
        scopes=(table.where,),
        sections=tuple(GridSection(section.label, _simple(section.table, collapse)) for section in table.sections),
    )


def _half_columns(table: Table, label: str, half: int) -> list[GridColumn]:
    return [
        column._replace(
            key=f"{table.key}.{column.key}",
            path=(label, *column.path),
            group_keys=(table.key, *column.group_keys),
            half=half,
        )
        for column in plan_of(table).columns
    ]
