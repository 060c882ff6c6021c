import pytest

from publication import demo


@pytest.fixture
def budget(db):
    """The demonstration budget of 566001, a draft of which nothing is published."""
    return demo.load(with_people=True)
