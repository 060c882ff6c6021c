"""Rows that are discovered in the facts: nested levels of members that have money, in the order of the members."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from .gather import added, gathered, getter
from .grid import GridRow, Misfit
from .plan import Plan
from .spec import By, Cell, Sum, Table
from .where import ANYTHING, exactly

Tests = tuple[tuple[str, tuple], ...]  # of a Where


class _Step(NamedTuple):
    """A level of the axis."""

    names: tuple[str, ...]
    kind: str
    codes_of: Callable[[tuple], tuple[str, ...]]
    is_finer: bool  # than the step before: the same dimensions, more of their codes
    texts: list[tuple[int, Cell]]


@dataclass(eq=False, slots=True)
class _Node:
    """A row of a Discovered axis and the rows below it."""

    step: _Step | None
    codes: tuple[str, ...]
    sums: list[int] | None = None
    below: dict[tuple[str, ...], "_Node"] = field(default_factory=dict)

    def add_up(self) -> list[int]:
        """Its own figures and those of the rows below it."""
        if self.below:
            parts = [node.add_up() for node in self.below.values()]
            self.sums = added([*parts, self.sums] if self.sums else parts)
        return self.sums


def _steps(levels: list[By], plan: Plan) -> list[_Step]:
    steps: list[_Step] = []
    for level in levels:
        codes_of = getter([plan.row_dimensions.index(name) for name in level.names])
        if level.length:
            codes_of = partial(_cut, codes_of, level.length)
        is_finer = bool(steps) and steps[-1].names == level.names
        steps.append(_Step(level.names, level.kind, codes_of, is_finer, _texts(level, plan)))
    return steps


def _texts(level: Sum | By, plan: Plan) -> list[tuple[int, Cell]]:
    """The place of each Text column and what stands there in the rows of a level."""
    return [(at, level.cells.get(key, "")) for at, key in plan.texts]


def _cells(sums: list[int], texts: list[tuple[int, Cell]], members) -> tuple:
    cells: list = [amount or None for amount in sums]
    for at, cell in texts:
        cells[at] = cell if isinstance(cell, str) else cell(*members)
    return tuple(cells)


def _cut(codes_of, length: int, values: tuple) -> tuple[str, ...]:
    return tuple([code[:length] for code in codes_of(values)])


def discovered_rows(table: Table, plan: Plan, book, misfits: list[Misfit]) -> list[GridRow]:
    """The rows of a table whose axis is Discovered."""
    levels = [level for level in table.rows.levels if isinstance(level, Sum) or level.when(book)]
    steps = _steps([level for level in levels if isinstance(level, By)], plan)
    root = _Node(None, ())
    for values, sums in gathered(table, plan, book, misfits).items():
        node = root
        for step in steps:
            codes = step.codes_of(values)
            if step.is_finer and codes == node.codes:
                continue  # there is no finer code
            below = node.below.get(codes)
            if below is None:
                below = node.below[codes] = _Node(step, codes)
            node = below
        node.sums = added([node.sums, sums]) if node.sums else sums
    if not root.below and not root.sums:
        root.sums = [0] * len(plan.columns)
    root.add_up()
    rows = [
        GridRow(level.key, "total", _cells(root.sums, _texts(level, plan), ()), (ANYTHING,), 0)
        for level in levels
        if isinstance(level, Sum)
    ]
    _list_below(root, "", (), 1, rows, book)
    return rows


def _list_below(node: _Node, path: str, tests: Tests, depth: int, rows: list[GridRow], book) -> None:
    """List the rows below a node, in the order of their members; `path` and `tests` name the node itself."""
    found = []
    for codes, below in node.below.items():
        if len(codes) == 1:
            member = book.member(below.step.names[0], codes[0])
            found.append((member.sort or (member.code,), (member,), below))
        else:
            members = [book.member(name, code) for name, code in zip(below.step.names, codes, strict=True)]
            found.append((tuple([member.sort or (member.code,) for member in members]), members, below))
    found.sort(key=itemgetter(0))
    tests_of = {names: _naming(names, tests) for names in {below.step.names for _, _, below in found}}
    for _, members, below in found:
        step = below.step
        key = path + "+".join(below.codes)
        named = tests_of[step.names](below.codes)
        rows.append(GridRow(key, step.kind, _cells(below.sums, step.texts, members), (exactly(named),), depth))
        if below.below:
            _list_below(below, f"{key}/", named, depth + 1, rows, book)


def _naming(names: tuple[str, ...], tests: Tests) -> Callable[[tuple[str, ...]], Tests]:
    """A function from the codes of a row to its tests, sorted by name: the tests of the row above it and its own."""
    above = [test for test in tests if test[0] not in names]
    if len(names) > 1:
        return lambda codes: tuple(
            sorted([*above, *((name, (code,)) for name, code in zip(names, codes, strict=True))])
        )
    (name,) = names
    before, after = [test for test in above if test[0] < name], [test for test in above if test[0] > name]
    return lambda codes: (*before, (name, codes), *after)
