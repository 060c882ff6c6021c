"""The whole product of the management entrance: every model × every role × every page and method × both units' rows."""

import pytest
from django.test import Client

from organisation.roles import ROLES, UNIT_ROLES, Role
from tests.admin.matrix import wrong_answers
from tests.admin.world import CANARY, OTHER, OWN, fill
from tests.factories import fingerprint, make_unit, make_user


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_what_it_may_and_nothing_else(role):
    own, other = fill(OWN, "本"), fill(OTHER, CANARY)
    make_user(Role.CLERK, OWN)  # somebody's membership
    at = OWN[:3] if role in (Role.DEPARTMENT, Role.FINANCE_OFFICE) else OWN
    client = Client()
    client.force_login(make_user(role, make_unit(at) if role in UNIT_ROLES else None))
    before = fingerprint()
    assert wrong_answers(role, client, own, other, whole=True) == []
    assert fingerprint() == before
