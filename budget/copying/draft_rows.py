"""Lines that want a decision before they are lines, as draft rows: the cells that a grid shows, and why."""

from budget.cells import YES
from budget.importing.codes import UNSPECIFIED_NAME
from budget.importing.columns import FLAGS
from budget.importing.line_csv import amount_text, fund_word
from budget.models import Budget, DraftRow, Line
from budget.reporting import money

CODES = ("function", "economic", "government")


def draft_row(budget: Budget, line: Line, reason: str, position: int) -> DraftRow:
    """The row of an unsaved line, amounts in 万元; codes that it lacks are left empty."""
    codes = {name: getattr(line, name) for name in CODES if getattr(line, f"{name}_id")}
    cells = {
        "category": line.item.get_category_display(),
        "name": line.item.name,
        "nature": line.item.nature,
        **{name: UNSPECIFIED_NAME if code.is_unspecified else code.code for name, code in codes.items()},
        "fund": fund_word(line.fund) if line.fund_id else "",
        "carried_over": YES if line.carried_over else "",
        "amount": "" if line.amount is None else amount_text(line.amount, money.WAN),
        **{flag: YES for flag in FLAGS if getattr(line, flag)},
        "note": reason,
    }
    return DraftRow(budget=budget, cells={name: text for name, text in cells.items() if text}, position=position)


def waiting_items(rows: list[DraftRow]) -> set[tuple[str, str]]:
    """(category as shown, name) of the items that draft rows name."""
    return {(row.cells.get("category", ""), row.cells.get("name", "")) for row in rows}
