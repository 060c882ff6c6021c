"""The document of an organisation: its text and its tables, of one state, as they are disclosed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from budget.books import Selection, read_book
from budget.charts import SOURCES, Chart
from budget.comparison import LastYear, last_year_of
from budget.reporting.book import Book
from budget.reporting.grid import Grid
from budget.reporting.spec import TableSet
from budget.series import Series, series_of

from .charts import charts_of
from .disclosed import disclosed
from .narrative.facts import TextFacts, facts_of
from .narrative.render import Override, Rendering
from .narrative.text import Narrative
from .narrative.wording import wordings


class NoText(LookupError):
    """The table set has tables but no text."""


@dataclass(frozen=True)
class Document:
    """Text and tables. `book` is what they are drawn from; `grids` are as disclosed; `rendering` made the text."""

    book: Book
    narrative: Narrative
    grids: tuple[Grid, ...]
    withheld: Mapping[str, str]
    rendering: Rendering

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The figures it is known by over the years."""
        return series_of(self.book, self.rendering.last)

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        return charts_of(self.book, self.grids, dict(self.rendering.facts.classes), self.series)

    @property
    def title(self) -> str:
        return "".join(self.narrative.cover)


def rendering_of(
    selection: Selection, book: Book, overrides: Override | None = None, *, last: LastYear | None = None
) -> Rendering:
    """What renders the text of a book of these budgets; `last` where it is known. NoText where the set has none."""
    wording = wordings().get(book.table_set.key)
    if wording is None:
        raise NoText(f"表套“{book.table_set.title}”没有情况说明的文字。")
    last = last or last_year_of(book, selection)
    facts = facts_of(selection, [budget.pk for budget in last.selection.budgets] if last.selection else ())
    return Rendering(wording, book, selection, facts, last, overrides or {})


def document_of(
    selection: Selection,
    *,
    table_set: TableSet | None = None,
    overrides: Override | None = None,
    more: Iterable[str] = (),
) -> Document:
    """The whole document of a selection; `more`: sources beside the tables'. NoText where the set has no text."""
    book = read_book(selection, table_set=table_set, more=(*SOURCES, *more))
    return document_from(book, rendering_of(selection, book, overrides))


def document_from(book: Book, rendering: Rendering) -> Document:
    """The same of a book that was read already, with all that its tables and charts need, and of its rendering."""
    return Document(
        book=book,
        narrative=rendering.narrative(),
        grids=disclosed_grids(book, rendering.facts),
        withheld=rendering.facts.withheld,
        rendering=rendering,
    )


def disclosed_grids(book: Book, facts: TextFacts) -> tuple[Grid, ...]:
    """The tables of a book as they are disclosed."""
    categories = {uid: item.more["category"] for uid, item in book.members.get("item", {}).items()}
    return tuple(disclosed(grid, facts.withheld, categories) for grid in book.grids())
