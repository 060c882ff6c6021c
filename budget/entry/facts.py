"""其他情况: the facts that the text needs and no line holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from budget.models import (
    AssetHolding,
    Budget,
    Duty,
    LastYearFigure,
    ProcurementLine,
    Reason,
    SpecialTransfer,
    Staffing,
    stage_order,
)
from budget.reporting import money
from budget.reporting.book import Book

from . import execution
from .editing import Editing
from .execution import ExecutionForm
from .fields import AmountField, NumberField, TextField
from .help import HELP
from .lines import sum_of
from .procurement import ProcurementForm
from .row_sets import RowSet
from .rows import RowForm


@dataclass(frozen=True)
class Figure:
    """A printed figure whose last year's is asked for: a cell of a table.

    `topic`: the reason that is asked of its change; `now`: the cell with this year's figure, where that is another one.
    """

    key: str
    label: str
    table: str
    column: str
    topic: str = ""
    now: tuple[str, str] = ()

    @property
    def this_year(self) -> tuple[str, str]:
        return self.now or (self.table, self.column)


FIGURES = (
    Figure("income", "收入总计", "revenue_and_expenditure", "income.amount"),
    Figure(
        "expenditure", "支出总计", "revenue_and_expenditure", "expenditure.amount", "total", ("expenditure", "total")
    ),
    Figure("basic", "基本支出", "expenditure", "basic.total"),
    Figure("project", "项目支出", "expenditure", "project.total"),
    Figure("general", "一般公共预算支出", "general_expenditure", "total"),
    Figure("fundmoney", "政府性基金支出", "government_fund_expenditure", "total", "government_funds"),
    Figure("operating", "机关（机构）运行经费", "agency_operating", "operating.total", "operating"),
    Figure("public", "“三公”经费合计", "three_public", "total"),
    Figure("abroad", "因公出国（境）费", "three_public", "abroad", "abroad"),
    Figure("purchase", "公务用车购置费", "three_public", "vehicles.purchase", "vehicle_purchase"),
    Figure("running", "公务用车运行维护费", "three_public", "vehicles.running", "vehicle_running"),
    Figure("reception", "公务接待费", "three_public", "reception", "reception"),
)


class StaffingForm(RowForm):
    model = Staffing

    established = NumberField(
        label="编制总数", css="quarter", empty=0, required=False, help_text=HELP["staffing"]["established"]
    )
    administrative = NumberField(
        label="行政编制", css="quarter", empty=0, required=False, help_text=HELP["staffing"]["administrative"]
    )
    institution = NumberField(
        label="事业编制", css="quarter", required=False, help_text=HELP["staffing"]["institution"]
    )
    worker = NumberField(label="工勤编制", css="quarter", required=False, help_text=HELP["staffing"]["worker"])
    in_office = NumberField(label="实有人数", css="quarter", required=False, help_text=HELP["staffing"]["in_office"])
    retired = NumberField(label="离退休人数", css="quarter", required=False, help_text=HELP["staffing"]["retired"])


class AssetForm(RowForm):
    model = AssetHolding

    number = NumberField(label="数量", required=False, empty=0, css="c-middle num", help_text=HELP["asset"]["number"])
    value = AmountField(
        label="价值", required=False, empty=Decimal(0), css="c-middle num", help_text=HELP["asset"]["value"]
    )


class TransferForm(RowForm):
    model = SpecialTransfer
    label_field = "name"

    name = TextField(label="项目名称", limit=200, help_text=HELP["transfer"]["name"])
    amount = AmountField(label="金额", required=False, css="c-middle num", help_text=HELP["transfer"]["amount"])


class DutyForm(RowForm):
    model = Duty

    position = NumberField(label="序", required=False, css="c-order", help_text=HELP["duty"]["position"])
    text = TextField(label="职责", limit=2000, lines=2, css="c-wide", help_text=HELP["duty"]["text"])


class ReasonForm(RowForm):
    model = Reason
    essential = "text"

    text = TextField(
        label="变动原因", limit=1000, lines=2, required=False, css="c-wide", help_text=HELP["reason"]["text"]
    )


class LastYearForm(RowForm):
    model = LastYearFigure
    essential = "amount"

    amount = AmountField(label="上年预算数", required=False, css="c-middle num", help_text=HELP["last_year"]["amount"])
    source = TextField(label="来源", limit=300, required=False, css="c-wide", help_text=HELP["last_year"]["source"])

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") is not None and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", "请填写上年数的来源，如“2023年度部门预算公开文本”。")
        return cleaned


@dataclass(frozen=True)
class Comparison:
    """A figure this year and last, as text in the unit of the page; `said` of last year's change, last year."""

    now: str
    before: str
    change: str
    is_changed: bool
    said: str = ""


