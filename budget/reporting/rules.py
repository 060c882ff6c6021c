"""Check rules: each with an id, a severity, the heading of the inspection it belongs to, and where it comes from.

A rule is made of checks (`comparing.py`, `truths.py`), which look at a Matter and yield Findings. They never query.
Apps declare rules in `rules.py`, found at start-up as `disclosure.py` is.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Protocol

from . import money, registry
from .matter import Cell, Matter


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "警告", "hint": "提示"}[self.value]


class Heading(StrEnum):
    """The five headings of the ministry's inspection."""

    TIMELY = "及时性"
    COMPLETE = "完整性"
    TRUE = "真实性"
    DETAILED = "细化程度"
    FORM = "公开形式"


class Status(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    EXPLAINED = "explained"
    NOT_APPLICABLE = "not_applicable"

    @property
    def label(self) -> str:
        return {"passed": "通过", "failed": "未通过", "explained": "已说明", "not_applicable": "不适用"}[self.value]


class Spot(NamedTuple):
    """A place to open: kind is cell (table, row, column), line, item, project, indicator or page; `key` names it."""

    kind: str
    key: tuple[str, ...]
    label: str = ""


def cell(table: str, row: str, column: str) -> Spot:
    return Spot("cell", (table, row, column))


class Side(NamedTuple):
    """One side of a finding: in words what it is, its value (分, or words), and the cells it is made of."""

    label: str
    value: int | str | None
    cells: tuple[Cell, ...] = ()

    @property
    def words(self) -> str:
        """As printed, in 万元 with as many decimals as it has."""
        return wan(self.value) if isinstance(self.value, int) else self.value or ""


WORDED = ("message", "subject", "spots", "left", "right", "unit")  # of a finding: what its words are made of


@dataclass(slots=True)
class Finding:
    """What a rule found. `subject` names it among the rule's findings and stays the same from check to check."""

    message: str
    subject: str
    spots: tuple[Spot, ...] = ()
    left: Side | None = None
    right: Side | None = None
    severity: Severity | None = None  # where it is another than the rule's
    unit: str = ""  # the unit's code, where it is about one of several
    rule: "Rule | None" = None
    _word: "Callable[..., Finding] | None" = field(default=None, init=False, repr=False, compare=False)
    _about: tuple = field(default=(), init=False, repr=False, compare=False)

    @classmethod
    def worded_later(cls, word: "Callable[..., Finding]", *about, severity: Severity | None = None) -> "Finding":
        """A finding whose words are made (`word(*about)`) when somebody asks for them: most are only counted."""
        found = cls.__new__(cls)
        found.severity, found.rule, found._word, found._about = severity, None, word, about
        return found

    def __getattr__(self, name: str):
        """Asked for what is not set yet."""
        if name not in WORDED:
            raise AttributeError(name)
        told = self._word(*self._about)
        for each in WORDED:
            setattr(self, each, getattr(told, each))
        return getattr(self, name)

    @property
    def difference(self) -> int | None:
        """Left less right in 分; None where it is not about money."""
        sides = (self.left, self.right)
        if all(side is not None and isinstance(side.value, int) for side in sides):
            return self.left.value - self.right.value
        return None

    @property
    def difference_words(self) -> str:
        return "" if self.difference is None else wan(self.difference)

    @property
    def digest(self) -> str:
        """A digest of the words and the figures: an explanation holds as long as it stays the same.

        Words of a side are in the message, or only quote what stands around (a paragraph with other figures).
        """
        values = [side.value for side in (self.left, self.right) if side is not None and isinstance(side.value, int)]
        return hashlib.sha256(repr((self.message, values)).encode()).hexdigest()[:32]

    def is_of(self, severity: Severity) -> bool:
        return self.severity is severity


@dataclass
class Tally:
    """How much was compared; with `pairs`, what was compared with what (the tests plant their faults there)."""

    compared: int = 0
    pairs: list[tuple[tuple[Cell, ...], tuple[Cell, ...]]] | None = None
    lacking: list[str] = field(default_factory=list)

    def count(self, left: Iterable[Cell] = (), right: Iterable[Cell] = ()) -> None:
        self.compared += 1
        if self.pairs is not None:
            self.pairs.append((tuple(left), tuple(right)))


class Check(Protocol):
    """What is looked at: `tables` and `sources` must be there; `columns` are those it names, by table."""

    tables: tuple[str, ...]
    sources: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]

    def look(self, matter: Matter, tally: Tally) -> Iterable[Finding]: ...


