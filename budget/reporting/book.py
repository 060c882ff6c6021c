"""A Book: everything a department's or a unit's document is drawn from, read once, of one state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from . import registry
from .collecting import without_collecting
from .compute import compute
from .gather import Shape, Sums, kept_shape
from .grid import Grid
from .spec import Member, TableSet


class Facts(NamedTuple):
    """Money: tuples of dimension values in the order of `dimensions`, the amount in 分 last."""

    dimensions: tuple[str, ...]
    rows: Sequence[tuple]


@dataclass(frozen=True)
class Book:
    """The sources of one organisation, year and stage under a table set. Grids are computed once each.

    `members[dimension][code]` are the printed names; `last_year[table][row key, column key]` the 分 known of last year.
    """

    table_set: TableSet
    year: int
    code: str
    name: str
    is_department: bool
    units: tuple[Member, ...]
    money: Mapping[str, Facts]
    lists: Mapping[str, Sequence[Mapping]] = field(default_factory=dict)
    members: Mapping[str, Mapping[str, Member]] = field(default_factory=dict)
    last_year: Mapping[str, Mapping[tuple, int]] = field(default_factory=dict)
    stage: str = ""
    version: str = ""
    _grids: dict[str, Grid] = field(default_factory=dict, compare=False, repr=False, init=False)
    _sums: dict[str, list[Sums]] = field(default_factory=dict, compare=False, repr=False, init=False)
    _few: dict[str, tuple[Shape, list[int]]] = field(default_factory=dict, compare=False, repr=False, init=False)

    def facts(self, source: str) -> Facts:
        return self.money[source]

    def sums(self, source: str, dimensions: Iterable[str]) -> Sums:
        """The money of a source by these dimensions, added up from the least that already is by them and others."""
        wanted = frozenset(dimensions)
        known = self._sums.setdefault(source, [])
        finer = min(
            (one for one in known if wanted.issubset(one.dimensions)), key=lambda one: len(one.amounts), default=None
        )
        if finer is None:
            found = Sums.of_facts(*self.facts(source), wanted)
        elif (found := finer.by(wanted)) is finer:
            return finer
        known.append(found)
        return found

    def spread(self, source: str, dimensions: Iterable[str]) -> tuple[Shape, Sequence[int]]:
        """The money of a source by these dimensions at least: on which values it stands, and 分 of each.

        Few facts are quicker taken as they are than added up.
        """
        facts = self.facts(source)
        if len(facts.rows) > Shape.FEW:
            sums = self.sums(source, dimensions)
            return Shape(sums.dimensions, tuple(sums.amounts)), list(sums.amounts.values())
        if source not in self._few:
            shape = kept_shape(facts.dimensions, tuple([fact[:-1] for fact in facts.rows]))
            self._few[source] = shape, [fact[-1] for fact in facts.rows]
        return self._few[source]

    def codes(self, source: str, dimension: str) -> set[str]:
        """The codes of a dimension that the money of a source stands on."""
        known = [one for one in self.known_sums(source) if dimension in one.dimensions]
        if known:
            least = min(known, key=lambda one: len(one.amounts))
            dimensions, rows = least.dimensions, least.amounts
        else:
            dimensions, rows = self.facts(source)
        return set(map(itemgetter(dimensions.index(dimension)), rows))

    def known_sums(self, source: str) -> Sequence[Sums]:
        """What the tables that were computed have added up of a source."""
        return self._sums.get(source, ())

    def records(self, source: str) -> Sequence[Mapping]:
        return self.lists[source]

    def member(self, dimension: str, code: str) -> Member:
        """The printed name of a code. LookupError if the sources do not know it: a code is never guessed."""
        try:
            return self.members[dimension][code]
        except KeyError:
            raise LookupError(f"{dimension} {code!r} 不在本册的来源中") from None

    def previous(self, table: str) -> Mapping[tuple, int]:
        return self.last_year.get(table, {})

    def grid(self, key: str) -> Grid:
        """The Grid of a table of the set. KeyError if the set does not have it."""
        if key not in self._grids:
            placed = self.table_set.placed(key)
            if placed is None:
                raise KeyError(f"表套 {self.table_set.key} 没有表 {key}")
            self._grids[key] = compute(registry.table_in(self.table_set, key), self, placed)
        return self._grids[key]

    def grids(self) -> list[Grid]:
        """All Grids of the set in its order."""
        with without_collecting(sum(len(facts.rows) for facts in self.money.values())):
            return [self.grid(placed.table) for placed in self.table_set.tables]
