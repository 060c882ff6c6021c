"""The charts of the book: bars with the figures beside them, drawn from the same Grids as the tables."""

from collections.abc import Iterable
from dataclasses import dataclass

from budget.reporting import money
from budget.reporting.book import Book
from budget.reporting.grid import Grid

from .narrative.render import Rendering
from .narrative.values import Amount, said

FULL = 1000  # the length of the longest bar
MOST = 10
ECONOMIC = (("301", "工资福利支出"), ("302", "商品和服务支出"), ("303", "对个人和家庭的补助"), ("310", "资本性支出"))


@dataclass(frozen=True)
class BookBar:
    words: tuple[str, ...]  # label, amount, share (or last year's amount and this year's)
    length: int


@dataclass(frozen=True)
class Chart:
    title: str
    heads: tuple[str, ...]
    bars: tuple[BookBar, ...]


def charts_of(book: Book, rendering: Rendering) -> list[Chart]:
    """Those that have something to show and whose tables the set has."""
    unit = book.table_set.unit
    charts = [
        _shares("按功能分类的支出", _classes(book, rendering), unit),
        _shares("基本支出和项目支出", _parts(book), unit),
        _shares("按部门预算支出经济分类的支出", _economic(book), unit),
        _shares("项目支出", _projects(book, rendering), unit),
        _years("“三公”经费与上年比较", rendering, unit),
    ]
    return [chart for chart in charts if chart.bars]


def _shares(title: str, rows: Iterable[tuple[str, int]], unit: str) -> Chart:
    rows = [row for row in rows if row[1] > 0]
    whole, longest = sum(amount for _, amount in rows), max((amount for _, amount in rows), default=0)
    bars = tuple(
        BookBar(
            (label, money.printed(amount, unit, thousands=True), money.percent(amount, whole)),
            max(1, amount * FULL // longest),
        )
        for label, amount in rows
    )
    return Chart(title, ("项目", f"金额（{unit}）", "占比"), bars)


def _classes(book: Book, rendering: Rendering):
    sums: dict[str, int] = {}
    for (code,), amount in sorted(book.sums("lines", {"function"}).amounts.items()):
        sums[code[:3]] = sums.get(code[:3], 0) + amount
    labels = dict(book.table_set.function_classes)
    for code, amount in sums.items():
        yield rendering.facts.classes.get(code) or labels.get(code, "未细化"), amount


def _parts(book: Book):
    grid = book.grid("expenditure")
    yield "基本支出", grid.fen("total", "basic.total")
    yield "项目支出", grid.fen("total", "project.total")


def _economic(book: Book):
    sums: dict[str, int] = {}
    for (code,), amount in sorted(book.sums("lines", {"economic"}).amounts.items()):
        sums[code[:3]] = sums.get(code[:3], 0) + amount
    for code, label in ECONOMIC:
        yield label, sums.pop(code, 0)
    yield "其他支出和未细化", sum(sums.values())


def _projects(book: Book, rendering: Rendering):
    """The largest projects under the names they are disclosed by; those that are not come with the rest."""
    if book.table_set.placed("projects") is None:
        return
    grid: Grid = book.grid("projects")
    name, total = grid.column_at("name"), grid.column_at("total")
    withheld = rendering.facts.withheld
    rows = [
        (row.cells[name], row.cells[total] or 0, row.key.rpartition("/")[2]) for row in grid.rows if row.kind == "item"
    ]
    rows.sort(key=lambda row: -row[1])
    shown = [row for row in rows if row[2] not in withheld][:MOST]
    yield from ((label, amount) for label, amount, _ in shown)
    yield "其余项目", sum(row[1] for row in rows) - sum(row[1] for row in shown)


def _years(title: str, rendering: Rendering, unit: str) -> Chart:
    names = (
        ("three_public", "“三公”经费合计"),
        ("abroad", "因公出国（境）费"),
        ("vehicle_purchase", "公务用车购置费"),
        ("vehicle_running", "公务用车运行费"),
        ("reception", "公务接待费"),
    )
    figures = [(label, rendering.value(name)) for name, label in names]
    longest = max([value.fen for _, value in figures] + [value.before or 0 for _, value in figures])
    bars: list[BookBar] = []
    for label, value in figures if longest else ():
        bars += _two_years(label, value, unit, longest, rendering.book.year)
    return Chart(title, ("项目", "年度", f"金额（{unit}）"), tuple(bars))


def _two_years(label: str, value: Amount, unit: str, longest: int, year: int) -> list[BookBar]:
    before = money.UNKNOWN if value.before is None else said(value.before, unit).removesuffix(unit)
    return [
        BookBar((label, f"{year - 1}年", before), (value.before or 0) * FULL // longest),
        BookBar(("", f"{year}年", said(value.fen, unit).removesuffix(unit)), value.fen * FULL // longest),
    ]
