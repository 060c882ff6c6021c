"""Checks of records (lines, items, indicators, facts), of words in tables, and of figures beside last year's."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .matter import Matter
from .rules import Finding, Severity, Side, Spot, Tally, lacking

MOST_FINDINGS = 200  # of one rule: what is beyond is counted in the last one


class Fault(NamedTuple):
    """What is wrong with a record or a group of them: in words, with its sides; `severity` where it is another."""

    message: str
    left: Side | None = None
    right: Side | None = None
    severity: Severity | None = None


Test = Callable[..., "str | Fault | None"]
Suspects = Callable[[Matter, Collection[tuple]], Collection[tuple]]


@dataclass(frozen=True)
class LineRule:
    """A truth about lines, tested once for each distinct combination of the dimensions it names.

    `test(matter, *values)` gives what is wrong, or nothing. `only`: it is about lines of which one of these fields has
    one of these values. `suspects`: of many combinations those that may be wrong at all, found all at once.
    """

    by: tuple[str, ...]
    test: Test
    only: Mapping[str, Collection[str]] | None = None
    also: tuple[str, ...] = ()
    suspects: Suspects | None = None

    tables = ()
    columns = ()
    source = "checked_lines"

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return (self.source, *self.also)

    def look(self, matter: Matter, tally: Tally) -> list[Finding]:
        return within_reason(self._found(matter, tally))

    def _found(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        test, concerned = self.test, matter.distinct(self.source, *self.by, only=self.only)
        tally.compared += len(concerned)
        if self.suspects is not None:
            concerned = self.suspects(matter, concerned)
        wrong = {values: fault for values in concerned if (fault := test(matter, *values))}
        if not wrong:
            return  # the lines themselves are gone through only where one of them is wrong
        about = f"{'+'.join(self.by)}/"
        lines = matter.records(self.source)
        for at, values in matter.places(self.source, self.by, wrong):
            yield line_finding(lines, at, wrong[values], about)


def line_finding(lines: Sequence[Mapping], at: int, wrong: "str | Fault", about: str = "") -> Finding:
    """The finding at one of the lines; its amount is part of what an explanation holds for."""
    severity = wrong.severity if isinstance(wrong, Fault) else None
    return Finding.worded_later(_of_line, lines, at, wrong, about, severity=severity)


def _of_line(lines: Sequence[Mapping], at: int, wrong: "str | Fault", about: str) -> Finding:
    line, fault = lines[at], wrong if isinstance(wrong, Fault) else Fault(wrong)
    key = tuple(str(line[name]) for name in LINE_KEY)
    return Finding(
        message=f"{line['name']}：{fault.message}",
        subject=f"line/{about}{'/'.join(key)}",
        spots=(Spot("line", key, line["name"]),),
        left=fault.left or Side("明细金额", line["fen"]),
        right=fault.right,
        unit=line["unit"],
    )


LINE_KEY = ("item", "function", "economic", "government", "fund", "carried_over")


@dataclass(frozen=True)
class RecordRule:
    """A truth about each record of a source. `spot(record)`: where it is opened.

    `by`: all that scope and test decide by, where many records share it: asked once for each combination of them.
    """

    source: str
    test: Test
    spot: Callable[[Mapping], Spot]
    scope: Callable[[Matter, Mapping], bool] | None = None
    also: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    tables = ()
    columns = ()

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return (self.source, *self.also)

    def look(self, matter: Matter, tally: Tally) -> list[Finding]:
        return within_reason(self._found(matter, tally))

    def _is_true(self, matter: Matter, tally: Tally) -> bool:
        """Whether it holds of one record of each combination, and so of all."""
        compared = 0
        for record, count in matter.samples(self.source, *self.by).values():
            if not self.scope or self.scope(matter, record):
                if self.test(matter, record):
                    return False
                compared += count
        tally.compared += compared
        return True

    def _found(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        if self.by and self._is_true(matter, tally):
            return
        scope, test, every = self.scope, self.test, matter.records(self.source)
        concerned = [record for record in every if scope(matter, record)] if scope else every
        tally.compared += len(concerned)
        for record in concerned:
            if wrong := test(matter, record):
                severity = wrong.severity if isinstance(wrong, Fault) else None
                yield Finding.worded_later(self._finding, record, wrong, severity=severity)

    def _finding(self, record: Mapping, wrong: "str | Fault") -> Finding:
        fault, spot = wrong if isinstance(wrong, Fault) else Fault(wrong), self.spot(record)
        return Finding(
            message=fault.message,
            subject="/".join((spot.kind, *spot.key)),
            spots=(spot,),
            left=fault.left,
            right=fault.right,
            unit=record.get("unit", ""),
        )


@dataclass(frozen=True)
class Whole:
    """A truth that takes more than one record: `find(matter, tally)` yields findings and counts what it looks at."""

    find: Callable[[Matter, Tally], Iterable[Finding]]
    tables: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    def look(self, matter: Matter, tally: Tally) -> list[Finding]:
        return within_reason(self.find(matter, tally))


@dataclass(frozen=True)
class FirstOf:
    """The first of these checks for which everything is there: closer to the place before further from it."""

    checks: tuple

    columns = ()

    tables = ()
    sources = ()

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        for check in self.checks:
            lacks = lacking(check, matter)
            if not lacks:
                yield from check.look(matter, tally)
                return
            tally.lacking += lacks


class Moved(NamedTuple):
    """A figure beside last year's (分; None: not known), with the reason that was written for its change."""

    label: str
    cell: tuple[str, str, str]
    now: int
    before: int | None
    topic: str
    reason: str
    unit: str = ""

    @property
    def is_changed(self) -> bool:
        return self.before is not None and self.before != self.now

    @property
    def spots(self) -> tuple[Spot, ...]:
        return (Spot("page", ("facts", "reasons" if self.topic else "lastyear"), "其他情况"), Spot("cell", self.cell))


@dataclass(frozen=True)
class Changed:
    """A truth about figures beside last year's: `test(matter, moved)` gives what is wrong, or nothing."""

    test: Callable[[Matter, Moved], "str | Fault | None"]
    scope: Callable[[Moved], bool] | None = None
    also: tuple[str, ...] = ()

    tables = ()
    columns = ()
    source = "compared"

    @cached_property
    def sources(self) -> tuple[str, ...]:
        return (self.source, *self.also)

    def look(self, matter: Matter, tally: Tally) -> Iterator[Finding]:
        for moved in matter.records(self.source):
            if self.scope and not self.scope(moved):
                continue
            tally.compared += 1
            if wrong := self.test(matter, moved):
                fault = wrong if isinstance(wrong, Fault) else Fault(wrong)
                yield Finding(
                    message=f"{moved.label}：{fault.message}",
                    subject="/".join(("compared", *moved.cell)),
                    spots=moved.spots,
                    left=Side("本年", moved.now),
                    right=Side("上年", moved.before),
                    severity=fault.severity,
                    unit=moved.unit,
                )


def within_reason(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, so many at most: the last says how many more there are."""
    found = list(findings)
    beyond = len(found) - MOST_FINDINGS + 1
    if beyond <= 1:
        return found
    rest = Finding(f"另有 {beyond} 处同样的问题", "rest", found[-1].spots, Side("处数", str(beyond)))
    return [*found[: MOST_FINDINGS - 1], rest]
