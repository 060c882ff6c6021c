"""The rows that a budget owns, of whatever model: how they are found, what hangs on them, what is wrong with them."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from records.inserting import insert

from .models import Budget, BudgetOwned

BATCH = 500  # values in one IN of a query
UNCHANGING = frozenset({bool, int, str, Decimal, UUID, date, type(None)})


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


def stored(model: type[BudgetOwned], rows: list[BudgetOwned], budget: Budget) -> None:
    """Insert new rows of the budget; they have their ids when this returns."""
    if len(rows) <= BATCH:
        model._default_manager.bulk_create(rows)
        return
    columns = {}
    for column in model._meta.concrete_fields:
        if column.is_relation:
            for row in rows:
                if held(row, column.attname) is None and column.is_cached(row):
                    setattr(row, column.name, getattr(row, column.name))  # its id is known by now
        if not column.primary_key:
            is_as_held = type(column).pre_save is models.Field.pre_save
            columns[column.attname] = [
                held(row, column.attname) if is_as_held else column.pre_save(row, add=True) for row in rows
            ]
    insert(model, columns)
    owner = model._meta.get_field(model.BUDGET_PATH[0]).attname
    found = rows_of(model, budget, related=False).order_by().values_list(owner, "uid", "pk")
    ids = {(hangs_on, uid): pk for hangs_on, uid, pk in found}
    for row in rows:
        row.pk = ids[getattr(row, owner), row.uid]
        row._state.adding = False
        row._state.db = found.db


def held(row: models.Model, name: str):
    """A column's value of a row; asked in the usual way, a row takes several times as long to find it."""
    values = row.__dict__
    return values[name] if name in values else getattr(row, name)


@cache
def _columns(model: type[BudgetOwned]) -> tuple[dict[str, models.Field], tuple[str, ...]]:
    """A model's relations by name, and the names of its other fields."""
    fields = model._meta.concrete_fields
    relations = {field.name: field for field in fields if field.is_relation}
    return relations, tuple(field.name for field in fields if not field.is_relation)


def problems_of(row: BudgetOwned, passed: set[tuple] | None = None):
    """(field, message) for everything wrong with a row in itself.

    `passed`: values that have passed the checks of their field; who checks many rows gives the same set for all.
    """
    relations, names = _columns(type(row))
    passed = set() if passed is None else passed
    missing = [
        (name, f"请填写{field.verbose_name}。")
        for name, field in relations.items()
        if not field.null and held(row, field.attname) is None and not _is_unsaved(row, name)
    ]
    if missing:
        return missing
    problems = []
    kind = type(row)
    values = [(kind, name, type(value), value) for name in names if type(value := held(row, name)) in UNCHANGING]
    # a uid that is one can be nothing else, and is never met again
    again = {key[1] for key in values if key[2] is UUID or key in passed}
    checks = [row.clean]
    if len(again) < len(names):
        checks.insert(0, lambda: row.clean_fields(exclude={*relations, *again}))
    for check in checks:
        try:
            check()
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            problems.extend(
                ("" if name == NON_FIELD_ERRORS else name, message)
                for name, messages in by_field.items()
                for message in messages
            )
    if not problems:  # a value that its field made into another one is not known by what it was
        passed.update(key for key in values if key[1] not in again and held(row, key[1]) is key[3])
    return problems


def _is_unsaved(row: BudgetOwned, name: str) -> bool:
    return row._meta.get_field(name).is_cached(row)


class Unique(NamedTuple):
    """A unique constraint of a model, and the attributes whose values it is about: no related row is fetched for them.

    By our convention a condition exempts blank text and nothing else.
    """

    constraint: models.UniqueConstraint
    attributes: tuple[str, ...]
    fields: tuple[models.Field, ...]

    def key(self, row: BudgetOwned) -> tuple | None:
        """The row's values; None where it is exempt. For a related row that is not saved yet: which one it is."""
        values = tuple([held(row, name) for name in self.attributes])
        if self.constraint.condition is not None and "" in values:
            return None
        if None in values:
            return tuple(
                [
                    id(getattr(row, field.name)) if value is None and field.is_relation else value
                    for field, value in zip(self.fields, values, strict=True)
                ]
            )
        return values

    def stored(self, model: type[BudgetOwned], budget: Budget, *, without: set[int]) -> set[tuple]:
        """The keys of every stored row of the budget, but for the rows of these ids. Only the keys are read."""
        rows = rows_of(model, budget, related=False).order_by().values_list("pk", *self.attributes)
        return {
            tuple(values)
            for pk, *values in rows
            if pk not in without and (self.constraint.condition is None or "" not in values)
        }


@cache
def uniques(model: type[BudgetOwned]) -> list[Unique]:
    found = []
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint):
            fields = tuple(model._meta.get_field(name) for name in one.fields)
            found.append(Unique(one, tuple(field.attname for field in fields), fields))
    return found


@cache
def owners(model: type[BudgetOwned]) -> tuple[str, ...]:
    """The relations of a model to budgets and to rows that budgets own."""
    return tuple(
        column.name
        for column in model._meta.concrete_fields
        if column.is_relation and issubclass(column.related_model, (Budget, BudgetOwned))
    )


@cache
def _own(model: type[BudgetOwned]) -> tuple[str, ...]:
    return tuple(
        column.name
        for column in model._meta.concrete_fields
        if not column.primary_key and column.name not in ("uid", "version", "budget")
    )


def plain(row: BudgetOwned, said: dict[int, str] | None = None) -> dict:
    """A row's own values as the history keeps them: words for codes, text for money and dates.

    `said`: what codes are called, by id(); who has many rows in hand gives the same for all.
    """
    values, said = {}, {} if said is None else said
    at_hand = row._state.fields_cache
    for name in _own(type(row)):
        value = at_hand.get(name) or getattr(row, name)
        if value is None or isinstance(value, (bool, int, str, dict, list)):
            values[name] = value
        elif isinstance(value, models.Model):
            values[name] = said.get(id(value)) or said.setdefault(id(value), str(value))
        else:
            values[name] = str(value)
    return values
