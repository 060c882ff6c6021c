import pytest

from budget.models import Budget
from tests import beginnings, factories


def full(budget: Budget) -> Budget:
    """With what a page has of it."""
    return Budget.objects.select_related("unit", "campaign__edition").get(pk=budget.pk)


@pytest.fixture
def source(db):
    """The demonstration budget of 2024."""
    return full(beginnings.demonstration())


@pytest.fixture
def draft(source):
    """An empty draft of the same unit for 2025."""
    return full(factories.make_budget(source.unit, year=2025))
