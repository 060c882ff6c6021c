"""Rows that are discovered in the facts: nested levels of members that have money, in the order of the members."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from .gather import added, gathered, getter
from .grid import GridRow, Misfit, Value
from .plan import Plan
from .spec import By, Cell, Member, Sum, Table
from .where import ANYTHING, exactly

Tests = tuple[tuple[str, tuple], ...]  # of a Where
Cells = Callable[[Sequence[int], Sequence[Member]], tuple[Value, ...]]
Fact = tuple[tuple, list[int]]  # values of the row dimensions, 分 a column


class _Step(NamedTuple):
    """A level of the axis."""

    names: tuple[str, ...]
    kind: str
    codes_of: Callable[[tuple], tuple[str, ...]]
    is_finer: bool  # than the step before: the same dimensions, more of their codes
    cells: Cells


def _cells(level: Sum | By, plan: Plan) -> Cells:
    """How the cells of a level's rows are made of their sums and of what their members are called."""
    words: list[tuple[int, Cell]] = [(at, level.cells.get(key, "")) for at, key in plan.texts]
    fixed = [(at, word) for at, word in words if isinstance(word, str)]
    told = [(at, tell) for at, tell in words if not isinstance(tell, str)]

    def cells(sums: Sequence[int], members: Sequence[Member]) -> tuple[Value, ...]:
        found: list[Value] = [amount or None for amount in sums]
        for at, word in fixed:
            found[at] = word
        for at, tell in told:
            found[at] = tell(*members)
        return tuple(found)

    return cells


@lru_cache(maxsize=512)
def _axis(table: Table, plan: Plan, has: tuple[bool, ...]) -> tuple[list[tuple[str, Cells]], list[_Step]]:
    """Key and cells of the rows of everything, and the levels below, of those levels that a book `has`."""
    levels = [level for level, is_there in zip(table.rows.levels, has, strict=True) if is_there]
    steps: list[_Step] = []
    for level in levels:
        if isinstance(level, Sum):
            continue
        codes_of = getter([plan.row_dimensions.index(name) for name in level.names])
        if level.length:
            codes_of = partial(_cut, codes_of, level.length)
        is_finer = bool(steps) and steps[-1].names == level.names
        steps.append(_Step(level.names, level.kind, codes_of, is_finer, _cells(level, plan)))
    return [(level.key, _cells(level, plan)) for level in levels if isinstance(level, Sum)], steps


def _cut(codes_of, length: int, values: tuple) -> tuple[str, ...]:
    return tuple([code[:length] for code in codes_of(values)])


class _Above(NamedTuple):
    """The row that others are listed below: its codes, how it is named, how deep it stands."""

    codes: tuple[str, ...] = ()
    path: str = ""
    tests: Tests = ()
    depth: int = 0


def discovered_rows(table: Table, plan: Plan, book, misfits: list[Misfit]) -> list[GridRow]:
    """The rows of a table whose axis is Discovered."""
    has = tuple([isinstance(level, Sum) or level.when(book) for level in table.rows.levels])
    everything, steps = _axis(table, plan, has)
    rows: list[GridRow] = []
    facts = list(gathered(table, plan, book, misfits).items())
    sums = _listed(facts, steps, _Above(), rows, book) if facts else [0] * len(plan.columns)
    return [GridRow(key, "total", cells(sums, ()), (ANYTHING,)) for key, cells in everything] + rows


def _listed(facts: list[Fact], steps: Sequence[_Step], above: _Above, rows: list, book) -> Sequence[int]:
    """List the rows of some facts (one at least) by these steps below a row; what the facts add up to."""
    if not steps:
        return added([sums for _, sums in facts])
    step, finer = steps[0], steps[1:]
    parts: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        parts.setdefault(step.codes_of(fact[0]), []).append(fact)
    as_coarse = parts.pop(above.codes, None) if step.is_finer else None  # there is no finer code
    sums = [_listed(as_coarse, finer, above, rows, book)] if as_coarse else []
    tests_of = _naming(step.names, above.tests)
    depth = above.depth + 1
    for codes, members in _in_order(parts, step.names, book):
        path, tests = above.path + "+".join(codes), tests_of(codes)
        place = len(rows)
        rows.append(None)  # it stands before the rows below it, whose sum it is
        if finer:
            own = _listed(parts[codes], finer, _Above(codes, f"{path}/", tests, depth), rows, book)
        else:
            own = added([sums for _, sums in parts[codes]])
        sums.append(own)
        rows[place] = GridRow(path, step.kind, step.cells(own, members), (exactly(tests),), depth)
    return added(sums)


def _in_order(found: Iterable[tuple[str, ...]], names: tuple[str, ...], book) -> list[tuple[tuple, Sequence[Member]]]:
    """The codes with their members, in the order of the members."""
    if len(names) == 1:
        (name,) = names
        members = [(codes, (book.member(name, codes[0]),)) for codes in found]
        members.sort(key=lambda one: one[1][0].sort or (one[1][0].code,))
    else:
        members = [(codes, tuple(map(book.member, names, codes))) for codes in found]
        members.sort(key=lambda one: [member.sort or (member.code,) for member in one[1]])
    return members


def _naming(names: tuple[str, ...], tests: Tests) -> Callable[[tuple[str, ...]], Tests]:
    """A function from the codes of a row to its tests, sorted by name: the tests of the row above it and its own."""
    above = [test for test in tests if test[0] not in names]
    if len(names) > 1:
        return lambda codes: tuple(sorted([*above, *zip(names, zip(codes, strict=True), strict=True)]))
    (name,) = names
    before, after = [test for test in above if test[0] < name], [test for test in above if test[0] > name]
    return lambda codes: (*before, (name, codes), *after)
