"""Records, which are no money: as rows of a table of their own, and downwards beside the rows they belong to."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .gather import Known, getter
from .grid import GridRow
from .plan import Plan
from .spec import Beside, Records, Table
from .where import Where


def record_rows(table: Table, plan: Plan, book) -> list[GridRow]:
    """A row for each record."""
    axis: Records = table.rows
    fields = [(at, axis.cells[key]) for at, key in plan.texts if key in axis.cells]
    rows = []
    for record in book.records(axis.source):
        cells = list(plan.blank)
        for at, name in fields:
            cells[at] = str(record[name])
        rows.append(GridRow("/".join([str(record[name]) for name in axis.keys]), "record", tuple(cells)))
    return rows


class _Lists(NamedTuple):
    """The lists beside a row that come from one source, compiled: in which of them a record is."""

    source: str
    by: str
    values_of: Callable[[Mapping], tuple]
    keys: Mapping[tuple, Sequence[str]]


@lru_cache(maxsize=512)
def _beside(plan: Plan) -> tuple[list[_Lists], dict[str, list[tuple[int, str]]]]:
    """What is beside the rows: the lists, and the place and name of the fields of each."""
    fields: dict[str, list[tuple[int, str]]] = defaultdict(list)
    besides: dict[str, Beside] = {}
    for at, leaf in enumerate(plan.leaves):
        if leaf.beside:
            fields[leaf.beside.key].append((at, leaf.spec.key))
            besides[leaf.beside.key] = leaf.beside
    lists = []
    for source, by in dict.fromkeys((beside.source, beside.by) for beside in besides.values()):
        own = {key: beside for key, beside in besides.items() if (beside.source, beside.by) == (source, by)}
        names = sorted(set().union(*(beside.where.dimensions for beside in own.values())))
        tests = [(key, beside.where.compiled(names)) for key, beside in own.items()]
        keys = Known(lambda values, tests=tests: [key for key, test in tests if test(values)])
        lists.append(_Lists(source, by, getter(names), keys))
    return lists, fields


def with_records_beside(rows: list[GridRow], plan: Plan, book) -> list[GridRow]:
    """Each row followed by as many continuing rows as its longest list beside it needs."""
    lists, fields = _beside(plan)
    if not lists:
        return rows
    belonging: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for source, by, values_of, keys in lists:
        for record in book.records(source):
            for key in keys[values_of(record)]:
                belonging[record[by]][key].append(record)
    found = []
    for row in rows:
        records = belonging.get(_owner(row), {})
        for index in range(max(map(len, records.values()), default=1)):
            cells = list(plan.blank if index else row.cells)
            for key, some in records.items():
                if index < len(some):
                    for at, name in fields[key]:
                        cells[at] = str(some[index][name])
            if index:
                found.append(GridRow(f"{row.key}#{index + 1}", row.kind, tuple(cells), (None,), row.depth, True))
            else:
                found.append(row._replace(cells=tuple(cells)))
    return found


def _owner(row: GridRow) -> str | None:
    """The item whose row it is."""
    (where,) = row.wheres
    return dict(where.tests).get("item", (None,))[0] if isinstance(where, Where) else None
