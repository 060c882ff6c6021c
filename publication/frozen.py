"""What is published of an organisation's budget, whole and self-contained: as it is disclosed, and as it is kept.

Nothing in it asks the database again, and nothing is in it that is not published: no name of a project that is left
out, no person, no time of day. Equal contents give equal bytes.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from budget.books import UPPER_CODES, Selection
from budget.charts import SOURCES, Chart, Slice
from budget.models import Category
from budget.models.cycle import stage_name
from budget.reporting.book import Book
from budget.reporting.grid import Grid
from budget.reporting.spec import kind_of
from budget.reporting.stored import grid_from_stored, grid_to_stored
from budget.series import Series
from budget.sql import UPPER

from .document import Document, document_of
from .narrative.wording import Glossary

SCHEMA = 1
PROJECTS, GOALS, INDICATORS = "projects", "project_goals", "project_indicators"
MORE = (GOALS, UPPER_CODES, *SOURCES)  # sources that are published beside what tables and text need


class Approval(NamedTuple):
    """批复: its number and its date (ISO). Several of a department's units may have one each."""

    number: str
    date: str

    @property
    def day(self) -> str:
        year, month, day = map(int, self.date.split("-"))
        return f"{year}年{month}月{day}日"


class FrozenBlock(NamedTuple):
    """A heading (level 1 or 2) or a paragraph (0)."""

    level: int
    text: str


class FrozenPart(NamedTuple):
    label: str
    title: str
    blocks: tuple[FrozenBlock, ...]


class FrozenIndicator(NamedTuple):
    level_1: str
    level_2: str
    name: str
    value: str
    explanation: str


class FrozenProject(NamedTuple):
    """A row of the table of projects: one project, or several that are shown together (then `key` ends in together)."""

    key: str
    category: str
    name: str
    unit: str
    fen: int
    goal: str
    indicators: tuple[FrozenIndicator, ...]


class Spending(NamedTuple):
    """Money spent (分), by everything that is published of it; the projects stand in a table of their own."""

    unit: str
    category: str
    function: str
    economic: str
    government: str
    fund: str
    carried_over: bool
    fen: int


class Income(NamedTuple):
    """Money received (分)."""

    unit: str
    fund: str
    carried_over: bool
    fen: int


