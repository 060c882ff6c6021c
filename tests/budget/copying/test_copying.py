"""An earlier budget in a new draft: every way, every part, nothing overwritten unasked, all or nothing."""

from decimal import Decimal

import pytest

from budget import writing
from budget.copying import copying
from budget.copying.copying import AMOUNTS, PERCENT, STRUCTURE, Choice
from budget.copying.parts import parts
from budget.models import DraftRow, Duty, FunctionalClass, IncomeEstimate, Item, Line, ProcurementLine
from budget.reporting import money
from performance.models import DepartmentIndicator, ProjectGoal, ProjectIndicator
from projects.models import CostDetail, Dossier
from records.models import ChangeRecord
from tests import factories

from .conftest import full

pytestmark = pytest.mark.django_db

ALL = frozenset(["basic", "projects", *parts()])


def copy(source, draft, *chosen, by=None, **how):
    choice = Choice(frozenset(chosen) or ALL, **how)
    outcome = copying.copy(source, full(draft), choice, by=by)
    draft.refresh_from_db()
    return outcome


def amounts(budget) -> dict:
    return {
        (line.item.name, line.function.code, line.economic.code): line.amount
        for line in Line.objects.of(budget).with_dimensions()
    }


def test_structure_and_amounts(source, draft):
    outcome = copy(source, draft, way=AMOUNTS)
    assert amounts(draft) == amounts(source)
    assert (outcome.before, outcome.after) == (Decimal(3935200), Decimal(3935200))
    assert set(Line.objects.of(draft).values_list("origin", flat=True)) == {"copied"}
    shapes = [list(Item.objects.of(one).values_list("uid", "code", "nature", "position")) for one in (source, draft)]
    assert shapes[0] == shapes[1]
    assert ProjectIndicator.objects.filter(item__budget=draft).count() == 29
    assert DepartmentIndicator.objects.filter(budget=draft).count() == 27
    assert Duty.objects.filter(budget=draft).count() == 14
    assert {one.continues for one in Dossier.objects.filter(item__budget=draft)} == {
        one.uid for one in Item.objects.of(source).projects()
    }
    records = ChangeRecord.objects.filter(chain=draft.chain)
    assert (
        set(records.values_list("via", flat=True)) == {"copy"} and records.values("operation").distinct().count() == 1
    )
    assert not copy(source, draft, way=AMOUNTS).written


@pytest.mark.parametrize(
    ("share", "step", "first", "second"),
    [(350, 10_000, "370100.00", "47600.00"), (-1, 10_000, "357600.00", "46000.00"), (5, 1, "357778.80", "46023.00")],
)
def test_a_percentage_is_rounded_half_up_to_the_entry_step(source, draft, share, step, first, second):
    draft.campaign.entry_step = step
    draft.campaign.save()
    copy(source, draft, "basic", way=PERCENT, share=share)
    lines = amounts(draft)
    assert lines["行政人员及机关技术人员年基本工资", "2060101", "30101"] == Decimal(first)
    assert lines["职业年金", "2080599", "30109"] == Decimal(second)


def test_half_a_step_goes_up():
    assert money.changed(10_000, 5_000, 10_000) == 20_000  # 1.5 steps
    assert money.changed(30_000, -5_000, 10_000) == 20_000
    assert money.changed(10_000, 4_999, 10_000) == 10_000


def test_what_a_percentage_leaves_nothing_of_waits_for_an_amount(source, draft):
    item = factories.make_item(source, "零星")
    factories.make_line(item, 100)
    outcome = copy(full(source), draft, "basic", way=PERCENT, share=-9_000)
    assert "零星" in {one.item for one in outcome.open}
    assert "金额须大于0" in next(one for one in outcome.open if one.item == "零星").reason


def test_structure_alone_is_draft_rows_without_amounts(source, draft):
    copy(source, draft, way=STRUCTURE)
    assert Line.objects.of(draft).count() == 0 and Item.objects.of(draft).count() == 38
    rows = DraftRow.objects.filter(budget=draft)
    assert rows.count() == 40 and not any("amount" in row.cells for row in rows)
    assert rows.first().cells | {"note": ""} == {
        "category": "人员类",
        "name": "行政人员及机关技术人员年基本工资",
        "nature": "行政",
        "function": "2060101",
        "economic": "30101",
        "government": "50101",
        "fund": "一般公共预算",
        "note": "",
    }
    outcome = copy(source, draft, way=AMOUNTS)
    assert DraftRow.objects.filter(budget=draft).count() == 40 and not Line.objects.of(draft).exists()
    assert any("保持不变" in text for text in outcome.kept)


def test_parts_that_are_not_chosen_stay_out(source, draft):
    copy(source, draft, "projects", way=AMOUNTS)
    assert set(Item.objects.of(draft).values_list("category", flat=True)) == {"22", "3"}
    assert not Dossier.objects.filter(item__budget=draft).exists()
    copy(source, draft, "dossiers", "project_goals")
    assert Dossier.objects.filter(item__budget=draft).count() == 7
    assert ProjectGoal.objects.filter(item__budget=draft).count() == 1


