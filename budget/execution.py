"""Last year's execution (上年预算执行情况): by kind what was paid of the adjusted budget, with sums and rates.

Source: 表14 投入管理指标: 预算执行率 = 执行数 ÷ 调整预算数; “三公经费”控制率 = 实际支出 ÷ 预算.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .models import Execution
from .reporting import money

SOURCE = "execution"
ADJUSTED, PAID, RATE = "调整预算数", "执行数", "执行率"
TOTAL, THREE_PUBLIC = "支出合计", "“三公”经费合计"
_KIND = Execution.Kind
SUMS = {
    TOTAL: (_KIND.BASIC, _KIND.PROJECT),
    THREE_PUBLIC: (_KIND.ABROAD, _KIND.VEHICLE_PURCHASE, _KIND.VEHICLE_RUNNING, _KIND.RECEPTION),
}


class Executed(NamedTuple):
    """分 of the adjusted budget and of what was paid of it. `kinds`: what it is the sum of, or its own."""

    label: str
    kinds: tuple[str, ...]
    adjusted: int
    paid: int

    @property
    def is_sum(self) -> bool:
        return len(self.kinds) > 1

    @property
    def rate(self) -> str:
        """执行率 in percent; nothing where nothing was budgeted."""
        return money.percent(self.paid, self.adjusted) if self.adjusted else ""


def executed(amounts: Mapping[str, tuple[int, int]]) -> list[Executed]:
    """Every sum and under it its kinds. `amounts`: of a kind (调整预算数, 执行数) in 分; of the others nothing."""
    found = []
    for label, kinds in SUMS.items():
        parts = [Executed(kind.label, (kind.value,), *amounts.get(kind, (0, 0))) for kind in kinds]
        whole = Executed(label, tuple(kinds), sum(one.adjusted for one in parts), sum(one.paid for one in parts))
        found += [whole, *parts]
    return found


def added_up(records: Iterable[Mapping]) -> dict[str, tuple[int, int]]:
    """Of every kind that any of the units says: (调整预算数, 执行数) of all that say it."""
    sums: dict[str, tuple[int, int]] = {}
    for one in records:
        adjusted, paid = sums.get(one["kind"], (0, 0))
        sums[one["kind"]] = adjusted + one["adjusted"], paid + one["paid"]
    return sums


def told_of(records: Sequence[Mapping], units: int) -> str:
    """How many of the units say anything, where it is not all of them."""
    told = len({one["unit"] for one in records})
    return f"（{units} 个单位中的 {told} 个）" if told < units else ""
