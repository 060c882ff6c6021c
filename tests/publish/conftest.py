import pytest

from tests.publish.world import Office, make_published_year, quick


@pytest.fixture
def year(db):
    """The reference budget, approved on 1 February 2024."""
    return make_published_year()


@pytest.fixture
def office(year):
    return Office()


@pytest.fixture
def quickly(monkeypatch):
    quick(monkeypatch)
