"""One mistake anywhere in a workbook is reported at its own `sheet!A1`, and there alone (T-05)."""

import pytest

from budget.importing import files, lines
from tests.importing.planted import planted

pytestmark = pytest.mark.django_db
COUNT = 60


def wrong_addresses(budget, seeds, read) -> list[str]:
    found = []
    for seed in seeds:
        content, address, what = planted(seed)
        errors = lines.read(read(content), "明细.xlsx", budget).errors
        if [error.address for error in errors] != [address]:
            found.append(f"{seed}: {what} at {address}, told {[str(error) for error in errors]}")
    return found


def test_a_planted_mistake_is_told_at_its_cell(budget):
    assert wrong_addresses(budget, range(COUNT), lambda content: files.read(content, "明细.xlsx")) == []