@dataclass(frozen=True)
class Frozen:
    """All that is published of an organisation's budget of a year.

    `unit`: what its figures are printed in (元 or 万元); `names`: dimension → code → name, of every code in `spending`
    and `income` and those above them; `reasons`: topic → what the text says of a change.
    """

    schema: int
    code: str
    name: str
    is_department: bool
    year: int
    stage: str
    unit: str
    table_set: str
    title: str
    approvals: tuple[Approval, ...]
    grids: tuple[Grid, ...]
    parts: tuple[FrozenPart, ...]
    tables_title: str
    terms: tuple[tuple[str, str], ...]
    reasons: Mapping[str, str]
    charts: tuple[Chart, ...]
    projects: tuple[FrozenProject, ...]
    series: tuple[Series, ...]
    spending: tuple[Spending, ...]
    income: tuple[Income, ...]
    names: Mapping[str, Mapping[str, str]]
    _by_key: dict = field(default_factory=dict, init=False, compare=False, repr=False)

    def grid(self, key: str) -> Grid:
        """A table by its key. KeyError where the set has none of that key."""
        if not self._by_key:
            self._by_key.update({grid.key: grid for grid in self.grids})
        return self._by_key[key]

    def has(self, key: str) -> bool:
        return any(grid.key == key for grid in self.grids)

    @property
    def kind(self) -> str:
        return kind_of(self.is_department)

    def to_json(self) -> str:
        """Canonical: keys sorted, no blanks, Chinese as it is."""
        data = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("grids", "charts", "_by_key")
        }
        data["grids"] = [grid_to_stored(grid) for grid in self.grids]
        data["charts"] = [_kept(chart) for chart in self.charts]
        return json.dumps(data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Frozen":
        """What was kept. ValueError for another schema, KeyError or TypeError for what was never one."""
        data = json.loads(text)
        if data["schema"] != SCHEMA:
            raise ValueError(f"published contents of schema {data['schema']!r}, not {SCHEMA}")
        return cls(
            **{
                **data,
                "approvals": tuple(Approval(*one) for one in data["approvals"]),
                "grids": tuple(grid_from_stored(one) for one in data["grids"]),
                "parts": tuple(
                    FrozenPart(label, title, tuple(FrozenBlock(*one) for one in blocks))
                    for label, title, blocks in data["parts"]
                ),
                "terms": tuple((term, text) for term, text in data["terms"]),
                "charts": tuple(_chart(one) for one in data["charts"]),
                "projects": tuple(
                    FrozenProject(*values, tuple(FrozenIndicator(*one) for one in indicators))
                    for *values, indicators in data["projects"]
                ),
                "series": tuple(
                    Series(key, label, tuple((year, fen) for year, fen in values))
                    for key, label, values in data["series"]
                ),
                "spending": tuple(Spending(*one) for one in data["spending"]),
                "income": tuple(Income(*one) for one in data["income"]),
            }
        )


def fingerprint(frozen: Frozen) -> str:
    """What tells whether two contents are the same: sha256 of the canonical text, in hex."""
    return hashlib.sha256(frozen.to_json().encode()).hexdigest()


def frozen_of(selection: Selection) -> Frozen:
    """What would be published of a selection now. NoText where the set has no text."""
    return frozen_from(document_of(selection, more=MORE), selection)


def frozen_from(document: Document, selection: Selection) -> Frozen:
    """The same, of a document that has been drawn already (with the sources MORE)."""
    book, rendering = document.book, document.rendering
    spending, income = _spending(book), _income(book)
    return Frozen(
        schema=SCHEMA,
        code=book.code,
        name=book.name,
        is_department=book.is_department,
        year=book.year,
        stage=stage_name(book.stage),
        unit=book.table_set.unit,
        table_set=book.table_set.key,
        title=document.title,
        approvals=_approvals(selection),
        grids=document.grids,
        parts=tuple(
            FrozenPart(part.label, part.title, tuple(FrozenBlock(block.level, block.text) for block in part.blocks))
            for part in document.narrative.parts
        ),
        tables_title=document.narrative.tables_title,
        terms=tuple(
            term
            for part in rendering.wording.parts
            for block in part.blocks
            if isinstance(block, Glossary)
            for term in rendering.terms(block)
        ),
        reasons=_reasons(document),
        charts=document.charts,
        projects=_projects(document),
        series=document.series,
        spending=spending,
        income=income,
        names=_names(document, spending, income),
    )


# ---- its parts


def _approvals(selection: Selection) -> tuple[Approval, ...]:
    found = {
        Approval(budget.document_number, budget.document_date.isoformat())
        for budget in selection.budgets
        if budget.document_date
    }
    return tuple(sorted(found))


def _reasons(document: Document) -> dict[str, str]:
    """Those that the text has a place for."""
    figures = document.rendering.wording.figures.values()
    topics = {figure.topic for figure in figures if getattr(figure, "topic", "")}
    return {topic: text for topic, text in document.rendering.facts.reasons.items() if topic in topics}


def _spending(book: Book) -> tuple[Spending, ...]:
    """By everything but the item: what is published of items is the table of projects."""
    names = Spending._fields[:-1]
    sums = book.sums("lines", names)
    places = [sums.dimensions.index(name) for name in names]
    rows = (Spending(*(values[at] for at in places), fen) for values, fen in sums.amounts.items() if fen)
    return tuple(sorted(rows))


def _income(book: Book) -> tuple[Income, ...]:
    names = Income._fields[:-1]
    sums = book.sums("receipts", names)
    places = [sums.dimensions.index(name) for name in names]
    rows = (Income(*(values[at] for at in places), fen) for values, fen in sums.amounts.items() if fen)
    return tuple(sorted(rows))


def _names(document: Document, spending, income) -> dict[str, dict[str, str]]:
    book = document.book
    found: dict[str, dict[str, str]] = {
        "unit": {unit.code: unit.name for unit in book.units},
        "category": {str(code): label for code, label in Category.choices},
    }
    wanted: dict[str, list[str]] = {"fund": sorted({row.fund for row in (*spending, *income)})}
    for dimension in ("function", "economic", "government"):
        lengths = UPPER[dimension]
        members = {code: book.member(dimension, code) for code in {getattr(row, dimension) for row in spending}}
        known = {code: one.name for code, one in members.items()}
        known |= {code[:length]: one.name for code, one in members.items() if one.more for length in lengths}  # 未细化
        wanted[dimension] = sorted({code[:length] for code in members for length in lengths} - known.keys())
        found[dimension] = known
    upper = {(row["dimension"], row["code"]): row["name"] for row in book.records(UPPER_CODES)}
    for dimension, codes in wanted.items():
        called = {code: upper[dimension, code] for code in codes if (dimension, code) in upper}
        found[dimension] = dict(sorted({**found.get(dimension, {}), **called}.items()))
    return found


def _projects(document: Document) -> tuple[FrozenProject, ...]:
    """The rows of the table of projects as they are disclosed, with what is said of each beside its money."""
    grid = next((grid for grid in document.grids if grid.key == PROJECTS), None)
    if grid is None:
        return ()
    lists = document.book.lists
    goals = {one["item"]: one["text"] for one in lists.get(GOALS, ())}
    indicators = defaultdict(list)
    for one in lists.get(INDICATORS, ()):
        indicators[one["item"]].append(FrozenIndicator(*(one.get(name) or "" for name in FrozenIndicator._fields)))
    category, name, unit, total = (grid.column_at(key) for key in ("category", "name", "unit", "total"))
    found = []
    for row in grid.rows:
        if row.kind == "item":
            uid = row.key.rpartition("/")[2]
            words = (row.cells[category], row.cells[name], row.cells[unit])
            beside = (goals.get(uid, ""), tuple(indicators.get(uid, ())))
            found.append(FrozenProject(row.key, *words, row.cells[total] or 0, *beside))
    return tuple(found)


def _kept(chart: Chart) -> dict:
    """Without parts where it has none: what was published before there were any stays the same bytes."""
    return {name: getattr(chart, name) for name in chart.__dataclass_fields__ if name != "parts" or chart.parts}


def _chart(data: dict) -> Chart:
    slices = tuple(Slice(label, tuple(values), key) for label, values, key in data["slices"])
    return Chart(**{**data, "slices": slices, "years": tuple(data["years"]), "parts": tuple(data.get("parts", ()))})
