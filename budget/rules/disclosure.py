"""D01–D05: whether the document is whole, in time and in its form."""

from collections.abc import Iterator

from budget.reporting.matter import Matter
from budget.reporting.rules import Finding, Heading, Severity, Side, Spot, Tally, rule
from budget.reporting.truths import RecordRule, Whole

RULES = "财政部《地方预决算公开操作规程》"


def _empty_tables(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for placed in matter.table_set.tables:
        grid = matter.grid(placed.table)
        if grid is None or not placed.statement:
            continue
        tally.compared += 1
        if grid.is_empty and not grid.statement:
            words = f"{matter.title(placed.table)}没有数据，也没有空表说明"
            yield Finding(words, placed.table, (Spot("cell", (placed.table, "", ""), matter.title(placed.table)),))


rule(
    "D01",
    "没有数据的表列出并有说明",
    Whole(_empty_tables),
    severity=Severity.WARNING,
    heading=Heading.FORM,
    source=f"{RULES}（空表列示并说明）",
    related=("X24",),
)


def _all_tables(matter: Matter, tally: Tally) -> Iterator[Finding]:
    for placed in matter.table_set.tables:
        tally.compared += 1
        if matter.grid(placed.table) is None:
            title = placed.titled(matter.year)
            yield Finding(
                f"没有找到表{placed.number}《{title}》",
                placed.table,
                (),
                Side("表套规定", f"表{placed.number}"),
                Side("找到", "没有"),
            )


rule(
    "D02",
    "表套规定的表都在",
    Whole(_all_tables),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="表套",
)


def _in_time(matter: Matter, one) -> str:
    late = (one["today"] - one["due"]).days
    return f"截止日期已过 {late} 天，还有 {one['drafts']} 份草稿没有送审" if late > 0 and one["drafts"] else ""


rule(
    "D03",
    "在截止日期前送审",
    RecordRule(
        "campaign", _in_time, lambda one: Spot("page", ("budget",), "首页"), lambda matter, one: one["due"] is not None
    ),
    severity=Severity.HINT,
    heading=Heading.TIMELY,
    source="本年度编制安排；《预算法》第五十二条",
)
rule(
    "D04",
    "批复后20日内公开",
    RecordRule(
        "standing",
        lambda matter, one: one["clock"] if one["is_late"] else "",
        lambda one: Spot("page", ("publish",), "公开"),
    ),
    severity=Severity.HINT,  # an error would forbid what mends it: publishing
    heading=Heading.TIMELY,
    source="《预算法》第十四条",
)
rule(
    "D05",
    "部门所属单位都编制了预算",
    RecordRule(
        "lacking_units",
        lambda matter, one: f"{one['code']} {one['name']}没有这一阶段的预算，各表未包括",
        lambda one: Spot("page", ("budget",), one["code"]),
    ),
    severity=Severity.WARNING,
    heading=Heading.COMPLETE,
    source="《预算法》第四条（全部收入和支出纳入预算）",
    related=("X08",),
)