def test_income_procurement_and_costing_follow_the_way(source, draft):
    project = Item.objects.of(source).projects().first()
    fund = Line.objects.of(source).first().fund
    rows = [
        IncomeEstimate(budget=source, fund=fund, amount=10000),
        ProcurementLine(budget=source, kind="goods", name="电脑", item=project, amount=20000),
        CostDetail(item=project, content="会议", quantity=2, price=500),
    ]
    writing.write(source, [writing.Add(row) for row in rows], by=None, via="command")
    copy(full(source), draft, way=PERCENT, share=1000)
    assert IncomeEstimate.objects.get(budget=draft).amount == 11000
    bought = ProcurementLine.objects.get(budget=draft)
    assert (bought.amount, bought.item.budget_id, bought.item.uid) == (22000, draft.pk, project.uid)
    assert not CostDetail.objects.filter(item__budget=draft).exists()
    copy(full(source), draft, way=AMOUNTS, replace=True)
    assert CostDetail.objects.filter(item__budget=draft).count() == 1
    copy(full(source), draft, way=STRUCTURE, replace=True)
    assert not IncomeEstimate.objects.filter(budget=draft).exists()


def test_a_project_over_years_counts_what_was_spent(source, draft):
    dossier = Dossier.objects.filter(item__budget=source).first()
    values = {"total_amount": Decimal(10**7), "spent_before": Decimal(500)}
    writing.write(source, [writing.Edit(Dossier, dossier.uid, dossier.version, values)], by=None, via="command")
    copy(full(source), draft)
    copied = Dossier.objects.get(item__budget=draft, item__uid=dossier.item.uid)
    assert copied.spent_before == 500 + sum(dossier.item.lines.values_list("amount", flat=True))


def test_what_is_there_stays_unless_it_is_to_be_replaced(source, draft):
    own = factories.make_item(draft, "行政人员及机关技术人员年基本工资", "1")
    factories.make_line(own, 100)
    extra = factories.make_item(draft, "自己加的")
    writing.write(draft, [writing.Add(Duty(budget=draft, text="自己的职责"))], by=None, via="command")
    outcome = copy(source, draft)
    assert Line.objects.get(item=own).amount == 100 and Line.objects.of(draft).count() == 40
    assert [one.text for one in Duty.objects.filter(budget=draft)] == ["自己的职责"]
    assert outcome.kept[0].startswith("1个项目已有明细，保持不变：“行政人员")
    assert not outcome.written.removed
    outcome = copy(source, draft, replace=True)
    assert amounts(draft) == amounts(source)
    assert not Item.objects.filter(pk=extra.pk).exists() and Duty.objects.filter(budget=draft).count() == 14
    assert ("预算明细", 40, 40) in outcome.counts


def test_a_code_that_the_new_edition_lacks_waits_with_a_proposal(source, draft):
    edition = draft.campaign.edition
    FunctionalClass.objects.filter(edition=edition, code="2060103").update(code="2060191", name="占位")
    FunctionalClass.objects.filter(edition=edition, code="2060199").update(name="机关服务")
    FunctionalClass.objects.filter(edition=edition, code="2101101").delete()
    outcome = copy(source, draft, "basic")
    reasons = {one.reason for one in outcome.open}
    assert reasons == {
        "支出功能分类 2060103 机关服务 本年度没有，可改用 2060199 机关服务。",
        "支出功能分类 2101101 行政单位医疗 本年度没有，请另选。",
    }
    rows = DraftRow.objects.filter(budget=draft)
    assert rows.count() == len(outcome.open) == 13
    assert {row.cells.get("function") for row in rows} == {"2060199", None}
    assert outcome.after + sum(one.amount for one in outcome.open) == outcome.before


def test_a_code_that_is_no_leaf_any_more_waits(source, draft):
    FunctionalClass.objects.filter(edition=draft.campaign.edition, code="2060101").update(is_leaf=False)
    outcome = copy(source, draft, "basic")
    assert {one.reason for one in outcome.open} == {"支出功能分类 2060101 行政运行 已有下级科目，须细化，请另选。"}


def test_all_or_nothing(source, draft, monkeypatch):
    before = factories.fingerprint()
    stale = full(draft)
    assert copying.copy(source, stale, Choice(ALL), by=None, is_preview=True).written
    assert factories.fingerprint() == before
    factories.make_item(draft, "别人加的")
    before = factories.fingerprint()
    with pytest.raises(writing.Conflicted):
        copying.copy(source, stale, Choice(ALL), by=None)
    monkeypatch.setattr(writing.history, "append", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        copying.copy(source, full(draft), Choice(ALL), by=None)
    assert factories.fingerprint() == before


def test_a_locked_budget_is_not_written(source, draft):
    draft.state, draft.submitted = "submitted", draft.created
    type(draft).objects.filter(pk=draft.pk).update(state="submitted", submitted=draft.created)
    with pytest.raises(writing.Locked):
        copying.copy(source, full(draft), Choice(ALL), by=None)


def test_the_number_of_queries_does_not_depend_on_the_lines(source, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(80):
        copying.copy(source, full(draft), Choice(ALL), by=None)


def test_two_projects_that_would_be_one_are_told(source, draft):
    first, second = Item.objects.of(source).projects()[:2]
    mixed = factories.make_item(draft, second.name, second.category, code=first.code)
    outcome = copy(source, draft, way=AMOUNTS)
    assert f"“{second.name}”没有带入" in "".join(outcome.kept)
    assert Line.objects.filter(item=mixed).count() == 1 and Item.objects.of(draft).count() == 37
