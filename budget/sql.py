"""The only place where the engine's language meets the database: predicates to Q, sources to grouped queries."""

from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.functions import Cast

from .models import Line
from .reporting.where import CODES, And, Not, Or, Predicate, Where

# dimension → path from a line; `department` and `spent` have their own rule
PATHS = {
    "unit": "item__budget__unit__code",
    "item": "item__uid",
    "category": "item__category",
    "function": "function__code",
    "economic": "economic__code",
    "government": "government__code",
    "fund": "fund__code",
    "carried_over": "carried_over",
}
NO_LINE = Q(pk__in=[])


def to_q(where: Predicate) -> Q:
    """A predicate as a filter on lines."""
    match where:
        case Where(tests=tests):
            q = Q()
            for name, values in tests:
                q &= _test(name, values)
            return q
        case And(parts=parts):
            q = Q()
            for part in parts:
                q &= to_q(part)
            return q
        case Or(parts=parts):
            q = NO_LINE
            for part in parts:
                q |= to_q(part)
            return q
        case Not(part=part):
            return ~to_q(part)
    raise TypeError(f"not a predicate: {where!r}")


def _test(name: str, values: tuple) -> Q:
    if name == "spent":  # a line is spent money; what is carried out of the year has no line
        return Q() if True in values else NO_LINE
    if name == "department":
        q = NO_LINE
        for value in values:
            q |= Q(item__budget__unit__path__startswith=f"{value}/")
        return q
    if name in CODES:
        q = NO_LINE
        for value in values:
            q |= Q(**{f"{PATHS[name]}__startswith": value})
        return q
    return Q(**{f"{PATHS[name]}__in": values})


def grouped_lines(budgets) -> list[tuple]:
    """One query: (budget id, category, function, economic, government, fund, carried over, 分) of the budgets' lines."""
    return list(
        _amounts(budgets, "item__category", "function__code", "economic__code", "government__code", "fund__code")
    )


def grouped_items(budgets) -> list[tuple]:
    """One query: (budget id, item uid, category, fund, carried over, 分) of the budgets' lines."""
    return list(_amounts(budgets, "item__uid", "item__category", "fund__code"))


def _amounts(budgets, *paths: str):
    return (
        Line.objects.filter(item__budget__in=[budget.pk for budget in budgets])
        .order_by()
        .values_list(F("item__budget_id"), *paths, "carried_over")
        .annotate(fen=Cast(Sum("amount"), BigIntegerField()))
    )
