"""What is measured on: a department of so many lines, the same at every run.

40 lines are the demonstration, which is the published reference budget. Larger departments are made up in its shape:
units of 200 lines (400 where there would be more than 500 units), items of four lines on average (wages on few
functions, office money on many economic classes, projects on one function each), real leaf codes and pairs of the
2024 edition, five indicators a project, a goal, a task and five indicators a unit.
"""

import random
import uuid
from decimal import Decimal
from functools import cached_property

from django.db import transaction

from budget.classifications import load_edition
from budget.models import (
    Budget,
    Campaign,
    Category,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
    Nature,
)
from organisation.models import Unit
from performance.models import DepartmentGoal, DepartmentIndicator, DepartmentTask, Operator, ProjectIndicator
from publication import demo

YEAR, STAGE, DEPARTMENT = 2024, "second", "900"
REFERENCE = 40
UNIT_LINES, MOST_UNITS = 200, 500

# Of twenty items of a unit: how many of each category, and between how many and how many lines each has.
ITEMS = (
    (Category.PERSONNEL, 8, (1, 3)),
    (Category.OPERATING, 5, (4, 8)),
    (Category.OTHER_RUNNING, 2, (3, 6)),
    (Category.TARGETED, 5, (3, 6)),
)
FIELDS = ("201", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "215", "220", "224")
SOCIAL = (
    ("2080505", "30108"),
    ("2080506", "30109"),
    ("2101101", "30110"),
    ("2101102", "30110"),
    ("2080599", "30112"),
    ("2210201", "30113"),
)
FUNDS = {  # by how much they weigh
    Category.PERSONNEL: {"11111": 18, "11112": 1, "31": 1},
    Category.OPERATING: {"11111": 16, "11112": 2, "2": 1, "31": 1},
    Category.OTHER_RUNNING: {"11111": 12, "11112": 3, "2": 2, "31": 2, "39": 1},
    Category.TARGETED: {"11111": 10, "121": 4, "131": 1, "2": 1, "31": 1, "32": 1, "33": 1, "34": 1},
}
KINDS = (*ProjectIndicator.Level1, ProjectIndicator.Level1.OUTPUT)  # the five indicators of a project


def fill(size: int) -> Unit:
    """Fill an empty database with a department whose draft budgets have `size` lines; the department."""
    with transaction.atomic():
        if size == REFERENCE:
            return demo.load(with_people=False).unit.parent
        return _Department(size).made()


