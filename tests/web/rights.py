"""The rights matrix: a checker of every address, by the people of its world, against RULES.

What a person may do is worked out here from ROLES alone, not by asking the code under test.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from organisation.models import User
from organisation.roles import ROLES
from tests.factories import fingerprint
from tests.web.rights_world import (
    FOREIGN,
    KEPT,
    LOCKED,
    MISSING,
    OTHER,
    OWN,
    UNITS,
    Person,
    World,
    canaries,
    content,
)
from tests.web.rules import ABSENT, ANYONE, FILES, OPEN, PUBLISHED, RULES, Rule

METHODS = ("GET", "POST", "PUT", "DELETE")
TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce=")[^"]*"')
EXCLUDED_NAMESPACES = {"admin"}  # they have a matrix of their own


class Finding(NamedTuple):
    person: str
    method: str
    address: str
    what: str


def addresses() -> Iterator[tuple[str, str]]:
    """(name, route) of every address that the resolver knows, but for the excluded namespaces."""

    def walk(patterns, prefix):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield pattern.name or route, route
            elif pattern.namespace not in EXCLUDED_NAMESPACES:
                yield from walk(pattern.url_patterns, route)

    return walk(get_resolver().url_patterns, "/")


def filled(route: str, arguments: dict[str, str]) -> str:
    """The route with its arguments; AssertionError for one that has no sample."""
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: arguments.get(found[1], found[0]), route)
    assert "<" not in address, f"no sample for {address}: add it to World.arguments"
    return address


class Request(NamedTuple):
    """One question that is asked of an address, in the name of a person."""

    person: Person
    name: str
    unit: str
    method: str
    address: str


def findings(
    world: World,
    people: Iterable[Person],
    names: Iterable[str] | None = None,
    *,
    methods: tuple[str, ...] = METHODS,
    full: bool = False,
    share: tuple[int, int] = (0, 1),
) -> list[Finding]:
    """Everything that is not as RULES and ROLES have it; all requests of a person on one log-in.

    `full`: the whole product, else `in_pairs`. `share`: which of how many parts of the addresses.
    """
    people = list(people)
    part, parts = share
    routes = [(name, route) for name, route in addresses() if names is None or name in names][part::parts]
    asked = list((whole_product if full else in_pairs)(world, people, routes, methods))
    found: list[Finding] = []
    absent: dict[str, bytes] = {}
    for person in people:
        client = _client(person)
        before = fingerprint()
        for one in asked:
            if one.person is person:
                _try(world, person, client, RULES[one.name], one.unit, one.method, one.address, absent, found)
        if fingerprint() != before:
            found.append(Finding(person.label, "GET or refused", "", "something was written"))
    return found


def whole_product(world: World, people, routes, methods) -> Iterator[Request]:
    """Every person at every address of every unit by every method with every query."""
    for person in people:
        for name, route in routes:
            for unit, address in _variants(world, route):
                for method in methods:
                    for query in _queries(RULES[name], method, full=True):
                        yield Request(person, name, unit, method, f"{address}?{query}" if query else address)


def in_pairs(world: World, people, routes, methods) -> Iterator[Request]:
    """Every axis whole (address, person, unit, method, query), and every two of them together.

    At our own unit, and where an address names none, everybody asks by every method: there the role decides. At other
    units, at none there is, at what is locked, and at another unit's row under our own: one of each kind of those who
    may at our own or may there, as there the unit decides, and one of those who may at neither. What asks for a right
    of nobody (a method that is not taken, what is public) is asked by one person in turn and by nobody logged in; a
    further query, which changes no right, by one of each kind. An address without its stage is the same view: it is
    opened only, at our own unit and at another department's. Whose turn it is: who asked least often at such a unit.
    """
    asked = Counter()

    def in_turn(group: list[Person], unit: str, count: int = 1) -> list[Person]:
        chosen = sorted(group, key=lambda person: asked[person.label, unit])[:count]
        asked.update((person.label, unit) for person in chosen)
        return chosen

    def who(need: str | None, unit: str, is_first: bool) -> list[Person]:
        """Those who ask at a unit's address: everybody, or one of each kind."""
        if need in (None, OPEN, PUBLISHED, ABSENT):
            nobody = [person for person in people if person.user is None and unit in ("", OWN) and is_first]
            return nobody + in_turn([person for person in people if person not in nobody], unit)
        if is_first and unit in ("", OWN):
            return people
        kinds: dict[tuple, list[Person]] = {}
        for person in people:
            rights = tuple(_is_allowed(world, person, need, one) for one in (OWN, unit))
            seen = tuple(person.may("view", world.path(one)) for one in UNITS) if not unit else any(rights)
            kinds.setdefault((rights, seen), []).append(person)
        return [person for group in kinds.values() for person in in_turn(group, unit)]

    for name, route in routes:
        rule = RULES[name]
        is_whole = "<stage:" in route or "<year:" not in route or route.startswith("/public/")
        for unit, address in _variants(world, route):
            if not is_whole and unit not in ("", OWN, FOREIGN):
                continue
            for method in methods if is_whole else methods[:1]:
                need = rule.need(method)
                if need is None and unit not in ("", OWN, FOREIGN):
                    continue
                for at, query in enumerate(_queries(rule, method, full=False)[: None if is_whole else 1]):
                    if at and unit not in ("", OWN, FOREIGN):
                        continue
                    for person in who(need, unit, is_first=is_whole and not at):
                        yield Request(person, name, unit, method, f"{address}?{query}" if query else address)


