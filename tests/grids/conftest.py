"""A draft, a clerk, and the grid as its browser side speaks to it."""

import pytest

from tests.factories import make_budget, make_user
from tests.grids.speaking import Grid


@pytest.fixture
def budget(db):
    """An empty draft 二上 of 566001."""
    return make_budget()


@pytest.fixture
def clerk(budget):
    return make_user("clerk", budget.unit)


@pytest.fixture
def grid(clerk):
    """The grid of basic spending, amounts in 万元."""
    return Grid(clerk)
