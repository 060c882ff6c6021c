"""The rights matrix: a world of three units, people of every role, and a checker of every address against RULES.

What a person may do is worked out here from ROLES alone, not by asking the code under test.
"""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from budget import attachments
from budget.books import select
from budget.importing import uploads
from budget.models import Budget, ControlNumber, LastYearFigure, ProcurementLine, Reason
from organisation.models import Membership, User
from organisation.roles import ROLES, UNIT_ROLES, Role
from performance.models import DepartmentGoal, ProjectGoal, ProjectIndicator
from projects.models import Dossier
from publication.frozen import fingerprint as fingerprint_of
from publication.frozen import frozen_of
from publication.models import Publication
from publication.public.drawing import asset
from records.models import Comment, Job, Notice
from tests.factories import fingerprint, make_budget, make_item, make_line, make_unit, make_user
from tests.web.rules import ABSENT, ANYONE, FILES, OPEN, PUBLISHED, RULES, Rule

OWN, OTHER, FOREIGN, MISSING = "566001", "566002", "777001", "999999"
UNITS = (OWN, OTHER, FOREIGN)
METHODS = ("GET", "POST", "PUT", "DELETE")
KEPT = ("job", "upload", "attachment")
TOKENS = re.compile(rb'(name="csrfmiddlewaretoken" value="|nonce=")[^"]*"')
EXCLUDED_NAMESPACES = {"admin"}  # they have a matrix of their own


class Person(NamedTuple):
    """Somebody, and the roles they hold: (role, path of the unit)."""

    label: str
    user: User | None
    held: tuple[tuple[str, str], ...] = ()

    def may(self, action: str, path: str) -> bool:
        return any(
            action in ROLES[role].actions and (ROLES[role].everywhere or path.startswith(where))
            for role, where in self.held
        )


class Finding(NamedTuple):
    person: str
    method: str
    address: str
    what: str


@dataclass
class World:
    budgets: dict[str, Budget]
    projects: dict[str, object]
    kept: dict[str, dict[str, str]]  # by unit: what else its addresses name
    people: list[Person]
    notices: dict[str, Notice]
    comments: dict[str, Comment]

    def path(self, unit: str) -> str:
        return self.budgets[unit].unit.path

    def arguments(self, unit: str) -> dict[str, str]:
        """What stands in the addresses of a unit's pages."""
        there = unit in self.budgets
        return {
            "unit": unit,
            "year": "2024",
            "stage": "second",
            "key": "expenditure",
            "uid": str(self.projects[unit].uid) if there else str(uuid4()),
            "comment": str(self.comments[unit].uid) if there else str(uuid4()),
            "kind": "function",
            **(self.kept[unit] if there else dict.fromkeys(KEPT, str(uuid4()))),
            "what": "indicators",
            "number": "1",
            "address": "tables/expenditure/",
            "name": asset("public.css")[0] if there else "x.css",
            "form": "docx",
        }


def canaries(unit: str) -> tuple[str, ...]:
    """Words and amounts that stand in every corner of a unit's budgets and nowhere else."""
    amount = {OWN: "1111.11", OTHER: "7777.77", FOREIGN: "9393.93"}[unit]
    return (f"暗号{unit}", amount, f"{amount[0]},{amount[1:]}", amount.replace(".", "") + "00")


def make_world() -> World:
    """Three units with a budget each (and one of the year before), and a person of every role."""
    budgets, projects, kept, notices, comments = {}, {}, {}, {}, {}
    for unit in UNITS:
        word, amount = canaries(unit)[0], int(canaries(unit)[3])
        make_unit(unit, name=f"{word}局")
        for year in (2023, 2024):
            budget = make_budget(unit, year=year)
            make_line(make_item(budget, f"{word}办公费"), amount)
            project = make_item(budget, f"{word}项目", "3")
            make_line(project, 500, function="2060499")
            _rows(budget, project, word)
        budgets[unit], projects[unit] = budget, project
        keeper = make_user(Role.CLERK, budget.unit, name=f"{word}人")
        notices[unit] = Notice.objects.create(user=keeper, event="test", text=f"{word}通知", link=f"/{unit}/2024/")
        pinned = {"subject": "budget.item", "subject_uid": project.uid, "text": word, "by": keeper}
        comments[unit] = Comment.objects.create(unit=budget.unit, budget_uid=budget.uid, **pinned)
        stage = budget.campaign.stages.get(code="second")
        ControlNumber.objects.create(stage=stage, unit=budget.unit, kind="total", amount=amount * 10)
        _published(budget, keeper, word)
        kept[unit] = _kept(budget, keeper, word) | _attached(project, keeper, word)
    return World(budgets, projects, kept, _people(budgets), notices, comments)


