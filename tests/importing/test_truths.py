"""What a workbook holds is what is read of it, whatever it says of itself (T-03)."""

import io

import openpyxl
import pytest

from budget.importing import files
from tests.importing.truths import Maker, read_as

COUNT = 40


def read(content: bytes):
    return files.read(content, "明细.xlsx")


@pytest.mark.django_db
def test_every_fact_of_a_workbook_is_read(budget):
    maker = Maker(budget)
    wrong = []
    for seed in range(COUNT):
        content, facts = maker.made(seed)
        if read_as(content, budget, read) != facts:
            wrong.append(seed)
    assert wrong == []


@pytest.mark.django_db
def test_who_believes_the_dimension_loses_rows(budget):
    """The negative control: what openpyxl reads of the same files when it trusts what they say."""
    maker = Maker(budget)
    lost = 0
    for seed in range(COUNT):
        content, facts = maker.made(seed)
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        if sheet.max_row is None or sheet.max_row <= 1000:
            there = sum(1 for row in sheet.iter_rows(values_only=True) if any(value is not None for value in row))
            lost += there < len(facts) + 1
    assert lost > COUNT / 10
