"""The world of the matrix of rights: three units with all that a unit may have, and people of every role."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from budget import attachments
from budget.books import select
from budget.importing import uploads
from budget.models import Budget, ControlNumber, LastYearFigure, ProcurementLine, Reason
from budget.models.rows import BudgetOwned
from budget.owned import rows_of
from organisation.models import Membership, User
from organisation.roles import ROLES, UNIT_ROLES, Role
from performance.models import DepartmentGoal, ProjectGoal, ProjectIndicator
from projects.models import Dossier
from publication.frozen import fingerprint as fingerprint_of
from publication.frozen import frozen_of
from publication.models import Publication
from publication.public.drawing import asset
from records.models import Comment, Job, Notice
from tests.factories import make_budget, make_item, make_line, make_unit, make_user

OWN, OTHER, FOREIGN, MISSING = "566001", "566002", "777001", "999999"
UNITS = (OWN, OTHER, FOREIGN)
LOCKED = "locked"  # our own unit's budget of the year before: passed, and nobody's to change
KEPT = ("job", "upload", "attachment")


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


@dataclass
class World:
    """By unit, and by LOCKED: what there is, and what its addresses name."""

    budgets: dict[str, Budget]
    projects: dict[str, object]
    kept: dict[str, dict[str, str]]
    people: list[Person]
    notices: dict[str, Notice]
    comments: dict[str, Comment]

    def path(self, unit: str) -> str:
        return self.budgets[unit].unit.path

    def arguments(self, unit: str) -> dict[str, str]:
        """What stands in the addresses of a unit's pages."""
        there = unit in self.budgets
        return {
            "unit": self.budgets[unit].unit.code if there else unit,
            "year": str(self.budgets[unit].year) if there else "2024",
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
    """Three units with a budget each (and one of the year before, locked), and a person of every role."""
    world = World({}, {}, {}, [], {}, {})
    for unit in UNITS:
        make_unit(unit, name=f"{canaries(unit)[0]}局")
        keeper = make_user(Role.CLERK, make_unit(unit), name=f"{canaries(unit)[0]}人")
        _fill(world, LOCKED if unit == OWN else None, unit, 2023, keeper)
        _fill(world, unit, unit, 2024, keeper)
    Budget.objects.of_year(2023).update(state="passed", step=3, submitted=timezone.now())
    for budget in world.budgets.values():
        budget.refresh_from_db()
    world.people.extend(_people(world.budgets))
    return world


def _fill(world: World, key: str | None, unit: str, year: int, keeper: User) -> None:
    """A unit's budget of a year; with a key also all that hangs on one, which the world keeps under the key."""
    word, amount = canaries(unit)[0], int(canaries(unit)[3])
    budget = make_budget(unit, year=year)
    make_line(make_item(budget, f"{word}办公费"), amount)
    project = make_item(budget, f"{word}项目", "3")
    make_line(project, 500, function="2060499")
    _rows(budget, project, word)
    if key is None:
        return
    world.budgets[key], world.projects[key] = budget, project
    told = {"event": f"test:{year}", "text": f"{word}通知", "link": f"/{unit}/{year}/"}
    world.notices[key] = Notice.objects.create(user=keeper, **told)
    pinned = {"subject": "budget.item", "subject_uid": project.uid, "text": word, "by": keeper}
    world.comments[key] = Comment.objects.create(unit=budget.unit, budget_uid=budget.uid, **pinned)
    stage = budget.campaign.stages.get(code="second")
    ControlNumber.objects.create(stage=stage, unit=budget.unit, kind="total", amount=amount * 10)
    _published(budget, keeper, word)
    world.kept[key] = _kept(budget, keeper, word) | _attached(project, keeper, word)


def content(budget: Budget) -> list[list[dict]]:
    """Every row that the budget owns: equal before and after where nothing in it was changed."""
    models = (model for model in apps.get_models() if issubclass(model, BudgetOwned))
    return [list(rows_of(model, budget, related=False).order_by("pk").values()) for model in models]


def _published(budget: Budget, keeper: User, word: str) -> None:
    """A version of what the unit published."""
    frozen = frozen_of(select(budget.unit, budget.year, "second"))
    told = frozen.to_json()
    Publication.objects.create(
        unit=budget.unit,
        campaign=budget.campaign,
        number=1,
        title=f"{word}预算",
        unit_name=word,
        published=timezone.now(),
        published_by=keeper,
        published_by_name=f"{word}人",
        content=told,
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
