"""What stands under a table in words: the statement of an empty one, and its 未归列."""

from . import money
from .grid import Grid, Misfit

REASONS = {"column": "没有可以归入的列", "row": "没有可以归入的行"}
DIMENSIONS = {
    "budget": "预算",
    "department": "部门",
    "unit": "单位",
    "item": "项目",
    "category": "项目类别",
    "function": "功能分类",
    "economic": "部门经济分类",
    "government": "政府经济分类",
    "fund": "资金来源",
    "carried_over": "上年结转",
    "nature": "单位性质",
}


def statement(grid: Grid) -> str:
    """What is said of a table without a figure; nothing where there is one."""
    return grid.statement if grid.is_empty else ""


def misfits(grid: Grid) -> tuple[Misfit, ...]:
    """The 未归列 of the table and of its sections."""
    return (*grid.misfits, *(misfit for section in grid.sections for misfit in misfits(section.grid)))


def misfit_heading(grid: Grid) -> str:
    """How many there are and what they come to, in 元; nothing where there are none."""
    found = misfits(grid)
    if not found:
        return ""
    total = _yuan(sum(misfit.amount_fen for misfit in found))
    return f"未归列：共 {len(found)} 笔，合计 {total}，上表没有可以归入的列或行"


def misfit_lines(grid: Grid) -> list[str]:
    """A line of words for each misfit: why, which dimensions, how much (元, exact: 万元 would hide the small ones)."""
    return [f"{REASONS.get(m.reason, m.reason)}：{_fact(m.fact)}，{_yuan(m.amount_fen)}" for m in misfits(grid)]


def _fact(fact: tuple[tuple[str, object], ...]) -> str:
    return "，".join(f"{DIMENSIONS.get(name, name)} {_value(value)}" for name, value in fact)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "未填" if value in (None, "") else str(value)


def _yuan(amount_fen: int) -> str:
    return f"{money.printed(amount_fen, money.YUAN, thousands=True) or '0.00'} 元"
