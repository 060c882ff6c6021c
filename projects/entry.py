"""A project's dossier and its costing as they are typed."""

from budget.entry.fields import (
    AmountField,
    ChoiceField,
    CodeField,
    NumberField,
    PriceField,
    ProjectCodeField,
    QuantityField,
    TextField,
    YesNoField,
)
from budget.entry.help import HELP
from budget.entry.lines import amount_of
from budget.entry.rows import RowForm
from budget.models import PROJECT_CATEGORIES, Category, Item, Nature
from budget.reporting import money

from .models import CostDetail, Dossier, cost

YEARS = {"least": 1950, "most": 2100}


class ProjectForm(RowForm):
    """The item of a project."""

    model = Item
    label_field = "name"

    name = TextField(label="项目名称", limit=180, css="half", help_text=HELP["project"]["name"])
    code = ProjectCodeField(label="项目编码", required=False, css="half", help_text=HELP["project"]["code"])
    category = ChoiceField(
        label="项目类别",
        choices=[choice for choice in Category.choices if choice[0] in PROJECT_CATEGORIES],
        empty="请选择",
        css="half",
        help_text=HELP["project"]["category"],
    )
    nature = ChoiceField(label="性质", choices=Nature.choices, css="half", help_text=HELP["project"]["nature"])


def _words(label: str, name: str, lines: int = 2) -> TextField:
    return TextField(
        label=label, limit=20_000, lines=lines, required=False, css="half", help_text=HELP["dossier"][name]
    )


def _tick(label: str, name: str) -> YesNoField:
    return YesNoField(label=label, css="quarter", help_text=HELP["dossier"][name])


class DossierForm(RowForm):
    """What is said of a project beside its money."""

    model = Dossier

    overview = _words("项目概述", "overview")
    basis = _words("设立依据", "basis")
    necessity = _words("必要性", "necessity")
    feasibility = _words("可行性", "feasibility")
    plan = _words("实施方案", "plan")
    costing = _words("经费测算", "costing")
    start_year = NumberField(
        label="开始年度", required=False, css="quarter", help_text=HELP["dossier"]["start_year"], **YEARS
    )
    end_year = NumberField(
        label="结束年度", required=False, css="quarter", help_text=HELP["dossier"]["end_year"], **YEARS
    )
    total_amount = AmountField(
        label="项目总额", required=False, css="quarter", help_text=HELP["dossier"]["total_amount"]
    )
    spent_before = AmountField(
        label="以前年度已安排", required=False, css="quarter", help_text=HELP["dossier"]["spent_before"]
    )
    is_key = _tick("重点项目", "is_key")
    is_construction = _tick("基本建设", "is_construction")
    is_information_system = _tick("信息化", "is_information_system")
    is_withheld = _tick("不公开", "is_withheld")
    public_name = TextField(
        label="公开时的名称", limit=180, required=False, css="half", help_text=HELP["dossier"]["public_name"]
    )
    withheld_reason = TextField(
        label="不公开的理由", limit=500, required=False, css="half", help_text=HELP["dossier"]["withheld_reason"]
    )
    contact = TextField(label="联系人", limit=50, required=False, css="quarter", help_text=HELP["dossier"]["contact"])
    contact_phone = TextField(
        label="联系电话", limit=30, required=False, css="quarter", help_text=HELP["dossier"]["contact_phone"]
    )

    def check(self) -> None:
        """What two fields together must hold."""
        value = self.cleaned_data.get
        if value("is_withheld"):
            for name in ("public_name", "withheld_reason"):
                if not value(name) and not self.has_error(name):
                    self.add_error(name, f"不公开的项目须填写{self.fields[name].label}。")
        starts, ends = value("start_year"), value("end_year")
        if starts and ends and ends < starts:
            self.add_error("end_year", f"结束年度{ends}不能早于开始年度{starts}。")


class CostForm(RowForm):
    """A line of the costing: quantity × price."""

    model = CostDetail
    label_field = "content"

    position = NumberField(label="序", required=False, css="c-order", help_text=HELP["cost"]["position"])
    content = TextField(label="测算内容", limit=200, help_text=HELP["cost"]["content"])
    quantity = QuantityField(label="数量", css="c-number num", help_text=HELP["cost"]["quantity"])
    measure = TextField(label="计量单位", limit=20, required=False, css="c-short", help_text=HELP["cost"]["measure"])
    price = PriceField(label="单价", css="c-amount num", help_text=HELP["cost"]["price"])
    economic = CodeField(
        label="部门经济分类", kind="economic", required=False, css="c-code", help_text=HELP["cost"]["economic"]
    )
    fund = CodeField(label="资金性质", kind="fund", required=False, css="c-fund", help_text=HELP["cost"]["fund"])
    basis = TextField(label="测算依据", limit=500, required=False, help_text=HELP["cost"]["basis"])

    @property
    def fen(self) -> int:
        """quantity × price in 分, four up, as it stands on the page; 0 where it cannot be read."""
        quantity, price = amount_of(self, "quantity"), amount_of(self, "price")
        if quantity is None or price is None:
            return 0
        return money.fen(cost(quantity, price))
