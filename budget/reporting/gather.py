"""From facts to sums: each distinct tuple of dimensions is looked up once for its columns and added once to its row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from .grid import Misfit
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


def gathered(table: Table, plan: Plan, book, misfits: list[Misfit]) -> dict[tuple, list[int]]:
    """Values of the row dimensions → 分 a column, of the facts in the table's scope."""
    facts = book.sums(table.source, plan.fact_dimensions)
    columns_of, row_of = taking(facts.dimensions, plan.dimensions), taking(facts.dimensions, plan.row_dimensions)
    columns = _columns(table, plan)
    nothing = [0] * len(plan.columns)
    sums: dict[tuple, list[int]] = {}
    for values, amount in facts.amounts.items():
        places = columns[columns_of(values)]
        if places:
            row = row_of(values)
            into = sums.get(row)
            if into is None:
                into = sums[row] = nothing.copy()
            for at in places:
                into[at] += amount
        elif places is not None:
            misfits.append(Misfit("column", tuple(zip(facts.dimensions, values, strict=True)), amount))
    return sums


def added(rows: Sequence[Sequence[int]]) -> Sequence[int]:
    """The figures of rows (one at least), column by column."""
    return rows[0] if len(rows) == 1 else list(map(sum, zip(*rows, strict=True)))
