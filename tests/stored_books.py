"""Plain budgets written to the database as they are."""

from budget.models import (
    Budget,
    DepartmentEconomicClass,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    IncomeEstimate,
    Item,
    Line,
)
from budget.reporting import money
from organisation.models import Unit
from performance.models import ProjectIndicator
from tests.factories import make_budget, make_campaign, make_unit
from tests.plain_books import DEPARTMENT, Plain


def store(plain: Plain) -> Unit:
    """The organisation whose book the plain budgets are: every unit's draft 二上 with its items, lines and the rest."""
    campaign = make_campaign()
    department = make_unit(DEPARTMENT, name=plain.name)
    budgets = {code: make_budget(make_unit(code, name=name)) for code, name in plain.units.items()}
    items = {
        uid: Item(
            uid=uid,
            budget=budgets[item["unit"]],
            category=item["category"],
            name=item["name"],
            code=item["code"],
            position=at,
        )
        for at, (uid, item) in enumerate(plain.items.items())
    }
    Item.objects.bulk_create(items.values())
    codes = {
        name: {one.code: one for one in model.objects.filter(edition=campaign.edition)}
        for name, model in (
            ("function", FunctionalClass),
            ("economic", DepartmentEconomicClass),
            ("government", GovernmentEconomicClass),
            ("fund", FundSource),
        )
    }
    Line.objects.bulk_create(
        Line(
            item=items[line["item"]],
            carried_over=line["carried_over"],
            amount=money.yuan(line["fen"]),
            **{name: codes[name][line[name]] for name in codes},
        )
        for line in plain.lines
    )
    IncomeEstimate.objects.bulk_create(
        IncomeEstimate(
            budget=budgets[one["unit"]],
            fund=codes["fund"][one["fund"]],
            carried_over=one["carried_over"],
            amount=money.yuan(one["fen"]),
        )
        for one in plain.estimates
        if one["fen"]
    )
    ProjectIndicator.objects.bulk_create(
        ProjectIndicator(
            item=items[one["item"]],
            level_1=one["level_1"],
            name=one["name"],
            operator="≥",
            target="90",
            measure="%",
            position=at,
        )
        for at, one in enumerate(plain.indicators)
    )
    assert Budget.objects.count() == len(plain.units)
    return department if plain.is_department else make_unit(next(iter(plain.units)))
