"""What of projects can be brought over from an earlier budget: their dossiers, their costing."""

from budget.copying.parts import Part, declare

from .models import CostDetail, Dossier


def _adapt(row, source, copying) -> bool:
    """A project that goes on says which it goes on with; a costing is true for its own amounts only."""
    if isinstance(row, CostDetail):
        return copying.is_unchanged
    if copying.target.year > copying.source.year:
        row.continues = source.item.uid
        if source.total_amount is not None:
            row.spent_before = (source.spent_before or 0) + copying.spent(source.item)
    return True


declare(
    Part(
        "dossiers",
        "项目档案、测算明细",
        (Dossier, CostDetail),
        adapt=_adapt,
        note="测算明细只在金额不变时带入。跨年的项目，“以前年度已安排”加上来源预算的金额。",
    )
)
