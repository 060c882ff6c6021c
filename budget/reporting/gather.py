"""From facts to sums: where each distinct tuple of dimensions goes, and what adds up there."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from .grid import Misfit, Value
from .plan import Plan
from .spec import Table


class Sums(NamedTuple):
    """分 by distinct tuples of dimension values."""

    dimensions: tuple[str, ...]
    amounts: Mapping[tuple, int]

    @classmethod
    def of_facts(cls, dimensions: Sequence[str], facts: Iterable[tuple], wanted: Set[str]) -> "Sums":
        """The facts (tuples in the order of `dimensions`, the amount last) by the wanted dimensions."""
        places = [at for at, name in enumerate(dimensions) if name in wanted]
        values_of = getter(places)
        sums: dict[tuple, int] = defaultdict(int)
        for fact in facts:
            sums[values_of(fact)] += fact[-1]
        return cls(tuple(dimensions[at] for at in places), sums)

    def by(self, wanted: Set[str]) -> "Sums":
        """The same money by the wanted of its dimensions."""
        places = [at for at, name in enumerate(self.dimensions) if name in wanted]
        if len(places) == len(self.dimensions):
            return self
        values_of = getter(places)
        sums: dict[tuple, int] = defaultdict(int)
        for values, amount in self.amounts.items():
            sums[values_of(values)] += amount
        return Sums(tuple(self.dimensions[at] for at in places), sums)


class Placing(NamedTuple):
    """Where a table puts the money of a shape.

    `rows`: the different values of the row dimensions; `used`: the columns that get money. `is_placed`: which of the
    shape's values are; of each of these `row` says to which row they go and `columns` to which of the used columns.
    `unplaced`: those that no one column holds. `outlines`: what `discovered` keeps.
    """

    rows: tuple[tuple, ...]
    used: list[int]
    is_placed: list[bool]
    row: list[int]
    columns: list[tuple[int, ...]]
    unplaced: list[int]
    outlines: dict

    def cells(self, blank: Sequence[Value], sums: Sequence[int]) -> tuple[Value, ...]:
        """A row's cells from its words and its sums (分, a used column); nothing where the sum is nothing."""
        cells = list(blank)
        for at, amount in zip(self.used, sums, strict=True):
            if amount:
                cells[at] = amount
        return tuple(cells)


class Shape:
    """The values that money stands on, without the money.

    Where money goes, which rows there are and how they add up hang on nothing else (words on the members too). Few
    values come again whenever only amounts are changed: their shape is kept from book to book, with what the tables
    made of it, and no figure. Of many every table makes its own.
    """

    FEW = 200  # values, each of which may come more than once

    def __init__(self, dimensions: tuple[str, ...], values: tuple[tuple, ...]):
        self.dimensions, self.values = dimensions, values
        self._placings: dict[Plan, Placing] = {}

    def placing(self, table: Table, plan: Plan) -> Placing:
        found = self._placings.get(plan)
        if found is None:
            found = self._placings[plan] = self._placed(table, plan)
        return found

    def _placed(self, table: Table, plan: Plan) -> Placing:
        """Each tuple is looked up once for its columns and once for its row."""
        columns_of, row_of = taking(self.dimensions, plan.dimensions), taking(self.dimensions, plan.row_dimensions)
        columns = _columns(table, plan)
        places = list(map(columns.__getitem__, map(columns_of, self.values)))
        is_placed = list(map(bool, places))
        unplaced = [at for at, found in enumerate(places) if found == ()] if () in places else []
        if not all(is_placed):
            places = list(compress(places, is_placed))
        rows: dict[tuple, int] = {}
        row = [rows.setdefault(values, len(rows)) for values in map(row_of, compress(self.values, is_placed))]
        different = set(places)
        used = sorted(set().union(*different))
        among_used = {found: tuple([used.index(at) for at in found]) for found in different}
        return Placing(tuple(rows), used, is_placed, row, list(map(among_used.__getitem__, places)), unplaced, {})


@lru_cache(maxsize=64)
def kept_shape(dimensions: tuple[str, ...], values: tuple[tuple, ...]) -> Shape:
    """The shape of few values."""
    return Shape(dimensions, values)


def getter(places: Sequence[int]) -> Callable[[Sequence], tuple]:
    """A function that takes the values at these places out of a tuple, as a tuple."""
    if not places:
        return lambda values: ()
    if len(places) == 1:
        (place,) = places
        return lambda values: (values[place],)
    return itemgetter(*places)


@lru_cache(maxsize=512)
def taking(dimensions: tuple[str, ...], names: tuple[str, ...]) -> Callable[[Sequence], tuple]:
    """A function that takes the values of these names out of a tuple of values of the dimensions."""
    return getter([dimensions.index(name) for name in names])


class Known(dict):
    """The answers of a pure function, by its argument: asked once for each.

    It is kept as long as the declaration it was compiled from. The arguments are codes, of which there are few; should
    there be too many, it begins anew.
    """

    MOST = 20_000

    def __init__(self, answer: Callable):
        super().__init__()
        self.answer = answer

    def __missing__(self, values):
        if len(self) >= self.MOST:
            self.clear()
        self[values] = found = self.answer(values)
        return found


@lru_cache(maxsize=512)
def _columns(table: Table, plan: Plan) -> Mapping[tuple, tuple[int, ...] | None]:
    """Values of the plan's dimensions → the columns their money is added to.

    () where no one Amount holds it, None outside the table's scope.
    """
    in_scope = table.where.compiled(plan.dimensions)
    tests = [where.compiled(plan.dimensions) for where in plan.slots]

    def columns(values: tuple) -> tuple[int, ...] | None:
        if not in_scope(values):
            return None
        slots = [slot for slot, test in enumerate(tests) if test(values)]
        if sum([slot < plan.amounts for slot in slots]) != 1:
            return ()
        return tuple([at for slot in slots for at in plan.places[slot]])

    return Known(columns)


def gathered(table: Table, plan: Plan, book, misfits: list[Misfit]) -> tuple[Placing, list[list[int]]]:
    """Where the facts in the table's scope go, and 分 a used column for each of its rows."""
    shape, amounts = book.spread(table.source, plan.fact_dimensions)
    placing = shape.placing(table, plan)
    nothing = [0] * len(placing.used)
    sums = [nothing.copy() for _ in placing.rows]
    for amount, row, places in zip(compress(amounts, placing.is_placed), placing.row, placing.columns, strict=True):
        into = sums[row]
        for place in places:
            into[place] += amount
    if placing.unplaced:
        lost = [(*shape.values[at], amounts[at]) for at in placing.unplaced]
        misfits += _misfits(Sums.of_facts(shape.dimensions, lost, plan.fact_dimensions))
    return placing, sums


def _misfits(sums: Sums) -> list[Misfit]:
    """Money that no one column holds."""
    facts = [(tuple(zip(sums.dimensions, values, strict=True)), fen) for values, fen in sums.amounts.items()]
    return [Misfit("column", fact, fen) for fact, fen in facts]


def added(rows: Sequence[Sequence[int]]) -> Sequence[int]:
    """The figures of rows (one at least), column by column."""
    return rows[0] if len(rows) == 1 else list(map(sum, zip(*rows, strict=True)))
