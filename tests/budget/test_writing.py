"""The one writer: all or nothing, versions, history, problems in the office's words."""

import ast
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from budget.models import Budget, BudgetOwned, Item, Line, ProcurementLine, Reason, Staffing
from budget.writing import Add, Conflicted, Edit, Refused, Remove, write
from records.history import broken
from records.models import ChangeRecord
from tests.factories import make_budget, make_item, make_line, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def line():
    return make_line(make_item(make_budget()), "18100")


def edit(line, seen=None, **values):
    return Edit(Line, line.uid, seen or line.version, values)


def test_an_edit_counts_versions_up_and_tells_who_what_and_how(line):
    budget, user = line.item.budget, make_user()
    budget.refresh_from_db()
    write(budget, [edit(line, amount=Decimal("20000"))], by=user, via="form")
    stored = Line.objects.get(pk=line.pk)
    assert (stored.amount, stored.version) == (Decimal("20000.00"), line.version + 1)
    assert Budget.objects.get(pk=budget.pk).version == budget.version + 1
    record = ChangeRecord.objects.filter(chain=budget.chain).last()
    assert (record.by, record.via, record.action, record.subject) == (user, "form", "edit", "budget.line")
    assert record.before == {"amount": "18100.00"}
    assert record.after == {"amount": "20000"}
    assert broken(budget.chain) is None


def test_a_change_to_the_same_value_is_no_change(line):
    budget = Budget.objects.get(pk=line.item.budget_id)
    assert not write(budget, [edit(line, amount=Decimal("18100.00"))], by=None, via="form")
    assert Budget.objects.get(pk=budget.pk).version == budget.version


def test_rows_that_hang_on_a_new_row_are_written_with_it():
    budget = make_budget()
    model = make_line(make_item(budget, "样本"), 100)
    item = Item(budget=budget, category="1", name="基本工资", position=2)
    new = Line(
        item=item,
        function=model.function,
        economic=model.economic,
        government=model.government,
        fund=model.fund,
        amount=Decimal("357600"),
    )
    written = write(budget, [Add(new), Add(item)], by=None, via="form")
    assert len(written.added) == 2
    assert Line.objects.get(uid=new.uid).item.name == "基本工资"


def test_every_problem_is_told_at_its_change_and_nothing_is_written(line):
    budget = Budget.objects.get(pk=line.item.budget_id)
    bad = [
        edit(line, amount=Decimal("0")),
        Add(Item(budget=budget, category="21", name=line.item.name)),
        Add(Item(budget=budget, category="9", name="类别不对")),
        Add(Item(budget=budget, category="1", name="")),
    ]
    with pytest.raises(Refused) as refusal:
        write(budget, bad, by=None, via="form")
    assert [problem.at for problem in refusal.value.problems] == [0, 1, 2, 3]
    assert refusal.value.problems[0].field == "amount"
    assert "同名" in refusal.value.problems[1].message
    assert Item.objects.count() == 1
    assert Budget.objects.get(pk=budget.pk).version == budget.version


def test_what_only_the_database_knows_is_told_in_the_constraints_words():
    budget = make_budget()
    with pytest.raises(Refused, match="资产价值不能为负"):
        asset = apps.get_model("budget", "AssetHolding")(budget=budget, kind="vehicles", value=Decimal(-1))
        write(budget, [Add(asset)], by=None, via="form")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"amount": Decimal("0.01")}, "0.01万元"),
        ({"amount": Decimal("-100")}, "大于0"),
    ],
)
def test_a_line_is_strict(line, values, message):
    with pytest.raises(Refused, match=message):
        write(line.item.budget, [edit(line, **values)], by=None, via="form")


def test_money_stands_on_leaves_of_the_years_edition_only(line):
    edition = line.function.edition
    coarse = type(line.function).objects.get(edition=edition, code="20601")
    vague = type(line.economic).objects.get(edition=edition, is_unspecified=True)
    with pytest.raises(Refused, match="不是末级科目"):
        write(line.item.budget, [edit(line, function=coarse)], by=None, via="form")
    with pytest.raises(Refused, match="细化到款"):
        write(line.item.budget, [edit(line, economic=vague)], by=None, via="form")


def test_the_loser_of_a_race_sees_both_values_and_nothing_of_it_is_written(line):
    budget = line.item.budget
    write(budget, [edit(line, amount=Decimal("200"))], by=None, via="form")
    other = Staffing(budget=budget, established=17)
    with pytest.raises(Conflicted) as conflict:
        write(budget, [Add(other), edit(line, amount=Decimal("300"))], by=None, via="form")
    (one,) = conflict.value.conflicts
    (difference,) = one.differences
    assert (one.at, difference.stored, difference.wanted) == (1, Decimal("200"), Decimal("300"))
    assert not Staffing.objects.exists()


