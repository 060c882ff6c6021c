"""A unit's lines as the plain file that `import_lines` reads: the columns of the contract, amounts in 万元."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from budget.cells import NO, YES
from budget.models import Budget, Line, Nature
from budget.reporting import money
from budget.reporting.csv_text import BOM, FORMULA

from .codes import UNSPECIFIED_NAME
from .dimensions import nature_by_government, nature_by_name

COLUMNS = (
    "category",
    "item",
    "project_code",
    "function",
    "dept_economic",
    "gov_economic",
    "fund",
    "amount",
)


def lines_of(budget: Budget) -> list[Line]:
    """The lines in the order of a file: items in theirs, each with its lines as they were entered."""
    return list(Line.objects.of(budget).with_dimensions().order_by("item__position", "item__pk", "pk"))


def line_csv(budget: Budget) -> bytes:
    """The draft's lines as CSV (UTF-8 with BOM), from which an import changes nothing.

    The optional columns stand there only where a reader would otherwise understand something else.
    """
    lines = lines_of(budget)
    columns = [*COLUMNS]
    if _presumed_natures(lines) != {line.item_id: line.item.nature for line in lines}:
        columns.append("nature")
    if any(line.carried_over for line in lines):
        columns.append("carried_over")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for line in lines:
        values = cells_of(line)
        writer.writerow([_guarded(values[column]) for column in columns])
    return BOM + text.getvalue().encode()


def cells_of(line: Line) -> dict[str, str]:
    """A line as the cells of a file, amounts in 万元."""
    open_class = line.economic.is_unspecified and line.government.is_unspecified
    return {
        "category": line.item.get_category_display(),
        "item": line.item.name,
        "project_code": line.item.code,
        "function": _code(line.function, blank=True),
        "dept_economic": _code(line.economic, blank=True),
        "gov_economic": _code(line.government, blank=open_class),
        "fund": fund_word(line.fund),
        "amount": amount_text(line.amount, money.WAN),
        "nature": line.item.nature,
        "carried_over": YES if line.carried_over else NO,
    }


def fund_word(fund) -> str:
    """A fund as clerks write it; its code where it has no word of its own."""
    return fund.label or fund.code


def amount_text(amount: Decimal, unit: str) -> str:
    """An amount (元) in the unit, exact, with two decimals or as many more as it needs."""
    places = 6 if unit == money.WAN else 2
    text = f"{Decimal(money.fen(amount)).scaleb(-places):f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _code(row, *, blank: bool) -> str:
    if row.is_unspecified:
        return "" if blank else UNSPECIFIED_NAME
    return row.code


def _guarded(text: str) -> str:
    """As our other CSV files keep words from being taken for formulas; the reader takes the mark off again."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _presumed_natures(lines: Iterable[Line]) -> dict[int, str]:
    """item id → the nature that a reader without the column would give it."""
    found: dict[int, str] = {}
    for line in lines:
        known = found.get(line.item_id) or nature_by_name(line.item.name)
        found[line.item_id] = known or nature_by_government(line.government)
    return {item: nature or Nature.ADMINISTRATIVE.value for item, nature in found.items()}
