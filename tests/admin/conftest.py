"""Both units' rows, and log-ins by role."""

import pytest
from django.test import Client

from organisation.roles import UNIT_ROLES, Role
from tests.admin.world import CANARY, OTHER, OWN, fill
from tests.factories import make_unit, make_user

AT_DEPARTMENT = (Role.DEPARTMENT, Role.FINANCE_OFFICE)


@pytest.fixture
def own(db):
    return fill(OWN, "本")


@pytest.fixture
def other(db):
    return fill(OTHER, CANARY)


@pytest.fixture
def log_in(db):
    """A client of a person who holds the role, in 566001 or its department where it is a role of units."""

    def as_(role, unit: str = OWN, user=None) -> Client:
        if user is None:
            code = unit[:3] if role in AT_DEPARTMENT else unit
            user = make_user(role, make_unit(code) if role in UNIT_ROLES else None)
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return as_


@pytest.fixture
def clerk(log_in, own):
    return log_in(Role.CLERK)


@pytest.fixture
def finance(log_in, own):
    return log_in(Role.FINANCE_ADMIN)
