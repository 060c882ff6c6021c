"""An earlier budget brought into a draft: structure only, with its amounts, or changed by a percentage."""

from budget.models import (
    AssetHolding,
    Duty,
    IncomeEstimate,
    ProcurementLine,
    SpecialTransfer,
    Staffing,
)

from .parts import Part, declare


def _with_amount(row, source, copying) -> bool:
    """Rows that say an amount have none without it, and change with the percentage."""
    if row.amount is None:
        return True
    row.amount = copying.amount(row.amount)
    if row.amount is None:
        return isinstance(row, SpecialTransfer)
    return row.amount > 0


declare(Part("staff", "人员情况、国有资产", (Staffing, AssetHolding)))
declare(Part("duties", "主要职责", (Duty,)))
declare(Part("income", "收入测算", (IncomeEstimate,), adapt=_with_amount, is_usual=False))
declare(
    Part(
        "procurement", "政府采购、专项转移支付", (ProcurementLine, SpecialTransfer), adapt=_with_amount, is_usual=False
    )
)
