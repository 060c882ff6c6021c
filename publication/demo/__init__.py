"""The demonstration: the published 2024 budget of 焦作市解放区科技和工业信息化局 (566001) as a draft 二上."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from budget import locks, writing
from budget.classifications import load_edition
from budget.importing import lines
from budget.models import (
    AssetHolding,
    Budget,
    Campaign,
    CampaignStage,
    Duty,
    Item,
    LastYearFigure,
    Reason,
    ReviewStep,
    Staffing,
)
from organisation.models import Membership, Unit, User
from organisation.roles import UNIT_ROLES, Role
from performance.models import DepartmentGoal, DepartmentIndicator, DepartmentTask, ProjectGoal, ProjectIndicator
from projects.models import Dossier

DATA = Path(__file__).parent
YEAR, STAGE, DEPARTMENT, UNIT = 2024, "second", "566", "566001"
NAME = "焦作市解放区科技和工业信息化局"

# log-in, name, role, the unit it is held in
PEOPLE = (
    ("jingban", "王经办", Role.CLERK, UNIT),
    ("shenhe", "李审核", Role.REVIEWER, UNIT),
    ("zhuguan", "赵主管", Role.DEPARTMENT, DEPARTMENT),
    ("yewu", "钱业务", Role.FINANCE_OFFICE, DEPARTMENT),
    ("yusuan", "孙预算", Role.FINANCE_BUDGET, None),
    ("jixiao", "周绩效", Role.PERFORMANCE_OFFICE, None),
    ("guanli", "吴管理", Role.FINANCE_ADMIN, None),
    ("xitong", "郑系统", Role.SYSTEM_ADMIN, None),
    ("anquan", "冯安全", Role.SECURITY_ADMIN, None),
    ("shenji", "陈审计", Role.AUDITOR, None),
)
STEPS = (
    ("单位审核", Role.REVIEWER, date(2024, 1, 18)),
    ("主管部门审核", Role.DEPARTMENT, date(2024, 1, 22)),
    ("财政业务处室审核", Role.FINANCE_OFFICE, date(2024, 1, 26)),
    ("财政预算处审核", Role.FINANCE_BUDGET, date(2024, 1, 31)),
)
PASSWORD = "Mingzhang-2024"  # of the demonstration only: nothing creates these people where settings.DEMO is off


def is_loaded() -> bool:
    return Budget.objects.filter(unit__code=UNIT, campaign__year=YEAR).exists()


def load(*, with_people: bool) -> Budget:
    """Load the reference budget and what belongs to it, whole or not at all."""
    with transaction.atomic():
        budget = _draft(load_edition(YEAR).edition)
        if with_people:
            _people()
        _lines(budget)
        _rows(budget)
    budget.refresh_from_db()
    return budget


def remove() -> None:
    """Take the demonstration budget away, whatever its state. Its history stays."""
    with locks.lifted():
        budgets = Budget.objects.filter(unit__code=UNIT, campaign__year=YEAR)
        budgets.update(based_on=None)
        budgets.delete()


def _draft(edition) -> Budget:
    department, _ = Unit.objects.get_or_create(code=DEPARTMENT, defaults={"name": NAME, "division": "410802"})
    unit, _ = Unit.objects.get_or_create(
        code=UNIT,
        defaults={
            "name": NAME,
            "short_name": "区科技和工信局",
            "parent": department,
            "division": "410802",
            "level_note": "一级预算单位，无所属单位",
        },
    )
    campaign, _ = Campaign.objects.get_or_create(
        year=YEAR,
        defaults={"edition": edition, "table_set": "henan_jiaozuo_2024", "authority": "焦作市解放区财政局"},
    )
    for code, opens, due in (
        ("first", date(2023, 9, 1), date(2023, 10, 15)),
        (STAGE, date(2023, 12, 1), date(2024, 1, 15)),
    ):
        stage, created = CampaignStage.objects.get_or_create(
            campaign=campaign, code=code, defaults={"opens": opens, "due": due}
        )
        if created:
            _steps(stage)
    return Budget.objects.create(unit=unit, campaign=campaign, stage=STAGE, unit_name=NAME, is_demo=True)


def _steps(stage: CampaignStage) -> None:
    """Who reviews the stage; the days of 一上 are not those of 二上, and none are set."""
    for order, (name, role, due) in enumerate(STEPS, 1):
        ReviewStep.objects.create(
            stage=stage, order=order, name=name, role=role, due=due if stage.code == STAGE else None
        )


def _people() -> None:
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=(DEPARTMENT, UNIT))}
    for username, name, role, unit in PEOPLE:
        user, created = User.objects.get_or_create(username=username, defaults={"name": name})
        if created:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        held = {"unit": units[unit]} if role in UNIT_ROLES else {"unit": None}
        Membership.objects.get_or_create(user=user, role=role, **held, defaults={"starts": date(2023, 1, 1)})


def _lines(budget: Budget) -> None:
    reading = lines.read(DATA / "lines.csv", "lines.csv", budget)
    if reading.errors:
        raise ValueError("；".join(str(error) for error in reading.errors))
    writing.write(budget, lines.changes(reading.desired, budget), by=None, via="demo")


def _rows(budget: Budget) -> None:
    facts = json.loads((DATA / "facts.json").read_text("utf-8"))
    rows = [*_facts(budget, facts), *_department_performance(budget), *_project_rows(budget, facts)]
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="demo")


def _yuan(wan: str) -> Decimal:
    return Decimal(wan) * 10_000


def _facts(budget: Budget, facts: dict):
    unit, before, assets = facts["unit"], facts["previous_year"], facts["assets_wan"]
    yield Staffing(budget=budget, established=unit["established_posts"], administrative=unit["administrative_posts"])
    kinds = AssetHolding.Kind
    for kind, value, number in (
        (kinds.BUILDINGS, assets["buildings"], 0),
        (kinds.VEHICLES, assets["vehicles"], assets["vehicles_count"]),
        (kinds.VEHICLES_GENERAL, "0", assets["vehicles_general"]),
        (kinds.VEHICLES_ENFORCEMENT, "0", assets["vehicles_law_enforcement"]),
        (kinds.OFFICE_EQUIPMENT, assets["office_equipment"], 0),
        (kinds.SPECIAL_EQUIPMENT, assets["special_equipment"], 0),
        (kinds.OTHER, assets["other"], 0),
        (kinds.GENERAL_OVER_50, "0", assets["general_equipment_over_50wan"]),
        (kinds.SPECIAL_OVER_100, "0", assets["special_equipment_over_100wan"]),
    ):
        yield AssetHolding(budget=budget, kind=kind, value=_yuan(value), number=number)
    for topic, text in facts["reasons"].items():
        yield Reason(budget=budget, topic=topic, text=text)
    duties = (DATA / "duties.txt").read_text("utf-8").splitlines()
    yield from (Duty(budget=budget, position=at, text=text) for at, text in enumerate(duties, 1))
    source = "2024年度部门预算情况说明中的增减额推算"
    for table, row, column, wan in (
        ("revenue_and_expenditure", "total", "income.amount", before["total_wan"]),
        ("revenue_and_expenditure", "total", "expenditure.amount", before["total_wan"]),
        ("general_expenditure", "total", "total", before["total_wan"]),
        ("government_fund_expenditure", "total", "total", "0"),
        ("three_public", "total", "total", before["three_public_wan"]),
        ("three_public", "total", "abroad", "0"),
        ("three_public", "total", "vehicles.purchase", "0"),
        ("three_public", "total", "vehicles.running", "0"),
        ("three_public", "total", "reception", before["reception_wan"]),
        ("agency_operating", "total", "operating.total", before["operating_wan"]),
    ):
        yield LastYearFigure(budget=budget, table=table, row=row, column=column, amount=_yuan(wan), source=source)


def _department_performance(budget: Budget):
    goals = json.loads((DATA / "department_goals.json").read_text("utf-8"))
    for at, text in enumerate(goals["annual_goals"], 1):
        yield DepartmentGoal(budget=budget, position=at, text=text)
    for at, task in enumerate(goals["tasks"], 1):
        yield DepartmentTask(budget=budget, position=at, **task)
    for at, row in enumerate(_csv("department_indicators.csv"), 1):
        yield DepartmentIndicator(
            budget=budget,
            position=at,
            level_1=row["level_1"],
            level_2=row["level_2"],
            explanation=row["explanation"],
            **_target(row),
        )


def _project_rows(budget: Budget, facts: dict):
    items = {item.code: item for item in Item.objects.of(budget).projects()}
    key = facts["key_project"]
    for item in items.values():
        is_key = item.name == key["name"]
        yield Dossier(item=item, start_year=YEAR, end_year=YEAR, is_key=is_key)
        if is_key:
            yield ProjectGoal(item=item, text=f"{key['purpose']}。")
    for at, row in enumerate(_csv("project_indicators.csv"), 1):
        yield ProjectIndicator(item=items[row["project_code"]], position=at, level_1=row["level_1"], **_target(row))


def _target(row: dict) -> dict:
    return {"name": row["name"], "operator": row["operator"], "target": row["target"], "measure": row["unit"]}


def _csv(name: str) -> list[dict]:
    with open(DATA / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
