"""What the rules look at of the projects."""

from budget import sql
from budget.books import Reading, reads
from budget.reporting import registry
from budget.reporting.rules import named

FLAGS = ("is_withheld",)
TEXTS = ("public_name", "withheld_reason", "overview", "basis")
NUMBERS = ("start_year", "end_year", "total_amount_fen", "spent_before_fen")
registry.records("dossiers", "item", "unit", "name", "category", "fen", "costs", *FLAGS, *TEXTS, *NUMBERS)
named("dossiers", "项目档案")


@reads("dossiers")
def dossiers(reading: Reading) -> list[dict]:
    """A record a project, with what its dossier says (blank where it has none) and what its costs come to (分)."""
    columns = (*FLAGS, *TEXTS, *NUMBERS)
    names = ", ".join(f"d.{name}" for name in columns)
    found, costs = {}, {}
    for item, dossier, cost, *values in sql.rows(
        f"""SELECT i.id, d.id, (SELECT SUM(CAST(c.quantity * 100 AS bigint) * c.price_fen)
            FROM projects_costdetail c WHERE c.item_id = i.id), {names}
        FROM budget_item i LEFT JOIN projects_dossier d ON d.item_id = i.id
        WHERE i.category IN ('22', '3') AND i.budget_id IN {{}}""",
        reading.ids,
    ):
        if dossier is not None:
            found[item] = values
        if cost is not None:
            costs[item] = int(cost)  # hundredths of 分: added up before they are cut
    money = {one["item"]: one["fen"] for one in reading.source("checked_items")}
    nothing, units = [None] * len(columns), reading.units
    records = []
    for one in reading.items.values():
        if one.category not in ("22", "3"):
            continue
        told = found.get(one.id, nothing)
        records.append(
            {
                **dict(zip(columns, told, strict=True)),
                "item": one.uid,
                "unit": units[one.budget][1],
                "name": one.name,
                "code": one.code,
                "category": one.category,
                "fen": money[one.uid],
                "costs": costs.get(one.id),
                "has_dossier": one.id in found,
                "is_withheld": bool(told[0]),
            }
        )
    return records
