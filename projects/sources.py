"""What the rules look at of the projects."""

from operator import itemgetter

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
    money = {one["item"]: one["fen"] for one in reading.source("checked_items")}
    items, units = reading.items, reading.units
    records = []
    for item, dossier, cost, *told in sorted(
        sql.rows_planned_once(
            "dossiers",
            f"""SELECT i.id, d.id, (SELECT SUM(CAST(c.quantity * 100 AS bigint) * c.price_fen)
                FROM projects_costdetail c WHERE c.item_id = i.id), {names}
            FROM budget_item i LEFT JOIN projects_dossier d ON d.item_id = i.id
            WHERE i.category IN ('22', '3') AND i.budget_id IN {{}}""",
            reading.ids,
        ),
        key=itemgetter(0),
    ):
        one = items[item]
        records.append(
            {
                **dict(zip(columns, told, strict=True)),
                "item": one.uid,
                "unit": units[one.budget][1],
                "name": one.name,
                "code": one.code,
                "category": one.category,
                "fen": money[one.uid],
                "costs": None if cost is None else int(cost),  # hundredths of 分: added up before they are cut
                "has_dossier": dossier is not None,
                "is_withheld": bool(told[0]),
            }
        )
    return records
