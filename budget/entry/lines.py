"""Items and their lines as they are typed, for basic spending and for projects alike."""

from collections.abc import Iterable
from uuid import UUID

from budget.models import BASIC_CATEGORIES, Category, Item, Line, Nature
from budget.reporting import money

from .draft import Draft
from .editing import Editing
from .fields import AmountField, ChoiceField, CodeField, TextField, YesNoField
from .help import HELP
from .row_sets import RowSet
from .rows import RowForm

FLAGS = ("is_procurement", "is_asset", "is_purchased_service")
FUND = "一般公共预算"
NO_FUNCTION = "请填写功能分类的项级科目（7位）。"
NO_ECONOMIC = "请填写部门经济分类的款级科目（5位）。"


class ItemForm(RowForm):
    """An item of basic spending."""

    model = Item
    label_field = "name"

    name = TextField(label="项目名称", limit=180, help_text=HELP["item"]["name"])
    category = ChoiceField(
        label="类别",
        choices=[choice for choice in Category.choices if choice[0] in BASIC_CATEGORIES],
        help_text=HELP["item"]["category"],
    )
    nature = ChoiceField(label="性质", choices=Nature.choices, help_text=HELP["item"]["nature"])


class LineForm(RowForm):
    """A line: an amount with its dimensions."""

    model = Line

    function = CodeField(label="功能分类", kind="function", required=False, help_text=HELP["line"]["function"])
    economic = CodeField(label="部门经济分类", kind="economic", required=False, help_text=HELP["line"]["economic"])
    government = CodeField(
        label="政府经济分类", kind="government", required=False, help_text=HELP["line"]["government"]
    )
    fund = CodeField(label="资金性质", kind="fund", css="c-fund", help_text=HELP["line"]["fund"])
    carried_over = YesNoField(label="结转", css="c-yes", help_text=HELP["line"]["carried_over"])
    amount = AmountField(label="金额", css="c-amount num", help_text=HELP["line"]["amount"])
    is_procurement = YesNoField(label="采购", css="c-flag", help_text=HELP["line"]["is_procurement"])
    is_asset = YesNoField(label="资产", css="c-flag", help_text=HELP["line"]["is_asset"])
    is_purchased_service = YesNoField(label="服务", css="c-flag", help_text=HELP["line"]["is_purchased_service"])


def complete_line(line: LineForm, item: RowForm, draft: Draft) -> str:
    """Fill in what follows: 未细化 where it is allowed, the government class of the department class.

    `item`: the item's form, judged. Returns what the person should be told, "" for nothing.
    """
    if "function" not in line.cleaned_data and "function" in line.errors:
        return _complete_economic(line, item, draft)
    if line.cleaned_data.get("function") is None:
        if draft.campaign.allow_unspecified_function:
            line.follow("function", draft.dimensions.unspecified["function"])
        else:
            line.add_error("function", NO_FUNCTION)
    return _complete_economic(line, item, draft)


def _complete_economic(line: LineForm, item: RowForm, draft: Draft) -> str:
    if {"economic", "government"} & set(line.errors):
        return ""
    economic, government = line.cleaned_data.get("economic"), line.cleaned_data.get("government")
    category, nature = _of_item(item, "category"), _of_item(item, "nature")
    if economic is None:
        if category in BASIC_CATEGORIES or not draft.campaign.allow_unspecified_economic:
            line.add_error("economic", NO_ECONOMIC)
            return ""
        economic = draft.dimensions.unspecified["dept_economic"]
        line.follow("economic", economic)
    if government is not None and not _followed(line, item, draft):
        return ""
    proposals = draft.dimensions.proposals(economic, nature)
    if economic.is_unspecified:
        proposals = [draft.dimensions.unspecified["gov_economic"]]
    if government in proposals:
        return ""
    if not proposals:
        line.add_error("government", no_government(economic))
        return ""
    line.follow("government", proposals[0])
    return f"{line.place_in_words}：政府经济分类已按 {economic}（{nature}）填为 {proposals[0]}。"


