"""Books from the database: which budgets belong in one, and what is read of them.

Apps declare how their sources are read: `@reads("department_goals")`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection

from organisation.models import Unit

from . import sql
from .models import Budget, Campaign, Category, Edition, stage_order
from .objects import ModelColumns
from .reporting import registry
from .reporting.book import Book, Facts
from .reporting.gather import Sums
from .reporting.spec import Member, TableSet

ATTEMPTS = 5
FUNCTION_LENGTH = 7  # of the functional codes that lines stand on: 项
OF_LINES = frozenset({"lines", "items", "receipts"})  # sources whose codes are the lines'
UPPER_CODES = "upper_codes"  # source: the names of the codes above the lines', for who publishes them

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


UNIT = ModelColumns(Unit, "u")
BUDGET = ModelColumns(Budget, "b", after=UNIT)
CAMPAIGN = ModelColumns(Campaign, "c", after=BUDGET)
EDITION = ModelColumns(Edition, "e", after=CAMPAIGN)


def select(
    organisation: Unit, year: int, stage: str | None = None, *, below: Iterable[Unit] | None = None
) -> Selection:
    """The newest revisions of the stage (without one: the furthest that any has). NoBudget if there is none.

    `below`: the organisation and all units under it, where they were read already.
    """
    units = {unit.pk: unit for unit in below or ()}
    newest: dict[str, dict[int, tuple]] = {}  # of each stage, by unit
    for row in _units_and_budgets(organisation, year, stage, units):
        unit = UNIT.value(row, "id")
        if unit not in units:
            units[unit] = UNIT.made(row)
        if BUDGET.value(row, "id") is not None:
            newest.setdefault(BUDGET.value(row, "stage"), {})[unit] = row
    if not newest:
        raise NoBudget(f"{organisation.code} 没有{year}年的预算" + (f"（阶段 {stage}）" if stage else ""))
    stage = max(newest, key=stage_order)
    found = newest[stage]
    campaign = CAMPAIGN.made(next(iter(found.values())))
    campaign.edition = EDITION.made(next(iter(found.values())))
    budgets = []
    for unit, row in found.items():
        budget = BUDGET.made(row)
        budget.unit, budget.campaign = units[unit], campaign
        budgets.append(budget)
    parents = {unit.parent_id for unit in units.values()}
    lacking = tuple(
        unit for unit in units.values() if unit.is_active and unit.pk not in found and unit.pk not in parents
    )
    return Selection(organisation, campaign, stage, tuple(budgets), lacking)


def _units_and_budgets(organisation: Unit, year: int, stage: str | None, units: Collection[int]) -> list[tuple]:
    """A row for each budget of the year (and stage), a row too for a unit that has none; by unit and revision.

    The units are those of these ids, or the organisation and all below it.
    """
    # no LIKE: with a value for its pattern SQLite prepares a statement anew each time
    which = f"u.id IN ({', '.join(map(str, units))})" if units else f"substr(u.path, 1, {len(organisation.path)}) = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {UNIT.text}, {BUDGET.text}, {CAMPAIGN.text}, {EDITION.text} FROM organisation_unit u
            LEFT JOIN budget_budget b ON b.unit_id = u.id {"AND b.stage = %s" if stage else ""}
                AND b.campaign_id = (SELECT id FROM budget_campaign WHERE year = %s)
            LEFT JOIN budget_campaign c ON c.id = b.campaign_id LEFT JOIN budget_edition e ON e.id = c.edition_id
            WHERE {which} ORDER BY u.path, b.revision""",
            [*([stage] if stage else []), year, *([] if units else [organisation.path])],
        )
        return cursor.fetchall()


