"""Where a page is: whose budget, of which year and stage. Every page of a budget begins with `place_of`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.http import Http404
from django.urls import reverse

from organisation.models import Unit

from . import drilldown, published
from .books import NoBudget, Selection, read_book, select
from .models import Budget, stage_name, stage_order
from .reporting import registry
from .reporting.book import Book
from .reporting.spec import Placed, TableSet


class Elsewhere(NamedTuple):
    """Another year or stage of the same organisation."""

    year: int
    stage: str
    name: str
    url: str


@dataclass(frozen=True)
class Place:
    """An organisation's budgets of a year and stage, as one person sees them."""

    selection: Selection
    user: object
    told: published.Standing | None = None  # its standing, where it was worked out already

    @property
    def code(self) -> str:
        return self.selection.organisation.code

    @property
    def year(self) -> int:
        return self.selection.campaign.year

    @property
    def stage(self) -> str:
        return self.selection.stage

    @property
    def budgets(self) -> tuple[Budget, ...]:
        return self.selection.budgets

    @cached_property
    def name(self) -> str:
        return self.selection.name

    @property
    def stage_name(self) -> str:
        return stage_name(self.stage)

    @property
    def state(self) -> str:
        """The state in words; where budgets differ, how many are in each."""
        return state_of(self.budgets)

    @property
    def is_demo(self) -> bool:
        """Whether any of it is demonstration data, which every page then says."""
        return any(budget.is_demo for budget in self.budgets)

    @property
    def has_several_units(self) -> bool:
        return len(self.budgets) > 1

    @property
    def is_of_department(self) -> bool:
        """Whether the place is about units, not about one budget."""
        return self.has_several_units or self.selection.organisation.is_department

    @cached_property
    def standing(self) -> published.Standing | None:
        """Whether it is published; None before it is approved."""
        if stage_order(self.stage) < stage_order("approved"):
            return None
        return self.told or published.standing_of(self.selection.organisation, self.selection.campaign)

    @property
    def unit(self) -> str:
        """The unit in which this person reads amounts: 元 or 万元."""
        return self.user.amount_unit

    @property
    def table_set(self) -> TableSet:
        return registry.sets()[self.selection.campaign.table_set]

    def url(self, name: str, *args) -> str:
        return reverse(name, args=(self.code, self.year, self.stage, *args))

    @property
    def root(self) -> str:
        """The address of this budget's own page."""
        return self.url("budget")

    @cached_property
    def tables(self) -> list["TableLink"]:
        return [TableLink(placed, self) for placed in self.table_set.tables]

    @cached_property
    def elsewhere(self) -> list[Elsewhere]:
        """The years and stages that the organisation has, newest first."""
        found = (
            Budget.objects.filter(unit__in=Unit.objects.under(self.selection.organisation))
            .order_by()
            .values_list("campaign__year", "stage")
            .distinct()
        )
        return [
            Elsewhere(year, stage, stage_name(stage), reverse("budget", args=(self.code, year, stage)))
            for year, stage in sorted(found, key=lambda one: (one[0], stage_order(one[1])), reverse=True)
        ]

    def book(self, tables: Iterable[str] | None = None, more: Iterable[str] = ()) -> Book:
        return read_book(self.selection, tables=tables, more=more)

    def table_book(self, key: str) -> Book:
        """The book with what the table of that key needs. Http404 if the set has no such table."""
        if self.table_set.placed(key) is None:
            raise Http404
        return self.book([key])

    def figure(self, key: str, row: str, column: str, book: Book | None = None) -> drilldown.Figure:
        """A figure of a table with what is behind it. Http404 if there is none."""
        try:
            return drilldown.figure_of(self.selection, book or self.table_book(key), key, row, column)
        except KeyError:
            raise Http404 from None


class TableLink:
    """A table of the set as navigation shows it."""

    def __init__(self, placed: Placed, place: Place):
        self.key = placed.table
        self.number = placed.number
        self.full_title = placed.titled(place.year, place.selection.organisation.is_department)
        self.title = self.full_title.removeprefix(f"{place.year}年")
        self.url = place.url("table", placed.table)


def place_of(request, unit: str, year: int, stage: str | None = None) -> Place:
    """The place that an address names. The same Http404 for what is not there and what the person may not see."""
    below = list(Unit.objects.visible_to(request.user).under_code(unit).order_by("path"))
    if not below or below[0].code != unit:  # who may see a part of an organisation may not see its own page
        raise Http404
    try:
        return Place(select(below[0], year, stage, below=below), request.user)
    except NoBudget:
        raise Http404 from None


def state_of(budgets: Iterable[Budget]) -> str:
    counted = Counter(budget.get_state_display() for budget in budgets)
    if len(counted) == 1:
        return next(iter(counted))
    return "、".join(f"{label} {number}" for label, number in counted.most_common())