def no_government(economic) -> str:
    return f"{economic} 没有对应的政府经济分类，请填写政府经济分类的款级科目（5位）。"


def _followed(line: LineForm, item: RowForm, draft: Draft) -> bool:
    """Whether a stored government class, left alone, went with a department class or nature now changed."""
    if line.stored is None or "government" in line.changed:
        return False
    nature = item.stored.nature if item.stored is not None else _of_item(item, "nature")
    if "economic" not in line.changed and nature == _of_item(item, "nature"):
        return False
    return line.stored.government in draft.dimensions.proposals(line.stored.economic, nature)


def _of_item(item: RowForm, name: str) -> str:
    return item.cleaned_data.get(name) or (getattr(item.stored, name) if item.stored is not None else "")


def sum_of(lines: Iterable[RowForm]) -> int:
    """The sum (分) of the amounts as they stand on the page, as far as they can be read."""
    return sum(money.fen(amount) for line in lines if (amount := amount_of(line)))


def amount_of(line: RowForm, name: str = "amount"):
    """An amount (元), or the value of another field, as it stands on the page; None where it cannot be read."""
    if line.is_removed:
        return None
    if not line.is_bound or name not in line.changed:
        return getattr(line.stored, name, None)
    try:
        return line.fields[name].parse(line.typed(name))
    except ValueError:
        return None


class BasicEditing(Editing):
    """基本支出: every item with its lines. `items`: which are shown (the rest stays as it is)."""

    items: Iterable[Item] | None = None

    def build(self):
        items = Item.objects.of(self.budget).basic() if self.items is None else self.items
        items = list(items.order_by("category", "position", "pk"))
        for item in items:
            item.budget = self.budget
        uids: dict[int, UUID] = {item.pk: item.uid for item in items}
        lines = Line.objects.filter(item__in=items).select_related("function", "economic", "government", "fund")
        item_rows = RowSet(
            "items",
            ItemForm,
            self.draft,
            items,
            title="项目",
            posted=self.posted,
            defaults={"category": BASIC_CATEGORIES[1], "nature": Nature.ADMINISTRATIVE.value},
            word="项",
        )
        yield item_rows
        line_rows = RowSet(
            "lines",
            LineForm,
            self.draft,
            lines.order_by("item__position", "function__code", "economic__code", "pk"),
            title="明细",
            posted=self.posted,
            parents=item_rows,
            parent_of=lambda line: uids[line.item_id],
            without=FLAGS,
            defaults={"fund": FUND},
        )
        for item in item_rows.rows:
            if item.stored is None and self.posted is None:
                line_rows.add(item.key)
        yield line_rows

    def add_row(self, wanted):
        row = super().add_row(wanted)
        if row is not None and wanted == "items":
            self.sets["lines"].add(row.key)
        return row

    def complete(self):
        for line in self.judged():
            if line.rows.name == "lines":
                told = complete_line(line, line.parent_row, self.draft)
                if told and line.stored is not None:
                    self.notices.append(told)

    def groups(self) -> list[dict]:
        """The page: a group for each category, and one for what is new."""
        groups: dict[str, list[dict]] = {}
        for item in self.sets["items"].rows:
            lines = self.sets["lines"].of(item)
            group = item.stored.category if item.stored is not None else ""
            groups.setdefault(group, []).append({"item": item, "lines": lines, "fen": sum_of(lines)})
        labels = dict(Category.choices)
        return [
            {
                "key": key,
                "title": labels.get(key, "新增"),
                "entries": entries,
                "fen": sum(one["fen"] for one in entries),
            }
            for key, entries in sorted(groups.items(), key=lambda one: (not one[0], one[0]))
        ]

    @property
    def total(self) -> int:
        return sum_of(self.sets["lines"].rows)

    @property
    def patterns(self) -> dict:
        """The blank item with a blank line, and the blank line, that a browser copies."""
        item, line = self.sets["items"].pattern(), self.sets["lines"].pattern()
        under = self.sets["lines"].form(self.sets["lines"], item.key, parent=item.key, defaults={"fund": FUND})
        return {"item": item, "line": line, "lines": [under]}
