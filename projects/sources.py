"""What the rules look at of the projects."""

from budget import sql
from budget.books import Reading, reads
from budget.models import PROJECT_CATEGORIES
from budget.reporting import registry
from budget.reporting.rules import named

FLAGS = ("is_withheld",)
TEXTS = ("public_name", "withheld_reason", "overview", "basis")
NUMBERS = ("start_year", "end_year", "total_amount_fen", "spent_before_fen")
registry.records("dossiers", "item", "unit", "name", "category", "fen", "costs", *FLAGS, *TEXTS, *NUMBERS)
named("dossiers", "项目档案")


FIELDS = (*FLAGS, *TEXTS, *NUMBERS)
WITHOUT = {"has_dossier": False, **dict.fromkeys(FIELDS), **dict.fromkeys(FLAGS, False)}
WRITTEN = f"""SELECT d.item_id, NULL, {", ".join(f"d.{name}" for name in FIELDS)}
    FROM projects_dossier d JOIN budget_item i ON i.id = d.item_id WHERE i.budget_id IN {{}}"""
COSTS = f"""SELECT c.item_id, SUM(CAST(c.quantity * 100 AS bigint) * c.price_fen), {", ".join(["NULL"] * len(FIELDS))}
    FROM projects_costdetail c JOIN budget_item i ON i.id = c.item_id WHERE i.budget_id IN {{}} GROUP BY c.item_id"""


@reads("dossiers")
def dossiers(reading: Reading) -> list[dict]:
    """A record a project, with what its dossier says (blank where it has none) and what its costs come to (分)."""
    money = {one["item"]: one["fen"] for one in reading.source("checked_items")}
    written: dict[int, dict] = {}
    costs: dict[int, int] = {}
    for item, cost, withheld, *rest in sql.rows_planned_once(
        "dossiers", f"{WRITTEN} UNION ALL {COSTS}", *[reading.ids] * 2
    ):
        if cost is None:
            told = (True, bool(withheld), *rest)
            written[item] = dict(zip(WITHOUT, told, strict=True))
        else:
            costs[item] = int(cost)  # hundredths of 分: added up before they are cut
    units = reading.units
    return [
        {
            **written.get(one.id, WITHOUT),
            "costs": costs.get(one.id),
            "item": one.uid,
            "unit": units[one.budget][1],
            "name": one.name,
            "code": one.code,
            "category": one.category,
            "fen": money[one.uid],
        }
        for _, one in sorted(reading.items.items())
        if one.category in PROJECT_CATEGORIES
    ]
