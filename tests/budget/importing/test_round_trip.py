"""What was exported comes back without a change: template and plain file, and the template saved by another program."""

import io
import re

import openpyxl
import pytest

from budget.importing import lines
from budget.importing.line_csv import line_csv
from budget.importing.template import template
from budget.reporting.money import WAN, YUAN
from tests import factories

from .random_drafts import random_draft
from .workbooks import parts, saved, with_part

pytestmark = pytest.mark.django_db


def resaved(content: bytes) -> bytes:
    """As another program writes it: everything read and written anew."""
    return saved(openpyxl.load_workbook(io.BytesIO(content)))


def with_wrong_dimension(content: bytes) -> bytes:
    part = parts(content)["xl/worksheets/sheet1.xml"].decode()
    return with_part(
        content, "xl/worksheets/sheet1.xml", re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"', part).encode()
    )


EXPORTS = {
    "in 万元": lambda budget: (template(budget, WAN), "a.xlsx"),
    "in 元": lambda budget: (template(budget, YUAN), "a.xlsx"),
    "with a wrong dimension": lambda budget: (with_wrong_dimension(template(budget)), "a.xlsx"),
    "plain": lambda budget: (line_csv(budget), "lines.csv"),
}


def unchanged(budget, content: bytes, name: str) -> list[str]:
    """What an import of the file would change; [] is what we want."""
    reading = lines.read(content, name, budget)
    return reading.error_texts() or [repr(change) for change in lines.changes(reading.desired, budget)]


@pytest.mark.parametrize("seed", range(5))
def test_an_export_changes_nothing(seed):
    budget = random_draft(seed)
    before = factories.fingerprint()
    for export in EXPORTS.values():
        content, name = export(budget)
        assert unchanged(budget, content, name) == []
        assert not lines.apply(lines.read(content, name, budget).desired, budget, by=None)
    assert factories.fingerprint() == before


def test_a_template_saved_by_another_program_changes_nothing():
    budget = random_draft(77)
    content = resaved(template(budget))
    # that program keeps no results of formulas, and the lines have none that count
    assert unchanged(budget, content, "a.xlsx") == []