@dataclass
class Reading:
    """One reading of a selection: each source is read once."""

    selection: Selection
    table_set: TableSet
    wanted: frozenset[str] = frozenset()  # the sources that it is made for
    _read: dict = field(default_factory=dict)

    @property
    def budgets(self) -> tuple[Budget, ...]:
        return self.selection.budgets

    @cached_property
    def units(self) -> dict[int, tuple[str, str]]:
        """budget id → (department code, unit code)."""
        return {budget.pk: (budget.unit.department_code, budget.unit.code) for budget in self.budgets}

    @cached_property
    def ids(self) -> list[int]:
        return [budget.pk for budget in self.budgets]

    @cached_property
    def items(self) -> dict[int, sql.ItemRow]:
        return {item.id: item for item in sql.items(self.ids)}

    @cached_property
    def lines(self) -> list[tuple]:
        """What `sql.lines` gives: item, function, economic, government, fund (ids), carried over, 分."""
        return sql.lines(self.ids)

    @cached_property
    def estimates(self) -> list[tuple]:
        """Budget, fund, carried over, 分 of the incomes estimated apart."""
        return self.typed.estimates

    @cached_property
    def typed(self) -> sql.Typed:
        return sql.typed(self.ids)

    @cached_property
    def codes(self) -> dict[str, dict[int, sql.CodeRow]]:
        """dimension → id → the code, of every code the lines stand on (and the coarser functional ones of the set)."""
        return self._codes[0]

    @property
    def upper_codes(self) -> dict[str, dict[str, str]]:
        """dimension → code → name, as `sql.UPPER` has them; nothing where nobody asked for them."""
        return self._codes[1]

    @cached_property
    def _codes(self) -> tuple[dict, dict]:
        used = {name: {line[at] for line in self.lines} for at, name in enumerate(sql.CLASSIFICATIONS, start=1)}
        coarser = [length for length in self.table_set.function_lengths if length < FUNCTION_LENGTH]
        upper_of = self.selection.campaign.edition_id if UPPER_CODES in self.wanted else None
        found: dict[str, dict[int, sql.CodeRow]] = {name: {} for name in used}
        upper: dict[str, dict[str, str]] = {name: {} for name in used}
        for row in sql.codes(used, coarser, upper_of):
            if row.id in used[row.dimension] or (row.dimension == "function" and len(row.code) in coarser):
                found[row.dimension][row.id] = row
            if row.dimension == "fund" or len(row.code) in sql.UPPER[row.dimension]:
                upper[row.dimension][row.code] = row.name
        return found, upper

    def source(self, name: str):
        if name not in self._read:
            self._read[name] = _readers[name](self)
        return self._read[name]


@sql.one_cursor()
def read_book(
    selection: Selection,
    *,
    table_set: TableSet | None = None,
    tables: Iterable[str] | None = None,
    more: Iterable[str] = (),
) -> Book:
    """A Book of one state: if a version has moved since the budgets were selected, everything is read again.

    `tables`: only the sources that these need (default: every table of the set). `more`: sources beside the tables'.
    """
    table_set = table_set or registry.sets()[selection.campaign.table_set]
    wanted = tables or [placed.table for placed in table_set.tables]
    sources = sorted({*more}.union(*(registry.sources_of(registry.table_in(table_set, key)) for key in wanted)))
    before = {budget.pk: budget.version for budget in selection.budgets}
    for _ in range(ATTEMPTS):
        reading, fault = Reading(selection, table_set, frozenset(sources)), None
        try:
            read = {name: reading.source(name) for name in sources}
            members = _members(reading, read)
            last_year = _last_year(reading)
        except KeyError as error:  # a row that hangs on another which came or went between two queries
            fault = error
        after = sql.versions(before)
        if after == before:
            if fault:
                raise fault
            break
        before = after
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


def is_readable(source: str) -> bool:
    """Whether somebody reads that source from the database."""
    return source in _readers


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
    money = {name: value for name, value in read.items() if isinstance(value, Facts)}
    dimensions = {name for value in money.values() for name in value.dimensions}
    others = [value for name, value in money.items() if name not in OF_LINES]
    for name in dimensions & {"function", "economic", "government"}:
        members[name] = _codes(reading, others, name)
    if "receipts" in read:
        members["function"][""] = Member("", "年终结转结余", (True, "~"))
    if "item" in dimensions:
        members["item"] = _items(reading)
    return members