@dataclass(frozen=True, eq=False)
class Rule:
    """What is held, by which checks, and where it comes from."""

    id: str
    title: str
    severity: Severity
    heading: Heading
    source: str
    checks: tuple[Check, ...]
    related: tuple[str, ...] = ()
    app: str = ""

    @property
    def parts(self) -> tuple[Check, ...]:
        """Its checks, alternatives one by one."""
        return tuple(part for check in self.checks for part in getattr(check, "checks", (check,)))

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(key.partition(".")[0] for check in self.parts for key in check.tables)

    @cached_property
    def sources(self) -> frozenset[str]:
        return frozenset(name for check in self.parts for name in check.sources)


@dataclass(frozen=True)
class Outcome:
    """What came of a rule: its findings, or why it was not applicable."""

    rule: Rule
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    compared: int = 0

    @property
    def status(self) -> Status:
        if self.findings:
            return Status.FAILED
        return Status.NOT_APPLICABLE if self.reason else Status.PASSED


_rules: dict[str, Rule] = {}


def rule(
    id: str,
    title: str,
    *checks: Check,
    severity: Severity = Severity.ERROR,
    heading: Heading = Heading.TRUE,
    source: str,
    related: tuple[str, ...] = (),
    app: str = "",
) -> Rule:
    """Declare a rule. ValueError for an id that another rule has."""
    if id in _rules and _rules[id].title != title:
        raise ValueError(f"rule {id} is declared twice")
    _rules[id] = Rule(id, title, severity, heading, source, checks, related, app)
    return _rules[id]


def catalogue() -> dict[str, Rule]:
    """Every declared rule by id, in the order of ids."""
    return {id: _rules[id] for id in sorted(_rules)}


def sources() -> set[str]:
    """Every source of records that a rule looks at."""
    return set().union(*[one.sources for one in _rules.values()])


def run(matter: Matter, rules: Iterable[Rule] | None = None) -> list[Outcome]:
    """The outcome of every rule (or of these)."""
    return [examine(one, matter) for one in (catalogue().values() if rules is None else rules)]


def examine(one: Rule, matter: Matter, tally: Tally | None = None) -> Outcome:
    """What comes of one rule. Where none of its checks found anything to look at, it is not applicable."""
    tally = tally or Tally()
    found: list[Finding] = []
    missing: list[str] = []
    for check in one.checks:
        lacks = lacking(check, matter)
        if lacks:
            missing += [words for words in lacks if words not in missing]
        else:
            found += check.look(matter, tally)
    if found:
        for each in found:
            each.severity, each.rule = each.severity or one.severity, one
        return Outcome(one, tuple(found), compared=tally.compared)
    if not tally.compared:
        return Outcome(one, reason="；".join([*missing, *tally.lacking]) or "没有可核对的内容")
    return Outcome(one, compared=tally.compared)


def lacking(check: Check, matter: Matter) -> list[str]:
    """What a check needs and the matter has not."""
    found = [f"{matter.absent}{matter.title(key)}" for key in check.tables if matter.grid(key) is None]
    if not found and check.columns and not matter.has_columns(check.columns):
        found = [
            f"{matter.title(key)}不分列 {column}"
            for key, column in check.columns
            if not matter.has_columns(((key, column),))
        ]
    found += [f"没有{SOURCE_NAMES.get(name, name)}" for name in check.sources if name not in matter.lists]
    return found


SOURCE_NAMES: dict[str, str] = {}


def named(source: str, words: str) -> None:
    """Declare how a source is called where it is not there."""
    SOURCE_NAMES[source] = words


def problems(known_sources: Iterable[str]) -> list[str]:
    """What is wrong with the declarations: tables, columns, sources and rules that nothing has."""
    known, found = set(known_sources), []
    for one in _rules.values():
        found += [f"rule {one.id}: no rule is called {other}" for other in one.related if other not in _rules]
        if not one.checks:
            found.append(f"rule {one.id}: nothing is checked")
        for check in one.parts:
            found += [f"rule {one.id}: {words}" for words in _check_problems(check, known)]
    return found


def _check_problems(check: Check, known: set[str]) -> Iterator[str]:
    for name in check.sources:
        if name not in known:
            yield f"no source is called {name}"
    for key in check.tables:
        if not registry.has_table(key.partition(".")[0]):
            yield f"no table is called {key}"
    for key, column in check.columns:
        if registry.has_table(key.partition(".")[0]) and not registry.has_column(key, column):
            yield f"table {key} has no column {column} in any set"


def wan(amount_fen: int) -> str:
    """An amount in 万元, two decimals at least, as many as it has: a difference is never rounded away."""
    text = f"{money.yuan(amount_fen).scaleb(-4):.6f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
