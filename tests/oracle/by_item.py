"""Tables 7, 12 and 15: rows 合计, department, units, items in print order."""

from collections import defaultdict

from .ledger import BASIC, CATEGORIES, DEPARTMENT, FUND_COLUMNS, PROJECT, fund_column


def table_7(of):
    words = _words_of(of, "项目单位", "类型", "项目名称", node_code="类型", node_name="项目名称")
    return _by_item(of, BASIC, words)


def table_12(of):
    words = _words_of(of, "项目单位", "类型", "项目名称", node_code="项目名称", node_name="项目单位")
    return _by_item(of, PROJECT, words)


def _by_item(of, categories, words_of):
    rows, sums = _sums(of, categories, of.nodes, lambda line: ["合计", fund_column(line)])
    return [
        {**words_of(row), **{column: sums[row][column] or None for column in ("合计", *FUND_COLUMNS)}}
        for row in [(), *rows]
    ]


def _words_of(of, unit, category, name, *, node_code, node_name):
    def words(row):
        if not row:
            return {unit: "", category: "", name: "", node_name: "合计"}
        if item := of.plain.items.get(row[-1]):
            return {unit: of.plain.units[item["unit"]], category: CATEGORIES[item["category"]], name: item["name"]}
        return {unit: "", category: "", name: "", node_code: row[-1], node_name: of.node_name(row[-1])}

    return words


def _sums(of, categories, nodes_of, columns_of):
    """The rows but 合计 in print order, and the sums of all: () is 合计."""
    sums = defaultdict(lambda: defaultdict(int))
    for line in of.plain.lines:
        if line["category"] in categories:
            nodes = nodes_of(line["unit"])
            for row in [(), *nodes, (*nodes[-1], line["item"])]:
                for column in columns_of(line):
                    sums[row][column] += line["fen"]
    order = {uid: at for at, uid in enumerate(of.plain.items)}
    return sorted((row for row in sums if row), key=lambda row: [(order.get(code, -1), code) for code in row]), sums


def table_15(of):
    columns = [f"项目金额（万元）/{name}" for name in ("资金总额", "政府预算资金", "财政专户管理资金", "单位资金")]

    def columns_of(line):
        return [columns[0], columns[{"1": 1, "2": 2, "3": 3}[line["fund"][0]]]]

    def nodes_of(unit):
        return [(DEPARTMENT,), (DEPARTMENT, unit)] if of.plain.is_department else [(unit,)]

    printed = []
    rows, sums = _sums(of, PROJECT, nodes_of, columns_of)
    for row in rows:
        item = of.plain.items.get(row[-1])
        code, name = (item["code"], item["name"]) if item else (row[-1], of.node_name(row[-1]))
        kinds = {
            kind: [one for one in of.plain.indicators if one["item"] == row[-1] and one["level_1"] == kind]
            for kind in ("成本指标", "产出指标", "效益指标", "满意度指标")
        }
        for at in range(max(1, *map(len, kinds.values()))):
            first = at == 0
            words = {"单位编码（项目编号）": code if first else "", "项目单位（项目名称）": name if first else ""}
            figures = {column: (sums[row][column] or None) if first else None for column in columns}
            beside = {}
            for kind, found in kinds.items():
                one = found[at] if at < len(found) else {"name": "", "value": ""}
                beside |= {f"绩效目标/{kind}/三级指标": one["name"], f"绩效目标/{kind}/指标值": one["value"]}
            printed.append({**words, **figures, **beside})
    return printed
