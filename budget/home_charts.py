"""The charts on a budget's home page: each bar leads to what is behind it."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from . import charts
from .charts import Chart
from .headlines import Compared, Headline
from .pages import Place
from .reporting.book import Book
from .series import THREE_PUBLIC, TOTALS


class LinkedBar(NamedTuple):
    """A row of a chart: a label with its address, and what stands in the other columns."""

    label: str
    url: str
    words: tuple[str, ...]
    length: int
    continues: bool
    whole: int


class HomeChart(NamedTuple):
    key: str
    title: str
    heads: tuple[str, ...]
    bars: tuple[LinkedBar, ...]
    is_over_years: bool


def of_place(place: Place, book: Book, figures: Mapping[Compared, Headline]) -> list[HomeChart]:
    """Those that have something to show, in the order of the page."""
    projects = list(charts.projects_of(book))
    found = [
        charts.by_function(book),
        charts.by_project(projects, sum(fen for _, fen, _ in projects)),
        charts.by_part(book),
        charts.by_economic(book),
        _years("totals", "支出与上年比较", TOTALS, figures, book.year),
        _years("three_public", "“三公”经费与上年比较", THREE_PUBLIC, figures, book.year),
        charts.by_execution(book),
    ]
    return [_linked(place, chart) for chart in found if chart.slices]


def _years(key: str, title: str, cells, figures, year: int) -> Chart:
    known = [figures[one] for one in cells if one in figures]
    return charts.over_years(key, title, ((one.label, {year - 1: one.before, year: one.now}) for one in known))


def _linked(place: Place, chart: Chart) -> HomeChart:
    drawn = charts.drawn(chart, place.unit)
    bars = tuple(
        LinkedBar(
            bar.words[0], _address(place, chart.key, bar.key), bar.words[1:], bar.length, bar.continues, bar.whole
        )
        for bar in drawn.bars
    )
    return HomeChart(chart.key, chart.title, drawn.heads, bars, drawn.is_over_years)


def _address(place: Place, chart: str, key: str) -> str:
    if chart == "function":
        return f"{place.url('lines')}?{urlencode({'function': key})}"
    if chart == "project":
        return place.url("project", key) if key else place.url("projects")
    if chart == "part":
        return f"{place.url('table', 'expenditure')}?{urlencode({'row': 'total', 'column': key})}#panel"
    return ""