class _Department:
    """A department in the making: rows are collected, then written in bulk."""

    def __init__(self, size: int):
        self.size = size
        self.random = random.Random(size)
        self.edition: Edition = load_edition(YEAR).edition
        self.items: list[Item] = []
        self.lines: list[Line] = []
        self.indicators: list[ProjectIndicator] = []

    def made(self) -> Unit:
        department = Unit.objects.create(code=DEPARTMENT, name="某市教育科技和民生保障局")
        campaign = Campaign.objects.create(year=YEAR, edition=self.edition, table_set="henan_jiaozuo_2024")
        count = min(max(1, self.size // UNIT_LINES), MOST_UNITS)
        for number in range(1, count + 1):
            unit = Unit.objects.create(code=f"{DEPARTMENT}{number:03}", name=f"某市第{number}单位", parent=department)
            budget = Budget.objects.create(
                uid=self._uid(), unit=unit, campaign=campaign, stage=STAGE, unit_name=unit.name
            )
            self._performance(budget)
            self._unit(budget, self.size * number // count - len(self.lines))
        Item.objects.bulk_create(self.items)
        Line.objects.bulk_create(self.lines, batch_size=5000)
        ProjectIndicator.objects.bulk_create(self.indicators, batch_size=5000)
        return department

    def _unit(self, budget: Budget, lines: int) -> None:
        """The items of a unit until it has that many lines."""
        field = self.random.choice(FIELDS)
        functions = self.random.sample(self.functions[field], 8)
        wanted = [(category, between) for category, count, between in ITEMS for _ in range(count)]
        position = 0
        while lines:
            category, between = wanted[position % len(wanted)]
            count = min(self.random.randint(*between), lines)
            self._item(budget, category, position, functions, count)
            lines -= count
            position += 1

    def _item(self, budget: Budget, category: str, position: int, functions: list[str], count: int) -> None:
        is_project = category in (Category.OTHER_RUNNING, Category.TARGETED)
        item = Item(
            uid=self._uid(),
            budget=budget,
            category=category,
            name=f"{Category(category).label}第{position + 1}号经费（{budget.unit_name}）",
            code=f"41080024{position:013}" if is_project else "",
            nature=self.random.choice(Nature.values),
            position=position,
        )
        self.items.append(item)
        codes = self.codes
        fund = self._fund(category)
        carried_over = is_project and self.random.random() < 0.2
        for function, economic, government in self._places(item, functions, count):
            self.lines.append(
                Line(
                    uid=self._uid(),
                    item=item,
                    function=codes[FunctionalClass, function],
                    economic=codes[DepartmentEconomicClass, economic],
                    government=codes[GovernmentEconomicClass, government],
                    fund=codes[FundSource, fund],
                    carried_over=carried_over,
                    amount=Decimal(self.random.randrange(1, 5000) * 100),
                )
            )
        if is_project:
            self._indicators(item)

    def _places(self, item: Item, functions: list[str], count: int) -> list[tuple[str, str, str]]:
        """`count` different (function, economic class, government class) of an item of its category."""
        basic, project = functions[:2], functions[2:]
        if item.category == Category.PERSONNEL:
            wages = [(function, economic) for function in basic for economic in ("30101", "30102", "30103", "30107")]
            found = self.random.sample([*wages, *SOCIAL, (basic[0], "30302")], count)
        else:
            function = self.random.choice(basic if item.category == Category.OPERATING else project)
            if item.category != Category.OPERATING and self.random.random() < 0.1:
                # 未细化: what it would have been spread over stands on as many functions
                unspecified = self.unspecified
                return [(function, *unspecified) for function in self.random.sample(project, count)]
            economics = self.operating if item.category == Category.OPERATING else self.operating + self.spending
            found = [(function, economic) for economic in self.random.sample(economics, count)]
        return [(function, economic, self.pairs[economic, item.nature]) for function, economic in found]

    def _fund(self, category: str) -> str:
        weights = FUNDS[category]
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _indicators(self, item: Item) -> None:
        for at, level_1 in enumerate(KINDS):
            self.indicators.append(
                ProjectIndicator(
                    uid=self._uid(),
                    item=item,
                    position=at,
                    level_1=level_1,
                    name=f"{level_1.label.removesuffix('指标')}完成情况{at + 1}",
                    operator=Operator.AT_LEAST if at % 2 else Operator.QUALITATIVE,
                    target=str(80 + at) if at % 2 else "及时",
                    measure="%" if at % 2 else "",
                )
            )

    def _performance(self, budget: Budget) -> None:
        DepartmentGoal.objects.create(uid=self._uid(), budget=budget, text=f"{budget.unit_name}年度履职目标。")
        DepartmentTask.objects.create(
            uid=self._uid(), budget=budget, name=f"{budget.unit_name}任务", content="主要内容。"
        )
        levels = DepartmentIndicator.Level1.values
        DepartmentIndicator.objects.bulk_create(
            DepartmentIndicator(
                uid=self._uid(),
                budget=budget,
                position=at,
                level_1=levels[at % len(levels)],
                level_2="工作目标管理",
                name=f"{budget.unit_name}指标{at}",
                operator=Operator.AT_LEAST,
                target=str(90 + at),
                measure="%",
                explanation="按年度计划完成。",
            )
            for at in range(5)
        )

    def _uid(self) -> uuid.UUID:
        return uuid.UUID(int=self.random.getrandbits(128))

    # ---- the edition's codes

    @cached_property
    def codes(self) -> dict:
        models = (FunctionalClass, DepartmentEconomicClass, GovernmentEconomicClass, FundSource)
        return {(model, one.code): one for model in models for one in model.objects.of(self.edition).leaves()}

    @cached_property
    def functions(self) -> dict[str, list[str]]:
        """类 → its leaf codes."""
        found: dict[str, list[str]] = {field: [] for field in FIELDS}
        for model, code in self.codes:
            if model is FunctionalClass and code[:3] in found:
                found[code[:3]].append(code)
        return found

    @cached_property
    def pairs(self) -> dict[tuple[str, str], str]:
        """(economic class, nature) → the government class that goes with it."""
        rows = EconomicPair.objects.filter(edition=self.edition).order_by(
            "economic__code", "nature", "government__code"
        )
        return {
            (economic, nature): government
            for economic, of, government in rows.values_list("economic__code", "nature", "government__code")
            for nature in ([of] if of else Nature.values)
        }

    @cached_property
    def operating(self) -> list[str]:
        return [code for code in self._paired() if code.startswith(("302", "310"))]

    @cached_property
    def spending(self) -> list[str]:
        return [code for code in self._paired() if code.startswith(("303", "309", "312", "399"))]

    def _paired(self) -> list[str]:
        """The economic classes that have a government class for either nature."""
        economics = sorted({economic for economic, _ in self.pairs})
        return [code for code in economics if all((code, nature) in self.pairs for nature in Nature.values)]

    @cached_property
    def unspecified(self) -> tuple[str, str]:
        return tuple(
            next(code for model, code in self.codes if model is wanted and self.codes[model, code].is_unspecified)
            for wanted in (DepartmentEconomicClass, GovernmentEconomicClass)
        )
