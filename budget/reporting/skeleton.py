"""Rows that are printed in any case: a Skeleton, and two of them side by side."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from .gather import Known, added, gathered
from .grid import GridRow, Misfit
from .plan import Plan, plan_of
from .spec import Row, RowOfWhich, RowTotal, SideBySide, Skeleton, Table
from .where import Predicate, any_of

KINDS = {Row: "row", RowOfWhich: "of_which", RowTotal: "total"}


class _Axis(NamedTuple):
    """A Skeleton compiled.

    `blank`: its rows without money; `labels`: what they are called with money; `places`: values of the row dimensions
    → the rows they are added to, () where no one Row holds them.
    """

    blank: tuple[GridRow, ...]
    labels: tuple[str, ...]
    places: Mapping[tuple, tuple[int, ...]]


@lru_cache(maxsize=512)
def _axis(table: Table, plan: Plan) -> _Axis:
    axis: Skeleton = table.rows
    wheres = _wheres(axis)
    parts = _parts(axis)
    tests = [
        (at, where.compiled(plan.row_dimensions), isinstance(row, Row))
        for at, (row, where) in enumerate(zip(axis.rows, wheres, strict=True))
        if not isinstance(row, RowTotal)
    ]

    def places(values: tuple) -> tuple[int, ...]:
        found = [(at, is_row) for at, test, is_row in tests if test(values)]
        if sum([is_row for _, is_row in found]) != 1:
            return ()
        return tuple([place for at, is_row in found for place in (at, *(parts[at] if is_row else ()))])

    nothing = [0] * len(plan.columns)
    blank = tuple(
        GridRow(
            row.key,
            KINDS[type(row)],
            plan.cells({axis.label_column: "" if row.key in axis.hidden_when_empty else row.label}, nothing),
            (where,),
        )
        for row, where in zip(axis.rows, wheres, strict=True)
    )
    return _Axis(blank, tuple(row.label for row in axis.rows), Known(places))


def _wheres(axis: Skeleton) -> list[Predicate]:
    """What each printed row is made of."""
    own = {row.key: row.where for row in axis.rows if isinstance(row, Row)}
    wheres: list[Predicate] = []
    above: list[str] = []
    for row in axis.rows:
        match row:
            case Row():
                wheres.append(row.where)
                above.append(row.key)
            case RowOfWhich():
                wheres.append(own[above[-1]] & row.where)
            case RowTotal():
                wheres.append(any_of(own[key] for key in (above if row.of is None else row.of)))
    return wheres


def _parts(axis: Skeleton) -> list[list[int]]:
    """For each Row the RowTotals it is a part of."""
    totals = [(at, row.of) for at, row in enumerate(axis.rows) if isinstance(row, RowTotal)]
    return [
        [total for total, of in totals if (at < total if of is None else row.key in of)]
        for at, row in enumerate(axis.rows)
    ]


def skeleton_rows(table: Table, plan: Plan, book, misfits: list[Misfit]) -> list[GridRow]:
    """The rows of a table whose axis is a Skeleton."""
    axis = _axis(table, plan)
    parts: dict[int, list[list[int]]] = defaultdict(list)
    for values, sums in gathered(table, plan, book, misfits).items():
        places = axis.places[values]
        for at in places:
            parts[at].append(sums)
        if not places:
            fact = tuple(zip(plan.row_dimensions, values, strict=True))
            misfits.append(Misfit("row", fact, sum([sums[own] for own, *_ in plan.places[: plan.amounts]])))
    rows = list(axis.blank)
    for at, found in parts.items():
        sums = added(found)
        if any(sums):
            key, kind, _, wheres, *_ = rows[at]
            rows[at] = GridRow(key, kind, plan.cells({table.rows.label_column: axis.labels[at]}, sums), wheres)
    return rows


# ---- halves


class _Pair(NamedTuple):
    """A row of two halves: where each stands in its own (-1: nowhere), and what it is as a whole."""

    left: int
    right: int
    key: tuple[str, str]
    kind: tuple[str, str]
    wheres: tuple[Predicate | None, Predicate | None]


@lru_cache(maxsize=512)
def _pairs(table: SideBySide) -> list[_Pair]:
    """Heads side by side from the top, tails from the bottom."""
    left, right = (_axis(half, plan_of(half)).blank for half in (table.left, table.right))
    tails = table.left.rows.tail, table.right.rows.tail
    split = len(left) - tails[0], len(right) - tails[1]
    short = max(tails)
    places = [
        *zip_longest(range(split[0]), range(split[1]), fillvalue=-1),
        *zip(
            (*(-1,) * (short - tails[0]), *range(split[0], len(left))),
            (*(-1,) * (short - tails[1]), *range(split[1], len(right))),
            strict=True,
        ),
    ]
    nothing = GridRow("", "", ())
    pairs = []
    for at, other_at in places:
        one, other = left[at] if at >= 0 else nothing, right[other_at] if other_at >= 0 else nothing
        names = (one.key, other.key), (one.kind, other.kind), (one.wheres[0], other.wheres[0])
        pairs.append(_Pair(at, other_at, *names))
    return pairs


def paired_rows(table: SideBySide, left: list[GridRow], right: list[GridRow]) -> list[GridRow]:
    """The rows of two halves beside each other."""
    cells, others = [row.cells for row in left], [row.cells for row in right]
    cells.append(plan_of(table.left).blank)  # at -1
    others.append(plan_of(table.right).blank)
    return [GridRow(pair.key, pair.kind, cells[pair.left] + others[pair.right], pair.wheres) for pair in _pairs(table)]
