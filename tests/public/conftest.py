import pytest

from tests import beginnings


@pytest.fixture
def budget(db):
    """The demonstration budget of 566001, a draft of which nothing is published."""
    return beginnings.demonstration()
