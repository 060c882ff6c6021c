"""Every model × every role × list, new, own row, another unit's row, removal: as the roles say, nothing else.

Of refusals that are one decision, one is asked in turn; the full product is in tests/drill.
"""

import pytest
from django.apps import apps
from django.contrib import admin

from budget.models import Explanation, ReviewStep
from config.admin_site import SECTIONS
from organisation.administration import GuardedAdmin
from organisation.models import RecoveryCode, SecondFactor, UsedPassword
from organisation.roles import ROLES, Role
from records.models import SavedOperation
from tests.admin.matrix import registered, wrong_answers
from tests.beginnings import OURS
from tests.factories import fingerprint, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_every_model_of_ours_has_its_pages():
    ours = {model for model in apps.get_models() if model._meta.app_label in OURS}
    # on its stage's page; what the checks page and the grid keep for themselves
    secrets = {UsedPassword, SecondFactor, RecoveryCode}
    assert ours - set(registered()) == {ReviewStep, Explanation, SavedOperation} | secrets
    assert set(registered()) <= ours
    assert all(isinstance(page, GuardedAdmin) for page in admin.site._registry.values())


def test_every_page_stands_in_one_section():
    listed = [key for keys in SECTIONS.values() for key in keys]
    assert sorted(listed) == sorted(model._meta.label_lower for model in registered())


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_may_what_it_may_and_nothing_else(role, log_in, own, other):
    make_user(Role.CLERK, "566001")  # somebody's membership
    client = log_in(role)
    before = fingerprint()
    assert wrong_answers(role, client, own, other) == []
    assert fingerprint() == before
