"""Units × steps: of every unit that a person may see, which step of a stage it is at, and who is late."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from organisation.models import Unit
from organisation.rights import memberships_of

from . import turns
from .models import Budget, Campaign, Transition
from .status import AHEAD, DONE, HERE

STATE = Budget.State
STATE_LABELS = dict(STATE.choices)
MARKS = {DONE: "●", HERE: "◐", AHEAD: "○"}
# in the order of the models' fields, as from_db wants them
UNIT = ("id", "code", "name", "parent_id", "path")
BUDGET = ("id", "unit_id", "campaign_id", "stage", "revision", "state", "step")
STATE_AT = BUDGET.index("state")
SOME_CODE = "000000"
WORDS = {DONE: "已办", HERE: "办理中", AHEAD: "未到"}


@dataclass(frozen=True)
class Cell:
    """How far a unit is in one step."""

    state: str
    is_late: bool = False

    @property
    def mark(self) -> str:
        return MARKS[self.state]

    @property
    def words(self) -> str:
        return f"{WORDS[self.state]}，已逾期" if self.is_late else WORDS[self.state]


@dataclass(frozen=True)
class _Asked:
    """What every row of an overview has in common."""

    user: object
    campaign: Campaign
    stage: str
    dues: tuple[date | None, ...]
    today: date
    told: dict[tuple, str] = field(default_factory=dict)  # (state, step) → whose turn it is
    mine: dict[tuple, bool] = field(default_factory=dict)  # what decides whose it is → whether it is the person's

    @cached_property
    def reach(self) -> list[str]:
        """The path of each role that the person holds; "" is everywhere."""
        return [one.unit.path if one.unit_id else "" for one in memberships_of(self.user)]

    @cached_property
    def address(self) -> list[str]:
        """The address of a unit's page in two pieces, with the unit's code between them."""
        return reverse("cycle", args=(SOME_CODE, self.campaign.year, self.stage)).split(SOME_CODE)


@dataclass
class Row:
    """A unit with its cells (单位编制, the review steps, 批复).

    It holds what the database said (UNIT, BUDGET); the rest is worked out only for the rows that are shown.
    """

    asked: _Asked
    unit_values: tuple
    budget_values: tuple | None
    is_approved: bool
    since: datetime | None = None

    @property
    def code(self) -> str:
        return self.unit_values[1]

    @property
    def name(self) -> str:
        return self.unit_values[2]

    @cached_property
    def unit(self) -> Unit:
        return Unit.from_db(None, UNIT, self.unit_values)

    @cached_property
    def budget(self) -> Budget | None:
        if self.budget_values is None:
            return None
        budget = Budget.from_db(None, BUDGET, self.budget_values)
        budget.unit, budget.campaign = self.unit, self.asked.campaign
        return budget

    @cached_property
    def at(self) -> int:
        """Which column is being done; beyond the last where all are."""
        last = len(self.asked.dues)
        return last if self.is_approved else _position(self.budget_values, last - 2)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return _cells(self.at, self.is_late, len(self.asked.dues))

    @property
    def state(self) -> str:
        if self.is_approved:
            return STATE_LABELS[STATE.APPROVED]
        return STATE_LABELS[self.budget_values[STATE_AT]] if self.budget_values else "未编制"

    @property
    def turn(self) -> str:
        if self.is_approved:
            return ""
        if self.waits_for_unit:
            return "单位经办"
        told, at = self.asked.told, self.budget_values[STATE_AT:]
        if at not in told:
            told[at] = turns.waiting_for(self.budget)
        return told[at]

    @cached_property
    def is_mine(self) -> bool:
        """As `is_mine` has it: the same for budgets of one state that the same roles of the person reach."""
        if self.is_approved or self.is_first_draft:
            return False
        path, mine = self.unit_values[-1], self.asked.mine
        decides = (*self.budget_values[STATE_AT:], *(path.startswith(where) for where in self.asked.reach))
        if decides not in mine:
            mine[decides] = is_mine(self.asked.user, self.budget)
        return mine[decides]

    @property
    def is_first_draft(self) -> bool:
        """Whether the unit has not submitted it yet: nobody waits for it."""
        values = self.budget_values
        return values is None or (values[STATE_AT] == STATE.DRAFT and values[BUDGET.index("revision")] == 1)

    @property
    def since_words(self) -> str:
        if self.since is None:
            return ""
        at = timezone.localtime(self.since)
        return f"{at.month}月{at.day}日 {at:%H:%M}"

    @cached_property
    def url(self) -> str:
        return self.code.join(self.asked.address) if self.budget_values else ""

    @cached_property
    def is_late(self) -> bool:
        due = self.asked.dues[self.at] if self.at < len(self.asked.dues) else None
        return due is not None and due < self.asked.today

    @property
    def waits_for_unit(self) -> bool:
        return self.budget_values is None or self.budget_values[STATE_AT] == STATE.DRAFT

    @property
    def has_passed(self) -> bool:
        return self.budget_values is not None and self.budget_values[STATE_AT] == STATE.PASSED


@cache
def _cells(at: int, is_late: bool, count: int) -> tuple[Cell, ...]:
    """The cells of a unit that is at that column."""
    done = [Cell(DONE)] * min(at, count)
    here = [Cell(HERE, is_late)] if at < count else []
    return (*done, *here, *[Cell(AHEAD)] * (count - at - 1))


def columns(campaign: Campaign, stage: str) -> list[tuple[str, date | None]]:
    """(name, due) of the steps: 单位编制 first, 批复 last."""
    due = next((one.due for one in campaign.stages.all() if one.code == stage), None)
    steps = turns.stages_of(campaign).get(stage, [])
    return [("单位编制", due), *((step.name, step.due) for step in steps), ("批复", None)]


def rows(user, campaign: Campaign, stage: str) -> list[Row]:
    """Every leaf unit that the person may see, in the order of the tree; in a fixed number of queries."""
    units = list(Unit.objects.visible_to(user).filter(is_active=True).values_list(*UNIT))
    parents = {parent for *_, parent, _ in units}
    budgets = Budget.objects.visible_to(user).filter(campaign=campaign, stage__in=(stage, "approved"))
    found = {(one[1], one[3]): one for one in budgets.order_by("revision").values_list(*BUDGET)}
    dues = tuple(due for _, due in columns(campaign, stage))
    asked = _Asked(user, campaign, stage, dues, timezone.localdate())
    return [
        Row(asked, unit, found.get((unit[0], stage)), (unit[0], "approved") in found)
        for unit in units
        if unit[0] not in parents or (unit[0], stage) in found
    ]


def tell_since(shown: list[Row]) -> None:
    """When each of the rows was last acted on, in one query."""
    there = {row.budget_values[0]: row for row in shown if row.budget_values}
    moved = Transition.objects.filter(budget__in=list(there)).order_by().values_list("budget").annotate(Max("at"))
    for pk, at in moved:
        there[pk].since = at


def _position(budget: tuple | None, count: int) -> int:
    *_, state, step = budget or (STATE.DRAFT, 0)
    if state == STATE.SUBMITTED:
        return max(step, 1)
    return count + 1 if state in (STATE.PASSED, STATE.APPROVED) else 0


def is_mine(user, budget: Budget) -> bool:
    """Whether it waits for this person: to be passed on, approved, or (a draft returned) mended."""
    if budget.state == STATE.DRAFT:
        return budget.revision > 1 and turns.may(user, "edit", budget)
    return turns.may(user, "pass", budget) or (
        turns.may(user, "approve", budget) and budget.stage == turns.source_stage(budget.campaign)
    )


def mine(user, limit: int = 100) -> list[Budget]:
    """等我处理: the budgets that wait for the person, those that wait longest first."""
    waiting = (
        Budget.objects.visible_to(user)
        .filter(campaign__closed=None, state__in=(STATE.DRAFT, STATE.SUBMITTED, STATE.PASSED))
        .exclude(state=STATE.DRAFT, revision=1)
        .select_related("unit", "campaign")
        .latest_revisions()
        .order_by("submitted", "pk")
    )
    found = list(waiting[:2000])
    years = Campaign.objects.filter(pk__in={one.campaign_id for one in found}).prefetch_related("stages__steps")
    campaigns = {one.pk: one for one in years} if found else {}
    if not found:
        return []
    there = Budget.objects.filter(stage="approved", campaign__in=campaigns, unit__in={one.unit_id for one in found})
    approved = set(there.values_list("unit_id", "campaign_id"))
    for budget in found:
        budget.campaign = campaigns[budget.campaign_id]  # its steps are read once
    return [
        one
        for one in found
        if is_mine(user, one) and (one.stage.startswith("adjusted-") or (one.unit_id, one.campaign_id) not in approved)
    ][:limit]
