"""Books from the database: which budgets belong in one, and what is read of them.

Apps declare how their sources are read: `@reads("department_goals")`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F

from organisation.models import Unit

from . import sql
from .models import (
    Budget,
    Campaign,
    Category,
    DepartmentEconomicClass,
    FunctionalClass,
    GovernmentEconomicClass,
    IncomeEstimate,
    Item,
    LastYearFigure,
    stage_order,
)
from .reporting import registry
from .reporting.book import Book, Facts
from .reporting.spec import Member, TableSet

ATTEMPTS = 5

_readers: dict[str, Callable[["Reading"], object]] = {}


def reads(source: str):
    """Decorator: the function reads that source for a Reading (Facts for money, a list of dicts for records)."""

    def declare(read):
        _readers[source] = read
        return read

    return declare


class NoBudget(LookupError):
    """There is no budget of that unit, year and stage."""


@dataclass(frozen=True)
class Selection:
    """The budgets of one organisation, year and stage: of a unit its own, of a department all its units'."""

    organisation: Unit
    campaign: Campaign
    stage: str
    budgets: tuple[Budget, ...]
    lacking: tuple[Unit, ...] = ()  # units that have no budget of this stage

    @property
    def name(self) -> str:
        """As the budgets fixed it: the name of the organisation's own budget, else its name today."""
        own = next((budget for budget in self.budgets if budget.unit_id == self.organisation.pk), None)
        if own is None and len(self.budgets) == 1 and self.budgets[0].unit.name == self.organisation.name:
            own = self.budgets[0]
        return own.unit_name if own else self.organisation.name


def select(organisation: Unit, year: int, stage: str | None = None) -> Selection:
    """The newest revisions of the stage (without one: the furthest that any has). NoBudget if there is none."""
    units = list(Unit.objects.under(organisation).filter(is_active=True))
    found = list(
        Budget.objects.of_year(year)
        .filter(unit__in=units)
        .latest_revisions()
        .select_related("unit", "campaign__edition")
        .order_by("unit__path")
    )
    if stage is None and found:
        stage = max((budget.stage for budget in found), key=stage_order)
    budgets = tuple(budget for budget in found if budget.stage == stage)
    if not budgets:
        raise NoBudget(f"{organisation.code} 没有{year}年的预算" + (f"（阶段 {stage}）" if stage else ""))
    having = {budget.unit_id for budget in budgets}
    parents = {unit.parent_id for unit in units}
    lacking = tuple(unit for unit in units if unit.pk not in having and unit.pk not in parents)
    return Selection(organisation, budgets[0].campaign, stage, budgets, lacking)


@dataclass
class Reading:
    """One reading of a selection: each source is read once."""

    selection: Selection
    table_set: TableSet
    _read: dict = field(default_factory=dict)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        return self.selection.budgets

    @cached_property
    def units(self) -> dict[int, tuple[str, str]]:
        """budget id → (department code, unit code)."""
        return {budget.pk: (budget.unit.department_code, budget.unit.code) for budget in self.budgets}

    def source(self, name: str):
        if name not in self._read:
            self._read[name] = _readers[name](self)
        return self._read[name]


def read_book(selection: Selection, *, table_set: TableSet | None = None, tables: Iterable[str] | None = None) -> Book:
    """A Book of one state: versions are read before and after, and if any moved everything is read again.

    `tables`: only the sources that these need (default: every table of the set).
    """
    table_set = table_set or registry.sets()[selection.campaign.table_set]
    wanted = tables or [placed.table for placed in table_set.tables]
    sources = sorted(set().union(*(registry.sources_of(registry.table_in(table_set, key)) for key in wanted)))
    for _ in range(ATTEMPTS):
        before = _versions(selection.budgets)
        reading = Reading(selection, table_set)
        read = {name: reading.source(name) for name in sources}
        members = _members(reading, read)
        last_year = _last_year(selection.budgets)
        if _versions(selection.budgets) == before:
            break
    else:
        raise RuntimeError("预算正在被频繁修改，请稍后再试。")
    organisation = selection.organisation
    return Book(
        table_set=table_set,
        year=selection.campaign.year,
        code=organisation.code,
        name=selection.name,
        is_department=organisation.is_department,
        units=tuple(members["unit"].values()),
        money={name: value for name, value in read.items() if isinstance(value, Facts)},
        lists={name: value for name, value in read.items() if not isinstance(value, Facts)},
        members=members,
        last_year=last_year,
        stage=selection.stage,
        version=".".join(str(version) for _, version in sorted(before.items())),
    )