def _codes(reading: Reading, others: list[Facts], name: str) -> dict[str, Member]:
    """The names of a classification's codes: the lines', and those that only the other sources stand on."""
    lengths = (*reading.table_set.function_lengths, FUNCTION_LENGTH) if name == "function" else (None,)
    found = list(reading.codes[name].values())
    more = {
        row[value.dimensions.index(name)][:length]
        for value in others
        if name in value.dimensions
        for row in value.rows
        for length in lengths
    } - {one.code for one in found}
    if more:
        found += sql.codes_called(name, reading.selection.campaign.edition_id, more)
    return {
        one.code[:length]: Member(
            one.code[:length],
            one.name,
            (one.is_unspecified, one.code[:length]),
            {"unspecified": "1"} if one.is_unspecified else {},
        )
        for one in found
        for length in (lengths if one.is_unspecified else (None,))  # 未细化 has no coarser code of its own
    }


def _items(reading: Reading) -> dict[str, Member]:
    names = dict(Category.choices)
    units = {budget.pk: budget.unit_name for budget in reading.budgets}
    return {
        item.uid: Member(
            item.code,
            item.name,
            (item.position, item.code, item.name),
            {"category": names[item.category], "unit": units[item.budget]},
        )
        for item in reading.items.values()
    }


def _last_year(reading: Reading) -> dict[str, dict[tuple, int]]:
    """What is known of last year's tables, summed over the budgets that say it."""
    known: dict[str, dict[tuple, int]] = {}
    for table, row, column, amount in reading.typed.last_year:
        figures = known.setdefault(table, {})
        figures[row, column] = figures.get((row, column), 0) + amount
    return known


# ---- the sources of money


@reads("lines")
def _lines(reading: Reading) -> Facts:
    owners = {item.id: (*reading.units[item.budget], item.category) for item in reading.items.values()}
    functions, economics, governments, funds = (
        {key: row.code for key, row in reading.codes[name].items()}
        for name in ("function", "economic", "government", "fund")
    )
    return Facts(
        registry.dimensions_of("lines"),
        [
            (
                *owners[item],
                functions[function],
                economics[economic],
                governments[government],
                funds[fund],
                bool(carried_over),
                amount,
            )
            for item, function, economic, government, fund, carried_over, amount in reading.lines
        ],
    )


@reads("items")
def _item_money(reading: Reading) -> Facts:
    funds = {key: row.code for key, row in reading.codes["fund"].items()}
    sums: dict[tuple, int] = defaultdict(int)
    for item, _, _, _, fund, carried_over, amount in reading.lines:
        sums[item, fund, carried_over] += amount
    owners = {item.id: (*reading.units[item.budget], item.category, item.uid) for item in reading.items.values()}
    return Facts(
        registry.dimensions_of("items"),
        [
            (*owners[item], funds[fund], bool(carried_over), amount)
            for (item, fund, carried_over), amount in sums.items()
        ],
    )


@reads(UPPER_CODES)
def _upper_codes(reading: Reading) -> list[dict]:
    return [
        {"dimension": dimension, "code": code, "name": name}
        for dimension, names in reading.upper_codes.items()
        for code, name in names.items()
    ]


@reads("receipts")
def _receipts(reading: Reading) -> Facts:
    """What lines spend is received; where income is estimated apart, the rest of it is carried out of the year."""
    dimensions = registry.dimensions_of("receipts")
    spent = Sums.of_facts(*reading.source("lines"), {*dimensions} - {"spent"})
    rows = [(*values, True, amount) for values, amount in spent.amounts.items()]
    estimated = [
        (*reading.units[budget], fund, bool(carried_over), amount)
        for budget, fund, carried_over, amount in reading.estimates
    ]
    return Facts(dimensions, [*rows, *carried_out(rows, estimated)])


def carried_out(receipts, estimates) -> list[tuple]:
    """The facts of 年终结转结余: each estimate less what is spent of its fund."""
    spent: dict[tuple, int] = defaultdict(int)
    for department, unit, _, _, fund, carried_over, _, amount in receipts:
        spent[department, unit, fund, carried_over] += amount
    return [
        (department, unit, "", "", fund, carried_over, False, amount - spent[department, unit, fund, carried_over])
        for department, unit, fund, carried_over, amount in estimates
        if amount != spent[department, unit, fund, carried_over]
    ]
