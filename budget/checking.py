"""The check of a budget (or of a department's budgets): one reading of the book, every rule, what was explained.

Rules look at what is read here and never query. `obstacles` is what stands in the way of submitting and publishing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import repeat
from typing import NamedTuple

from .books import Selection, is_readable, read_book
from .comparison import LastYear, last_year_of
from .headlines import EVERY
from .models import Budget
from .published import Standing, standing_of
from .reporting import rules
from .reporting.book import Book
from .reporting.matter import Matter
from .reporting.rules import Finding, Heading, Outcome, Rule, Severity, Status
from .reporting.truths import Moved

APPROVED = "approved"  # the stage that is published
UNITS = "check_units"  # the kind of job that checks each unit of a department
_worked_out: dict[str, Callable[[Book, Selection, LastYear], Sequence | None]] = {}


class Explained(NamedTuple):
    """What was said of a finding, by whom, for figures of that digest."""

    digest: str
    reason: str
    by: str


class Checked(NamedTuple):
    """A finding with what was said of it: `lapsed` are explanations of other figures than today's."""

    finding: Finding
    explanation: Explained | None = None
    lapsed: Explained | None = None

    @property
    def is_open(self) -> bool:
        return self.explanation is None

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    def __str__(self):
        return f"{self.finding.rule.id} {self.finding.message}"

    @property
    def can_be_explained(self) -> bool:
        return self.severity is Severity.WARNING


_unexplained = partial(tuple.__new__, Checked)  # Checked(…) of a tuple, at a third of its cost: there may be thousands


@dataclass(frozen=True)
class Result:
    """A rule's outcome with its findings as they stand."""

    outcome: Outcome
    checked: tuple[Checked, ...] = ()

    @property
    def rule(self) -> Rule:
        return self.outcome.rule

    @property
    def status(self) -> Status:
        if self.checked and not any(one.is_open for one in self.checked):
            return Status.EXPLAINED
        return self.outcome.status

    @property
    def severity(self) -> Severity:
        """Of its findings the worst; without any the rule's own."""
        found = {one.severity for one in self.checked if one.is_open} or {one.severity for one in self.checked}
        return next((one for one in Severity if one in found), self.rule.severity)


@dataclass(frozen=True)
class Report:
    """What came of every rule. `selection` is None for a document from elsewhere."""

    matter: Matter
    results: tuple[Result, ...]
    selection: Selection | None = None
    version: str = ""
    notices: tuple[str, ...] = field(default_factory=tuple)

    @cached_property
    def checked(self) -> list[Checked]:
        """Every finding, errors first."""
        order = list(Severity)
        found = [one for result in self.results for one in result.checked]
        return sorted(found, key=lambda one: (order.index(one.severity), not one.is_open))

    @property
    def open(self) -> list[Checked]:
        return [one for one in self.checked if one.is_open]

    @property
    def errors(self) -> list[Checked]:
        return [one for one in self.checked if one.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Checked]:
        """The warnings that are not explained."""
        return [one for one in self.open if one.severity is Severity.WARNING]

    @cached_property
    def counts(self) -> Counter:
        """How many findings are open by severity, `explained`, and how many rules there are by status."""
        found = Counter(str(one.severity) for one in self.open)
        found["explained"] = len(self.checked) - len(self.open)
        found.update(str(result.status) for result in self.results if result.status is not Status.EXPLAINED)
        return found

    def by_heading(self) -> dict[Heading, list[Result]]:
        """The five headings of the inspection, each with its rules."""
        return {heading: [one for one in self.results if one.rule.heading is heading] for heading in Heading}

    def by_table(self) -> dict[str, list[Checked]]:
        """The findings by the table of their first place; those of no table under ""."""
        found: dict[str, list[Checked]] = defaultdict(list)
        for one in self.checked:
            tables = [spot.key[0] for spot in one.finding.spots if spot.kind == "cell"]
            found[tables[0] if tables else ""].append(one)
        return found

    def of_table(self, key: str) -> list[Checked]:
        """The findings that a table has a cell in."""
        return [one for one in self.checked if any(s.kind == "cell" and s.key[0] == key for s in one.finding.spots)]


# ---- the check


def check(selection: Selection, *, with_last_year: bool = True) -> Report:
    """Every rule over the budgets of a selection, as of one version."""
    book = read_for(selection)
    return report_of(book, selection, with_last_year=with_last_year)


def read_for(selection: Selection, *, more: Iterable[str] = ()) -> Book:
    """The book with everything that the rules look at; `more`: sources beside theirs."""
    wanted = {*rules.sources(), "reasons", "explanations", "year_before", *more}
    return read_book(selection, more=[name for name in wanted if is_readable(name)])


