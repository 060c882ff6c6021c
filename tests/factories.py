"""Plain functions that make what a test needs, the smallest that is true; amounts in 元.

`make_edition()` is the real 2024 classification, loaded from budget/data once a test at most. Lines go through the
one writer.
"""

import hashlib
import itertools
from datetime import date
from decimal import Decimal

from django.apps import apps

from budget import writing
from budget.models import (
    Budget,
    Campaign,
    CampaignStage,
    Category,
    DepartmentEconomicClass,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
)
from organisation.models import Membership, Unit, User
from organisation.roles import UNIT_ROLES, Role
from tests import beginnings

YEAR = 2024
DEPARTMENT, UNIT = "566", "566001"
TABLE_SET = "henan_jiaozuo_2024"
PASSWORD = "Ceshi-mima-2024"

_numbers = itertools.count(1)


def make_edition(year: int = YEAR) -> Edition:
    """The classification edition of 2024, as edition of any year."""
    return Edition.objects.filter(year=year).first() or beginnings.edition(year)


def make_unit(code: str = UNIT, *, name: str = "", **fields) -> Unit:
    """The unit of that code, below the department of its first three digits; three digits: a department."""
    found = Unit.objects.filter(code=code).first()
    if found:
        return found
    parent = make_unit(code[:3]) if len(code) > 3 else None
    return Unit.objects.create(
        code=code, name=name or f"测试{'单位' if parent else '部门'}{code}", parent=parent, **fields
    )


def make_campaign(year: int = YEAR, *, stages=("first", "second"), **fields) -> Campaign:
    """The year's campaign with the 2024 classification and the reference table set."""
    found = Campaign.objects.filter(year=year).first()
    if found:
        return found
    campaign = Campaign.objects.create(year=year, edition=make_edition(year), **{"table_set": TABLE_SET, **fields})
    CampaignStage.objects.bulk_create(CampaignStage(campaign=campaign, code=stage) for stage in stages)
    return campaign


def make_budget(unit: Unit | str = UNIT, *, year: int = YEAR, stage: str = "second", **fields) -> Budget:
    """An empty draft."""
    unit = make_unit(unit) if isinstance(unit, str) else unit
    campaign = fields.pop("campaign", None) or make_campaign(year)
    return Budget.objects.create(unit=unit, campaign=campaign, stage=stage, **{"unit_name": unit.name, **fields})


def make_user(
    role: Role | str | None = Role.CLERK, unit: Unit | str | None = None, *, username: str = "", **fields
) -> User:
    """A person who holds the role (in the unit, where it is a role of units); the password is PASSWORD."""
    username = username or f"user{next(_numbers)}"
    user = User.objects.create_user(username=username, password=PASSWORD, **{"name": f"测试{username}", **fields})
    if role:
        where = None
        if role in UNIT_ROLES:
            where = unit if isinstance(unit, Unit) else make_unit(unit or UNIT)
        Membership.objects.create(user=user, unit=where, role=role, starts=date(2020, 1, 1))
    return user


def make_item(budget: Budget, name: str = "办公费", category: str = Category.OPERATING, **fields) -> Item:
    """An item, written by the writer; its position comes after those that are there."""
    position = fields.pop("position", Item.objects.of(budget).count() + 1)
    row = Item(budget=budget, category=category, name=name, position=position, **fields)
    return writing.write(budget, [writing.Add(row)], by=None, via="command").added[0]


def make_line(
    item: Item,
    amount: Decimal | int | str,
    *,
    function: str = "2060101",
    economic: str = "30201",
    government: str = "50201",
    fund: str = "11111",
    carried_over: bool = False,
) -> Line:
    """A line of the item, amount in 元, written by the writer; classes by code."""
    edition = item.budget.campaign.edition
    row = Line(
        item=item,
        function=FunctionalClass.objects.get(edition=edition, code=function),
        economic=DepartmentEconomicClass.objects.get(edition=edition, code=economic),
        government=GovernmentEconomicClass.objects.get(edition=edition, code=government),
        fund=FundSource.objects.get(edition=edition, code=fund),
        carried_over=carried_over,
        amount=Decimal(amount),
    )
    return writing.write(item.budget, [writing.Add(row)], by=None, via="command").added[0]


def fingerprint() -> str:
    """A digest of every row of ours: equal before and after where nothing was written. The access log is no write."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.app_label in beginnings.OURS and model._meta.label_lower != "records.accessrecord":
            names = [field.attname for field in model._meta.concrete_fields]
            for row in model._default_manager.order_by("pk").values_list(*names):
                digest.update(f"{model._meta.label}{row}".encode())
    return digest.hexdigest()
