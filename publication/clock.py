"""The twenty days within which an approved budget is published, and who is told that they run out.

Source: 《中华人民共和国预算法》第十四条 (within twenty days of the approval by the finance department),
《中华人民共和国预算法实施条例》第六条 (what departments publish of their own budgets).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from budget import published
from budget.controls import above
from budget.models import Budget, Campaign
from budget.telling import holders
from organisation.models import Unit
from organisation.roles import ROLES, Role
from records import notices

from .models import Publication
from .past import APPROVED, PUBLISHED, Past, past_of

DAYS = 20
SOURCE = "《预算法》第十四条、《预算法实施条例》第六条"
SOON = 7
MILESTONES = (7, 3, 1)  # days that are left, when people are told
PUBLISHERS = tuple(role for role, powers in ROLES.items() if "publish" in powers.actions)
TOLD = (*PUBLISHERS, Role.DEPARTMENT, Role.CLERK)


@dataclass(frozen=True)
class Clock:
    """From the first approval of an organisation's budgets to its publication. Days are days of Asia/Shanghai."""

    approved: date
    today: date
    first: date | None = None
    versions: int = 0

    @property
    def due(self) -> date:
        """The last day in time."""
        return self.approved + timedelta(days=DAYS)

    @property
    def left(self) -> int:
        """Days that are left until the last one, negative beyond it: until today, or until it was published."""
        return (self.due - (self.first or self.today)).days

    @property
    def is_published(self) -> bool:
        return self.first is not None

    @property
    def is_late(self) -> bool:
        return self.left < 0

    @property
    def is_soon(self) -> bool:
        return not self.is_published and 0 <= self.left <= SOON

    @property
    def state(self) -> str:
        return "未公开" if not self.versions else "已公开" if self.versions == 1 else f"已更正（第{self.versions}版）"

    @property
    def words(self) -> str:
        if self.is_published:
            return f"逾期 {-self.left} 天公开" if self.is_late else "按时公开"
        if self.is_late:
            return f"公开已逾期 {-self.left} 天"
        return f"还有 {self.left} 天公开" if self.left else "今天是公开期限的最后一天"


@dataclass(frozen=True)
class Duty:
    """An organisation with an approved budget of the year, which is to publish it.

    `prepared_by`: whose people prepare it; of a department of one unit that unit, whose clerk does not see above it.
    """

    unit: Unit
    campaign: Campaign
    clock: Clock
    prepared_by: Unit

    @property
    def url(self) -> str:
        return reverse("publish", args=(self.unit.code, self.campaign.year, "approved"))

    @property
    def own_url(self) -> str:
        """The same page where those who prepare it may look."""
        return reverse("publish", args=(self.prepared_by.code, self.campaign.year, "approved"))


def clock_of(organisation: Unit, campaign: Campaign, today: date | None = None) -> Clock | None:
    """The clock of one organisation; None where nothing of it is approved."""
    return clock_from(past_of(organisation, campaign), today)


def clock_from(past: Past, today: date | None = None) -> Clock | None:
    """The same of what is known of its past."""
    organisation, rows = past.organisation, past.of(APPROVED)
    days = [row.day for row in rows if row.path.startswith(organisation.path)]
    if not days:
        return None
    same = {organisation.path} if len(rows) > 1 else set(above(rows[0].path))
    there = sorted((row for row in past.of(PUBLISHED) if row.path in same), key=lambda row: row.number)
    made = _made(organisation.path, same, ((row.path, row.moment) for row in there))
    return Clock(min(days), today or timezone.localdate(), made[0] if made else None, len(made))


def _made(path: str, same: Iterable[str], versions: Iterable[tuple]) -> list[date]:
    """The days on which an organisation published; those of one that is all of it, or all of which it is, count too."""
    found: dict[str, list[date]] = defaultdict(list)
    for at, moment in versions:
        found[at].append(timezone.localdate(moment))
    return found[path] or next((found[other] for other in sorted(same) if found[other]), [])


def duties(user, campaign: Campaign, today: date | None = None) -> list[Duty]:
    """Everybody whom the person may see who is to publish, in the order of the tree; three queries.

    A unit that is all of its department publishes as the department.
    """
    return _duties(Unit.objects.visible_to(user), campaign, today)


def all_duties(campaign: Campaign, today: date | None = None) -> list[Duty]:
    """The same of everybody: for what runs without a person."""
    return _duties(Unit.objects.all(), campaign, today)


def _duties(seen, campaign: Campaign, today: date | None) -> list[Duty]:
    today = today or timezone.localdate()
    units = {unit.path: unit for unit in seen.order_by("path")}
    approved: dict[str, list[date]] = defaultdict(list)
    rows = Budget.objects.filter(campaign=campaign, stage="approved", state=Budget.State.APPROVED, is_demo=False)
    for path, day in rows.order_by().values_list("unit__path", "document_date"):
        for higher in above(path):
            approved[higher].append(day)
    versions: dict[str, list[tuple]] = defaultdict(list)
    there = Publication.objects.filter(campaign=campaign).order_by("number")
    for path, moment in there.values_list("unit__path", "published"):
        versions[path].append((path, moment))
    found = []
    for path, days in approved.items():
        unit = units.get(path)
        if unit is None or not (unit.is_department or _is_one_of_several(path, approved)):
            continue
        same = {path} if len(days) > 1 else {other for other in approved if other.startswith(path)}
        made = _made(path, same, [one for other in same for one in versions.get(other, ())])
        told = units.get(max(same, key=len), unit)
        found.append(Duty(unit, campaign, Clock(min(days), today, made[0] if made else None, len(made)), told))
    return sorted(found, key=lambda duty: duty.unit.path)


def _is_one_of_several(path: str, approved: dict[str, list[date]]) -> bool:
    """Whether the unit has a budget of its own, and its department others besides."""
    return len(approved[path]) == 1 and len(approved[above(path)[0]]) > 1


@published.answers
def standing(organisation: Unit, campaign: Campaign) -> published.Standing | None:
    """What the pages of a budget say of its publication."""
    return standing_by(clock_of(organisation, campaign), organisation, campaign)


def standing_by(clock: Clock | None, organisation: Unit, campaign: Campaign) -> published.Standing | None:
    """The same by a clock that is known."""
    if clock is None:
        return None
    words = clock.state
    told = "" if clock.is_published else clock.words
    url = reverse("publish", args=(organisation.code, campaign.year, "approved"))
    return published.Standing(words, told, url, clock.is_late and not clock.is_published, clock.is_soon)


# ---- telling


def milestone(clock: Clock) -> str:
    """What people are told of now: the nearest day that was reached, "late" once it is over; "" where it is early."""
    if clock.is_published:
        return ""
    if clock.is_late:
        return f"late-{-(clock.left + 1) // DAYS}"  # again after twenty days each
    return next((str(days) for days in sorted(MILESTONES) if clock.left <= days), "")


def remind(every: Iterable[Duty]) -> int:
    """A notice to everybody concerned, one for each person and milestone, however often this runs. How many."""
    told = 0
    for duty in every:
        if reached := milestone(duty.clock):
            told += notices.tell(
                holders(TOLD, duty.prepared_by),
                event=f"publish:{duty.unit.code}:{duty.campaign.year}:{reached}",
                text=_told(duty),
                link=duty.own_url,
            )
    return told


def _told(duty: Duty) -> str:
    clock, name = duty.clock, f"{duty.unit.name}{duty.campaign.year}年预算"
    due = f"{clock.due.year}年{clock.due.month}月{clock.due.day}日"
    return f"{name}{clock.words}，期限是{due}（批复后{DAYS}日内，{SOURCE}）。"