def report_of(book: Book, selection: Selection, *, with_last_year: bool = True, told: Standing | None = None) -> Report:
    """The report over a book that was read for the rules; `compared` is worked out here, from figures of last year.

    `told`: how the publication stands, where it is known.
    """
    lists = dict(book.lists)
    if selection.stage == APPROVED:
        standing = told or standing_of(selection.organisation, selection.campaign)
        lists["standing"] = [standing._asdict()] if standing else []
    if with_last_year:
        last = last_year_of(book, selection) if book.records("year_before") else LastYear(book)
        last = replace(last, also=tuple(one.now for one in EVERY if book.table_set.placed(one.now[0])))
        for source, work in _worked_out.items():
            if (records := work(book, selection, last)) is not None:
                lists[source] = records
        lists["compared"] = compared(book, selection, last)
    matter = matter_of(book, lists)
    return Report(matter, tuple(results(rules.run(matter), explained(book))), selection, book.version)


def matter_of(book: Book, lists: Mapping | None = None) -> Matter:
    """What the rules look at of a book."""
    placed = {one.table for one in book.table_set.tables}
    names = {
        dimension: {code: member.name for code, member in book.members.get(dimension, {}).items()}
        for dimension in ("function", "economic", "government")
    }
    return Matter(
        book.table_set,
        book.year,
        lambda key: book.grid(key) if key in placed else None,
        book.lists if lists is None else lists,
        names,
        different={"checked_lines": [(one.dimensions, one.amounts) for one in book.known_sums("lines")]},
    )


def works_out(source: str):
    """Decorator: the function works a source out of a book that is read, of its selection and of last year.

    It gives None where there is no such thing.
    """

    def declare(work: Callable[[Book, Selection, LastYear], Sequence | None]):
        _worked_out[source] = work
        return work

    return declare


def compared(book: Book, selection: Selection, last: LastYear | None = None) -> list[Moved]:
    """The figures a budget is known by beside last year's, each with the reason that was written."""
    placed = [one for one in EVERY if book.table_set.placed(one.now[0])]
    before = (last or last_year_of(book, selection)).figures({one.now: one.before for one in placed})
    reasons: dict[str, str] = {}
    for row in book.records("reasons"):
        reasons[row["topic"]] = f"{reasons.get(row['topic'], '')}{row['text']}"
    found = []
    for one in placed:
        table, row, column = one.now
        found.append(
            Moved(
                one.label,
                one.now,
                book.grid(table).fen(row, column),
                before[one.now],
                one.topic,
                reasons.get(one.topic, ""),
            )
        )
    return found


def results(outcomes: Iterable[Outcome], explanations: Mapping[tuple, Explained]) -> Iterator[Result]:
    for outcome in outcomes:
        if explanations:
            yield Result(outcome, tuple([_judged(finding, explanations) for finding in outcome.findings]))
        else:
            yield Result(outcome, tuple(map(_unexplained, zip(outcome.findings, repeat(None), repeat(None)))))


def _judged(finding: Finding, explanations: Mapping[tuple, Explained]) -> Checked:
    if finding.severity is not Severity.WARNING:
        return Checked(finding)
    said = explanations.get((finding.unit, finding.rule.id, finding.subject[:200])) or explanations.get(
        ("", finding.rule.id, finding.subject[:200])
    )
    if said is None:
        return Checked(finding)
    return Checked(finding, said) if said.digest == finding.digest else Checked(finding, None, said)


def explained(book: Book) -> dict[tuple, Explained]:
    """What was explained in the book's budgets, by unit, rule and subject; of a single unit also without the unit."""
    found = {}
    for row in book.records("explanations"):
        said = Explained(row["digest"], row["reason"], row["by"] or "")
        found[row["unit"], row["rule"], row["subject"]] = said
        if len(book.units) == 1:
            found["", row["rule"], row["subject"]] = said
    return found


# ---- what it is asked for


def obstacles(budget: Budget) -> list[Checked]:
    """The errors that keep a budget from being submitted or published, whatever the path."""
    return check(selection_of(budget)).errors


def unexplained(budget: Budget) -> list[Checked]:
    """The warnings of a budget that nobody explained: shown to the reviewer, and before submitting."""
    return check(selection_of(budget)).warnings


def selection_of(budget: Budget) -> Selection:
    """A budget by itself, whatever its revision."""
    return Selection(budget.unit, budget.campaign, budget.stage, (budget,))


def check_units(selection: Selection) -> Iterator[tuple[Budget, Report]]:
    """Each unit of a department by itself: for a job, which counts as it goes."""
    for budget in selection.budgets:
        yield budget, check(selection_of(budget))
