"""The columns of the grid: one declaration for headings, help, reading what is typed, errors and the clipboard."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from budget import cells
from budget.entry.draft import Draft
from budget.entry.fields import EntryField
from budget.entry.lines import FLAGS, FUND, ItemForm, LineForm
from budget.importing.dimensions import category_of, nature_of
from budget.models import BASIC_CATEGORIES, Category, Nature

TEXT, CHOICE, CODE, YES, AMOUNT, COMPUTED = "text", "choice", "code", "yes", "amount", "computed"
CODES = ("function", "economic", "government", "fund")
OF_ITEM = ("category", "name", "nature")
BASIC_LABELS = tuple(Category(code).label for code in BASIC_CATEGORIES)


@dataclass(frozen=True)
class Column:
    """A column. `heads`: its three header levels; `names`: what else a header on the clipboard may call it."""

    key: str
    heads: tuple[str, str, str]
    kind: str
    width: int
    field: EntryField | None = None
    required: bool = False
    frozen: bool = False
    choices: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    help_text: str = ""
    default: str = ""  # what a new row begins with, as in the forms

    @property
    def label(self) -> str:
        return str(self.field.label) if self.field else self.heads[-1]

    @property
    def is_typed(self) -> bool:
        return self.kind != COMPUTED

    def as_json(self, reader: "Reader") -> dict:
        draft = reader.draft
        return {
            "key": self.key,
            "heads": [head.format(unit=draft.unit) for head in self.heads],
            "label": self.label,
            "kind": self.kind,
            "choices": list(self.choices),
            "codes": self.field.kind if self.kind == CODE else "",
            "required": self.required,
            "editable": self.is_typed and draft.is_writable,
            "frozen": self.frozen,
            "width": self.width,
            "help": self.help_text or str(self.field.help_text),
            "default": reader.default(self.key),
        }


ITEM, LINE = ItemForm.base_fields, LineForm.base_fields
SUBJECTS, MONEY, BEFORE = "科目", "资金", "与上年比"

_ITEM_COLUMNS = (
    Column(
        "category",
        ("项目", "类别", "类别"),
        CHOICE,
        72,
        ITEM["category"],
        True,
        True,
        BASIC_LABELS,
        ("项目类别", "类型"),
    ),
    Column("name", ("项目", "项目名称", "项目名称"), TEXT, 190, ITEM["name"], True, True, names=("项目", "名称")),
    Column(
        "nature",
        ("项目", "性质", "性质"),
        CHOICE,
        52,
        ITEM["nature"],
        frozen=True,
        choices=tuple(Nature.labels),
        names=("单位性质",),
    ),
)
_LINE_COLUMNS = (
    Column(
        "function",
        (SUBJECTS, "功能分类", "功能分类"),
        CODE,
        200,
        LINE["function"],
        True,
        names=("支出功能分类", "功能科目", "功能分类科目", "支出功能分类科目"),
    ),
    Column(
        "economic",
        (SUBJECTS, "经济分类", "部门预算"),
        CODE,
        180,
        LINE["economic"],
        True,
        names=(
            "部门",
            "部门预算经济分类",
            "部门预算支出经济分类",
            "部门支出经济分类",
            "部门经济科目",
            "经济分类",
            "经济科目",
        ),
    ),
    Column(
        "government",
        (SUBJECTS, "经济分类", "政府预算"),
        CODE,
        180,
        LINE["government"],
        names=("政府", "政府预算经济分类", "政府预算支出经济分类", "政府支出经济分类", "政府经济科目"),
    ),
    Column(
        "fund",
        (MONEY, "资金性质", "资金性质"),
        CODE,
        108,
        LINE["fund"],
        True,
        names=("资金来源", "资金"),
        default=FUND,
    ),
    Column("carried_over", (MONEY, "结转", "结转"), YES, 48, LINE["carried_over"], names=("上年结转", "上年结转结余")),
    Column(
        "amount",
        (MONEY, "金额（{unit}）", "金额（{unit}）"),
        AMOUNT,
        100,
        LINE["amount"],
        True,
        names=("预算数", "申报数", "本年预算数", "本年预算", "本年数"),
    ),
)
_FLAG_COLUMNS = tuple(
    Column(key, ("标记", head, head), YES, 56, LINE[key], names=names)
    for key, head, names in zip(
        FLAGS,
        ("采购", "资产", "服务"),
        (("政府采购",), ("新增资产",), ("购买服务", "政府购买服务")),
        strict=True,
    )
)
_COMPUTED_COLUMNS = (
    Column(
        "last_year",
        (BEFORE, "上年数", "上年数"),
        COMPUTED,
        92,
        names=("上年预算数",),
        help_text="上年预算中同一项目、同一科目和资金的金额，自动取得，不用填。",
    ),
    Column(
        "change",
        (BEFORE, "增减", "增减"),
        COMPUTED,
        108,
        names=("增减额", "变动"),
        help_text="本年金额减上年数，自动计算，不用填。",
    ),
)

BASIC = (*_ITEM_COLUMNS, *_LINE_COLUMNS, *_COMPUTED_COLUMNS)
PROJECT = (*_LINE_COLUMNS, *_FLAG_COLUMNS, *_COMPUTED_COLUMNS)
SUBTOTAL = "subtotal"  # which the browser shows beside the amounts of basic spending
LISTS = {"grid-basic": BASIC, "grid-project": PROJECT}  # where a person's choice of columns is kept
MAY_BE_PUT_AWAY = ("nature", "carried_over", *FLAGS, SUBTOTAL, "last_year", "change")
KEPT = {column.key: column for column in (*_ITEM_COLUMNS, *_LINE_COLUMNS, *_FLAG_COLUMNS)}  # what a row is made of


def choices(name: str) -> dict[str, str]:
    """The columns of a grid that a person may put away, key → label; none where there is no grid of that name."""
    found = {column.key: column.label for column in LISTS.get(name, ())}
    if "amount" in found and "name" in found:
        found[SUBTOTAL] = "项目小计"
    return {key: found[key] for key in MAY_BE_PUT_AWAY if key in found}


class Reader:
    """Reads what was typed in a draft's cells, and shows values as cells: each the inverse of the other.

    The same text in the same column is read once.
    """

    def __init__(self, draft: Draft):
        self.draft = draft
        self.fields = {key: deepcopy(column.field) for key, column in KEPT.items()}
        for field in self.fields.values():
            field.learn(draft)
        self.known: dict[tuple[str, str], object] = {}

    def read(self, key: str, text: str):
        """The value of a cell; "" or None where nothing is filled in. Raises cells.Refusal."""
        known = self.known.get((key, text), self)
        if known is self:
            try:
                known = self._read(key, text)
            except cells.Refusal as refusal:
                known = refusal
            self.known[key, text] = known
        if isinstance(known, cells.Refusal):
            raise known
        return known

    def _read(self, key: str, text: str):
        if key == "category":
            found = category_of(text)
            if found and found not in BASIC_CATEGORIES:
                raise cells.Refusal(f"{cells.quoted(text)}是项目支出，请在“项目支出”中填写。")
            return found
        if key == "nature":
            return nature_of(text)
        if KEPT[key].kind == YES:
            return bool(cells.parse_yes_no(text))
        return self.fields[key].parse(text)

    def default(self, key: str) -> str:
        """What a new row begins with in a column; "" for nothing, or where the year's edition has no such thing."""
        text = KEPT[key].default if key in KEPT else ""
        try:
            return text if text and self.read(key, text) else ""
        except cells.Refusal:
            return ""

    def show(self, key: str, value) -> str:
        if key == "category":
            return Category(value).label if value else ""
        if KEPT[key].kind == YES:
            return cells.YES if value else ""
        return self.fields[key].show(value)

    def cleaned(self, key: str, text: str) -> str:
        """A text as the cell shows it once it is read; what cannot be read stays as it is typed."""
        try:
            return self.show(key, self.read(key, text))
        except cells.Refusal:
            return text

    def cleaned_row(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {key: self.cleaned(key, text) for key, text in texts.items()}
