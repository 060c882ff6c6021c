"""Lines that want a decision before they are lines, as draft rows: the cells that a grid shows of them."""

from budget.cells import YES
from budget.importing.codes import UNSPECIFIED_NAME
from budget.importing.columns import FLAGS
from budget.importing.line_csv import amount_text, fund_word
from budget.models import Budget, DraftRow, Line
from budget.reporting import money

CODES = ("function", "economic", "government")


def draft_row(budget: Budget, line: Line, position: int) -> DraftRow:
    """The row of an unsaved line, amounts in 万元; codes that it lacks are left empty. A project's hangs on it."""
    item = line.item
    codes = {name: getattr(line, name) for name in CODES if getattr(line, f"{name}_id")}
    cells = {
        **({} if item.is_project else {"category": item.get_category_display(), "name": item.name}),
        **({} if item.is_project else {"nature": item.nature}),
        **{name: UNSPECIFIED_NAME if code.is_unspecified else code.code for name, code in codes.items()},
        "fund": fund_word(line.fund) if line.fund_id else "",
        "carried_over": YES if line.carried_over else "",
        "amount": "" if line.amount is None else amount_text(line.amount, money.WAN),
        **{flag: YES for flag in FLAGS if item.is_project and getattr(line, flag)},
    }
    return DraftRow(
        budget=budget,
        uid=line.uid,
        item=item if item.is_project else None,
        cells={name: text for name, text in cells.items() if text},
        amount_unit=money.WAN,
        origin=line.origin,
        position=position,
    )


def waiting_items(rows: list[DraftRow]) -> set:
    """What draft rows wait for: the ids of projects, and (category as shown, name) of basic items."""
    return {row.item_id or (row.cells.get("category", ""), row.cells.get("name", "")) for row in rows}
