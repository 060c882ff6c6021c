"""Who may come in where: every address by every role.

The axes (address, role and nobody, unit, method, query) are each whole, and every two of them meet; the full product,
on both databases, is in tests/drill. `in_pairs` says what is left to it and why.
"""

import re
import sys
from itertools import product

import pytest
from django.db import connection

from organisation import rights
from organisation.models import UnitQuerySet
from tests.web.rights import addresses, findings, in_pairs
from tests.web.rights_world import LOCKED, MISSING, OWN, UNITS, make_world
from tests.web.rules import ABSENT, ANYONE, FILES, OPEN, PUBLISHED, RULES

pytestmark = pytest.mark.django_db

PAGES = ("budget", "tables", "table", "lines", "items", "projects", "project", "indicators", "search", "home")


@pytest.fixture
def world():
    return make_world()


def people(world, *labels):
    return [person for person in world.people if person.label in labels]


def test_every_address_has_a_rule():
    assert {name for name, _ in addresses()} == set(RULES)


@pytest.mark.one_database
def test_every_two_of_person_address_unit_and_method_meet(world):
    routes = list(addresses())
    asked = list(in_pairs(world, world.people, routes, ("GET", "POST")))
    labels = {person.label for person in world.people}
    with_unit = {name for name, route in routes if "<stage:" in route}
    units = {*UNITS, MISSING, LOCKED}
    by_right = {name for name, rule in RULES.items() if {rule.get, rule.post} - {None, OPEN, PUBLISHED, ABSENT}}
    assert {(one.person.label, one.name) for one in asked} >= set(product(labels, by_right))
    assert {(one.person.label, one.unit) for one in asked} == set(product(labels, {"", *units}))
    assert {(one.person.label, one.method) for one in asked} == set(product(labels, ("GET", "POST")))
    assert {(one.name, one.unit) for one in asked} >= set(product(with_unit, units))
    assert {(one.name, one.method) for one in asked} == set(product(RULES, ("GET", "POST")))
    assert {(one.unit, one.method) for one in asked} == set(product({"", *units}, ("GET", "POST")))
    for name in by_right:
        queries = {one.address.partition("?")[2] for one in asked if one.name == name and one.method == "GET"}
        assert queries >= set(RULES[name].queries) - set(FILES[1:])


@pytest.mark.one_database
@pytest.mark.parametrize("part", range(2))
def test_nobody_gets_further_than_their_role(world, part):
    assert findings(world, world.people, methods=("GET", "POST"), share=(part, 2)) == []


def test_a_clerk_gets_no_further_on_any_database(world):
    """On PostgreSQL one of them: rights are no others there. Everybody on both: tests/drill."""
    names = None if connection.vendor == "postgresql" else PAGES
    assert findings(world, people(world, "clerk"), names, methods=("GET", "POST")) == []


@pytest.mark.one_database
def test_no_address_takes_other_methods(world):
    assert findings(world, people(world, "anonymous", "clerk", "auditor"), methods=("PUT", "DELETE")) == []


@pytest.mark.one_database
def test_the_checker_finds_units_that_everybody_sees(world, monkeypatch):
    monkeypatch.setattr(UnitQuerySet, "where_allowed", lambda rows, user, action: rows)
    found = findings(world, world.people, PAGES, methods=("GET",))
    assert {name for name, route in addresses() for one in found if leads_to(route, one.address)} >= {*PAGES}
    assert any(one.what == "tells 暗号777001" for one in found)


@pytest.mark.one_database
def test_the_checker_finds_what_changes_a_locked_budget(world):
    """Our draft taken for a locked one: a project that can be removed is found."""
    world.budgets[LOCKED], world.projects[LOCKED] = world.budgets[OWN], world.projects[OWN]
    found = findings(world, people(world, "clerk"), ["project-delete", "tables"], methods=("GET", "POST"))
    assert {(leads, one.what) for one in found for leads in [one.address.rsplit("/", 2)[1]]} == {
        ("delete", "changes what is locked")
    }


@pytest.mark.one_database
def test_the_checker_finds_a_right_that_is_not_asked_for(world, monkeypatch):
    asked, real = [], rights.can

    def always(user, action, thing=None):
        asked.append(action)
        return True

    for module in list(sys.modules.values()):
        for name in [name for name, value in getattr(module, "__dict__", {}).items() if value is real]:
            monkeypatch.setattr(module, name, always)
    guarded = [name for name, rule in RULES.items() if {rule.get, rule.post} - {None, "view", ANYONE, OPEN}]
    found = findings(world, people(world, "reviewer"), guarded or ["home"], methods=("GET", "POST"))
    assert asked
    assert bool(found) == bool(guarded)


def leads_to(route: str, address: str) -> bool:
    return re.fullmatch(re.sub(r"<(?:\w+:)?\w+>", "[^/]+", route), address.split("?")[0]) is not None
