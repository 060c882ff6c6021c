"""The charts of a budget, the same everywhere: on its home page, in its book, on its public page.

A chart is figures under words; `drawn` makes rows of a table of it, each with a bar. Nothing is said by colour.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from . import execution
from .models import PROJECT_CATEGORIES
from .models.classifications import UNSPECIFIED_FUNCTION
from .reporting import money
from .reporting.book import Book

FULL = 1000  # the length of the longest bar
ALL_OF_IT = 10_000  # hundredths of a percent
MOST = 10
TABLES = ("expenditure", "basic_items")  # whose sources the charts of a book are drawn from
SOURCES = (execution.SOURCE,)  # and what they are drawn from beside those
CLASS = 3  # digits of a 类
NOT_CODED, NOT_KNOWN = "未细化", "不详"
ECONOMIC = {
    "301": "工资福利支出",
    "302": "商品和服务支出",
    "303": "对个人和家庭的补助",
    "307": "债务利息及费用支出",
    "309": "资本性支出（基本建设）",
    "310": "资本性支出",
    "311": "对企业补助（基本建设）",
    "312": "对企业补助",
    "313": "对社会保障基金补助",
    "399": "其他支出",
}


class Slice(NamedTuple):
    """What is drawn of one thing (分): its share, or its figure in each of the chart's years (None: not known).

    Of a chart with parts: the whole and what is part of it.
    """

    label: str
    values: tuple[int | None, ...]
    key: str = ""


@dataclass(frozen=True)
class Chart:
    """`heading`: of the words; `years`: of the values, () where there is one value and its share.

    `parts`: where the second of two values is part of the first: what both are called, and that share.
    """

    key: str
    title: str
    heading: str
    slices: tuple[Slice, ...]
    years: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()


class Bar(NamedTuple):
    """A row: label, then amount and share, or year and amount, or whole, part and share.

    `key` leads to what is behind it; `continues`: the label is that of the row above; `whole`: the length of what the
    bar is part of.
    """

    words: tuple[str, ...]
    length: int
    key: str = ""
    continues: bool = False
    whole: int = 0


@dataclass(frozen=True)
class Drawn:
    title: str
    heads: tuple[str, ...]
    bars: tuple[Bar, ...]
    is_over_years: bool = False


# ---- what is drawn


def by_function(book: Book, names: Mapping[str, str] | None = None) -> Chart:
    """Spending by 类, in the order of the classification, in these words or else in the set's."""
    sums: dict[str, int] = defaultdict(int)
    for (code,), amount in book.sums("lines", {"function"}).amounts.items():
        sums["" if code == UNSPECIFIED_FUNCTION else code[:CLASS]] += amount
    labels = {code: label.split("、", 1)[-1] for code, label in book.table_set.function_classes}
    known = {**labels, **(names or {})}
    rows = sorted(sums.items(), key=lambda one: (not one[0], one[0]))
    return shares(
        "function", "按功能分类的支出", "类", ((known.get(code, code) or NOT_CODED, fen, code) for code, fen in rows)
    )


def by_part(book: Book) -> Chart:
    grid = book.grid("expenditure")
    parts = (("基本支出", "basic.total"), ("项目支出", "project.total"))
    return shares("part", "基本支出和项目支出", "类别", ((label, grid.fen("total", key), key) for label, key in parts))


def by_economic(book: Book) -> Chart:
    """Spending by 类 of the department's economic classification."""
    sums: dict[str, int] = defaultdict(int)
    for (code,), amount in book.sums("lines", {"economic"}).amounts.items():
        sums[code[:CLASS] if code[:CLASS] in ECONOMIC else ""] += amount
    rows = sorted(sums.items(), key=lambda one: (not one[0], one[0]))
    return shares(
        "economic",
        "按部门预算支出经济分类的支出",
        "类",
        ((ECONOMIC.get(code, NOT_CODED), fen, code) for code, fen in rows),
    )


def by_project(rows: Iterable[tuple[str, int, str]], total: int) -> Chart:
    """The largest of the projects (name, 分, key), and what the others of the total come to."""
    every = sorted(rows, key=lambda row: -row[1])
    shown = every[:MOST]
    rest, number = total - sum(fen for _, fen, _ in shown), len(every) - len(shown)
    is_all = sum(fen for _, fen, _ in every) == total
    others = f"其余 {number} 个项目" if is_all else "其余项目"
    return shares("project", "项目支出", "项目", (*shown, (others, rest, "")))


