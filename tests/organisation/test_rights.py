"""Who may do what: by role, in the unit and below it, as long as the membership lasts."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organisation.models import Membership, Unit, User
from organisation.rights import can
from organisation.roles import EXCLUSIVE_ROLES, ROLES, UNIT_ROLES, Role
from tests.factories import make_budget, make_unit, make_user

pytestmark = pytest.mark.django_db
MONEY = {"view", "edit", "submit", "review", "approve", "export_book", "publish"}


@pytest.fixture
def units():
    return {code: make_unit(code) for code in ("566", "566001", "566002", "577", "577001")}


def seen(user) -> set[str]:
    return set(Unit.objects.visible_to(user).values_list("code", flat=True))


def test_a_unit_role_reaches_the_unit_and_what_is_below_it(units):
    assert seen(make_user(Role.CLERK, units["566001"])) == {"566001"}
    assert seen(make_user(Role.DEPARTMENT, units["566"])) == {"566", "566001", "566002"}
    assert seen(make_user(Role.FINANCE_ADMIN)) == set(units)


def test_a_code_that_only_begins_alike_is_another_unit(units):
    Unit.objects.create(code="5660", name="另一部门")
    assert "5660" not in seen(make_user(Role.DEPARTMENT, units["566"]))


def test_different_roles_in_two_units(units):
    user = make_user(Role.CLERK, units["566001"])
    Membership.objects.create(user=user, unit=units["577001"], role=Role.REVIEWER, starts=dt.date(2020, 1, 1))
    user = User.objects.get(pk=user.pk)
    assert (can(user, "edit", units["566001"]), can(user, "edit", units["577001"])) == (True, False)
    assert (can(user, "review", units["566001"]), can(user, "review", units["577001"])) == (False, True)


def test_a_right_goes_by_the_unit_of_the_thing(units):
    budget = make_budget(units["566001"])
    assert can(make_user(Role.CLERK, units["566001"]), "edit", budget)
    assert not can(make_user(Role.CLERK, units["566002"]), "edit", budget)


def test_what_was_delegated_ends_with_the_role_of_who_gave_it(units):
    today = dt.date.today()
    giver, taker = make_user(Role.REVIEWER, units["566001"]), make_user(None)
    budget_office, deputy = make_user(Role.FINANCE_BUDGET), make_user(None)
    held = giver.memberships.get()
    for user, by in ((taker, giver), (deputy, budget_office)):
        own = by.memberships.get()
        later = today + dt.timedelta(days=30)
        Membership.objects.create(user=user, unit=own.unit, role=own.role, starts=today, ends=later, delegated_by=by)

    def may(user, action):
        return can(User.objects.get(pk=user.pk), action, units["566001"])

    assert may(taker, "review") and may(deputy, "approve")
    Membership.objects.filter(pk=held.pk).update(role=Role.CLERK)  # another role in the same unit is not that one
    assert not may(taker, "review")
    Membership.objects.filter(pk=held.pk).update(role=Role.REVIEWER, ends=today - dt.timedelta(days=1))
    assert not may(taker, "review")
    User.objects.filter(pk=budget_office.pk).update(is_active=False)
    assert not may(deputy, "approve")


@pytest.mark.parametrize(
    ("starts", "ends"), [(dt.date(2999, 1, 1), None), (dt.date(2020, 1, 1), dt.date(2020, 12, 31))]
)
def test_a_membership_counts_only_while_it_lasts(units, starts, ends):
    user = make_user(None)
    Membership.objects.create(user=user, unit=units["566001"], role=Role.CLERK, starts=starts, ends=ends)
    assert not can(user, "view", units["566001"])
    assert seen(user) == set()


def test_who_has_left_may_do_nothing(units):
    user = make_user(Role.CLERK, units["566001"], is_active=False)
    assert not can(user, "view", units["566001"])


def test_a_superuser_has_no_rights_by_being_one(units):
    user = make_user(None, is_superuser=True, is_staff=True)
    assert not can(user, "view", units["566001"])


def test_an_action_nobody_knows_is_a_mistake(units):
    with pytest.raises(ValueError, match="fly"):
        can(make_user(), "fly", units["566001"])


def test_the_three_administrators_see_no_amounts_and_share_no_power():
    powers = [ROLES[role].actions for role in sorted(EXCLUSIVE_ROLES)]
    assert len(powers) == 3
    for at, one in enumerate(powers):
        assert not one & MONEY
        for other in powers[at + 1 :]:
            assert not one & other


def test_an_administrator_holds_no_other_role(units):
    user = make_user(Role.CLERK, units["566001"])
    membership = Membership(user=user, role=Role.AUDITOR)
    with pytest.raises(ValidationError, match="不能与其他角色"):
        membership.full_clean()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_of_units_has_a_unit_and_no_other_has(units, role):
    wrong = None if role in UNIT_ROLES else units["566"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=make_user(None), unit=wrong, role=role, starts=dt.date(2020, 1, 1))


def test_a_membership_is_given_once(units):
    for role, unit in ((Role.CLERK, units["566001"]), (Role.AUDITOR, None)):
        user = make_user(None)
        given = {"user": user, "unit": unit, "role": role, "starts": dt.date(2020, 1, 1)}
        Membership.objects.create(**given)
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**given)


def test_moving_a_unit_moves_what_is_below_it(units):
    below = make_unit("566001")
    below.parent = units["577"]
    below.save()
    assert Unit.objects.get(code="566001").path == "577/566001/"
    below.parent = below
    with pytest.raises(ValidationError, match="上级单位"):
        below.full_clean()
