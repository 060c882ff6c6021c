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
    told = ", ".join(f"d.{name}" for name in columns)
    fields = ("has_dossier", *columns, "costs", "item", "unit", "name", "code", "category", "fen")
    money = {one["item"]: one["fen"] for one in reading.source("checked_items")}
    items, units = reading.items, reading.units
    records = []
    for item, dossier, cost, withheld, *rest in sql.rows_planned_once(
        "dossiers",
        f"""SELECT i.id, d.id, (SELECT SUM(CAST(c.quantity * 100 AS bigint) * c.price_fen)
            FROM projects_costdetail c WHERE c.item_id = i.id), {told}
        FROM budget_item i LEFT JOIN projects_dossier d ON d.item_id = i.id
        WHERE i.category IN ('22', '3') AND i.budget_id IN {{}} ORDER BY i.id""",
        reading.ids,
    ):
        _, uid, budget, category, code, name, _, _ = items[item]
        costs = None if cost is None else int(cost)  # hundredths of 分: added up before they are cut
        of_item = (costs, uid, units[budget][1], name, code, category, money[uid])
        records.append(dict(zip(fields, (dossier is not None, bool(withheld), *rest, *of_item), strict=True)))
    return records
