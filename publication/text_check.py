"""The rules about texts over our own document: its paragraphs, and what its tables say."""

from collections.abc import Iterator

from budget.reporting.book import Book
from budget.reporting.grid import Grid

from .document import Document
from .narrative.facts import TextFacts
from .narrative.render import CLASS, kinds_of
from .narrative.text import Narrative
from .text_rules import KnownTables, PlacedText, TextFinding, findings, placed

FUNDS = {"政府性基金": "government_fund_expenditure", "国有资本经营": "state_capital_expenditure"}
LISTS = {"人员经费": "basic.personnel", "公用经费": "basic.operating"}


def check_text(document: Document) -> list[TextFinding]:
    """What the rules find in the text of a document."""
    return findings(paragraphs(document.narrative), known_of(document.book, document.rendering.facts))


def paragraphs(narrative: Narrative) -> Iterator[PlacedText]:
    return placed(line for line in narrative.plain().splitlines() if line)


def known_of(book: Book, facts: TextFacts) -> KnownTables:
    """What the tables of a document say that its text must agree with."""
    placed_in = book.table_set.placed
    is_listed = placed_in("general_basic_by_economic")
    lists = listed(book.grid("general_basic_by_economic")) if is_listed else {}
    projects = None
    if placed_in("projects"):
        projects = sum(row.kind == "item" for row in book.grid("projects").rows)
    used = {code[:CLASS] for code in book.codes("lines", "function")}
    return KnownTables(
        lists=lists,
        projects=projects,
        indicator_kinds=kinds_of(book, "project_indicators"),
        empty_funds={name: book.grid(table).is_empty for name, table in FUNDS.items() if placed_in(table)},
        class_names=frozenset(facts.classes.values()),
        used_classes=frozenset(name for code, name in facts.classes.items() if code in used),
    )


def listed(grid: Grid) -> dict[str, tuple[str, ...]]:
    """人员经费, 公用经费 → the names of the rows of table 6 that have money in that column."""
    name, lists = grid.column_at("economic.name"), {}
    for kind, column in LISTS.items():
        at = grid.column_at(column)
        rows = [row.cells[name] for row in grid.rows if row.kind != "total" and row.cells[at]]
        if rows:
            lists[kind] = tuple(dict.fromkeys(rows))
    return lists
