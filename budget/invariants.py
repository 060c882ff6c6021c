"""What must hold of the whole database, whoever wrote to it: run after tests, restores and deploys."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models
from django.db.models import Exists, F, OuterRef, Q, Sum

from organisation.models import Unit
from records import history
from records.models import ChangeRecord, Comment

from . import locks
from .books import NoBudget, read_book, select
from .models import Budget, Line, ProcurementLine
from .reporting import money, registry

Find = Callable[[], Iterator[str]]
INVARIANTS: dict[str, Find] = {}
MOST = 20  # of one invariant that are listed


def invariant(name: str):
    def declare(find: Find) -> Find:
        INVARIANTS[name] = find
        return find

    return declare


def problems() -> Iterator[tuple[str, list[str]]]:
    """Every invariant by name with what is wrong, one after another."""
    for name, find in INVARIANTS.items():
        yield name, list(find())


@invariant("锁（触发器）都在")
def _locks() -> Iterator[str]:
    for name in locks.missing():
        yield f"缺少触发器 {name}"


@invariant("外键都指向存在的行")
def _foreign_keys() -> Iterator[str]:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        yield str(error)


@invariant("变更记录的链没有断")
def _chains() -> Iterator[str]:
    for chain in ChangeRecord.objects.order_by("chain").values_list("chain", flat=True).distinct():
        at = history.broken(chain)
        if at is not None:
            yield f"{chain} 在第 {at} 条断开"


@invariant("状态与时间、文号相符")
def _states() -> Iterator[str]:
    draft = Q(state=Budget.State.DRAFT)
    approved = Q(state=Budget.State.APPROVED)
    wrong = (
        ("草稿却有送审时间", draft & Q(submitted__isnull=False)),
        ("不是草稿却没有送审时间", ~draft & ~approved & Q(submitted=None)),
        ("已批复却没有文号或日期", approved & (Q(document_number="") | Q(document_date=None))),
        ("送审早于创建", Q(submitted__lt=F("created"))),
    )
    for words, condition in wrong:
        for budget in Budget.objects.filter(condition).select_related("campaign"):
            yield f"{budget}（第 {budget.revision} 稿）：{words}"
    newer = Budget.objects.filter(
        unit=OuterRef("unit"), campaign=OuterRef("campaign"), stage=OuterRef("stage"), revision__gt=OuterRef("revision")
    )
    for budget in Budget.objects.filter(draft & Exists(newer)).select_related("campaign"):
        yield f"{budget}（第 {budget.revision} 稿）：是草稿，却有更新的一稿"


@invariant("送审以后没有改动")
def _frozen() -> Iterator[str]:
    frozen = Budget.objects.exclude(state=Budget.State.DRAFT).exclude(submitted=None).select_related("campaign")
    for budget in frozen:
        later = ChangeRecord.objects.filter(chain=budget.chain, at__gt=budget.submitted).exclude(
            action=ChangeRecord.Action.STATE
        )
        later = later.exclude(subject=Comment._meta.label_lower)  # reviewers remark on what was sent
        count = later.exclude(via=ChangeRecord.Via.CYCLE).count()
        if count:
            yield f"{budget}（第 {budget.revision} 稿）：送审以后还有 {count} 条改动"


@invariant("明细的科目属于本年度版本，都是末级")
def _codes() -> Iterator[str]:
    for name in ("function", "economic", "government", "fund"):
        wrong = Line.objects.exclude(**{f"{name}__edition": F("item__budget__campaign__edition")})
        wrong = wrong | Line.objects.filter(**{f"{name}__is_leaf": False})
        for line in wrong.select_related("item__budget__campaign", name)[:MOST]:
            yield f"{line.item.budget}：“{line.item.name}”的 {getattr(line, name)} 不是本年度的末级科目"


@invariant("行属于一份预算")
def _one_budget() -> Iterator[str]:
    crossed = ProcurementLine.objects.exclude(item=None).exclude(item__budget=F("budget"))
    for row in crossed.select_related("budget__campaign", "item"):
        yield f"{row.budget}：政府采购“{row.name}”挂在另一份预算的项目“{row.item.name}”上"


@invariant("各表合计等于明细之和")
def _sums() -> Iterator[str]:
    """Of every department, year and stage: the total of spending, as the book prints it, against a bare sum."""
    stages = Budget.objects.order_by().values_list("unit__path", "campaign__year", "stage").distinct()
    wanted = sorted({(path.split("/")[0], year, stage) for path, year, stage in stages})
    departments = {unit.code: unit for unit in Unit.objects.departments()}
    for code, year, stage in wanted:
        try:
            selection = select(departments[code], year, stage)
        except (KeyError, NoBudget):
            yield f"{code} {year}年 {stage}：找不到部门"
            continue
        summed = Line.objects.of(*selection.budgets).aggregate(sum=Sum("amount"))["sum"] or 0
        table_set = registry.sets()[selection.campaign.table_set]
        tables = [key for key in ("expenditure", "basic_items", "projects") if table_set.placed(key)]
        book = read_book(selection, tables=tables)
        printed = {key: book.grid(key).fen("total", "total") for key in tables}
        misfits = sum(one.amount_fen for one in book.grid("expenditure").misfits) if "expenditure" in printed else 0
        expected = money.fen(summed or money.yuan(0))
        if "expenditure" in printed and printed["expenditure"] + misfits != expected:
            yield f"{code} {year}年 {stage}：支出总表 {printed['expenditure']} 分，明细 {expected} 分"
        if len(printed) == 3 and printed["basic_items"] + printed["projects"] != expected:
            yield f"{code} {year}年 {stage}：基本支出明细表加项目支出表不等于明细 {expected} 分"


@invariant("文件都在，没有无主的文件")
def _files() -> Iterator[str]:
    root = Path(settings.MEDIA_ROOT)
    named = set()
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
        for field in fields:
            for name in model._default_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True):
                if name:
                    named.add(name)
                    if not (root / name).is_file():
                        yield f"{model._meta.verbose_name}：文件 {name} 不见了"
    if root.is_dir():
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and name not in named and not path.name.startswith("."):
                yield f"文件 {name} 没有记录"
