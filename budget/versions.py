"""Two budgets of a unit side by side: only what differs, row by row and table by table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import F

from records.models import ChangeRecord

from .books import Selection, read_book
from .fields import AmountField
from .models import Budget, BudgetOwned, DraftRow, Item, Line, Transition
from .reporting import money
from .reporting.grid import Grid
from .reporting.sheet import kind_of

UNTOLD = ("id", "uid", "version", "position", "typed_by")
ADDED, REMOVED, CHANGED = "新增", "删除", "修改"


@dataclass(frozen=True)
class Difference:
    """A field of a row that differs. `old`, `new`: amounts in 元 (Decimal), or words; "" for nothing."""

    kind: str
    row: str
    action: str
    field: str
    old: object
    new: object
    is_money: bool = False
    by: str = ""
    at: datetime | None = None
    via: str = ""
    why: str = ""

    @property
    def change(self):
        """new − old of an amount (元)."""
        return (self.new or 0) - (self.old or 0) if self.is_money else None


@dataclass(frozen=True)
class CellDifference:
    """A figure of a table that differs (分)."""

    table: str
    number: int
    row: str
    column: str
    old: int
    new: int

    @property
    def change(self) -> int:
        return self.new - self.old


def row_differences(before: Budget, after: Budget) -> list[Difference]:
    """Every row and field that differs, in the order of the models; of a row that came or went its amounts."""
    pairs = []
    for model in _differing(before, after):
        olds, news = _rows(model, before, after)
        pairs += [(model, old, new) for old, new in _matched(olds, news)]
    changed = [(model, old, new) for model, old, new in pairs if old is None or new is None or _fields(old, new)]
    who = _who({(new or old).uid for _, old, new in changed}, before, after)
    found = []
    for model, old, new in changed:
        found.extend(_told(model, old, new, who.get((new or old).uid)))
    return found


def _differing(before: Budget, after: Budget) -> list[type[BudgetOwned]]:
    """The models whose rows are not the same in both, found in one query."""
    models = sorted(_models(), key=_rank)
    selects = []
    for at, model in enumerate(models):
        olds, news = (_as_rows(model, budget) for budget in (before, after))
        selects.append(
            f"SELECT {at} WHERE EXISTS (SELECT * FROM ({olds} EXCEPT {news}) gone)"
            f" OR EXISTS (SELECT * FROM ({news} EXCEPT {olds}) came)"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return [models[at] for at in sorted(at for (at,) in cursor.fetchall())]


def _as_rows(model: type[BudgetOwned], budget: Budget) -> str:
    """SELECT of what a budget's rows of the model say, items by their uid."""
    columns, joins = ["source.uid"], []
    for field in model._meta.concrete_fields:
        if field.is_relation and field.related_model is Item:
            joins.append(f"LEFT JOIN budget_item {field.name}_row ON {field.name}_row.id = source.{field.column}")
            columns.append(f"{field.name}_row.uid")
        elif field.name not in (*UNTOLD, "budget"):
            kind = "CAST({} AS text)" if field.get_internal_type() == "JSONField" else "{}"
            columns.append(kind.format(f'source."{field.column}"'))
    of = "source.budget_id" if model.BUDGET_PATH == ("budget",) else "item_row.budget_id"
    sql = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} source {' '.join(joins)}"
    return f"{sql} WHERE {of} = {int(budget.pk)}"


def _rows(model: type[BudgetOwned], before: Budget, after: Budget) -> tuple[list, list]:
    """The rows of both, read in one query."""
    path = "__".join(model.BUDGET_PATH)
    relations = [field.name for field in model._meta.concrete_fields if field.is_relation and field.name != "budget"]
    found = model._default_manager.filter(**{f"{path}__in": (before, after)})
    found = list(found.select_related(*relations).annotate(owner=F(f"{path}_id")))
    return tuple([row for row in found if row.owner == budget.pk] for budget in (before, after))


def _models() -> list[type[BudgetOwned]]:
    return [model for model in apps.get_models() if issubclass(model, BudgetOwned) and model is not DraftRow]


def _rank(model) -> tuple:
    return (model is not Line, model is not Item, model._meta.app_label, model._meta.label)


def _matched(olds: list, news: list) -> Iterable[tuple]:
    """Rows that are the same row: by uid; across years, where no uid is shared, by what names them."""
    by_uid = {row.uid: row for row in olds}
    shared = any(row.uid in by_uid for row in news)
    keys = {_uid: row for _uid, row in by_uid.items()} if shared else {_named(row): row for row in olds}
    for row in news:
        yield keys.pop(row.uid if shared else _named(row), None), row
    yield from ((row, None) for row in keys.values())


