"""From facts to sums: each distinct tuple of dimensions is looked up once for its columns and added once to its row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
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


class _Known(dict):
    """The answers of a function, by its argument: asked once for each."""

    def __init__(self, answer: Callable):
        super().__init__()
        self.answer = answer

    def __missing__(self, values):
        self[values] = found = self.answer(values)
        return found


@lru_cache(maxsize=512)
def _scope(table: Table) -> tuple[tuple[str, ...], Test]:
    """The dimensions of a table's scope, and its test on them: a declaration, so it is compiled once."""
    names = tuple(sorted(table.where.dimensions))
    return names, table.where.compiled(names)


@lru_cache(maxsize=512)
def _columns(plan: Plan) -> Callable[[tuple], tuple[int, ...]]:
    """From values of the slots' dimensions to the columns their money is added to; () where no one Amount holds it."""
    tests = [where.compiled(plan.slot_dimensions) for where in plan.slots]

    def columns(values: tuple) -> tuple[int, ...]:
        slots = [slot for slot, test in enumerate(tests) if test(values)]
        if sum([slot < plan.amounts for slot in slots]) != 1:
            return ()
        return tuple([at for slot in slots for at in plan.places[slot]])

    return columns


def gathered(table: Table, plan: Plan, book, misfits: list[Misfit]) -> dict[tuple, list[int]]:
    """Values of the row dimensions → 分 a column, of the facts in the table's scope."""
    scope, in_scope = _scope(table)
    facts = book.sums(table.source, {*plan.dimensions, *plan.row_dimensions})
    scope_of, columns_of, row_of = (
        getter([facts.dimensions.index(name) for name in names])
        for names in (scope, plan.slot_dimensions, plan.row_dimensions)
    )
    amounts: Iterable[tuple[tuple, int]] = facts.amounts.items()
    if scope:
        holds = _Known(in_scope)
        amounts = [fact for fact in amounts if holds[scope_of(fact[0])]]
    columns = _Known(_columns(plan))
    nothing = [0] * len(plan.columns)
    sums: dict[tuple, list[int]] = {}
    for values, amount in amounts:
        places = columns[columns_of(values)]
        if places:
            row = row_of(values)
            into = sums.get(row)
            if into is None:
                into = sums[row] = nothing.copy()
            for at in places:
                into[at] += amount
        else:
            misfits.append(Misfit("column", tuple(zip(facts.dimensions, values, strict=True)), amount))
    return sums


def added(rows: Sequence[Sequence[int]]) -> list[int]:
    """The figures of rows (one at least), column by column."""
    return list(rows[0]) if len(rows) == 1 else list(map(sum, zip(*rows, strict=True)))
