"""A clerk with an empty draft, and the pages of import as they see them."""

import pytest
from django.test import Client

from budget.models import Upload
from tests.factories import make_budget, make_user
from tests.importing.pages import Pages


@pytest.fixture
def budget(db):
    return make_budget()


@pytest.fixture
def clerk(budget):
    return make_user("clerk", budget.unit)


@pytest.fixture
def pages(budget, clerk, monkeypatch):
    """The pages, with jobs begun as soon as they are asked for: a test's transaction never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda work, **how: work())
    client = Client()
    client.force_login(clerk)
    return Pages(client, budget)


@pytest.fixture
def last_upload():
    return lambda: Upload.objects.order_by("pk").last()
