"""The pages of an Edition: every address with its template and what stands in it."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from budget import charts
from budget.disclosure.help import explained
from budget.reporting import html, money, remarks
from budget.reporting.grid import Grid, GridColumn
from performance.levels import PROJECT
from publication.frozen import Frozen
from publication.open_rows import resources_of

from .data_files import NAMES
from .edition import Edition
from .summary import summary_of

CHARTS = ("totals", "three_public", "economic", "execution")  # those of the summary that are not said otherwise there
SECTIONS = (
    ("", "一页读懂"),
    ("tables/", "预算表"),
    ("text/", "情况说明"),
    ("projects/", "项目"),
    ("terms/", "名词解释"),
    ("files/", "下载"),
    ("versions/", "版本"),
)
ABOUT = {
    "xlsx": "全部预算表，一张表一页",
    "docx": "全文：概况、情况说明、名词解释和预算表",
    "pdf": "全文，可以检索和打印",
    "csv": "数据包：明细数据和各表，可以用表格软件打开",
    "json": "全部数据和文字，供程序读取",
    "datapackage": "数据包的描述文件",
}
MOST_HITS = 60
KINDS = tuple(PROJECT)  # 一级指标, in the order of table 15


class Page(NamedTuple):
    """`section`: the entry of the navigation it belongs to; `title`: beside the name and the year."""

    template: str
    section: str
    title: str
    context: dict


def addresses(edition: Edition) -> Iterator[str]:
    """Every page of an edition, below its own address."""
    for address, _ in sections(edition):
        yield address
    yield from (f"tables/{grid.key}/" for grid in edition.frozen.grids)
    yield from (f"projects/{number}/" for number in range(1, len(edition.frozen.projects) + 1))


def sections(edition: Edition) -> list[tuple[str, str]]:
    lacking = {"projects/"} if not edition.frozen.has("projects") else set()
    return [one for one in SECTIONS if one[0] not in lacking]


def page_of(edition: Edition, address: str) -> Page | None:
    """The page at an address below the edition's own; None where there is none."""
    if address and not address.endswith("/"):
        return None
    name, *rest = address.rstrip("/").split("/")
    if name and f"{name}/" not in dict(sections(edition)):
        return None
    return PAGES[name](edition, rest) if name in PAGES else None


# ---- the pages


def _summary(edition: Edition, rest: list[str]) -> Page | None:
    frozen = edition.frozen
    found = {one.key: charts.drawn(one, frozen.unit) for one in frozen.charts}
    context = {"summary": summary_of(frozen), "charts": [found[key] for key in CHARTS if key in found]}
    return None if rest else Page("public/summary.html", "", f"{frozen.kind}预算一页读懂", context)


def _tables(edition: Edition, rest: list[str]) -> Page | None:
    grids = edition.frozen.grids
    if not rest:
        rows = [(grid.number, grid.title, f"tables/{grid.key}/", remarks.statement(grid)) for grid in grids]
        return Page("public/tables.html", "tables/", "预算表", {"tables": rows})
    at = next((at for at, grid in enumerate(grids) if [grid.key] == rest), None)
    if at is None:
        return None
    beside = {"before": grids[at - 1] if at else None, "after": grids[at + 1] if at + 1 < len(grids) else None}
    context = {"table": html.table_of(grids[at], explain=_means), "grid": grids[at], **beside}
    return Page("public/table.html", "tables/", grids[at].title, context)


def _means(table: str, column: GridColumn) -> tuple[str, str] | None:
    """What a column means; how it is filled in is no matter of the public's."""
    said = explained(table, column)
    return (said.means, "") if said else None


def _text(edition: Edition, rest: list[str]) -> Page | None:
    parts = [
        (
            f"part-{number}",
            part,
            [(f"p-{number}-{at}", block.level, block.text) for at, block in enumerate(part.blocks, start=1)],
        )
        for number, part in enumerate(edition.frozen.parts, start=1)
    ]
    return None if rest else Page("public/text.html", "text/", "情况说明", {"parts": parts})


