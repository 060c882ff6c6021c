"""Drafts of random departments: every kind of line that may be stored, seeded."""

import random
from decimal import Decimal

from budget import writing
from budget.models import (
    Budget,
    Category,
    DepartmentEconomicClass,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
)
from tests import factories

WORDS = (
    "办公",
    "维修",
    "=1+1",
    "（行政）",
    "（事业）",
    "“万人助万企”",
    "焦财预〔2023〕290号",
    "、",
    "补贴",
    "-",
    "ＡＢ",
    "2024年",
)


def random_draft(seed: int, budget: Budget | None = None, *, most: int = 30) -> Budget:
    """A draft with random items and lines; some items have no line, some positions leave gaps."""
    chance = random.Random(seed)
    budget = budget or factories.make_budget(f"{566001 + seed}")
    edition = budget.campaign.edition
    leaves = {
        model: list(model.objects.of(edition).filter(is_leaf=True).order_by("pk"))
        for model in (FunctionalClass, DepartmentEconomicClass, GovernmentEconomicClass, FundSource)
    }
    plain = {model: [row for row in rows if not row.is_unspecified] for model, rows in leaves.items()}
    rows, names, seen, position = [], set(), set(), 0
    for _ in range(chance.randint(3, most)):
        category = chance.choice(Category.values)
        name = "".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))
        if (category, name) in names:
            continue
        names.add((category, name))
        position += chance.randint(1, 5)
        code = f"41080224{chance.randrange(10**13):013d}" if category in ("22", "3") and chance.random() < 0.8 else ""
        nature = chance.choice(("行政", "事业"))
        item = Item(budget=budget, category=category, name=name, code=code, nature=nature, position=position)
        rows.append(item)
        for _ in range(chance.randint(0, 5)):
            of = leaves if item.is_project else plain
            line = Line(
                item=item,
                function=chance.choice(plain[FunctionalClass]),
                economic=chance.choice(of[DepartmentEconomicClass]),
                government=chance.choice(of[GovernmentEconomicClass]),
                fund=chance.choice(plain[FundSource]),
                carried_over=chance.random() < 0.2,
                amount=Decimal(chance.randint(1, 10 ** chance.randint(1, 7))) * 100,
                is_procurement=chance.random() < 0.2,
                is_asset=chance.random() < 0.2,
                is_purchased_service=chance.random() < 0.2,
            )
            key = (id(item), line.function.pk, line.economic.pk, line.government.pk, line.fund.pk, line.carried_over)
            if key not in seen:
                seen.add(key)
                rows.append(line)
    if not any(isinstance(row, Line) for row in rows):
        return random_draft(seed + 10_000, budget, most=most)
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="command")
    budget.refresh_from_db()
    return budget
