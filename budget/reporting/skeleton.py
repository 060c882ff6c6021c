"""Rows that are printed in any case: a Skeleton, and two of them side by side."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from .gather import Known, added, gathered
from .grid import GridRow, Misfit, Value
from .plan import Plan, plan_of
from .spec import Row, RowOfWhich, RowTotal, SideBySide, Skeleton, Table
from .where import Predicate, any_of

KINDS = {Row: "row", RowOfWhich: "of_which", RowTotal: "total"}


class _Axis(NamedTuple):
    """A Skeleton compiled.

    `blank`: its rows without money; `worded`: their cells when there is money; `places`: values of the row dimensions
    → the rows they are added to, () where no one Row holds them.
    """

    blank: tuple[GridRow, ...]
    worded: tuple[tuple[Value, ...], ...]
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

    worded = tuple([plan.worded({axis.label_column: row.label}) for row in axis.rows])
    blank = tuple(
        GridRow(
            row.key,
            KINDS[type(row)],
            plan.blank if row.key in axis.hidden_when_empty else cells,
            (where,),
        )
        for row, where, cells in zip(axis.rows, wheres, worded, strict=True)
    )
    return _Axis(blank, worded, Known(places))


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
    placing, gained = gathered(table, plan, book, misfits)
    for values, sums in zip(placing.rows, gained, strict=True):
        places = axis.places[values]
        for at in places:
            parts[at].append(sums)
        if not places:
            fact = tuple(zip(plan.row_dimensions, values, strict=True))
            amounts = {own for own, *_ in plan.places[: plan.amounts]}
            lost = sum([fen for at, fen in zip(placing.used, sums, strict=True) if at in amounts])
            misfits.append(Misfit("row", fact, lost))
    rows = list(axis.blank)
    for at, found in parts.items():
        sums = added(found)
        if any(sums):
            key, kind, _, wheres, *_ = rows[at]
            rows[at] = GridRow(key, kind, placing.cells(axis.worded[at], sums), wheres)
    return rows


# ---- halves


class _Pair(NamedTuple):
    """A row of two halves: where each stands in its own (-1: nowhere), and without money each of them and the whole."""

    at: int
    other_at: int
    half: GridRow
    other_half: GridRow
    whole: GridRow


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
    nothing, nothing_else = _nothing(table)
    left, right = (*left, nothing), (*right, nothing_else)
    pairs = []
    for at, other_at in places:
        half, other = left[at], right[other_at]
        names = (half.key, other.key), (half.kind, other.kind)
        whole = GridRow(*names, half.cells + other.cells, (half.wheres[0], other.wheres[0]))
        pairs.append(_Pair(at, other_at, half, other, whole))
    return pairs


@lru_cache(maxsize=512)
def _nothing(table: SideBySide) -> tuple[GridRow, GridRow]:
    """What stands in each half where it has no row."""
    left, right = (GridRow("", "", plan_of(half).blank) for half in (table.left, table.right))
    return left, right


def paired_rows(table: SideBySide, left: list[GridRow], right: list[GridRow]) -> list[GridRow]:
    """The rows of two halves beside each other."""
    nothing, nothing_else = _nothing(table)
    left, right = [*left, nothing], [*right, nothing_else]  # at -1
    rows = []
    for at, other_at, blank, other_blank, whole in _pairs(table):
        half, other = left[at], right[other_at]
        if half is not blank or other is not other_blank:
            whole = GridRow(whole.key, whole.kind, half.cells + other.cells, whole.wheres)
        rows.append(whole)
    return rows