def _projects(edition: Edition, rest: list[str]) -> Page | None:
    frozen = edition.frozen
    numbered = dict(enumerate(frozen.projects, start=1))
    if not rest:
        rows = [(number, one, money.printed(one.fen, frozen.unit, thousands=True)) for number, one in numbered.items()]
        whole = money.printed(frozen.grid("projects").fen("total", "total"), frozen.unit, thousands=True)
        chart = next((charts.drawn(one, frozen.unit) for one in frozen.charts if one.key == "project"), None)
        context = {"projects": rows, "whole": whole, "chart": chart}
        return Page("public/projects.html", "projects/", "项目支出", context)
    one = numbered.get(int(rest[0])) if len(rest) == 1 and rest[0].isascii() and rest[0].isdecimal() else None
    if one is None or str(int(rest[0])) != rest[0]:
        return None
    indicators = sorted(
        one.indicators, key=lambda row: KINDS.index(row.level_1) if row.level_1 in KINDS else len(KINDS)
    )
    context = {"project": one, "indicators": indicators, "amount": money.printed(one.fen, frozen.unit, thousands=True)}
    return Page("public/project.html", "projects/", one.name, context)


def _terms(edition: Edition, rest: list[str]) -> Page | None:
    frozen = edition.frozen
    columns = {help.label: help.means for grid in frozen.grids for help in html.table_of(grid, explain=_means).help}
    context = {"terms": frozen.terms, "columns": sorted(columns.items())}
    return None if rest else Page("public/terms.html", "terms/", "名词解释", context)


def _files(edition: Edition, rest: list[str]) -> Page | None:
    downloads = [(NAMES[one.form], one, ABOUT[one.form]) for one in edition.files]
    data = [(one.path, one.title) for one in resources_of(edition.frozen)]
    context = {"files": edition.files, "downloads": downloads, "data": data}
    return None if rest else Page("public/files.html", "files/", "下载", context)


def _versions(edition: Edition, rest: list[str]) -> Page | None:
    return None if rest else Page("public/versions.html", "versions/", "版本", {})


PAGES: dict[str, Callable[[Edition, list[str]], Page | None]] = {
    "": _summary,
    "tables": _tables,
    "text": _text,
    "projects": _projects,
    "terms": _terms,
    "files": _files,
    "versions": _versions,
}


# ---- looking for words


class Hit(NamedTuple):
    """Where the words stand: the kind of place, its title, its address, and what is written there."""

    kind: str
    title: str
    address: str
    text: str


def hits(edition: Edition, words: str, most: int = MOST_HITS) -> list[Hit]:
    """Every place of an edition where all of the words are written: paragraphs, rows of tables, projects, terms."""
    wanted = words.lower().split()
    if not wanted:
        return []
    found = []
    for hit in _everything(edition.frozen):
        text = f"{hit.title} {hit.text}".lower()
        if all(word in text for word in wanted):
            found.append(hit)
            if len(found) == most:
                break
    return found


def _everything(frozen: Frozen) -> Iterator[Hit]:
    for number, one in enumerate(frozen.projects, start=1):
        text = "　".join(filter(None, (one.goal, *(f"{row.name} {row.value}" for row in one.indicators))))
        yield Hit("项目", one.name, f"projects/{number}/", text)
    for grid in frozen.grids:
        yield from _rows(grid)
    for number, part in enumerate(frozen.parts, start=1):
        for at, block in enumerate(part.blocks, start=1):
            yield Hit("情况说明", part.title, f"text/#p-{number}-{at}", block.text)
    for term, means in frozen.terms:
        yield Hit("名词解释", term, "terms/", means)


def _rows(grid: Grid) -> Iterator[Hit]:
    headings = dict.fromkeys(label for column in grid.columns for label in column.path)
    yield Hit("预算表", grid.title, f"tables/{grid.key}/", f"各栏：{'、'.join(headings)}")
    for row in grid.printed_rows():
        if text := "　".join(word for word in row if word):
            yield Hit("预算表", grid.title, f"tables/{grid.key}/", text)
