"""A report as JSON, as a list for files, and the addresses of what it found."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from organisation.rights import can

from .checking import Checked, Report
from .models import PROJECT_CATEGORIES, Budget
from .pages import Place
from .reporting import money
from .reporting.rules import Side, Spot

SCHEMA = 1
CLASSIFIED = ("function", "economic", "government", "fund")  # of the key of a line, after its item
UID = 36  # characters of a uid
HEADING = (
    "规则",
    "级别",
    "状态",
    "检查内容",
    "结果",
    "左边",
    "左边数值",
    "右边",
    "右边数值",
    "差额（元）",
    "依据",
    "说明",
)


def report_json(report: Report, places=None) -> dict:
    """The report as plain data under schema 1; amounts in 元. `places(finding)`: where a document has it."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "counts": dict(report.counts),
        "rules": [
            {
                "id": result.rule.id,
                "title": result.rule.title,
                "severity": str(result.severity),
                "status": str(result.status),
                "heading": str(result.rule.heading),
                "source": result.rule.source,
                "related": list(result.rule.related),
                "reason": result.outcome.reason,
                "compared": result.outcome.compared,
                "findings": [_finding_json(one, report, places) for one in result.checked],
            }
            for result in report.results
        ],
    }


def _finding_json(one: Checked, report: Report, places) -> dict:
    finding = one.finding
    found = {
        "severity": str(one.severity),
        "message": finding.message,
        "subject": finding.subject,
        "unit": finding.unit,
        "left": _side_json(finding.left, report),
        "right": _side_json(finding.right, report),
        "difference": None if finding.difference is None else yuan(finding.difference),
        "places": [{"kind": spot.kind, "key": list(spot.key), "label": spot.label} for spot in finding.spots],
        "explanation": one.explanation.reason if one.explanation else None,
    }
    return found if places is None else found | {"cells": places(finding)}


def _side_json(side: Side | None, report: Report) -> dict | None:
    if side is None:
        return None
    value = yuan(side.value) if isinstance(side.value, int) else side.value
    return {
        "label": side.label,
        "value": value,
        "cells": [list(cell) for cell in side.cells],
        "behind": behind(side, report),
    }


def behind(side: Side, report: Report) -> list[dict]:
    """The source and the predicate of every figure that a side is made of."""
    found = []
    for table, row, column in side.cells:
        grid = report.matter.grid(table)
        try:
            source, where = grid.behind(row, column)
        except KeyError:
            continue
        if source is not None:
            found.append({"source": source, "where": where.as_json()})
    return found


def yuan(amount_fen: int) -> str:
    return f"{money.yuan(amount_fen):.2f}"


def report_rows(report: Report) -> list[tuple]:
    """The report as a list, its heading first: a row a finding, and a row for each rule without one."""
    rows: list[tuple] = [HEADING]
    for result in report.results:
        rule = result.rule
        if not result.checked:
            words = result.outcome.reason or f"核对 {result.outcome.compared} 处"
            rows.append(
                (rule.id, rule.severity.label, result.status.label, rule.title, words, *[""] * 5, rule.source, "")
            )
        for one in result.checked:
            finding = one.finding
            sides = [(side.label, _plain(side)) if side else ("", "") for side in (finding.left, finding.right)]
            rows.append(
                (
                    rule.id,
                    one.severity.label,
                    "未说明" if one.is_open else "已说明",
                    rule.title,
                    finding.message,
                    *sides[0],
                    *sides[1],
                    "" if finding.difference is None else money.yuan(finding.difference),
                    rule.source,
                    one.explanation.reason if one.explanation else "",
                )
            )
    return rows


SUMMARY = ("单位代码", "单位名称", "错误", "警告（未说明）", "已说明", "提示", "通过的规则", "不适用的规则")


def summary_row(budget: Budget, report: Report) -> tuple:
    """How the check of a unit came out, under SUMMARY."""
    counts = report.counts
    names = ("error", "warning", "explained", "hint", "passed", "not_applicable")
    return (budget.unit.code, budget.unit_name, *(counts[name] for name in names))


def unit_rows(budget: Budget, report: Report) -> list[tuple]:
    """The findings of a unit among others, without the rules that found nothing."""
    failing = replace(report, results=tuple(one for one in report.results if one.checked))
    return [(budget.unit.code, budget.unit_name, *row) for row in report_rows(failing)[1:]]


def _plain(side: Side):
    return money.yuan(side.value) if isinstance(side.value, int) else side.value or ""


class Addresses:
    """The addresses of the places that findings name, as one person may open them."""

    def __init__(self, place: Place, items: Sequence[Mapping]):
        """`items`: the records of the items that were checked."""
        self.projects = {one["item"] for one in items if one["category"] in PROJECT_CATEGORIES}
        self.place = place
        self.edits = len(place.budgets) == 1 and place.budgets[0].is_draft and can(place.user, "edit", place.budgets[0])
        self.units = {one["item"]: one["unit"] for one in items} if place.is_of_department else {}

    def of(self, spot: Spot) -> str:
        """Where a place is opened; "" where it is nowhere to be opened."""
        url = self.place.url
        match spot.kind:
            case "cell":
                return self._cell(*spot.key)
            case "line":
                item, function, economic, *_ = spot.key
                if self.edits:
                    named = dict(zip(CLASSIFIED, spot.key[1:], strict=False)) | {"name": spot.label}
                    return f"{self._grid(item)}#line?{urlencode(named)}"
                return f"{url('lines')}?{urlencode({'item': item, 'q': f'{function} {economic}'})}"
            case "item":
                return f"{url('items')}#item-{spot.key[0]}"
            case "project" | "indicator":
                return self._project(spot)
            case "page":
                name, *anchor = spot.key
                if len(anchor) == 2 and all(anchor):  # a row of a part of the page
                    return f"{url(name)}#row-{anchor[1]}"
                return url(name) + (f"#{anchor[0]}" if anchor and anchor[0] else "")
        return ""

    def _grid(self, item: str) -> str:
        """The page with the grid that an item's lines are in."""
        return self.place.url("project-lines", item) if item in self.projects else self.place.url("basic")

    def _cell(self, table: str, row: str, column: str) -> str:
        item = row.rpartition("/")[2]
        is_project = column == "name" and table in ("projects", "project_performance") and len(item) == UID
        if is_project and not self.place.is_of_department:  # a project's name is mended where the project is
            return self._project(Spot("project", (item,)))
        address = self.place.url("table", table.partition(".")[0])
        if not row or not column or column.rpartition(".")[2] in ("name", "code", "unit", "category"):
            return address
        return f"{address}?{urlencode({'row': row, 'column': column})}#panel"

    def _project(self, spot: Spot) -> str:
        code = self.units.get(spot.key[0], self.place.code)
        name = "project-edit" if self.edits else "project"
        anchor = f"#row-{spot.key[1]}" if spot.kind == "indicator" and self.edits else ""
        return reverse(name, args=(code, self.place.year, self.place.stage, spot.key[0])) + anchor
