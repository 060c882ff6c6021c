"""Rows of a budget through the management entrance: one writer, versions, locks, history, nothing slipped in."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from budget import writing
from budget.models import Budget, Duty, Item, Line, ProcurementLine
from records.models import ChangeRecord
from tests.factories import fingerprint, make_budget, make_item, make_line

pytestmark = pytest.mark.django_db


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def errors(response) -> dict:
    return dict(response.context["adminform"].form.errors)


def filled(line, **values) -> dict:
    names = ("function", "economic", "government", "fund")
    codes = {name: getattr(line, f"{name}_id") for name in names}
    return {**codes, "amount": str(line.amount), "seen": line.version, **values}


def submit(budget) -> None:
    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now())


def test_a_change_goes_through_the_writer_and_is_told_as_of_here(clerk, own):
    line = own[Line]
    response = clerk.post(address(Line, "change", line.pk), filled(line, amount="20,000.00"))
    assert response.status_code == 302
    stored = Line.objects.get(pk=line.pk)
    assert (stored.amount, stored.version) == (Decimal("20000.00"), line.version + 1)
    record = ChangeRecord.objects.filter(subject_uid=line.uid).last()
    assert (record.via, record.by, record.action) == ("admin", clerk.user, "edit")
    assert (record.before, record.after) == ({"amount": "18100.00"}, {"amount": "20000.00"})
    assert record.address == "127.0.0.1"
    told = clerk.get(address(Line, "history", line.pk)).content.decode()
    assert "18100.00" in told
    assert "管理后台" in told


def test_saving_what_is_there_writes_nothing(clerk, own):
    before = fingerprint()
    assert clerk.post(address(Line, "change", own[Line].pk), filled(own[Line])).status_code == 302
    assert fingerprint() == before


def test_a_new_row_and_a_removal_are_told(clerk, own):
    budget = own[Budget]
    clerk.post(f"{address(Duty, 'add')}?budget={budget.pk}", {"budget": budget.pk, "text": "新职责", "position": "2"})
    duty = Duty.objects.get(text="新职责")
    assert ChangeRecord.objects.filter(subject_uid=duty.uid, via="admin", action="add").exists()
    response = clerk.post(address(Duty, "delete", duty.pk), {"post": "yes", "seen": duty.version})
    assert response.status_code == 302
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert ChangeRecord.objects.filter(subject_uid=duty.uid, via="admin", action="remove").exists()


def test_removing_an_item_says_what_goes_with_it(clerk, own):
    item = own[Line].item
    page = clerk.get(address(Item, "delete", item.pk)).content.decode()
    assert "预算明细：1" in page
    clerk.post(address(Item, "delete", item.pk), {"post": "yes", "seen": item.version})
    assert not Line.objects.filter(pk=own[Line].pk).exists()


def test_what_the_writer_refuses_is_an_error_at_its_field(clerk, own):
    line = own[Line]
    page = address(Line, "change", line.pk)
    assert "0.01万元" in str(errors(clerk.post(page, filled(line, amount="0.01")))["amount"])
    assert "不是数字" in str(errors(clerk.post(page, filled(line, amount="12O")))["amount"])
    assert "function" in errors(clerk.post(page, filled(line, function="")))
    coarse = type(line.function).objects.get(edition=line.function.edition, code="20601")
    assert "function" in errors(clerk.post(page, filled(line, function=coarse.pk)))
    assert Line.objects.get(pk=line.pk).version == line.version


def test_a_second_row_of_its_kind_is_refused_in_the_constraints_words(clerk, own):
    budget = own[Budget]
    page = reverse("admin:budget_reason_add")
    response = clerk.post(page, {"budget": budget.pk, "topic": "total", "text": "又一个"})
    assert "该事项的原因已填写" in str(errors(response))


def test_the_loser_of_a_race_sees_both_values_and_may_insist(clerk, own):
    line = own[Line]
    write = writing.Edit(Line, line.uid, line.version, {"amount": Decimal("300.00")})
    writing.write(own[Budget], [write], by=None, via="form")
    page = address(Line, "change", line.pk)
    response = clerk.post(page, filled(line, amount="200"))
    assert "“300.00”" in str(errors(response)["amount"])
    assert "“200.00”" in str(errors(response)["amount"])
    assert Line.objects.get(pk=line.pk).amount == Decimal("300.00")
    seen = response.context["adminform"].form["seen"].value()
    assert clerk.post(page, filled(line, amount="200", seen=seen)).status_code == 302
    assert Line.objects.get(pk=line.pk).amount == Decimal("200.00")


def test_a_row_that_moved_on_is_not_removed(clerk, own):
    duty = own[Duty]
    edit = writing.Edit(Duty, duty.uid, duty.version, {"text": "他人所改"})
    writing.write(own[Budget], [edit], by=None, via="form")
    response = clerk.post(address(Duty, "delete", duty.pk), {"post": "yes", "seen": duty.version}, follow=True)
    assert "已被他人修改" in response.content.decode()
    assert Duty.objects.filter(pk=duty.pk).exists()


def test_many_rows_are_removed_by_one_write_or_not_at_all(clerk, own):
    budget = own[Budget]
    rows = [Duty(budget=budget, text=f"职责{number}") for number in range(3)]
    writing.write(budget, [writing.Add(row) for row in rows], by=None, via="command")
    asked = {"action": "delete_selected", "_selected_action": [row.pk for row in rows]}
    page = clerk.post(address(Duty, "changelist"), asked)
    assert "主要职责：3" in page.content.decode()
    seen = {f"seen-{row.pk}": row.version for row in rows}
    old = {**seen, f"seen-{rows[1].pk}": 7}
    clerk.post(address(Duty, "changelist"), {**asked, "post": "yes", **old})
    assert Duty.objects.filter(text__startswith="职责").count() == 4
    clerk.post(address(Duty, "changelist"), {**asked, "post": "yes", **seen})
    assert Duty.objects.filter(text__startswith="职责").count() == 1
    assert ChangeRecord.objects.filter(action="remove").values("operation").distinct().count() == 1


def test_a_submitted_budget_is_read_only_and_says_why(clerk, finance, own):
    submit(own[Budget])
    before = fingerprint()
    line, duty = own[Line], own[Duty]
    for client in (clerk, finance):
        page = client.get(address(Line, "change", line.pk)).content.decode()
        assert "所属预算待审核，不能修改" in page
        assert 'name="amount"' not in page
        assert client.post(address(Line, "change", line.pk), filled(line, amount="1")).status_code == 403
        assert client.post(address(Line, "delete", line.pk), {"post": "yes", "seen": 1}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": [duty.pk], "post": "yes"}
        assert client.post(address(Duty, "changelist"), {**chosen, f"seen-{duty.pk}": 1}).status_code == 403
        new = client.post(address(Duty, "add"), {"budget": own[Budget].pk, "text": "新", "position": "1"})
        assert "budget" in errors(new)
    assert client.post(address(Budget, "change", own[Budget].pk), {"unit_name": "改"}).status_code == 403
    assert fingerprint() == before


def test_a_budget_locked_while_the_form_was_filled_in(clerk, own, monkeypatch):
    """The writer has the last word: what is locked between the look and the write is not written."""
    line = own[Line]
    write = writing.write

    def after_submission(budget, *args, **kwargs):
        submit(budget)
        return write(budget, *args, **kwargs)

    monkeypatch.setattr(writing, "write", after_submission)
    response = clerk.post(address(Line, "change", line.pk), filled(line, amount="200"))
    assert "待审核，不能修改" in str(errors(response))
    assert Line.objects.get(pk=line.pk).amount == line.amount


def test_what_the_form_does_not_ask_is_not_taken(clerk, own, other):
    """Fields slipped into the body: the unit, the state, the version, the owner."""
    line, budget = own[Line], Budget.objects.get(pk=own[Budget].pk)
    slipped = {
        "version": "99",
        "uid": "00000000-0000-0000-0000-000000000000",
        "item": other[Item].pk,
        "budget": other[Budget].pk,
        "unit": other[Budget].unit_id,
        "state": "approved",
        "id": other[Line].pk,
    }
    clerk.post(address(Line, "change", line.pk), filled(line, amount="200", **slipped))
    stored = Line.objects.get(pk=line.pk)
    assert (stored.item_id, stored.uid, stored.version) == (line.item_id, line.uid, line.version + 1)
    assert Budget.objects.get(pk=budget.pk).state == "draft"
    assert Line.objects.get(pk=other[Line].pk).amount == other[Line].amount


def test_a_new_budget_is_a_draft_whatever_is_posted(clerk, own):
    unit, campaign = own[Budget].unit, own[Budget].campaign
    posted = {"unit": unit.pk, "campaign": campaign.pk, "stage": "first", "state": "approved", "revision": "9"}
    assert clerk.post(address(Budget, "add"), {**posted, "version": "5", "unit_name": "假名"}).status_code == 302
    budget = Budget.objects.get(stage="first", unit=unit)
    assert (budget.state, budget.revision, budget.version, budget.unit_name) == ("draft", 1, 1, unit.name)
    record = ChangeRecord.objects.get(chain=budget.chain)
    assert (record.via, record.by, record.action) == ("admin", clerk.user, "add")
    again = clerk.post(address(Budget, "add"), posted)
    assert "已有预算（草稿）" in str(errors(again)["stage"])
    assert "没有“第1次调整”阶段" in str(errors(clerk.post(address(Budget, "add"), {**posted, "stage": "adjusted-1"})))
    Budget.objects.filter(pk=budget.pk).update(state="returned", submitted=timezone.now())
    clerk.post(address(Budget, "add"), posted)
    assert Budget.objects.filter(stage="first", unit=unit, state="draft").get().revision == 2


def test_the_units_name_is_set_in_a_draft_by_the_finance_administrator(finance, clerk, own):
    budget = own[Budget]
    page = address(Budget, "change", budget.pk)
    assert clerk.post(page, {"unit_name": "改名", "seen": budget.version}).status_code == 403
    assert "已被他人修改" in str(errors(finance.post(page, {"unit_name": "改名", "seen": budget.version - 1})))
    slipped = {"unit_name": "改名", "seen": budget.version, "state": "approved", "stage": "first", "unit": 1}
    assert finance.post(page, slipped).status_code == 302
    stored = Budget.objects.get(pk=budget.pk)
    assert (stored.unit_name, stored.version) == ("改名", budget.version + 1)
    assert (stored.state, stored.stage) == ("draft", "second")
    record = ChangeRecord.objects.filter(chain=budget.chain).last()
    assert (record.before["unit_name"], record.after) == (budget.unit_name, {"unit_name": "改名"})


def test_a_procurement_names_a_project_of_its_own_budget(log_in, own):
    client = log_in("finance_admin")
    elsewhere = make_item(make_budget("566002"), "别处项目")
    row = own[ProcurementLine]
    posted = {"kind": "goods", "name": row.name, "quantity": "1", "amount": "5000", "seen": row.version}
    response = client.post(address(ProcurementLine, "change", row.pk), {**posted, "item": elsewhere.pk})
    assert "item" in errors(response)
    new = {**posted, "budget": own[Budget].pk, "item": elsewhere.pk}
    assert "同一预算" in str(errors(client.post(address(ProcurementLine, "add"), new))["item"])


def test_lists_and_forms_ask_no_more_for_forty_rows(clerk, own, django_assert_max_num_queries):
    item, line = own[Line].item, own[Line]
    for number in range(45):
        make_line(make_item(own[Budget], f"项目{number}"), 100 * (number + 1))
    with django_assert_max_num_queries(12):
        response = clerk.get(address(Line, "changelist"))
    assert len(response.context["cl"].result_list) == 46
    with django_assert_max_num_queries(12):
        assert clerk.get(address(Line, "change", line.pk)).status_code == 200
    with django_assert_max_num_queries(12):
        assert clerk.get(address(Item, "changelist")).status_code == 200
    assert item.name in clerk.get(address(Item, "changelist"), {"q": "办公"}).content.decode()
