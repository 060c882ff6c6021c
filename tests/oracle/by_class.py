"""Tables 6, 8, 9 and 13: by economic class."""

from collections import defaultdict

from .ledger import BASIC, FUND_COLUMNS, fund_column

GROUPS = {"301": "人员经费", "303": "人员经费", "302": "公用经费", "310": "公用经费"}


def table_6(of):
    economic_head, government_head = "部门预算支出经济分类科目", "政府预算支出经济分类科目"
    columns = [f"本年一般公共预算基本支出/{name}" for name in ("合计", "人员经费", "公用经费")]
    lines = []
    for line in of.plain.lines:
        if line["fund"][:2] == "11" and not line["carried_over"] and line["category"] in BASIC:
            if line["economic"][:3] in GROUPS:
                lines.append(line)
            else:
                of.lost["general_basic_by_economic"] += line["fen"]
    rows, sums = _pairs(lines, lambda line: [columns[0], f"本年一般公共预算基本支出/{GROUPS[line['economic'][:3]]}"])
    printed = []
    for row in rows:
        economic, government = row or ("合计", "")
        words = {
            f"{economic_head}/科目编码": economic,
            f"{economic_head}/科目名称": of.names["economic"].get(economic, ""),
            f"{government_head}/科目编码": government,
            f"{government_head}/科目名称": of.names["government"].get(government, ""),
        }
        printed.append({**words, **{column: sums[row][column] or None for column in columns}})
    return printed


def table_8(of):
    rows, sums = _pairs(of.plain.lines, lambda line: ["总计", fund_column(line)])
    printed = []
    for row in rows:
        words = {}
        for at, (head, names) in enumerate((("部门预算经济分类", "economic"), ("政府预算经济分类", "government"))):
            code = row[at] if row else ""
            shown = "" if code == "00000" else code
            name = of.names[names][code] if row else ("合计", "")[at]
            words |= {f"{head}/类": shown[:3], f"{head}/款": shown[3:], f"{head}/科目名称": name}
        printed.append({**words, **{column: sums[row][column] or None for column in ("总计", *FUND_COLUMNS)}})
    return printed


def _pairs(lines, columns_of):
    """The rows (None is 合计) in order of the codes, what is not coded last; and their sums."""
    sums = defaultdict(lambda: defaultdict(int))
    for line in lines:
        for column in columns_of(line):
            sums[None][column] += line["fen"]
            sums[line["economic"], line["government"]][column] += line["fen"]
    rows = [key for key in sums if key]
    rows.sort(key=lambda pair: (pair[0] == "00000", pair[0], pair[1] == "00000", pair[1]))
    return [None, *rows], sums


def table_9(of):
    vehicles = "公务用车购置及运行费"
    columns_of = {
        "30212": ["因公出国（境）费"],
        "30913": [f"{vehicles}/小计", f"{vehicles}/公务用车购置费"],
        "31013": [f"{vehicles}/小计", f"{vehicles}/公务用车购置费"],
        "30231": [f"{vehicles}/小计", f"{vehicles}/公务用车运行费"],
        "30217": ["公务接待费"],
    }
    sums = dict.fromkeys(("“三公”经费合计", *(column for found in columns_of.values() for column in found)), 0)
    for line in of.plain.lines:
        if line["fund"][:2] == "11" and line["economic"] in columns_of:
            for column in ("“三公”经费合计", *columns_of[line["economic"]]):
                sums[column] += line["fen"]
    return [{column: amount or None for column, amount in sums.items()}]


def table_13(of):
    sums = {"合计": 0}
    for line in of.plain.lines:
        this_year = line["fund"][:2] == "11" and not line["carried_over"]
        if this_year and line["category"] in BASIC and of.operating(line["economic"]):
            sums["合计"] += line["fen"]
            sums[line["economic"]] = sums.get(line["economic"], 0) + line["fen"]
    return [
        {
            "部门预算支出经济分类科目/科目编码": code,
            "部门预算支出经济分类科目/科目名称": of.names["economic"].get(code, ""),
            "机关（机构）运行经费支出/合计": sums[code] or None,
        }
        for code in ("合计", *sorted(set(sums) - {"合计"}))
    ]
