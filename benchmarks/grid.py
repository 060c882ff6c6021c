"""The grid of up to 2,000 rows, as its browser side asks for it, beside one bare query of the same rows, dumped.

The floor joins the codes' names itself, is given the budget's id, and says of every row the cells that are typed and
the amount in 分; it knows no rights, no last year, no draft rows, no totals, no headings.
"""

import json
import uuid
from collections.abc import Callable
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from budget.models import (
    Budget,
    Campaign,
    Category,
    DepartmentEconomicClass,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
)
from organisation.models import Unit
from records.models import ChangeRecord

PER_ITEM = 10
UNIT = "901001"
FLOOR = """
SELECT l.uid, l.version, i.category, i.name, i.nature, f.code, f.name, e.code, e.name, g.code, g.name, s.label, s.name,
       l.carried_over, l.amount_fen
FROM budget_line l JOIN budget_item i ON i.id = l.item_id JOIN budget_functionalclass f ON f.id = l.function_id
JOIN budget_departmenteconomicclass e ON e.id = l.economic_id
JOIN budget_governmenteconomicclass g ON g.id = l.government_id JOIN budget_fundsource s ON s.id = l.fund_id
WHERE i.budget_id = %s AND i.category IN ('1', '21') ORDER BY i.category, i.position, f.code, e.code
"""


class Disagreement(Exception):
    """The grid and its floor do not say the same."""


def fill(year: int, stage: str, rows: int) -> Budget:
    """A unit of its own with a draft of so many basic lines, ten an item."""
    department = Unit.objects.create(code=UNIT[:3], name="表格测速部门")
    unit = Unit.objects.create(code=UNIT, name="表格测速单位", parent=department)
    campaign = Campaign.objects.get(year=year)
    budget = Budget.objects.create(unit=unit, campaign=campaign, stage=stage, unit_name=unit.name)

    def leaves(model):
        return list(model.objects.of(campaign.edition_id).leaves().filter(is_unspecified=False).order_by("code"))

    functions, economics = leaves(FunctionalClass), leaves(DepartmentEconomicClass)
    government, fund = leaves(GovernmentEconomicClass)[0], leaves(FundSource)[0]
    items = [
        Item(budget=budget, category=Category.OPERATING, name=f"经费{at}", position=at)
        for at in range(rows // PER_ITEM)
    ]
    Item.objects.bulk_create(items)
    Line.objects.bulk_create(
        Line(
            item=item,
            function=functions[at % len(functions)],
            economic=economics[number],
            government=government,
            fund=fund,
            amount=Decimal((at + 1) * (number + 1) * 100),
        )
        for at, item in enumerate(items)
        for number in range(PER_ITEM)
    )
    return budget


def bare(budget: Budget) -> Callable[[], bytes]:
    """The floor: one query, one dump."""

    def run() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR, [budget.pk])
            rows = [
                {
                    "id": str(uid),
                    "version": version,
                    "cells": {
                        "category": category,
                        "name": name,
                        "nature": nature,
                        "function": f"{function} {function_name}",
                        "economic": f"{economic} {economic_name}",
                        "government": f"{government} {government_name}",
                        "fund": label or fund_name,
                        "carried_over": "是" if carried_over else "",
                        "amount": f"{fen // 1_000_000:,}.{fen % 1_000_000 // 10_000:02}",
                    },
                    "fen": str(fen),
                }
                for (
                    uid,
                    version,
                    category,
                    name,
                    nature,
                    function,
                    function_name,
                    economic,
                    economic_name,
                    government,
                    government_name,
                    label,
                    fund_name,
                    carried_over,
                    fen,
                ) in cursor.fetchall()
            ]
        return json.dumps({"rows": rows}, ensure_ascii=False, separators=(",", ":")).encode()

    return run


def bare_save(budget: Budget) -> Callable[[], None]:
    """The floor of one amount saved: the draft held, the line and the versions counted up, a line of history."""
    line = Line.objects.filter(item__budget=budget).order_by("pk").last()

    def run() -> None:
        with transaction.atomic():
            held = Budget.objects.select_for_update().values_list("state", "version").get(pk=budget.pk)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE budget_line SET amount_fen = amount_fen + 10000, version = version + 1 WHERE id = %s",
                    [line.pk],
                )
                cursor.execute("UPDATE budget_budget SET version = %s WHERE id = %s", [held[1] + 1, budget.pk])
            values = {"chain": "bench", "sequence": held[1], "at": timezone.now(), "by_name": "测速", "via": "grid"}
            values |= {"operation": uuid.uuid4(), "action": "edit", "subject": "budget.line", "subject_uid": line.uid}
            ChangeRecord.objects.create(**values, label="测速", before={"amount": "1"}, after={"amount": "2"}, hash="0")

    return run


def agree(ours: bytes, floor: bytes, rows: int) -> None:
    """Disagreement where a row, a code or an amount differs."""
    compared = ("name", "function", "economic", "government", "fund", "amount")
    said = [
        [(*(row["cells"][key] for key in compared), row["fen"]) for row in json.loads(told)["rows"]]
        for told in (ours, floor)
    ]
    if said[0] != said[1] or len(said[0]) != rows:
        raise Disagreement("表格：底线的行与本系统的不同")
