import pytest

from tests import factories


@pytest.fixture
def budget(db):
    """An empty draft of 566001 for 2024."""
    return factories.make_budget()
