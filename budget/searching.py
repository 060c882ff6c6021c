"""Finding units, items, codes, lines and written words by words and numbers, within what a person may see."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from organisation.models import Unit

from . import passages
from .models import (
    Budget,
    DepartmentEconomicClass,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
    Item,
    Line,
)

MOST = 20
LONGEST = 60
CLASSIFICATIONS = {
    "function": FunctionalClass,
    "economic": DepartmentEconomicClass,
    "government": GovernmentEconomicClass,
    "fund": FundSource,
}


@dataclass(frozen=True)
class Found:
    """A group of hits: the first MOST, and whether there are more."""

    rows: list
    has_more: bool

    def __bool__(self):
        return bool(self.rows)


def _first(rows) -> Found:
    return _cut(list(rows[: MOST + 1]))


def _cut(found: list) -> Found:
    return Found(found[:MOST], len(found) > MOST)


def units(user, words: list[str]) -> Found:
    rows = Unit.objects.visible_to(user).filter(is_active=True)
    for word in words:
        rows = rows.filter(Q(code__startswith=word) | Q(name__icontains=word) | Q(short_name__icontains=word))
    return _first(rows)


def items(user, words: list[str]) -> Found:
    """Items of the newest revisions, the newest year first."""
    named = Q()
    for word in words:
        named &= Q(name__icontains=word) | Q(code__startswith=word)
    rows = passages.found_in(Item, named, user).select_related("budget__unit", "budget__campaign")
    return _first(rows.order_by("-budget__campaign__year", "budget__unit__path", "-budget__pk", "position", "pk"))


def codes(words: list[str]) -> Found:
    """(kind in words, code) of the newest edition: by the beginning of the code or a part of the name."""
    edition = Edition.objects.order_by("-year").first()
    found = []
    for model in CLASSIFICATIONS.values() if edition else ():
        rows = model.objects.of(edition)
        for word in words:
            rows = rows.filter(Q(code__startswith=word) | Q(name__icontains=word))
        found += [(model._meta.verbose_name, one) for one in rows.order_by("code")[: MOST + 1]]
    return _cut(found)


def lines(user, words: list[str]) -> Found:
    """Lines that stand on codes which hold every word, the largest first."""
    named = Q(pk__in=[])
    for name, model in CLASSIFICATIONS.items():
        found = model.objects.all()  # there are far fewer codes than lines
        for word in words:
            found = found.filter(Q(code__startswith=word) | Q(name__icontains=word))
        named |= Q(**{f"{name}__in": found.values("pk")})
    rows = passages.found_in(Line, named, user).with_dimensions()
    return _first(
        rows.select_related("item__budget__campaign").order_by("-item__budget__campaign__year", "-amount", "pk")
    )


def texts(user, words: list[str]) -> Found:
    """What was written about budgets, in their newest revisions."""
    return _cut(passages.passages(user, words, MOST + 1))


def remarks(user, words: list[str]) -> Found:
    return _cut(passages.remarks(Budget.objects.visible_to(user), words, MOST + 1))


def address_of_item(item: Item) -> str:
    """A project has a page of its own, a basic item is shown by its lines."""
    budget = item.budget
    at = (budget.unit.code, budget.campaign.year, budget.stage)
    if item.is_project:
        return reverse("project", args=(*at, item.uid))
    return f"{reverse('lines', args=at)}?item={item.uid}"


def address_of_line(line: Line) -> str:
    budget = line.item.budget
    at = reverse("lines", args=(budget.unit.code, budget.campaign.year, budget.stage))
    return f"{at}?line={line.uid}#line-{line.uid}"