def _counts(reason: Reason) -> tuple:
    """The order in which budgets of a year count: an approved one most, else the furthest stage's last revision."""
    budget = reason.budget
    return budget.state == Budget.State.APPROVED, stage_order(budget.stage), budget.revision


class FactsEditing(Editing):
    """`book`: this year's tables, for what the reasons are asked about; `said`: last year's reasons by topic."""

    book: Book
    said: dict[str, str]

    def build(self):
        posted, draft, budget = self.posted, self.draft, self.budget
        in_set = [one for one in FIGURES if self.book.table_set.placed(one.table)]

        def rows(name, form, title, **kwargs):
            stored = form.model.objects.filter(budget=budget)
            return RowSet(name, form, draft, stored, title=title, posted=posted, **kwargs)

        yield rows("staffing", StaffingForm, "人员情况", is_single=True)
        kinds = [(kind.replace("_", ""), {"kind": kind}, label) for kind, label in AssetHolding.Kind.choices]
        yield rows("assets", AssetForm, "国有资产占用", fixed=kinds)
        procurement = ProcurementLine.objects.filter(budget=budget).select_related("item")
        yield RowSet("procurement", ProcurementForm, draft, procurement, title="政府采购", posted=posted, extra=0)
        yield rows("transfers", TransferForm, "专项转移支付", extra=0)
        figures = [(one.key, {"table": one.table, "row": "total", "column": one.column}, one.label) for one in in_set]
        yield rows("lastyear", LastYearForm, "上年数", fixed=figures)
        yield rows("execution", ExecutionForm, "上年预算执行", fixed=execution.fixed())
        topics = [
            (topic.replace("_", ""), {"topic": topic}, label)
            for topic, label in Reason.Topic.choices
            if any(one.topic == topic for one in in_set)
        ]
        years = Q(budget=budget) | Q(budget__unit=budget.unit, budget__campaign__year=budget.campaign.year - 1)
        reasons = list(Reason.objects.filter(years).select_related("budget"))
        stored = [reason for reason in reasons if reason.budget_id == budget.pk]
        before = sorted((reason for reason in reasons if reason.budget_id != budget.pk), key=_counts)
        self.said = {reason.topic: reason.text for reason in before}
        yield RowSet("reasons", ReasonForm, draft, stored, title="变动原因", posted=posted, fixed=topics)
        yield rows("duties", DutyForm, "主要职责", extra=0)

    def reasons(self) -> list[tuple[RowForm, Comparison]]:
        by_topic = {one.topic: one for one in FIGURES if one.topic}
        topics = {key: values["topic"] for key, (values, _) in self.sets["reasons"].fixed.items()}
        return [
            (row, replace(self.compare(by_topic[topics[row.key]]), said=self.said.get(topics[row.key], "")))
            for row in self.sets["reasons"].rows
        ]

    def compare(self, figure: Figure) -> Comparison:
        now = self._now(figure)
        before = self.book.previous(figure.table).get(("total", figure.column))
        if before is None:
            return Comparison(self.draft.printed(now), money.UNKNOWN, "", False)
        if now == before:
            return Comparison(self.draft.printed(now), self.draft.printed(before), "持平", False)
        word = "增加" if now > before else "减少"
        change = f"{word} {self.draft.printed(abs(now - before))}"
        if before:
            change += f"（{money.percent(abs(now - before), before)}）"
        return Comparison(self.draft.printed(now), self.draft.printed(before), change, True)

    def _now(self, figure: Figure) -> int:
        table, column = figure.this_year
        return self.book.grid(table).fen("total", column)

    @property
    def execution(self) -> Sequence[execution.Told]:
        return execution.told(self.sets["execution"])

    @property
    def procured(self) -> int:
        return sum_of(self.sets["procurement"].rows)
