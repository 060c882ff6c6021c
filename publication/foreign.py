"""The check of a document that somebody else made: its tables (a workbook of a known table set), its text, or both.

The same rules are run as over our own; those about the text are held against its tables where these are there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from budget.checking import Report, results
from budget.importing import guard
from budget.importing.files import Source
from budget.importing.foreign import Document
from budget.importing.foreign_rows import read_document
from budget.models import DepartmentEconomicClass, EconomicPair, Edition, FunctionalClass, GovernmentEconomicClass
from budget.reporting import money, rules
from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Severity, Spot
from budget.reporting.spec import TableSet

from .rules import TEXT
from .text_check import FUNDS, listed
from .text_rules import KnownTables, PlacedText

ROUNDED = 10  # a document of whose sums more than one in so many are off was rounded cell by cell


@dataclass(frozen=True)
class Foreign:
    """A document with what came of every rule."""

    document: Document
    report: Report

    @property
    def errors(self) -> list[Finding]:
        return [one.finding for one in self.report.errors]

    def places(self, finding: Finding) -> list[str]:
        """Sheet and cell of everything a finding names: 3 部门支出预算表!E8."""
        found = [self.place(spot) for spot in finding.spots]
        return list(dict.fromkeys(place for place in found if place))

    def place(self, spot: Spot) -> str:
        if spot.kind == "cell":
            return self.document.address(spot.key)
        if spot.kind == "indicator":
            return spot.key[1]
        if spot.kind == "project":
            return self.document.address(("project_performance", spot.key[0], "name"))
        if spot.kind == "page" and spot.key[0] == "performance" and len(spot.key) > 2:
            return self.document.address(("department_performance", spot.key[2], "name"))
        return ""  # of a text, the message says where


def examine(content: bytes, name: str, table_set: TableSet, year: int, *, text: Sequence[PlacedText] = ()) -> Foreign:
    """Read and check a file, a text, or both. Without a file (`content` empty) only the rules about texts are run.

    files.FileRefused where the file cannot be read at all.
    """
    document = read_document(guard.read(content, name) if content else Source([]), table_set, year)
    matter = _matter(document)
    if text:
        matter.lists[TEXT] = [{"paragraphs": list(text), "known": _known(matter)}]
    asked = [one for one in rules.catalogue().values() if content or one.sources == {TEXT}]
    outcomes = rules.run(matter, asked)
    if _is_rounded(outcomes):
        matter = replace(matter, half_step=money.FEN_PER[document.unit] // 200)
        outcomes = rules.run(matter, asked)
    return Foreign(document, Report(matter, tuple(results(outcomes, {})), notices=tuple(document.notices)))


def _is_rounded(outcomes) -> bool:
    """Whether the document was rounded cell by cell: one whose other sums are exact is held to it to the last digit."""
    sums = [one for one in outcomes if one.rule.id[0] in "XA" and TEXT not in one.rule.sources]
    compared = sum(one.compared for one in sums)
    off = sum(1 for one in sums for finding in one.findings if finding.difference)
    return off * ROUNDED > compared


def _matter(document: Document) -> Matter:
    edition = Edition.objects.filter(year=document.year).first()
    names: dict[str, dict[str, str]] = {}
    lists = dict(document.lists)
    if edition is not None:
        for dimension, model in (
            ("function", FunctionalClass),
            ("economic", DepartmentEconomicClass),
            ("government", GovernmentEconomicClass),
        ):
            names[dimension] = dict(model.objects.of(edition).order_by().values_list("code", "name"))
        pairs = EconomicPair.objects.filter(edition=edition).order_by()
        lists["pairs"] = [
            {"nature": nature, "economic": economic, "government": government}
            for nature, economic, government in pairs.values_list("nature", "economic__code", "government__code")
        ]
    return Matter(document.table_set, document.year, document.grids.get, lists, names, absent="文件中没有")


def _known(matter: Matter) -> KnownTables:
    """What the tables of the document say that its text must agree with; nothing of those that it has not."""
    basic, projects, spending = map(matter.grid, ("general_basic_by_economic", "projects", "expenditure"))
    classes = {code: label for code, label in matter.names.get("function", {}).items() if len(code) == 3}
    used = {row.cells[spending.column_at("code.class")] for row in spending.rows} if spending else ()
    indicators = matter.lists.get("project_indicators")
    return KnownTables(
        lists=listed(basic) if basic else {},
        projects=sum(row.kind == "item" for row in projects.rows) if projects else None,
        indicator_kinds=frozenset(one["level_1"] for one in indicators) if indicators else None,
        empty_funds={fund: grid.is_empty for fund, table in FUNDS.items() if (grid := matter.grid(table))},
        class_names=frozenset(classes.values()),
        used_classes=frozenset(label for code, label in classes.items() if code in used) or None,
    )


def unread(foreign: Foreign) -> list[tuple[str, str]]:
    """(address, what is wrong) of the cells that are no amounts: each is an error of the document."""
    return [(one.address, one.message) for one in foreign.document.unread]


def is_well(foreign: Foreign) -> bool:
    """Whether there is no error in it."""
    return not foreign.document.unread and not any(one.severity is Severity.ERROR for one in foreign.report.checked)
