"""Budgets copied forward whole: every row under the same uid, one statement a table however many lines there are."""

from collections.abc import Sequence

from django.apps import apps
from django.db import connection

from .models import Budget, BudgetOwned, DraftRow
from .owned import height


def fill(budgets: Sequence[Budget], *, drafts: bool = True) -> None:
    """Fill empty drafts with everything their `based_on` owns; `drafts`: unfinished rows too.

    The caller has the budgets in a transaction. The locks hold here as everywhere: into a budget that is no draft
    nothing is copied.
    """
    if not budgets:
        return
    models = [model for model in apps.get_models() if issubclass(model, BudgetOwned)]
    ids = ", ".join(str(int(budget.pk)) for budget in budgets)
    with connection.cursor() as cursor:
        for model in sorted(models, key=height):
            if drafts or model is not DraftRow:
                cursor.execute(_statement(model, ids))


def _statement(model: type[BudgetOwned], ids: str) -> str:
    """INSERT … SELECT of a table's rows from each budget's source into the budget."""
    table, owner = model._meta.db_table, model.BUDGET_PATH[0]
    joins, columns, values = [], [], []
    if model.BUDGET_PATH == ("budget",):
        joins.append("JOIN budget_budget target ON target.based_on_id = source.budget_id")
    else:
        joins.append("JOIN budget_item was ON was.id = source.item_id")
        joins.append("JOIN budget_budget target ON target.based_on_id = was.budget_id")
        joins.append("JOIN budget_item owner ON owner.budget_id = target.id AND owner.uid = was.uid")
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        if field.name == owner:
            values.append("target.id" if owner == "budget" else "owner.id")
        elif field.is_relation and issubclass(field.related_model, BudgetOwned):
            # a row of the same budget: its copy has the same uid there
            other = field.related_model._meta.db_table
            joins.append(f"LEFT JOIN {other} old_{field.name} ON old_{field.name}.id = source.{field.column}")
            joins.append(
                f"LEFT JOIN {other} new_{field.name} ON new_{field.name}.uid = old_{field.name}.uid"
                f" AND new_{field.name}.budget_id = target.id"
            )
            values.append(f"new_{field.name}.id")
        elif field.name == "version":
            values.append("1")
        else:
            values.append(f'source."{field.column}"')
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} source"
        f" {' '.join(joins)} WHERE target.id IN ({ids}) ORDER BY source.id"
    )
