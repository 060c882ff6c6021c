"""控制数 issued by finance and split by departments among their units; each change with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from organisation.models import Unit
from organisation.rights import can
from records import keeping

from . import cells
from .importing import files
from .models import CampaignStage, ControlNumber
from .reporting.money import WAN, fen, printed, yuan

CHAIN = "controls"
HEADING = ("单位代码", "单位名称", "控制范围", "资金", "控制数")
FUNDS = {label: value for value, label in ControlNumber.Fund.choices}
KINDS = {label: value for value, label in ControlNumber.Kind.choices}


class NotIssued(Exception):
    """Numbers that are refused as a whole; `problems` in words, each with where it is."""

    def __init__(self, problems: Sequence[str]):
        self.problems = list(problems)
        super().__init__("；".join(problems))


@dataclass(frozen=True)
class Wanted:
    """A number as it is wanted; amount None takes it away. `where`: the row of the form or the file."""

    unit: Unit
    fund: str
    kind: str
    amount: Decimal | None
    where: str = ""
    seen: int | None = None


def issue(
    stage: CampaignStage, wanted: Sequence[Wanted], *, by, via: str = "form", address: str | None = None
) -> tuple[int, int]:
    """Set the numbers, all or none: (how many were set, how many taken away).

    Finance issues to anybody; a department splits its own among its units, never above it.
    """
    problems = [f"{one.where}您不能给{one.unit}下达控制数。" for one in wanted if not _may_issue(by, one.unit)]
    if problems:
        raise NotIssued(problems)
    with transaction.atomic():
        stage = CampaignStage.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=stage.pk)
        there = {
            (one.unit_id, one.fund, one.kind): one
            for one in ControlNumber.objects.select_for_update(of=("self",)).filter(stage=stage).order_by("pk")
        }
        done = removed = 0
        for one in wanted:
            row = there.get((one.unit.pk, one.fund, one.kind))
            if row is not None and one.seen is not None and one.seen != row.version:
                problems.append(f"{one.where}{row}已被他人改为 {_wan(row.amount)} 万元，请核对后再保存。")
                continue
            how = {"chain": CHAIN, "by": by, "via": via, "unit": one.unit, "address": address}
            if one.amount is None:
                if row is not None:
                    keeping.remove(row, **how)
                    removed += 1
                continue
            row = row or ControlNumber(stage=stage, unit=one.unit, fund=one.fund, kind=one.kind, version=0)
            if row.pk is None or row.amount != one.amount:
                row.amount, row.version = one.amount, row.version + 1
                keeping.save(row, **how)
                done += 1
        problems += _above_the_department(stage)
        if problems:
            raise NotIssued(problems)
    return done, removed


def _may_issue(by, unit: Unit) -> bool:
    if can(by, "issue_controls", unit):
        return True
    return not unit.is_department and can(by, "distribute_controls", unit)


def _above_the_department(stage: CampaignStage) -> list[str]:
    """Where the units' numbers together are more than their department's of the same scope."""
    rows = list(ControlNumber.objects.filter(stage=stage).select_related("unit"))
    problems = []
    for top in rows:
        below = [
            one
            for one in rows
            if one.unit.path.startswith(top.unit.path)
            and one.unit_id != top.unit_id
            and (one.fund, one.kind) == (top.fund, top.kind)
            and one.unit.parent_id == top.unit_id
        ]
        split = sum((one.amount for one in below), Decimal(0))
        if split > top.amount:
            problems.append(
                f"{top.unit.name}的{top.scope}：分给各单位 {_wan(split)} 万元，"
                f"超过部门控制数 {_wan(top.amount)} 万元，超出 {_wan(split - top.amount)} 万元。"
            )
    return problems


def _wan(amount: Decimal) -> str:
    return printed(fen(amount), WAN, thousands=True) or "0.00"


def read(content: bytes, name: str, units: dict[str, Unit], unit: str) -> list[Wanted]:
    """The numbers of a file in the form that the page gives out; NotIssued with every fault at its cell.

    `unit`: 元 or 万元, what amounts without a unit in their heading are in.
    """
    try:
        sheet = files.read(content, name).sheets[0]
    except files.FileRefused as refused:
        raise NotIssued([str(refused)]) from refused
    (first, heading), *rows = sheet.rows
    titles = [str(value or "").strip() for value in heading]
    at = {title: next((n for n, one in enumerate(titles) if one.startswith(title)), None) for title in HEADING}
    missing = [title for title in ("单位代码", "控制范围", "控制数") if at[title] is None]
    if missing:
        raise NotIssued([f"第{first}行表头缺少：{'、'.join(missing)}。请下载本页的文件，填好后再上传。"])
    in_unit = "元" if "（元" in titles[at["控制数"]] else WAN if WAN in titles[at["控制数"]] else unit
    found, problems, seen = [], [], {}
    for number, values in rows:
        faults: list[str] = []
        one = _row(values, at, units, in_unit, f"第{number}行：", faults)
        problems += [f"第{number}行：{fault}" for fault in faults]
        if one is None:
            continue
        key = (one.unit.pk, one.fund, one.kind)
        if key in seen:
            problems.append(f"第{number}行与第{seen[key]}行重复。")
        seen[key] = number
        found.append(one)
    if problems:
        raise NotIssued(problems)
    return found


def _row(values: list, at: dict, units: dict[str, Unit], unit: str, where: str, faults: list[str]) -> Wanted | None:
    """The number that a row of a file asks for; None where there are faults, all of which are told."""

    def cell(title: str):
        place = at[title]
        return values[place] if place is not None and place < len(values) else None

    code = str(cell("单位代码") or "").strip()
    if code not in units:
        faults.append(f"没有单位“{code}”，或不在您的范围内。")
    kind, fund = str(cell("控制范围") or "").strip(), str(cell("资金") or "全部资金").strip()
    if kind not in KINDS:
        faults.append(f"控制范围“{kind}”不正确，可填：{'、'.join(KINDS)}。")
    if fund not in FUNDS:
        faults.append(f"资金“{fund}”不正确，可填：{'、'.join(FUNDS)}。")
    try:
        amount = cells.parse_amount(cell("控制数"), unit, cells.FEN_STEP).fen
    except cells.Refusal as refusal:
        faults.append(str(refusal))
    if faults:
        return None
    return Wanted(units[code], FUNDS[fund], KINDS[kind], None if amount is None else yuan(amount), where)
