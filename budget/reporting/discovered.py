"""Rows that are discovered in the facts: nested levels of members that have money, in the order of the members.

First the outline, which has no figures: which rows there are, what they say, what each adds up. Then the figures.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from itertools import compress
from typing import NamedTuple

from .gather import Placing, gathered, getter
from .grid import GridRow, Misfit, Value
from .plan import Plan
from .spec import By, Cell, Member, Sum, Table
from .where import ANYTHING, Where, exactly

Tests = tuple[tuple[str, tuple], ...]  # of a Where
Cells = Sequence[Value]  # of a row; here without figures
Fact = tuple[tuple, int]  # values of the row dimensions, and the place of their sums


class _Step(NamedTuple):
    """A level of the axis."""

    names: tuple[str, ...]
    kind: str
    codes_of: Callable[[tuple], tuple[str, ...]]
    is_finer: bool  # than the step before: the same dimensions, more of their codes
    worded: Callable[..., Cells]


class _Outline(NamedTuple):
    """The rows of a table without their figures, part by part.

    `added`: whose sums each row adds up: facts', or (numbered after these) rows' below it.
    """

    facts: int
    keys: list[str]
    kinds: list[str]
    worded: list[Cells]
    wheres: list[tuple[Where]]
    depths: list[int]
    added: list[Sequence[int]]

    def append(self, key: str, kind: str, worded: Cells, where: Where, depth: int) -> int:
        """List one more row; where its sums will stand."""
        self.keys.append(key)
        self.kinds.append(kind)
        self.worded.append(worded)
        self.wheres.append((where,))
        self.depths.append(depth)
        self.added.append(())
        return self.facts + len(self.keys) - 1


def _worded(level: Sum | By, plan: Plan) -> Callable[..., list[Value]]:
    """What the rows of a level say, by what their members are called: their cells without figures."""
    words: list[tuple[int, Cell]] = [(at, level.cells.get(key, "")) for at, key in plan.texts]
    told = [(at, tell) for at, tell in words if not isinstance(tell, str)]
    fixed = list(plan.worded({key: word for key, word in level.cells.items() if isinstance(word, str)}))

    def worded(*members: Member) -> list[Value]:
        cells = fixed.copy()
        for at, tell in told:
            cells[at] = tell(*members)
        return cells

    return worded


@lru_cache(maxsize=512)
def _steps(table: Table, plan: Plan, has: tuple[bool, ...]) -> list[_Step]:
    """The levels of a table's axis that a book `has`, from the outermost; without the rows of everything."""
    steps: list[_Step] = []
    for level in _levels(table, has):
        if isinstance(level, Sum):
            continue
        codes_of = getter([plan.row_dimensions.index(name) for name in level.names])
        if level.length:
            codes_of = partial(_cut, codes_of, level.length)
        is_finer = bool(steps) and steps[-1].names == level.names
        steps.append(_Step(level.names, level.kind, codes_of, is_finer, _worded(level, plan)))
    return steps


def _levels(table: Table, has: tuple[bool, ...]) -> list[Sum | By]:
    return list(compress(table.rows.levels, has))


def _cut(codes_of, length: int, values: tuple) -> tuple[str, ...]:
    return tuple([code[:length] for code in codes_of(values)])


def discovered_rows(table: Table, plan: Plan, book, misfits: list[Misfit]) -> list[GridRow]:
    """The rows of a table whose axis is Discovered."""
    placing, sums = gathered(table, plan, book, misfits)
    outline = _outline(table, plan, placing, book)
    sums += [()] * len(outline.keys)  # the rows' own, worked out from below: a row stands above what it adds up
    for place, of in zip(range(len(sums) - 1, outline.facts - 1, -1), reversed(outline.added), strict=True):
        if len(of) == 1:
            (only,) = of
            sums[place] = sums[only]
        else:
            sums[place] = list(map(sum, zip(*[sums[at] for at in of], strict=True)))
    cells = map(placing.cells, outline.worded, sums[outline.facts :])
    return list(map(GridRow, outline.keys, outline.kinds, cells, outline.wheres, outline.depths))


def _outline(table: Table, plan: Plan, placing: Placing, book) -> _Outline:
    """The outline of a book's rows: the one that was made of the same values, if the members are still called so."""
    has = tuple([isinstance(level, Sum) or level.when(book) for level in table.rows.levels])
    called = [book.members.get(name) for name in plan.row_dimensions]
    known, outline = placing.outlines.get(has, (None, None))
    if outline is None or known != called:
        outline = _Outline(len(placing.rows), [], [], [], [], [], [])
        everything = [level for level in _levels(table, has) if isinstance(level, Sum)]
        places = [outline.append(one.key, "total", _worded(one, plan)(), ANYTHING, 0) for one in everything]
        facts = list(zip(placing.rows, range(outline.facts), strict=True))
        of = _listed(facts, _steps(table, plan, has), _Above(), outline, book) if facts else ()
        outline.added[: len(places)] = [of] * len(places)
        placing.outlines[has] = called, outline
    return outline


class _Above(NamedTuple):
    """The row that others are listed below: its codes, how it is named, how deep it stands."""

    codes: tuple[str, ...] = ()
    path: str = ""
    tests: Tests = ()
    depth: int = 0


def _listed(facts: list[Fact], steps: Sequence[_Step], above: _Above, outline: _Outline, book) -> Sequence[int]:
    """List the rows of some facts (one at least) by these steps below a row; whose sums come to all of theirs."""
    if not steps:
        return [at for _, at in facts]
    step, finer = steps[0], steps[1:]
    parts: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        parts.setdefault(step.codes_of(fact[0]), []).append(fact)
    as_coarse = parts.pop(above.codes, None) if step.is_finer else None  # there is no finer code
    of = [*_listed(as_coarse, finer, above, outline, book)] if as_coarse else []
    tests_of = _naming(step.names, above.tests)
    depth = above.depth + 1
    for codes, members in _in_order(parts, step.names, book):
        path, tests = above.path + "+".join(codes), tests_of(codes)
        place = outline.append(path, step.kind, step.worded(*members), exactly(tests), depth)
        below = parts[codes]
        outline.added[place - outline.facts] = (
            _listed(below, finer, _Above(codes, f"{path}/", tests, depth), outline, book)
            if finer
            else [at for _, at in below]
        )
        of.append(place)
    return of


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
