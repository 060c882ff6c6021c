"""Locked is locked, whoever writes: ORM, bulk, raw SQL. On both databases."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budget import locks
from budget.models import Budget, BudgetOwned, FunctionalClass, Item, Line
from budget.writing import Add, Locked, write
from records.models import ChangeRecord
from tests.factories import make_budget, make_item, make_line, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return make_line(make_item(make_budget()), "18100")


def submit(budget):
    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now(), submitted_by=make_user().pk)
    budget.refresh_from_db()


def refused(statement, *parameters):
    with pytest.raises(IntegrityError, match=r"锁定|只增不改|改名"), transaction.atomic():
        if callable(statement):
            statement()
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)


def test_every_row_of_a_budget_has_its_locks():
    owned = [model for model in apps.get_models() if issubclass(model, BudgetOwned)]
    assert len(owned) > 15
    names = {lock.name for lock in locks.locks()}
    for model in owned:
        assert {f"lock_{model._meta.db_table}_{event}" for event in ("insert", "update", "delete")} <= names
    assert locks.missing() == []


def test_a_draft_is_written(line):
    Line.objects.filter(pk=line.pk).update(amount=200)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE budget_line SET amount_fen = 3 WHERE id = %s", [line.pk])
    line.refresh_from_db()
    assert line.amount * 100 == 3


def test_a_submitted_budget_refuses_every_write(line):
    budget, item = line.item.budget, line.item
    submit(budget)
    refused(lambda: Line.objects.filter(pk=line.pk).update(amount=200))
    refused(lambda: line.save())
    refused(lambda: line.delete())
    refused(lambda: Item.objects.bulk_create([Item(budget=budget, category="1", name="新项目")]))
    refused(lambda: Item.objects.filter(pk=item.pk).update(name="改名"))
    refused("UPDATE budget_line SET amount_fen = 1 WHERE id = %s", line.pk)
    refused("DELETE FROM budget_line WHERE id = %s", line.pk)
    refused("UPDATE budget_item SET name = 'x' WHERE id = %s", item.pk)
    with pytest.raises(Locked):
        write(budget, [Add(Item(budget=budget, category="1", name="新项目"))], by=None, via="form")


def test_a_row_is_not_moved_into_a_submitted_budget(line):
    other = make_item(make_budget("566002"))
    submit(line.item.budget)
    refused(lambda: Item.objects.filter(pk=other.pk).update(budget=line.item.budget))


def test_a_submitted_budget_keeps_what_it_is_and_never_becomes_a_draft_again(line):
    budget = line.item.budget
    submit(budget)
    refused(
        "UPDATE budget_budget SET state = 'draft', submitted = NULL, submitted_by_id = NULL WHERE id = %s", budget.pk
    )
    refused(lambda: Budget.objects.filter(pk=budget.pk).update(unit_name="另一名称"))
    refused(lambda: Budget.objects.filter(pk=budget.pk).update(version=99))
    refused(lambda: Budget.objects.filter(pk=budget.pk)._raw_delete("default"))
    Budget.objects.filter(pk=budget.pk).update(state="passed")


def test_what_was_approved_stays_approved():
    budget = make_budget(stage="approved")
    Budget.objects.filter(pk=budget.pk).update(
        state="approved", document_number="解财预〔2024〕1号", document_date=dt.date(2024, 2, 1)
    )
    refused(lambda: Budget.objects.filter(pk=budget.pk).update(state="returned", submitted=timezone.now()))
    refused(lambda: Budget.objects.filter(pk=budget.pk).update(document_number="解财预〔2024〕2号"))


def test_a_code_that_a_submitted_budget_prints_is_not_renamed(line):
    edition = line.function.edition
    FunctionalClass.objects.filter(edition=edition, code="2060101").update(name="先改名")
    submit(line.item.budget)
    refused(lambda: FunctionalClass.objects.filter(edition=edition, code="2060101").update(name="后改名"))


def test_the_history_is_only_appended_to(line):
    record = ChangeRecord.objects.first()
    refused(lambda: ChangeRecord.objects.filter(pk=record.pk).update(label="改写"))
    refused("DELETE FROM records_changerecord WHERE id = %s", record.pk)


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_the_same_write_goes_through_and_migrate_brings_them_back(line):
    """The control: it is the triggers that refuse."""
    budget = line.item.budget
    submit(budget)
    locks.uninstall()
    assert len(locks.missing()) == len(locks.locks())
    assert Line.objects.filter(pk=line.pk).update(amount=200) == 1
    call_command("migrate", verbosity=0)
    assert locks.missing() == []
    refused(lambda: Line.objects.filter(pk=line.pk).update(amount=300))


@pytest.mark.django_db(transaction=True)
def test_a_database_in_use_is_migrated_and_locked_again(line):
    """Back by the newest migrations of budgets and forward again, with content: tables are remade under their locks."""
    submit(line.item.budget)
    try:
        call_command("migrate", "budget", "0009", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    assert locks.missing() == []
    assert Line.objects.get().amount == line.amount
    refused(lambda: Line.objects.filter(pk=line.pk).update(amount=300))
