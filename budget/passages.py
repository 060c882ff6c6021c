"""Words written about budgets (dossiers, goals, tasks, duties, reasons, remarks), found for who may read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from organisation.models import Unit
from organisation.rights import memberships_allowing
from records.models import Comment

from .models import PROJECT_CATEGORIES, Budget, BudgetOwned

AROUND = 30  # characters shown before and after the first word
PAGES = {"performance": "performance", "budget": "facts"}


@dataclass(frozen=True)
class Passage:
    """A hit: what kind of words they are, the words around it, of which budget, and where they are read."""

    kind: str
    text: str
    budget: Budget
    address: str


class _Hit(NamedTuple):
    """A row as the one statement gives it; `at`: the model's place in `_worded`; what is said of its item, if any."""

    at: int
    year: int
    row: int
    budget: int
    item: UUID | None
    name: str
    category: str
    text: str


@cache
def _worded() -> dict[type[BudgetOwned], tuple[str, ...]]:
    """The models of budgets in which people write sentences, with the fields for them."""
    return {model: model.SENTENCES for model in apps.get_models() if getattr(model, "SENTENCES", ())}


def _all_in(names: Iterable[str], words: list[str]) -> Q:
    """Every word in one or another of the fields."""
    wanted = Q()
    for word in words:
        anywhere = Q()
        for name in names:
            anywhere |= Q(**{f"{name}__icontains": word})
        wanted &= anywhere
    return wanted


def found_in(model: type[BudgetOwned], wanted: Q, user) -> QuerySet:
    """The wanted rows of budgets that the person may see, in the newest revision of their stage.

    Who sees every unit has the rows looked through first, once, and only those that are found asked for their budget;
    who sees a few units has only their rows looked through.
    """
    path = "__".join(model.BUDGET_PATH)
    same = {name: OuterRef(f"{path}__{name}") for name in ("unit", "campaign", "stage")}
    newer = Budget.objects.filter(**same, revision__gt=OuterRef(f"{path}__revision"))
    rows = model._default_manager.filter(~Exists(newer))
    if any(one.unit_id is None for one in memberships_allowing(user, "view")):
        return rows.filter(pk__in=model._default_manager.filter(wanted).order_by().values("pk"))
    return rows.filter(wanted, **{f"{path}__unit__in": Unit.objects.visible_to(user)})


def passages(user, words: list[str], most: int) -> list[Passage]:
    """At most so many, the newest year first: one statement over all models, one more for their budgets."""
    models = list(_worded())
    parts = [_hits(at, model, words, user) for at, model in enumerate(models)]
    found = [_Hit(*row) for row in parts[0].union(*parts[1:], all=True).order_by("-year", "at", "row")[:most]]
    there = _budgets(one.budget for one in found)
    return [
        Passage(
            f"{one.name}：{models[one.at]._meta.verbose_name}" if one.item else str(models[one.at]._meta.verbose_name),
            _around(one.text, words),
            there[one.budget],
            _address(models[one.at], one, there[one.budget]),
        )
        for one in found
    ]


def _hits(at: int, model: type[BudgetOwned], words: list[str], user) -> QuerySet:
    """The rows of a model in which every word stands, told in columns that all models share."""
    names, path = _worded()[model], "__".join(model.BUDGET_PATH)
    hangs_on_item = model.BUDGET_PATH[0] == "item"
    between = [part for name in names for part in (Value(" "), F(name))][1:]
    return (
        found_in(model, _all_in(names, words), user)
        .order_by()
        .annotate(
            at=Value(at),
            year=F(f"{path}__campaign__year"),
            row=F("pk"),
            of=F(f"{path}_id"),
            item_uid=F("item__uid") if hangs_on_item else Cast(Value(None), UUIDField()),
            item_name=F("item__name") if hangs_on_item else Value(""),
            category=F("item__category") if hangs_on_item else Value(""),
            words=Concat(*between, output_field=TextField()) if len(names) > 1 else Cast(F(names[0]), TextField()),
        )
        .values_list("at", "year", "row", "of", "item_uid", "item_name", "category", "words")
    )


def _budgets(ids: Iterable[int]) -> dict[int, Budget]:
    wanted = set(ids)
    return Budget.objects.select_related("unit", "campaign").in_bulk(wanted) if wanted else {}


def _address(model: type[BudgetOwned], found, budget: Budget) -> str:
    at = (budget.unit.code, budget.year, budget.stage)
    if found.item is None:
        return reverse(PAGES[model._meta.app_label], args=at)
    if found.category in PROJECT_CATEGORIES:
        return reverse("project", args=(*at, found.item))
    return f"{reverse('lines', args=at)}?item={found.item}"


def _around(text: str, words: list[str]) -> str:
    """The words before and after the first place where one of the words stands."""
    for word in words:
        place = text.lower().find(word.lower())
        if place >= 0:
            begins, ends = max(0, place - AROUND), place + len(word) + AROUND
            return f"{'…' if begins else ''}{text[begins:ends]}{'…' if ends < len(text) else ''}"
    return text[: 2 * AROUND]


def remarks(budgets: QuerySet, words: list[str], most: int) -> list[Passage]:
    """Remarks and answers on the units' budgets, in whichever revision they were made; the newest first."""
    wanted = Q(text__icontains=words[0])
    for word in words[1:]:
        wanted &= Q(text__icontains=word)
    rows = Comment.objects.filter(wanted, budget_uid__in=budgets.values("uid")).select_related("by", "answers")
    found = list(rows.order_by("-created", "-pk")[:most])
    uids = {one.budget_uid for one in found}
    there = Budget.objects.filter(uid__in=uids).select_related("unit", "campaign") if uids else ()
    by_uid = {one.uid: one for one in there}
    return [_remark(one, by_uid[one.budget_uid], words) for one in found]


def _remark(comment: Comment, budget: Budget, words: list[str]) -> Passage:
    top = comment.answers or comment
    page = reverse("comments", args=(budget.unit.code, budget.year, budget.stage))
    return Passage(
        f"{comment.by}的{'答复' if comment.answers_id else '批注'}",
        _around(comment.text, words),
        budget,
        f"{page}?all=1#comment-{top.uid}",
    )
