"""checkbooks: well on a sound database, and each invariant found when it is broken."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from budget import comments, cycle, locks
from budget.invariants import INVARIANTS, problems
from budget.models import Budget, FunctionalClass, Line, ProcurementLine
from organisation.roles import Role
from records.models import ChangeRecord
from tests import beginnings
from tests.cycle.world import People, fresh, make_filled, make_steps
from tests.factories import make_budget, make_edition, make_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    return beginnings.demonstration()


def wrong() -> set[str]:
    return {name for name, found in problems() if found}


def test_a_sound_database_is_well(demo, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path  # without the files of other tests
    out = StringIO()
    call_command("checkbooks", stdout=out)
    assert "账目完好" in out.getvalue() and out.getvalue().count("正常") == len(INVARIANTS)


def test_a_remark_on_what_was_sent_is_no_change_of_it():
    budget = make_filled()
    make_steps(budget.campaign)
    people = People(budget.unit)
    cycle.submit(budget, by=people[Role.CLERK])
    comments.add(fresh(budget), by=people[Role.REVIEWER], text="请核实", cell="expenditure/total/total")
    assert list(INVARIANTS["送审以后没有改动"]()) == []


def _trigger(budget):
    lock = locks.locks()[0]
    with connection.cursor() as cursor:
        cursor.execute(locks._drop(lock.name, lock.table, connection.vendor))


def _chain(budget):
    locks.uninstall()
    ChangeRecord.objects.filter(chain=budget.chain, sequence=3).update(label="改过")
    locks.install()


def _two_drafts(budget):
    locks.uninstall()
    Budget.objects.create(
        unit=budget.unit,
        campaign=budget.campaign,
        stage=budget.stage,
        revision=2,
        state="returned",
        submitted="2124-01-10T00:00Z",
        unit_name=budget.unit_name,
    )
    locks.install()


def _late_change(budget):
    Budget.objects.update(state="submitted", created="2000-01-01T00:00Z", submitted="2001-01-01T00:00Z")


def _other_edition(budget):
    code = FunctionalClass.objects.filter(edition=make_edition(2023), is_leaf=True).first()
    Line.objects.filter(pk=Line.objects.first().pk).update(function=code)


def _crossed(budget):
    item = make_item(make_budget("566001", year=2023), "另一年的项目", "3")
    ProcurementLine.objects.create(budget=budget, kind="goods", name="电脑", item=item, amount=100)


def _orphan(budget):
    path = settings.MEDIA_ROOT / "attachments" / "lost.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF")


FAULTS = {
    "锁（触发器）都在": _trigger,
    "变更记录的链没有断": _chain,
    "状态与时间、文号相符": _two_drafts,
    "送审以后没有改动": _late_change,
    "明细的科目属于本年度版本，都是末级": _other_edition,
    "行属于一份预算": _crossed,
    "文件都在，没有无主的文件": _orphan,
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_broken_is_found(name, demo, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    try:
        FAULTS[name](demo)
        assert name in wrong()
        with pytest.raises(SystemExit) as ended:
            call_command("checkbooks", stdout=StringIO())
        assert ended.value.code == 1
    finally:
        locks.install()