def _published(budget: Budget, keeper: User, word: str) -> None:
    """A version of what the unit published."""
    frozen = frozen_of(select(budget.unit, 2024, "second"))
    content = frozen.to_json()
    Publication.objects.create(
        unit=budget.unit,
        campaign=budget.campaign,
        number=1,
        title=f"{word}预算",
        unit_name=word,
        published=timezone.now(),
        published_by=keeper,
        published_by_name=f"{word}人",
        content=content,
        content_digest=fingerprint_of(frozen),
        digest="x",
    )


def _kept(budget: Budget, keeper: User, word: str) -> dict[str, str]:
    """A job with its result and a file that was sent, both telling of the unit."""
    content = f"类别,项目名称,金额\n公用经费,{word}办公费,x\n".encode()
    job = Job.objects.create(
        kind="import-preview",
        title=f"{word}任务",
        unit=budget.unit,
        owner=keeper,
        state="done",
        finished=timezone.now(),
    )
    job.result.save(f"{job.uid.hex}.bin", ContentFile(content))
    Job.objects.filter(pk=job.pk).update(result_name=f"{word}.csv")
    upload = uploads.examine(uploads.receive(f"{word}.csv", content, budget, by=keeper))
    return {"job": str(job.uid), "upload": str(upload.uid)}


def _attached(project, keeper: User, word: str) -> dict[str, str]:
    """A file given as the basis of the project."""
    row = attachments.add(project, f"{word}依据.txt", f"{word}的依据".encode(), by=keeper)
    return {"attachment": str(row.uid)}


def _rows(budget: Budget, project, word: str) -> None:
    Reason.objects.create(budget=budget, topic="total", text=f"{word}原因")
    LastYearFigure.objects.create(
        budget=budget, table="expenditure", row="total", column="total", amount=100, source=word
    )
    ProcurementLine.objects.create(budget=budget, kind="goods", name=f"{word}采购", amount=100)
    DepartmentGoal.objects.create(budget=budget, position=1, text=f"{word}总目标")
    Dossier.objects.create(item=project, overview=f"{word}概述", contact=f"{word}联系人")
    ProjectGoal.objects.create(item=project, text=f"{word}目标")
    ProjectIndicator.objects.create(
        item=project, level_1="产出指标", name=f"{word}指标", operator="≥", target="9", position=1
    )


def _people(budgets: dict[str, Budget]) -> list[Person]:
    """Nobody, a person of every role (of units: in 566001, of departments: in 566), of two roles, and of none."""
    own = budgets[OWN].unit
    people = [Person("anonymous", None)]
    for role in ROLES:
        above = role in (Role.DEPARTMENT, Role.FINANCE_OFFICE)
        unit = (own.parent if above else own) if role in UNIT_ROLES else None
        people.append(Person(str(role), make_user(role, unit), ((role, unit.path if unit else ""),)))
    foreign = budgets[FOREIGN].unit
    both = make_user(Role.CLERK, own)
    Membership.objects.create(user=both, unit=foreign, role=Role.REVIEWER, starts="2020-01-01")
    held = ((Role.CLERK, own.path), (Role.REVIEWER, foreign.path))
    return [*people, Person("clerk here, reviewer there", both, held), Person("no role", make_user(None))]


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
    units, at none there is, and at another unit's row under our own: one of each kind of those who may at our own or
    may there, as there the unit decides, and one of those who may at neither. What asks for a right of nobody (a
    method that is not taken, what is public) is asked by one person in turn and by nobody logged in; a further query,
    which changes no right, by one of each kind. An address without its stage is the same view: it is opened only, at
    our own unit and at another department's. Whose turn it is: who asked least often at such a unit.
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
    """(unit whose rows the address names, address): of each unit, of none, and another unit's row under our own."""
    if "<" not in route:
        yield "", route
        return
    for unit in (*UNITS, MISSING):
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
            response = _client(person).generic(method, address)
            body = _text(response)
            transaction.set_rollback(True)
        if response.status_code not in (200, 302, 303, 400, 409, 422):
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