def projects_of(book: Book) -> Iterable[tuple[str, int, str]]:
    """Every project of the book: name, 分, uid, in the order of the book."""
    sums = book.sums("items", {"item", "category"})
    at = {name: sums.dimensions.index(name) for name in ("item", "category")}
    rows = [
        (book.member("item", values[at["item"]]), amount, values[at["item"]])
        for values, amount in sums.amounts.items()
        if values[at["category"]] in PROJECT_CATEGORIES
    ]
    rows.sort(key=lambda row: row[0].sort)
    return [(member.name, amount, uid) for member, amount, uid in rows]


def shares(key: str, title: str, heading: str, rows: Iterable[tuple[str, int, str]]) -> Chart:
    return Chart(key, title, heading, tuple(Slice(label, (fen,), code) for label, fen, code in rows if fen > 0))


def over_years(key: str, title: str, rows: Iterable[tuple[str, Mapping[int, int | None]]]) -> Chart:
    """Figures by year; years that nothing is known of and figures that are nothing in all of them are left out."""
    rows = [(label, values) for label, values in rows if any(values.values())]
    years = sorted({year for _, values in rows for year, fen in values.items() if fen is not None})
    slices = tuple(Slice(label, tuple(values.get(year) for year in years)) for label, values in rows)
    return Chart(key, title, "项目", slices, tuple(years))


def by_execution(book: Book) -> Chart:
    """What was paid last year of what was budgeted; sums where there is more than one part of them."""
    records = book.records(execution.SOURCE)
    known = [one for one in execution.executed(execution.added_up(records)) if one.adjusted or one.paid]
    there = {kind for one in known if not one.is_sum for kind in one.kinds}
    slices = tuple(
        Slice(one.label, (one.adjusted, one.paid))
        for one in known
        if not one.is_sum or len(there.intersection(one.kinds)) > 1
    )
    title = f"上年预算执行{execution.told_of(records, len(book.units))}"
    return Chart("execution", title, "项目", slices, parts=(execution.ADJUSTED, execution.PAID, execution.RATE))


# ---- drawn


def drawn(chart: Chart, unit: str) -> Drawn:
    """The rows of a chart with their amounts in `unit`."""
    longest = max((abs(fen) for one in chart.slices for fen in one.values if fen), default=0)
    if chart.years:
        return Drawn(chart.title, (chart.heading, "年度", f"金额（{unit}）"), tuple(_years(chart, unit, longest)), True)
    if chart.parts:
        return Drawn(f"{chart.title}，单位：{unit}", (chart.heading, *chart.parts), tuple(_parts(chart, unit)))
    whole = sum(fen for one in chart.slices for fen in one.values)
    bars = tuple(
        Bar((one.label, _printed(fen, unit), money.percent(fen, whole)), _length(fen, longest), one.key)
        for one in chart.slices
        for fen in one.values
    )
    return Drawn(chart.title, (chart.heading, f"金额（{unit}）", "占比"), bars)


def _years(chart: Chart, unit: str, longest: int):
    for one in chart.slices:
        for at, (year, fen) in enumerate(zip(chart.years, one.values, strict=True)):
            words = (one.label, f"{year}年", NOT_KNOWN if fen is None else _printed(fen, unit))
            yield Bar(words, _length(fen or 0, longest), one.key, at > 0)


def _parts(chart: Chart, unit: str):
    """Every part against its own whole, all wholes of one length; what is part of nothing stands alone."""
    rates = [
        money.hundredths_of_percent(part, whole) if whole else None
        for whole, part in (one.values for one in chart.slices)
    ]
    longest = max(ALL_OF_IT, *(rate or 0 for rate in rates))
    for one, rate in zip(chart.slices, rates, strict=True):
        words = (one.label, *(_printed(fen, unit) for fen in one.values))
        if rate is None:
            yield Bar((*words, ""), FULL, one.key)
        else:
            share, whole = money.percent(*reversed(one.values)), _length(ALL_OF_IT, longest)
            yield Bar((*words, share), _length(rate, longest), one.key, whole=whole)


def _printed(fen: int, unit: str) -> str:
    return money.printed(fen, unit, thousands=True) or "0.00"


def _length(fen: int, longest: int) -> int:
    return max(1, abs(fen) * FULL // longest) if fen else 0