def test_a_row_deleted_meanwhile_is_a_conflict(line):
    write(line.item.budget, [Remove(Line, line.uid, line.version)], by=None, via="form")
    with pytest.raises(Conflicted) as conflict:
        write(line.item.budget, [edit(line, amount=Decimal("300"))], by=None, via="form")
    assert conflict.value.conflicts[0].stored is None


def test_a_write_worked_out_from_an_older_budget_is_void(line):
    budget = line.item.budget
    with pytest.raises(Conflicted):
        write(budget, [edit(line, amount=Decimal("300"))], by=None, via="import", seen=1)


def test_removing_an_item_removes_and_tells_of_its_lines(line):
    item, budget = line.item, line.item.budget
    write(budget, [Remove(Item, item.uid, item.version)], by=None, via="form")
    assert not Line.objects.exists()
    removed = ChangeRecord.objects.filter(action="remove").values_list("subject", flat=True)
    assert sorted(removed) == ["budget.item", "budget.line"]


def test_what_is_bought_for_a_project_goes_with_it(line):
    item, budget = line.item, line.item.budget
    bought = ProcurementLine(budget=budget, kind="goods", name="电脑", item=item, amount=Decimal(100))
    write(budget, [Add(bought)], by=None, via="form")
    write(budget, [Remove(Item, item.uid, item.version)], by=None, via="form")
    assert not ProcurementLine.objects.exists()
    assert ChangeRecord.objects.filter(action="remove", subject="budget.procurementline").count() == 1


def test_a_row_of_another_budget_is_none_of_this_write(line):
    other = make_budget("566002")
    with pytest.raises(Conflicted):
        write(other, [edit(line, amount=Decimal("300"))], by=None, via="form")
    with pytest.raises(ValueError, match="another budget"):
        write(other, [Add(Reason(budget=line.item.budget, topic="total", text="原因"))], by=None, via="form")
    theirs = make_item(other)
    with pytest.raises(ValueError, match="another budget"):
        write(line.item.budget, [edit(line, item=theirs)], by=None, via="form")
    bought = ProcurementLine(budget=line.item.budget, kind="goods", name="电脑", item=theirs, amount=Decimal(100))
    with pytest.raises(ValueError, match="another budget"):
        write(line.item.budget, [Add(bought)], by=None, via="form")


def test_an_item_that_becomes_basic_must_have_lines_that_are_broken_down():
    budget = make_budget()
    item = make_item(budget, "平台运行", category="22")
    line = make_line(item, "1000", economic="00000", government="00000")
    budget.refresh_from_db()
    assert line.economic.is_unspecified and line.government.is_unspecified
    becomes = Edit(Item, item.uid, item.version, {"category": "21"})
    with pytest.raises(Refused, match="基本支出的经济分类须细化到款") as refused:
        write(budget, [becomes], by=None, via="admin")
    assert {(one.at, one.field) for one in refused.value.problems} == {(0, "category")}
    assert Item.objects.get(pk=item.pk).category == "22"
    other = make_line(make_item(budget, "另一项目"), "200")
    finer = {"economic": other.economic, "government": other.government}
    write(budget, [becomes, edit(line, **finer)], by=None, via="admin")  # both at once
    assert Item.objects.get(pk=item.pk).category == "21"


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_at_once_one_wins_and_one_is_told(line):
    outcomes, start = [], threading.Barrier(2)

    def work(amount):
        start.wait()
        try:
            write(line.item.budget, [edit(line, amount=Decimal(amount))], by=None, via="form")
            outcomes.append("written")
        except Conflicted:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(amount,)) for amount in ("200", "300")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["told", "written"]
    assert Line.objects.get(pk=line.pk).version == line.version + 1


WRITES = {"create", "bulk_create", "bulk_update", "update", "get_or_create", "update_or_create", "delete", "save"}
ALLOWED = {"budget/writing.py"}  # the one writer


def test_nobody_else_writes_what_a_budget_owns():
    """Calls of a manager's writing methods on a model that a budget owns, anywhere but in the writer."""
    owned = {model.__name__ for model in apps.get_models() if issubclass(model, BudgetOwned)}
    found = []
    for folder in ("organisation", "records", "budget", "projects", "performance", "publication", "config"):
        for path in (ROOT / folder).rglob("*.py"):
            if str(path.relative_to(ROOT)) in ALLOWED or "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
                    names = {name.id for name in ast.walk(node.func) if isinstance(name, ast.Name)}
                    if names & owned:
                        found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
