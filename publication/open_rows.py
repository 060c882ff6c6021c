"""The rows of the open data, and what each of their columns is: spending, income, projects, indicators."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .frozen import Frozen

BASIC = ("1", "21")  # categories of 基本支出
APPROVED, ADJUSTED, PROPOSED = "approved", "adjusted", "proposed"


@dataclass(frozen=True)
class Column:
    """A column of a file: its heading and key, and what the package says of it.

    `role`: its type in the taxonomy of the Fiscal Data Package; `pattern`: what its codes look like.
    """

    heading: str
    key: str
    role: str = ""
    kind: str = "string"
    pattern: str = ""
    required: bool = True

    def descriptor(self) -> dict:
        found: dict = {"name": self.heading, "title": self.heading, "type": self.kind}
        if self.kind == "boolean":
            found |= {"trueValues": ["是"], "falseValues": ["否"]}
        if self.kind == "year":
            found["format"] = "default"
        if self.role:
            found["columnType"] = self.role
        limits = {"required": True} if self.required else {}
        if self.pattern:
            limits["pattern"] = self.pattern
        return {**found, "constraints": limits} if limits else found


AMOUNT = Column("金额（元）", "amount", "value", "number")
FUND = (
    Column("资金性质编码", "fund_code", "fin-source:generic:code", pattern=r"\d{1,5}"),
    Column("资金性质", "fund", "fin-source:generic:name"),
    Column("是否结转", "carried_over", kind="boolean"),
)
BEGIN = (
    Column("年度", "year", "date:fiscal-year", "year"),
    Column("预算阶段", "phase", "phase:id"),
    Column("收支方向", "direction", "direction"),
    Column("单位编码", "unit_code", "administrative-classification:generic:level1:code:full", pattern=r"\d{3,}"),
    Column("单位名称", "unit", "administrative-classification:generic:level1:label"),
)
PARTS = (("basic_or_project", "支出性质"), ("category", "支出类别"))
LEVELS = {
    "function": ("functional-classification:generic", "功能分类", (("类", 3), ("款", 5), ("项", 7))),
    "economic": ("economic-classification:generic", "部门经济分类", (("类", 3), ("款", 5))),
    "government": ("", "政府经济分类", (("类", 3), ("款", 5))),
}


def _classification(dimension: str) -> Iterator[Column]:
    role, label, levels = LEVELS[dimension]
    for at, (level, length) in enumerate(levels, start=1):
        code, name = f"{role}:level{at}:code:full" if role else "", f"{role}:level{at}:label" if role else ""
        yield Column(f"{label}{level}编码", f"{dimension}_{length}_code", code, pattern=rf"\d{{{length}}}")
        yield Column(f"{label}{level}名称", f"{dimension}_{length}", name)


SPENDING = (
    *BEGIN,
    Column("支出性质", "basic_or_project"),
    Column("支出类别", "category"),
    *(column for dimension in LEVELS for column in _classification(dimension)),
    *FUND,
    AMOUNT,
)
INCOME = (*BEGIN, *FUND, AMOUNT)
PROJECTS = (
    Column("年度", "year", "date:fiscal-year", "year"),
    Column("项目序号", "number", kind="integer"),
    Column("支出类别", "category", required=False),
    Column("项目名称", "project", "activity:generic:project:label:full"),
    Column("项目单位", "unit", required=False),
    Column("绩效目标", "goal", required=False),
    AMOUNT,
)
INDICATORS = (
    Column("项目序号", "number", kind="integer"),
    Column("指标序号", "indicator_number", kind="integer"),
    Column("一级指标", "level_1", required=False),
    Column("二级指标", "level_2", required=False),
    Column("三级指标", "indicator"),
    Column("指标值", "value", required=False),
    Column("指标值说明", "explanation", required=False),
)


@dataclass(frozen=True)
class Resource:
    """A file of the package: its columns, what names a row, and its rows as (key of a column → value)."""

    name: str
    title: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    rows: Callable[[Frozen], Iterator[dict]]
    foreign: tuple[tuple[str, str], ...] = ()  # (key of a column, name of the resource it leads to)

    @property
    def path(self) -> str:
        return f"data/{self.name}.csv"

    def heading(self, key: str) -> str:
        return next(column.heading for column in self.columns if column.key == key)


# ---- rows


def phase_of(frozen: Frozen) -> str:
    """In the words of the Fiscal Data Package."""
    return APPROVED if frozen.stage == "批复" else ADJUSTED if frozen.stage.startswith("调整") else PROPOSED


def _spending(frozen: Frozen) -> Iterator[dict]:
    names = frozen.names
    for row in frozen.spending:
        found = {
            **_begin(frozen, "expenditure", row.unit),
            "basic_or_project": "基本支出" if row.category in BASIC else "项目支出",
            "category": names["category"][row.category],
        }
        for dimension, (_, _, levels) in LEVELS.items():
            code = getattr(row, dimension)
            for _, length in levels:
                found[f"{dimension}_{length}_code"] = code[:length]
                found[f"{dimension}_{length}"] = names[dimension][code[:length]]
        yield {**found, **_fund(frozen, row), "amount": row.fen}


def _income(frozen: Frozen) -> Iterator[dict]:
    for row in frozen.income:
        yield {**_begin(frozen, "revenue", row.unit), **_fund(frozen, row), "amount": row.fen}


def _begin(frozen: Frozen, direction: str, unit: str) -> dict:
    return {
        "year": frozen.year,
        "phase": phase_of(frozen),
        "direction": direction,
        "unit_code": unit,
        "unit": frozen.names["unit"][unit],
    }


def _fund(frozen: Frozen, row) -> dict:
    return {"fund_code": row.fund, "fund": frozen.names["fund"][row.fund], "carried_over": row.carried_over}


def _projects(frozen: Frozen) -> Iterator[dict]:
    for number, one in enumerate(frozen.projects, start=1):
        yield {
            "year": frozen.year,
            "number": number,
            "category": one.category,
            "project": one.name,
            "unit": one.unit,
            "goal": one.goal,
            "amount": one.fen,
        }


def _indicators(frozen: Frozen) -> Iterator[dict]:
    for number, project in enumerate(frozen.projects, start=1):
        for at, one in enumerate(project.indicators, start=1):
            yield {
                "number": number,
                "indicator_number": at,
                "level_1": one.level_1,
                "level_2": one.level_2,
                "indicator": one.name,
                "value": one.value,
                "explanation": one.explanation,
            }


RESOURCES = (
    Resource(
        "spending",
        "支出明细",
        SPENDING,
        (
            "unit_code",
            "category",
            "function_7_code",
            "economic_5_code",
            "government_5_code",
            "fund_code",
            "carried_over",
        ),
        _spending,
    ),
    Resource("income", "收入明细", INCOME, ("unit_code", "fund_code", "carried_over"), _income),
    Resource("projects", "项目支出", PROJECTS, ("number",), _projects),
    Resource(
        "indicators", "项目绩效指标", INDICATORS, ("number", "indicator_number"), _indicators, (("number", "projects"),)
    ),
)


def resources_of(frozen: Frozen) -> tuple[Resource, ...]:
    """Those of what is published: a set without a table of projects publishes none."""
    return RESOURCES if frozen.has("projects") else RESOURCES[:2]
