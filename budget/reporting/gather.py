"""From facts to sums: each distinct tuple of dimensions is looked up once for its columns and added once to its row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

from .grid import Misfit
from .plan import Plan
from .spec import Table
from .where import Test


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
def _tests(plan: Plan) -> tuple[Test, ...]:
    """The tests of a plan's slots on tuples of its slots' dimensions: declarations, so they are compiled once."""
    return tuple(where.compiled(plan.slot_dimensions) for where in plan.slots)


@lru_cache(maxsize=512)
def _scope(table: Table) -> tuple[tuple[str, ...], Test]:
    names = tuple(sorted(table.where.dimensions))
    return names, table.where.compiled(names)


class _Placing(dict):
    """A tuple of dimension values → the columns its money is added to, looked up once.

    None where it is none of the table's business, () where no one column holds it.
    """

    def __init__(self, table: Table, plan: Plan):
        super().__init__()
        self.plan, self.tests = plan, _tests(plan)
        names, in_scope = _scope(table)
        self.scope_of = getter([plan.dimensions.index(name) for name in names])
        self.slots_of = getter([plan.dimensions.index(name) for name in plan.slot_dimensions])
        # the scope often tells apart what the columns do not, so each is asked about its own dimensions
        self.in_scope, self.places = cache(in_scope), cache(self._places)

    def __missing__(self, values: tuple) -> tuple[int, ...] | None:
        found = self.places(self.slots_of(values)) if self.in_scope(self.scope_of(values)) else None
        self[values] = found
        return found

    def _places(self, values: tuple) -> tuple[int, ...]:
        slots = [slot for slot, test in enumerate(self.tests) if test(values)]
        if sum([slot < self.plan.amounts for slot in slots]) != 1:
            return ()
        return tuple([at for slot in slots for at in self.plan.places[slot]])


def gathered(table: Table, plan: Plan, book, misfits: list[Misfit]) -> dict[tuple, list[int]]:
    """Values of the row dimensions → 分 a column, of the facts in the table's scope."""
    facts = book.sums(table.source, {*plan.dimensions, *plan.row_dimensions})
    columns_of = getter([facts.dimensions.index(name) for name in plan.dimensions])
    row_of = getter([facts.dimensions.index(name) for name in plan.row_dimensions])
    placing = _Placing(table, plan)
    nothing = [0] * len(plan.columns)
    sums: dict[tuple, list[int]] = {}
    for values, amount in facts.amounts.items():
        places = placing[columns_of(values)]
        if places:
            row = row_of(values)
            if row not in sums:
                sums[row] = nothing.copy()
            into = sums[row]
            for at in places:
                into[at] += amount
        elif places is not None:
            misfits.append(Misfit("column", tuple(zip(facts.dimensions, values, strict=True)), amount))
    return sums


def added(rows: Sequence[Sequence[int]]) -> list[int]:
    """The figures of rows (one at least), column by column."""
    return list(rows[0]) if len(rows) == 1 else list(map(sum, zip(*rows, strict=True)))
