"""A closed little predicate language over the dimensions of a fact.

`Where(fund="11", carried_over=False)` is a conjunction; `&`, `|` and `~` combine. Values of the
classification dimensions (`CODES`) match by prefix, because a code *is* its path (302 holds 30201);
every other dimension matches by equality. A tuple of values means any of them. The empty code is no prefix of the
others: it means that there is none (money carried out of the year has no function).

A predicate does three things and no fourth: it evaluates in Python (`compiled`), prints as JSON
(`as_json` / `from_json`), and is compiled to SQL by `budget.sql`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

CODES = frozenset({"category", "function", "economic", "government", "fund"})

Test = Callable[[Sequence], bool]


class Predicate:
    """Base of the four forms: Where, And, Or, Not."""

    def __and__(self, other: "Predicate") -> "Predicate":
        if self == ANYTHING:
            return other
        if other == ANYTHING:
            return self
        return And((*_parts(self, And), *_parts(other, And)))

    def __or__(self, other: "Predicate") -> "Predicate":
        return any_of((self, other))

    def __invert__(self) -> "Predicate":
        return Not(self)

    def matches(self, **fact) -> bool:
        """Whether a fact given by its dimensions satisfies the predicate."""
        names = tuple(fact)
        return self.compiled(names)(tuple(fact.values()))


def _parts(predicate: Predicate, kind: type) -> tuple[Predicate, ...]:
    return predicate.parts if isinstance(predicate, kind) else (predicate,)


@dataclass(frozen=True, init=False)
class Where(Predicate):
    """A conjunction of tests on dimensions; `Where()` holds for every fact."""

    tests: tuple[tuple[str, tuple], ...]

    def __init__(self, **dimensions):
        tests = []
        for name, value in sorted(dimensions.items()):
            values = tuple(value) if isinstance(value, (tuple, list, frozenset, set)) else (value,)
            if not values:
                raise ValueError(f"Where({name}=…) without a value holds for nothing")
            for one in values:
                if name in CODES and not isinstance(one, str):
                    raise ValueError(f"Where({name}={one!r}): a code is a text")
            tests.append((name, values))
        object.__setattr__(self, "tests", tuple(tests))

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.tests)

    def compiled(self, dimensions: Sequence[str]) -> Test:
        checks = []
        for name, values in self.tests:
            at = list(dimensions).index(name)
            checks.append(_prefix_check(at, values) if name in CODES else _equal_check(at, values))
        return _all_of(checks)

    def as_json(self):
        return {name: list(values) for name, values in self.tests}


def _all_of(tests: Sequence[Test]) -> Test:
    match tests:
        case []:
            return lambda fact: True
        case [only]:
            return only
        case [first, second]:
            return lambda fact: first(fact) and second(fact)
    return lambda fact: all(test(fact) for test in tests)


def _prefix_check(at: int, codes: tuple[str, ...]) -> Test:
    prefixes = tuple(code for code in codes if code)
    if len(prefixes) == len(codes):
        return lambda fact: fact[at].startswith(prefixes)
    return lambda fact: not fact[at] or fact[at].startswith(prefixes)


def _equal_check(at: int, values: tuple) -> Test:
    if len(values) == 1:
        only = values[0]
        return lambda fact: fact[at] == only
    allowed = frozenset(values)
    return lambda fact: fact[at] in allowed


ANYTHING = Where()


def exactly(tests: tuple[tuple[str, tuple], ...]) -> Where:
    """The Where of these tests, which are sorted by name and not checked: rows are named with it by the thousand."""
    where = object.__new__(Where)
    object.__setattr__(where, "tests", tests)
    return where


@dataclass(frozen=True)
class And(Predicate):
    parts: tuple[Predicate, ...]

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset().union(*(part.dimensions for part in self.parts))

    def compiled(self, dimensions: Sequence[str]) -> Test:
        return _all_of([part.compiled(dimensions) for part in self.parts])

    def as_json(self):
        return {"all": [part.as_json() for part in self.parts]}


@dataclass(frozen=True)
class Or(Predicate):
    parts: tuple[Predicate, ...]

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset().union(*(part.dimensions for part in self.parts))

    def compiled(self, dimensions: Sequence[str]) -> Test:
        tests = [part.compiled(dimensions) for part in self.parts]
        return lambda fact: any(test(fact) for test in tests)

    def as_json(self):
        return {"any": [part.as_json() for part in self.parts]}


@dataclass(frozen=True)
class Not(Predicate):
    part: Predicate

    @property
    def dimensions(self) -> frozenset[str]:
        return self.part.dimensions

    def __invert__(self) -> Predicate:
        return self.part

    def compiled(self, dimensions: Sequence[str]) -> Test:
        test = self.part.compiled(dimensions)
        return lambda fact: not test(fact)

    def as_json(self):
        return {"not": self.part.as_json()}


NOTHING = Not(ANYTHING)


def any_of(predicates: Iterable[Predicate]) -> Predicate:
    """The disjunction: of none it is NOTHING, of one it is that one."""
    parts: list[Predicate] = []
    for predicate in predicates:
        if predicate == ANYTHING:
            return ANYTHING
        parts.extend(part for part in _parts(predicate, Or) if part not in parts and part != NOTHING)
    if not parts:
        return NOTHING
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def from_json(data) -> Predicate:
    """The predicate that `as_json` printed; ValueError for anything else."""
    match data:
        case {"all": [*parts], **rest} if not rest:
            return And(tuple(from_json(part) for part in parts))
        case {"any": [*parts], **rest} if not rest:
            return Or(tuple(from_json(part) for part in parts))
        case {"not": part, **rest} if not rest:
            return Not(from_json(part))
        case dict() if all(isinstance(values, list) for values in data.values()):
            return Where(**{name: tuple(values) for name, values in data.items()})
    raise ValueError(f"not a predicate: {data!r}")
