"""`manage.py import_lines`: who may, into which draft, what it says, how it ends, and that it writes all or nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from budget import writing
from budget.importing import lines
from budget.models import Budget, Line
from organisation.roles import Role
from records import history
from records.models import ChangeRecord
from tests import factories

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parents[1] / "golden" / "lines.csv"


@pytest.fixture
def budget():
    return factories.make_budget()


def run(path, unit=factories.UNIT, year=factories.YEAR, **options):
    """What the command says on stdout; its complaints are in the CommandError and on stderr."""
    out = StringIO()
    call_command("import_lines", str(path), unit=unit, year=year, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refused(path, **options) -> tuple[str, str]:
    """What the command says last, and the lines on stderr before it."""
    err = StringIO()
    before = factories.fingerprint()
    with pytest.raises(CommandError) as refusal:
        options = {"unit": factories.UNIT, "year": factories.YEAR, **options}
        call_command("import_lines", str(path), stdout=StringIO(), stderr=err, **options)
    assert refusal.value.returncode == 1
    assert factories.fingerprint() == before
    return str(refusal.value), err.getvalue()


def test_the_reference_file_goes_in_and_says_how_much(budget):
    assert run(GOLDEN) == (
        "566001 2024年二上草稿：预算明细新增40条、修改0条、删除0条；项目新增38个、修改0个、删除0个。\n"
    )
    assert Line.objects.of(budget).count() == 40


def test_again_changes_nothing(budget):
    run(GOLDEN)
    before = factories.fingerprint()
    assert "没有变化" in run(GOLDEN)
    assert factories.fingerprint() == before


def test_one_amount_is_one_edit_in_the_history_of_the_person(budget, tmp_path):
    clerk = factories.make_user(Role.CLERK, budget.unit, username="jingban", name="王经办")
    run(GOLDEN, user="jingban")
    path = tmp_path / "lines.csv"
    path.write_text(GOLDEN.read_text("utf-8").replace("35.76", "36.76"), "utf-8")
    assert "预算明细新增0条、修改1条、删除0条" in run(path, user="jingban")
    record = ChangeRecord.objects.filter(chain=budget.chain).latest("sequence")
    assert (record.by, record.via, record.action, record.before, record.after) == (
        clerk,
        "import",
        "edit",
        {"amount": "357600.00"},
        {"amount": "367600.00"},
    )
    assert history.broken(budget.chain) is None


def test_all_errors_are_listed_and_nothing_is_written(budget, tmp_path):
    run(GOLDEN)
    path = tmp_path / "错误.csv"
    text = GOLDEN.read_text("utf-8")
    for before, after in (
        ("35.76", "1O5.20"),
        ("人员类,年终", "人员,年终"),
        ("2060101,30239", "2060109,30239"),
        (",30301,", ",303,"),
        ("一般公共预算,41.00", "一般预算,41.00"),
    ):
        text = text.replace(before, after, 1)
    path.write_text(text, "utf-8")
    last, listed = refused(path)
    assert last == "没有导入：5处错误，没有写入任何内容。"
    assert [line.split("”")[0] for line in listed.splitlines()] == [
        "H2 “1O5.20",
        "A3 “人员",
        "D4 “2060109",
        "E9 “303",
        "G38 “一般预算",
    ]


def test_a_dry_run_writes_nothing_and_says_what_it_would(budget):
    before = factories.fingerprint()
    assert "预算明细新增40条" in (said := run(GOLDEN, dry_run=True)) and "未写入" in said
    assert factories.fingerprint() == before


def test_the_furthest_draft_is_written():
    first = factories.make_budget(stage="first")
    second = factories.make_budget(stage="second")
    run(GOLDEN)
    assert not Line.objects.of(first).exists()
    assert Line.objects.of(second).count() == 40


def test_without_a_draft_there_is_nothing_to_write(budget):
    assert refused(GOLDEN, unit="999999")[0] == "没有代码为999999的单位。"
    assert refused(GOLDEN, year=2023)[0] == "单位566001没有2023年的草稿，不能导入。"
    factories.make_unit("566002")
    assert "没有2024年的草稿" in refused(GOLDEN, unit="566002")[0]


def test_a_submitted_budget_is_not_written(budget, django_user_model):
    run(GOLDEN)
    clerk = factories.make_user(Role.CLERK)
    from django.utils import timezone

    Budget.objects.filter(pk=budget.pk).update(state="submitted", submitted=timezone.now(), submitted_by=clerk)
    assert "没有2024年的草稿" in refused(GOLDEN)[0]


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CLERK, Role.FINANCE_ADMIN)])
def test_only_who_may_edit_may_import(budget, role):
    factories.make_user(role, budget.unit, username="someone")
    assert refused(GOLDEN, user="someone")[0] == "用户someone没有单位566001的编制权限。"


def test_a_clerk_of_another_unit_and_nobody_are_refused(budget):
    factories.make_user(Role.CLERK, "566002", username="neighbour")
    assert "没有单位566001的编制权限" in refused(GOLDEN, user="neighbour")[0]
    assert refused(GOLDEN, user="nobody")[0] == "没有用户nobody。"


def test_a_file_that_is_not_there_is_said(budget, tmp_path):
    assert "文件打不开" in refused(tmp_path / "没有.csv")[1]


def test_a_draft_changed_meanwhile_is_left_as_it_is(budget, monkeypatch):
    read = lines.read

    def slow(path, name, draft):
        reading = read(path, name, draft)
        factories.make_item(Budget.objects.get(pk=draft.pk), "别人加的")
        return reading

    monkeypatch.setattr(lines, "read", slow)
    with pytest.raises(CommandError, match="被他人修改，请重新导入"):
        run(GOLDEN)
    assert not Line.objects.of(budget).exists()


def test_what_the_writer_refuses_is_told(budget, monkeypatch):
    def refuse(*args, **options):
        raise writing.Refused([writing.Problem(0, "", "控制数不够。")])

    monkeypatch.setattr(writing, "write", refuse)
    last, listed = refused(GOLDEN)
    assert "1处不能写入" in last and listed == "控制数不够。\n"
