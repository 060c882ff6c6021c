"""The demonstration budget with its people, a second department that they may not see, and their log-ins."""

import pytest
from django.test import Client

from organisation.models import User
from tests import beginnings
from tests.factories import make_budget, make_item, make_line, make_user

AT = "/566001/2024/second/"


@pytest.fixture
def budget(db):
    """The demonstration budget of 566001: 393.52 万元 in 40 lines, a draft 二上 of 2024."""
    return beginnings.demonstration()


@pytest.fixture
def strange(budget):
    """A budget of another department, which nobody of 566 may see."""
    other = make_budget("777001")
    make_line(make_item(other, "不可见的项目"), 123400)
    return other


@pytest.fixture
def client_of(budget):
    """Log-ins by user name: jingban is a clerk of 566001, zhuguan holds 566, yusuan sees everything."""

    def log_in(username: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client

    return log_in


@pytest.fixture
def clerk(client_of):
    return client_of("jingban")


@pytest.fixture
def outsider(budget):
    """A clerk of a unit of another department."""
    client = Client()
    client.force_login(make_user("clerk", "777001"))
    return client
