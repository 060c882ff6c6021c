"""What an import would change, as plain values to be kept and shown: by item, old and new, totals before and after."""

from dataclasses import dataclass, field

from budget import writing
from budget.models import Budget, Item, Line
from budget.reporting import money
from budget.reporting.collecting import without_collecting

from .differences import stored_items

MOST_ROWS = 500
DIMENSIONS = ("function", "economic", "government", "fund")
ADDED, EDITED, REMOVED = "新增", "修改", "删除"


@dataclass
class _Group:
    """An item and what happens to it; amounts in 分."""

    name: str
    category: str
    before: int = 0
    after: int = 0
    said: list[str] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)


@without_collecting()
def compared(changes: list[writing.Change], budget: Budget) -> dict:
    """The changes as JSON values; at most 500 rows, `unlisted` says how many more. Amounts in 分. Two queries."""
    return _Comparison(changes, budget).told()


class _Comparison:
    def __init__(self, changes: list[writing.Change], budget: Budget):
        self.items = {item.pk: item for item in stored_items(budget)}
        self.groups = {("stored", pk): _of(item) for pk, item in self.items.items()}
        self.uids = {item.uid: pk for pk, item in self.items.items()}
        self.lines = {}
        self.counts = dict.fromkeys((ADDED, EDITED, REMOVED), 0)
        self.item_counts = dict.fromkeys((ADDED, EDITED, REMOVED), 0)
        codes = [f"{name}__code" for name in DIMENSIONS[:3]]
        for uid, item, amount, carried, label, fund, *dims in Line.objects.of(budget).values_list(
            "uid", "item_id", "amount", "carried_over", "fund__label", "fund__name", *codes
        ):
            self.lines[uid] = (item, money.fen(amount), _words(dims, label or fund, carried))
            group = self.groups["stored", item]
            group.before += money.fen(amount)
            group.after = group.before
        self.moved = False
        for change in changes:
            self._take(change)

    def told(self) -> dict:
        touched = [group for group in self.groups.values() if group.rows or group.said]
        rows = sum(len(group.rows) for group in touched)
        listed, left = [], MOST_ROWS
        for group in touched[:MOST_ROWS]:
            listed.append({**vars(group), "rows": group.rows[:left]})
            left -= len(listed[-1]["rows"])
        return {
            "counts": self.counts,
            "item_counts": self.item_counts,
            "is_moved": self.moved,
            "items": listed,
            "unlisted": rows - (MOST_ROWS - left),
            "before": sum(group.before for group in self.groups.values()),
            "after": sum(group.after for group in self.groups.values()),
        }

    def _take(self, change: writing.Change) -> None:
        match change:
            case writing.Add(row=Item() as item):
                self.groups["new", id(item)] = group = _of(item)
                group.said.append("新增项目")
                self.item_counts[ADDED] += 1
            case writing.Add(row=Line() as line):
                dims = [getattr(line, name).code for name in DIMENSIONS[:3]]
                words = _words(dims, line.fund.label or line.fund.name, line.carried_over)
                self._row(self._group_of(line.item), ADDED, words, None, money.fen(line.amount))
            case writing.Edit(model=model, uid=uid, values=values) if model is Item:
                self._edit_item(uid, values)
            case writing.Edit(model=model, uid=uid, values=values) if model is Line:
                item, old, words = self.lines[uid]
                new = money.fen(values["amount"]) if "amount" in values else old
                also = [_said(Line, name, value) for name, value in values.items() if name != "amount"]
                self._row(self.groups["stored", item], EDITED, words, old, new, also)
            case writing.Remove(model=model, uid=uid) if model is Line:
                self._remove(uid)
            case writing.Remove(model=model, uid=uid) if model is Item:
                pk = self.uids[uid]
                self.groups["stored", pk].said.append("删除项目")
                self.item_counts[REMOVED] += 1
                for line, (item, _, _) in self.lines.items():
                    if item == pk:
                        self._remove(line)

    def _group_of(self, item: Item) -> _Group:
        return self.groups[("stored", item.pk) if item.pk else ("new", id(item))]

    def _edit_item(self, uid, values: dict) -> None:
        group, before = self.groups["stored", self.uids[uid]], self.items[self.uids[uid]]
        self.moved = self.moved or "position" in values
        told = {name: value for name, value in values.items() if name != "position"}
        for name, value in told.items():
            old = _in_words(before, name)
            group.said.append(f"{Item._meta.get_field(name).verbose_name}：{old or '（空）'} → {value or '（空）'}")
        self.item_counts[EDITED] += bool(told)

    def _remove(self, uid) -> None:
        item, old, words = self.lines[uid]
        self._row(self.groups["stored", item], REMOVED, words, old, None)

    def _row(self, group: _Group, kind: str, words: list[str], old: int | None, new: int | None, also=()) -> None:
        group.rows.append({"kind": kind, "words": words, "old": old, "new": new, "also": list(also)})
        group.after += (new or 0) - (old or 0)
        self.counts[kind] += 1


def _of(item: Item) -> _Group:
    return _Group(item.name, item.get_category_display())


def _words(codes: list[str], fund: str, carried_over: bool) -> list[str]:
    return [*codes, f"{fund}（上年结转）" if carried_over else fund]


def _said(model, name: str, value) -> str:
    return f"{model._meta.get_field(name).verbose_name} → {value}"


def _in_words(item: Item, name: str) -> str:
    shown = getattr(item, f"get_{name}_display", None)
    return str(shown() if shown else getattr(item, name))
