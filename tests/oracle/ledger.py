"""What the oracle's tables share: the money received and spent, the rows of the units, the columns of the funds."""

from collections import defaultdict

NOT_CODED = "未细化"
CATEGORIES = {"1": "人员类", "21": "公用经费", "22": "其他运转类", "3": "特定目标类"}
BASIC, PROJECT = ("1", "21"), ("22", "3")
DEPARTMENT = "566"
FISCAL = {"11": "一般公共预算", "12": "政府性基金预算", "13": "国有资本经营预算"}
OWN_FUNDS = {
    "31": "事业收入",
    "34": "事业单位经营收入",
    "32": "上级补助收入",
    "33": "附属单位上缴收入",
    "39": "其他收入",
}
FUND_COLUMNS = [f"{part}/{name}" for part in ("本年拨款", "财政拨款结转结余") for name in FISCAL.values()]
FUND_COLUMNS += ["财政专户管理资金", "单位资金"]


def fund_column(line):
    """The one of the eight fund columns (tables 7, 8, 12) that a line falls in."""
    if name := FISCAL.get(line["fund"][:2]):
        return f"{'财政拨款结转结余' if line['carried_over'] else '本年拨款'}/{name}"
    return "财政专户管理资金" if line["fund"] == "2" else "单位资金"


class Ledger:
    """Some budgets and how a place prints them.

    `classes`: 类 and label as table 1 prints them; `levels`: lengths of the codes that have rows; `coarse`: basic and
    project spending are one column each; `operating`: whether a class is 机关运行经费.
    """

    def __init__(self, plain, names, classes, operating, levels=(7,), coarse=False):
        self.plain, self.names, self.operating = plain, names, operating
        self.labels, self.levels, self.coarse = dict(classes), levels, coarse
        self.receipts = [*plain.lines, *self._carried_out()]
        self.lost = defaultdict(int)

    def _carried_out(self):
        """What is received of a fund and not spent of it."""
        for estimate in self.plain.estimates:
            rest = estimate["fen"]
            for line in self.plain.lines:
                if all(line[name] == estimate[name] for name in ("unit", "fund", "carried_over")):
                    rest -= line["fen"]
            if rest:
                yield {**estimate, "category": "", "function": "", "fen": rest}

    def nodes(self, unit):
        """The rows of department and unit above a line's own: a department of one unit prints only itself."""
        if not self.plain.is_department:
            return [(unit,)]
        return [(DEPARTMENT,), (DEPARTMENT, unit)] if len(self.plain.units) > 1 else [(DEPARTMENT,)]

    def node_name(self, code):
        return self.plain.name if code == DEPARTMENT else self.plain.units[code]


def table_14(of):
    """The five amounts of the form (six, with 单位资金)."""
    sums = defaultdict(int)
    source = {"1": "（1）政府预算资金", "2": "（2）财政专户管理资金", "3": "（3）单位资金"}
    for money in of.receipts:
        sums["部门预算总额"] += money["fen"]
        sums[f"1、资金来源/{source[money['fund'][0]]}"] += money["fen"]
        if money["category"]:
            kind = "（1）基本支出" if money["category"] in BASIC else "（2）项目支出"
            sums[f"2、资金结构/{kind}"] += money["fen"]
    columns = ["部门预算总额", *(f"1、资金来源/{name}" for name in source.values())]
    columns += ["2、资金结构/（1）基本支出", "2、资金结构/（2）项目支出"]
    return [{column: sums[column] or None for column in columns}]