def _queries(rule: Rule, method: str, full: bool) -> tuple[str, ...]:
    if method != "GET":
        return ("",)
    left_out = () if full else FILES[1:]
    return (*([""] if rule.is_bare else []), *(query for query in rule.queries if query not in left_out))


def _variants(world: World, route: str) -> Iterator[tuple[str, str]]:
    """(unit whose rows the address names, address): of each, of none, what is locked, another's row under our own."""
    if "<" not in route:
        yield "", route
        return
    for unit in (*UNITS, MISSING, *([LOCKED] if "<year:" in route else [])):
        yield unit, filled(route, world.arguments(unit))
    if "<unit:" in route and "<uuid:" in route:
        for unit in (OTHER, FOREIGN):
            theirs = world.arguments(unit)
            crossed = world.arguments(OWN) | {name: theirs[name] for name in ("uid", "comment", *KEPT)}
            yield MISSING, filled(route, crossed)


def _client(person: Person) -> Client:
    client = Client(raise_request_exception=False)
    if person.user:
        client.force_login(User.objects.get(pk=person.user.pk))
    return client


def _try(world, person, client, rule, unit, method, address, absent, found) -> None:
    """One request, compared with what the rule expects of it."""

    def report(what: str) -> None:
        found.append(Finding(person.label, method, address, what))

    need = rule.need(method)
    if need and method != "GET" and _is_allowed(world, person, need, unit):
        with transaction.atomic():  # allowed to write: what it writes is not looked at here
            before = content(world.budgets[LOCKED]) if unit == LOCKED else None
            seen = {"seen": str(world.budgets[unit].version)} if unit in world.budgets else {}
            response = _client(person).post(address, seen)
            body = _text(response)
            if unit == LOCKED and content(world.budgets[LOCKED]) != before:
                report("changes what is locked")
            transaction.set_rollback(True)
        if response.status_code not in (200, 302, 303, 400, 409, 422, *([423] if unit == LOCKED else [])):
            report(f"allowed, but {response.status_code}")
    else:
        response = client.generic(method, address)
        body = _text(response)
        _compare(world, person, rule, need, unit, response, absent, report)
    if response.status_code >= 500:
        report(f"breaks: {getattr(response, 'exc_info', ('', ''))[1]!r}")
    for other in UNITS if not address.startswith("/public/") else ():  # all three have published what they have
        if not person.may("view", world.path(other)):
            for canary in canaries(other):
                if canary in body:
                    report(f"tells {canary}")


def _compare(world, person, rule, need, unit, response, absent, report) -> None:
    status = response.status_code
    if need in (PUBLISHED, ABSENT):
        if status != (200 if need == PUBLISHED and unit in world.budgets else 404):
            report(f"published or not, but {status}")
        elif status == 404 and response.content != absent.setdefault(PUBLISHED, response.content):
            report("another 404 than for what is not there")
    elif rule.get in (PUBLISHED, ABSENT):
        if status != 405:
            report(f"expected 405, got {status}")
    elif person.user is None and rule.is_json:
        if status != 401:
            report(f"no log-in asked for: {status}")
    elif person.user is None and OPEN not in (rule.get, rule.post):
        if status != 302 or not response.headers["Location"].startswith("/login/?next="):
            report(f"no log-in asked for: {status}")
    elif need is None:
        if status != 405:
            report(f"expected 405, got {status}")
    elif _is_allowed(world, person, need, unit):
        if status not in (200, 302):
            report(f"allowed, but {status}")
    elif _is_visible(world, person, unit):
        if status not in (403, 404):
            report(f"refused to this role, but {status}")
    elif status != 404:
        report(f"not theirs to see, but {status}")
    elif TOKENS.sub(b"", response.content) != absent.setdefault(
        f"404{rule.is_json}", TOKENS.sub(b"", response.content)
    ):
        report("another 404 than for what is not there")


def _is_visible(world: World, person: Person, unit: str) -> bool:
    return unit in world.budgets and person.may("view", world.path(unit))


def _is_allowed(world: World, person: Person, need: str, unit: str) -> bool:
    if need == OPEN:
        return True
    if person.user is None:
        return False
    if need == ANYONE:
        return True
    if not unit:
        return any(need in ROLES[role].actions for role, _ in person.held)
    return _is_visible(world, person, unit) and person.may(need, world.path(unit))


def _text(response) -> str:
    """Everything that a response says, files unpacked."""
    content = response.getvalue() if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8", "replace") + response.headers.get("Location", "")
