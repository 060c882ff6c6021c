"""Every printed figure, 0.01 up and down: found, in our tables by exactly the rules that hold it, in a document too."""

import pytest

from budget.reporting import rules, xlsx
from budget.reporting.rules import Severity
from publication import foreign
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests.budget.reporting.read_back import CREATED
from tests.checks.matters import HUNDREDTH, base, every_cell, fired, pairs_of, planted
from tests.checks.test_rules import IDENTITIES
from tests.factories import make_edition
from tests.plain_books import book_of, reference
from tests.publication.as_published import workbook


def test_every_figure_is_held_by_exactly_the_rules_that_name_it():
    matter = base()
    concerned: dict = {}
    for key in IDENTITIES:
        for left, right in pairs_of(key, matter):
            for cell in {*left, *right}:
                concerned.setdefault(cell, set()).add(key)
    wrong = []
    for cell in every_cell(matter, [placed.table for placed in HENAN_JIAOZUO_2024.tables]):
        found = {key for step in (HUNDREDTH, -HUNDREDTH) for key in fired(planted(matter, cell, step))}
        if not found or not found <= concerned.get(cell, set()) | {"X12"}:
            wrong.append((cell, found))
    assert wrong == []


# an “of which” of the published file, which lacks the table that says it again: held from above only
ABOVE_ONLY = [(("revenue_and_expenditure", "appropriation", "income.amount"), -HUNDREDTH)]


def own() -> bytes:
    return xlsx.book_bytes(book_of(reference(), HENAN_JIAOZUO_2024).grids(), created=CREATED)


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "figures", "known"), [(own, 400, []), (workbook, 290, ABOVE_ONLY)])
def test_every_change_of_a_figure_of_an_imported_document_is_found(content, figures, known):
    """Our workbook and the one the bureau published: whichever figure is 0.01 off, an identity names its cell."""
    make_edition()
    matter = foreign.examine(content(), "document.xlsx", HENAN_JIAOZUO_2024, 2024).report.matter
    held = [one for one in rules.catalogue().values() if one.id[0] in "XA"]
    assert not [found for one in rules.run(matter, held) for found in one.findings if found.severity is Severity.ERROR]
    tables = [placed.table for placed in HENAN_JIAOZUO_2024.tables if matter.grid(placed.table)]
    cells = list(every_cell(matter, tables))
    unseen = []
    for cell in cells:
        for step in (HUNDREDTH, -HUNDREDTH):
            errors = (each for one in rules.run(planted(matter, cell, step), held) for each in one.findings)
            sides = [side for each in errors if each.severity is Severity.ERROR for side in (each.left, each.right)]
            if not any(cell in side.cells for side in sides if side):
                unseen.append((cell, step))
    assert len(cells) >= figures and unseen == known
