"""What the rules are told of a project: its dossier, what its costs come to, and nothing of what is not written."""

from decimal import Decimal

import pytest

from budget import books
from budget.models import Category
from projects.models import CostDetail, Dossier
from tests.factories import make_budget, make_item, make_line

pytestmark = pytest.mark.django_db


def test_a_project_is_told_with_and_without_dossier_and_costs():
    budget = make_budget()
    names = ("都有", "只有档案", "只有测算", "都没有")
    both, only_dossier, only_costs, neither = (make_item(budget, name, Category.TARGETED) for name in names)
    make_item(budget, "办公费", Category.OPERATING)  # no project
    make_line(both, 300)
    for item in (both, only_dossier):
        Dossier.objects.create(
            item=item,
            basis="依据",
            start_year=2024,
            total_amount=12,
            is_withheld=True,
            public_name="某",
            withheld_reason="涉密",
        )
    for item, quantity, price in ((both, "2", "100"), (both, "0.5", "0.03"), (only_costs, "1", "50")):
        CostDetail.objects.create(
            item=item, content="费用", quantity=Decimal(quantity), price=Decimal(price), measure="次"
        )
    book = books.read_book(books.select(budget.unit, 2024), more=("dossiers",))
    records = {one["item"]: one for one in book.records("dossiers")}
    assert list(records) == [str(item.uid) for item in (both, only_dossier, only_costs, neither)]
    told = [
        [one[name] for name in ("name", "has_dossier", "is_withheld", "basis", "total_amount_fen", "costs", "fen")]
        for one in records.values()
    ]
    assert told == [
        ["都有", True, True, "依据", 1200, 2_000_150, 30_000],  # hundredths of 分: 2 × 100.00 + 0.50 × 0.03
        ["只有档案", True, True, "依据", 1200, None, 0],
        ["只有测算", False, False, None, None, 500_000, 0],
        ["都没有", False, False, None, None, None, 0],
    ]