def _named(row) -> tuple:
    if isinstance(row, Line):
        item = row.item.code or (row.item.category, row.item.name)
        codes = (getattr(row, name).code for name in ("function", "economic", "government", "fund"))
        return (item, *codes, row.carried_over)
    if isinstance(row, Item):
        return (row.code or (row.category, row.name),)
    return (str(row), getattr(row, "position", 0))


def _values(row) -> dict[str, object]:
    """field → value as it is compared: codes in words, rows of the budget by name."""
    owner, values = row.BUDGET_PATH[0], {}
    for field in row._meta.concrete_fields:
        if field.name in UNTOLD or field.name == owner:
            continue
        value = getattr(row, field.name)
        if field.choices:
            value = getattr(row, f"get_{field.name}_display")()
        elif isinstance(value, bool):
            value = "是" if value else "否"
        values[field.name] = value if isinstance(field, AmountField) else "" if value is None else str(value)
    return values


def _fields(old, new) -> list[str]:
    was, now = _values(old), _values(new)
    return [name for name in now if was[name] != now[name]]


def _told(model, old, new, changed) -> Iterable[Difference]:
    how = {}
    if changed is not None:
        record, why = changed
        how = {"by": record.by_name, "at": record.at, "via": record.get_via_display(), "why": why}
    kind, label = str(model._meta.verbose_name), str(new or old)
    if old is not None and new is not None:
        was, now = _values(old), _values(new)
        names, action = _fields(old, new), CHANGED
    else:
        was, now = (_values(one) if one is not None else {} for one in (old, new))
        action = ADDED if old is None else REMOVED
        amounts = [field.name for field in model._meta.concrete_fields if isinstance(field, AmountField)]
        names = [name for name in amounts if (now or was)[name]][:1]
        if not names:
            yield Difference(kind, label, action, "", "", "", **how)
    for name in names:
        field = model._meta.get_field(name)
        is_money = isinstance(field, AmountField)
        title = str(field.verbose_name).removesuffix("（元）")
        yield Difference(kind, label, action, title, was.get(name, ""), now.get(name, ""), is_money, **how)


def _who(uids: set, before: Budget, after: Budget) -> dict[UUID, tuple[ChangeRecord, str]]:
    """uid → the last change of that row in the budgets from the one to the other, and why that budget was begun."""
    same = Budget.objects.filter(unit=after.unit_id, campaign__in={before.campaign_id, after.campaign_id})
    returned = Transition.objects.filter(budget__in=same, to_state=Budget.State.RETURNED)
    reasons = dict(returned.order_by("at", "pk").values_list("budget", "reason"))
    why = {
        budget.chain: reasons.get(budget.based_on_id) or budget.adjustment_reason
        for budget in same
        if budget.pk != before.pk
    }
    found: dict[UUID, tuple[ChangeRecord, str]] = {}
    for at in range(0, len(uids), 500):
        batch = sorted(uids, key=str)[at : at + 500]
        for record in ChangeRecord.objects.filter(chain__in=list(why), subject_uid__in=batch).order_by("at", "pk"):
            found[record.subject_uid] = record, why[record.chain]
    return found


def cell_differences(before: Budget, after: Budget) -> list[CellDifference]:
    """Every figure that differs of the tables of the newer budget's set, in their order."""
    now = read_book(Selection(after.unit, after.campaign, after.stage, (after,)))
    was = read_book(Selection(before.unit, before.campaign, before.stage, (before,)), table_set=now.table_set)
    found = []
    for old, new in zip(was.grids(), now.grids(), strict=True):
        olds, news = _cells(old), _cells(new)
        for place in dict.fromkeys((*news, *olds)):
            row, column, amount = news.get(place) or (*olds[place][:2], 0)
            earlier = olds[place][2] if place in olds else 0
            if amount != earlier:
                found.append(CellDifference(new.title, new.number, row, column, earlier, amount))
    return found


def _cells(grid: Grid) -> dict[tuple, tuple[str, str, int]]:
    """(section, row, column) → (the words of the row, of the column, 分)."""
    found = {}
    for number, part in enumerate((grid, *(section.grid for section in grid.sections))):
        for row in part.rows:
            for at, column in enumerate(part.columns):
                value = row.cells[at]
                if not column.is_money or not isinstance(value, int) or not kind_of(row, column.half):
                    continue
                key = row.key[column.half] if isinstance(row.key, tuple) else row.key
                if not key or row.continues:
                    continue
                words = [
                    str(text)
                    for one, text in zip(part.columns, row.cells, strict=True)
                    if one.is_text and one.half == column.half and text
                ]
                found[number, key, column.key] = (" ".join(words[-2:]), "，".join(column.path), value)
    return found


def words_of(value, unit: str, is_money: bool) -> str:
    """A value as the page shows it."""
    if not is_money:
        return str(value)
    return "" if value in ("", None) else money.printed(money.fen(value), unit, thousands=True) or "0.00"