def _versions(budgets: Sequence[Budget]) -> dict[int, int]:
    return dict(Budget.objects.filter(pk__in=[budget.pk for budget in budgets]).order_by().values_list("pk", "version"))


def _members(reading: Reading, read: dict) -> dict[str, dict[str, Member]]:
    """The printed names of every code the sources hold."""
    selection = reading.selection
    department = Member(
        selection.organisation.department_code,
        selection.name if selection.organisation.is_department else "",
    )
    members = {
        "department": {department.code: department},
        "unit": {budget.unit.code: Member(budget.unit.code, budget.unit_name) for budget in selection.budgets},
    }
    used: dict[str, set[str]] = {}
    for value in read.values():
        if isinstance(value, Facts):
            for at, name in enumerate(value.dimensions):
                if name in ("function", "economic", "government"):
                    used.setdefault(name, set()).update({row[at] for row in value.rows})
    if "function" in used:
        lengths = reading.table_set.function_lengths
        used["function"] = {code[:length] for code in used["function"] for length in (*lengths, 7)}
    models = {
        "function": FunctionalClass,
        "economic": DepartmentEconomicClass,
        "government": GovernmentEconomicClass,
    }
    for name, codes in used.items():
        rows = models[name].objects.filter(edition=selection.campaign.edition_id, code__in=codes - {""})
        members[name] = {
            code: Member(code, label, (unspecified, code), {"unspecified": "1"} if unspecified else {})
            for code, label, unspecified in rows.order_by().values_list("code", "name", "is_unspecified")
        }
    if "" in used.get("function", ()):
        members["function"][""] = Member("", "年终结转结余", (True, "~"))
    if "items" in read:
        members["item"] = _items(reading)
    return members


def _items(reading: Reading) -> dict[str, Member]:
    names = dict(Category.choices)
    budgets = {budget.pk: budget for budget in reading.budgets}
    rows = Item.objects.filter(budget__in=budgets).values_list("uid", "code", "name", "category", "position", "budget")
    return {
        str(uid): Member(
            code, name, (position, code, name), {"category": names[category], "unit": budgets[budget].unit_name}
        )
        for uid, code, name, category, position, budget in rows.order_by()
    }


def _last_year(budgets: Sequence[Budget]) -> dict[str, dict[tuple, int]]:
    """What is known of last year's tables, summed over the budgets that say it."""
    known: dict[str, dict[tuple, int]] = {}
    cells = LastYearFigure.objects.filter(budget__in=[budget.pk for budget in budgets]).order_by()
    for table, row, column, amount in cells.values_list("table", "row", "column", F("amount")):
        figures = known.setdefault(table, {})
        figures[row, column] = figures.get((row, column), 0) + int(amount * 100)
    return known


# ---- the sources of money


@reads("lines")
def _lines(reading: Reading) -> Facts:
    units = reading.units
    return Facts(
        registry.dimensions_of("lines"),
        [(*units[budget], *rest) for budget, *rest in sql.grouped_lines(reading.budgets)],
    )


@reads("items")
def _item_money(reading: Reading) -> Facts:
    units = reading.units
    return Facts(
        registry.dimensions_of("items"),
        [
            (*units[budget], category, str(uid), *rest)
            for budget, uid, category, *rest in sql.grouped_items(reading.budgets)
        ],
    )


@reads("receipts")
def _receipts(reading: Reading) -> Facts:
    """What lines spend is received; where income is estimated apart, the rest of it is carried out of the year."""
    lines = reading.source("lines")
    estimates = (
        IncomeEstimate.objects.filter(budget__in=[budget.pk for budget in reading.budgets])
        .order_by()
        .values_list("budget", "fund__code", "carried_over", "amount")
    )
    rows = [
        (department, unit, category, function, fund, carried_over, True, amount)
        for department, unit, category, function, _, _, fund, carried_over, amount in lines.rows
    ]
    estimated = [
        (*reading.units[budget], fund, carried_over, int(amount * 100))
        for budget, fund, carried_over, amount in estimates
    ]
    return Facts(registry.dimensions_of("receipts"), [*rows, *carried_out(rows, estimated)])


def carried_out(receipts, estimates) -> list[tuple]:
    """The facts of 年终结转结余: each estimate less what is spent of its fund."""
    facts = []
    for department, unit, fund, carried_over, amount in estimates:
        spent = sum(row[-1] for row in receipts if row[1] == unit and row[4] == fund and row[5] == carried_over)
        if amount != spent:
            facts.append((department, unit, "", "", fund, carried_over, False, amount - spent))
    return facts
