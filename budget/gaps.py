"""What a draft still lacks before it can be submitted, each with the page where it is mended.

Apps say what is lacking of what they keep: `@finds` on a function of a Draft, in their own `gaps.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import NoReverseMatch

from organisation.rights import can

from .headlines import FIGURES, OPERATING, Compared, Headline
from .models import PROJECT_CATEGORIES, Budget, Category, DraftRow, Line, Reason, Staffing
from .pages import Place
from .reporting.book import Book

NAMED = 3  # how many are named before the rest is counted


class Link(NamedTuple):
    text: str
    url: str


@dataclass(frozen=True)
class Gap:
    """Something that is lacking: what, where it is mended, and (the first few of) those that lack it."""

    text: str
    url: str
    named: tuple[Link, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class Looked:
    """What the finders look at: one draft, its book, its figures, and what the finders asked of it."""

    place: Place
    budget: Budget
    book: Book
    figures: Mapping[Compared, Headline]
    asked: Mapping[str, object] = field(default_factory=dict)

    def url(self, *names: str) -> str:
        """The first of these pages of the budget that there is."""
        for name in names:
            try:
                return self.place.url(name)
            except NoReverseMatch:
                continue
        return self.place.root

    def lines_of(self, uid) -> str:
        """Where a project's lines are."""
        return self.place.url("project-lines", uid)

    def project(self, uid) -> str:
        """Where a project is mended, or looked at."""
        for name in ("project-edit", "project") if can(self.place.user, "edit", self.budget) else ("project",):
            try:
                return self.place.url(name, uid)
            except NoReverseMatch:
                continue
        return self.place.root


Find = Callable[[Looked], Iterable[Gap]]
_finders: list[Find] = []
_questions: dict[str, object] = {}


def finds(**questions):
    """Decorator: the function yields the Gaps of what it was given (a Looked).

    `questions`: expressions over the budget, whose answers are in `Looked.asked`; all are asked in one query.
    """

    def declare(find: Find) -> Find:
        _finders.append(find)
        _questions.update(questions)
        return find

    return declare


def gaps_of(looked: Looked) -> list[Gap]:
    asked = Budget.objects.filter(pk=looked.budget.pk).order_by().values(**_questions).get()
    looked = replace(looked, asked=asked)
    return [gap for find in _finders for gap in find(looked)]


def lacking(text: str, url: str, links: Sequence[Link]) -> Gap:
    """A gap that several have: the first few by name."""
    return Gap(text, url, tuple(links[:NAMED]), max(0, len(links) - NAMED))


# ---- what this app keeps


@finds(
    drafts=Count("draftrows", distinct=True),
    unchecked=Subquery(
        Line.objects.filter(item__budget=OuterRef("pk"))
        .unchecked()
        .order_by()
        .values("item__budget")
        .annotate(number=Count("pk"))
        .values("number")
    ),
    is_staffed=Exists(Staffing.objects.filter(budget=OuterRef("pk"))),
)
def _rows(looked: Looked):
    if looked.asked["drafts"]:
        yield from _unfinished(looked)
    if unchecked := looked.asked["unchecked"]:
        yield Gap(f"带入后未核对的明细 {unchecked} 条", looked.url("copy"))
    if empty := _without_money(looked):
        yield lacking(f"{len(empty)} 个项目没有安排金额", looked.url("basic", "items"), empty)
    if not looked.asked["is_staffed"]:
        yield Gap("没有填写人员情况（编制、实有人数）", looked.url("facts"))


def _unfinished(looked: Looked) -> Iterable[Gap]:
    """The rows that are not yet lines: of basic spending, and of each project."""
    rows = DraftRow.objects.filter(budget=looked.budget).order_by("item__position", "item")
    counted = Counter((row["item__uid"], row["item__name"]) for row in rows.values("item__uid", "item__name"))
    if basic := counted.pop((None, None), 0):
        yield Gap(f"基本支出有 {basic} 行未完成，不能送审", looked.url("basic", "lines"))
    if counted:
        links = [Link(f"{name}（{number} 行）", looked.lines_of(uid)) for (uid, name), number in counted.items()]
        yield lacking(f"项目明细有 {counted.total()} 行未完成，不能送审", looked.url("projects"), links)


def _without_money(looked: Looked) -> list[Link]:
    """The items of the book that have no line."""
    place, book = looked.place, looked.book
    paid = {uid for (uid,) in book.sums("items", {"item"}).amounts}
    projects = {Category(code).label for code in PROJECT_CATEGORIES}
    return [
        Link(
            item.name,
            looked.project(uid) if item.more["category"] in projects else f"{place.url('items')}#item-{uid}",
        )
        for uid, item in book.members["item"].items()
        if uid not in paid
    ]


def _is_written(topic: str) -> Exists:
    return Exists(Reason.objects.filter(budget=OuterRef("pk"), topic=topic).exclude(text=""))


@finds(**{f"reason_{topic}": _is_written(topic) for topic in Reason.Topic.values})
def _last_year(looked: Looked):
    """Figures without last year's, and changes without a reason."""
    unknown = [
        one.label for one in (*FIGURES, OPERATING) if one in looked.figures and looked.figures[one].before is None
    ]
    if unknown:
        yield Gap(f"上年数未填：{'、'.join(unknown)}", looked.url("facts"))
    moved = {one.topic: figure for one, figure in looked.figures.items() if one.topic and figure.has_changed}
    for topic, figure in moved.items():
        if not looked.asked[f"reason_{topic}"]:
            words = figure.change if figure.before == 0 else f"{figure.change}（{figure.unit}）"
            yield Gap(f"{figure.label}比上年{words}，没有写原因", looked.url("facts"))
