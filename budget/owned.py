"""The rows that a budget owns, of whatever model: how they are found, what hangs on them, what is wrong with them."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from .models import Budget, BudgetOwned

BATCH = 500  # values in one IN of a query


def rows_of(model: type[BudgetOwned], budget: Budget, *, related: bool = True):
    """All rows of a model that the budget owns."""
    rows = model._default_manager.filter(**{"__".join(model.BUDGET_PATH): budget})
    return rows.select_related(*_relations(model)) if related else rows


def height(model: type[BudgetOwned]) -> int:
    """How many rows of the budget a row of the model hangs on: what it hangs on is written first."""
    return max(
        (
            1 + height(column.related_model)
            for column in model._meta.concrete_fields
            if column.is_relation and issubclass(column.related_model, BudgetOwned)
        ),
        default=0,
    )


def with_dependants(model: type[BudgetOwned], rows: list[BudgetOwned]) -> list[BudgetOwned]:
    """The rows with everything that hangs on them, what hangs first."""
    found = []
    for relation in model._meta.related_objects:
        dependant = relation.related_model
        if issubclass(dependant, BudgetOwned) and relation.on_delete is models.CASCADE:
            for batch in batches(rows):
                hanging = dependant._default_manager.filter(**{f"{relation.field.name}__in": batch})
                found.extend(with_dependants(dependant, list(hanging.select_related(*_relations(dependant)))))
    return [*found, *rows]


def batches(found: list) -> list[list]:
    return [found[at : at + BATCH] for at in range(0, len(found), BATCH)]


def _relations(model: type[BudgetOwned]) -> list[str]:
    names = [field.name for field in model._meta.concrete_fields if field.is_relation and field.name != "budget"]
    path = "__".join(model.BUDGET_PATH)
    return [*names, path, f"{path}__unit", f"{path}__campaign"]


def problems_of(row: BudgetOwned):
    """(field, message) for everything wrong with a row in itself."""
    relations = {field.name: field for field in row._meta.concrete_fields if field.is_relation}
    missing = [
        (name, f"请填写{field.verbose_name}。")
        for name, field in relations.items()
        if not field.null and getattr(row, field.attname) is None and not _is_unsaved(row, name)
    ]
    if missing:
        return missing
    problems = []
    for check in (lambda: row.clean_fields(exclude=set(relations)), row.clean):
        try:
            check()
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            problems.extend(
                ("" if name == NON_FIELD_ERRORS else name, message)
                for name, messages in by_field.items()
                for message in messages
            )
    return problems


def _is_unsaved(row: BudgetOwned, name: str) -> bool:
    return row._meta.get_field(name).is_cached(row)


def unique_key(row: BudgetOwned, constraint: models.UniqueConstraint):
    """The row's values under a unique constraint; None where a conditional one exempts it.

    By our convention a condition exempts blank text and nothing else.
    """
    attributes = [row._meta.get_field(name).attname for name in constraint.fields]  # no related row is fetched for this
    if constraint.condition is not None and any(getattr(row, name) == "" for name in attributes):
        return None
    values = []
    for name in constraint.fields:
        field = row._meta.get_field(name)
        value = getattr(row, field.attname)
        values.append(id(getattr(row, name)) if field.is_relation and value is None else value)
    return tuple(values)


def unique_constraints(model: type[BudgetOwned]) -> list[models.UniqueConstraint]:
    return [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]


def stored_keys(
    model: type[BudgetOwned], budget: Budget, constraint: models.UniqueConstraint, *, without: set[int]
) -> set[tuple]:
    """The `unique_key` of every stored row of the budget, but for the rows of these ids. Only the key is read."""
    attributes = [model._meta.get_field(name).attname for name in constraint.fields]
    rows = rows_of(model, budget, related=False).order_by().values_list("pk", *attributes)
    return {
        tuple(values)
        for pk, *values in rows
        if pk not in without and (constraint.condition is None or "" not in values)
    }


def plain(row: BudgetOwned) -> dict:
    """A row's own values as the history keeps them: words for codes, text for money and dates."""
    values = {}
    for column in row._meta.concrete_fields:
        if column.primary_key or column.name in ("uid", "version", "budget"):
            continue
        value = getattr(row, column.name)
        values[column.name] = value if value is None or isinstance(value, (bool, int, str, dict, list)) else str(value)
    return values
