"""Tables 2, 3, 5, 10 and 11: rows 合计, the units, their 项."""

from collections import defaultdict

from .ledger import BASIC, FISCAL, NOT_CODED, OWN_FUNDS


def table_2(of):
    fiscal = list(FISCAL.values())
    columns = ["总计", "本年收入/小计", "本年收入/一般公共预算/小计", "本年收入/一般公共预算/其中：财政拨款"]
    columns += [f"本年收入/{name}" for name in (*fiscal[1:], "财政专户管理资金", *OWN_FUNDS.values())]
    columns += [f"上年结转结余/{name}" for name in ("小计", *fiscal, "财政专户管理资金", "单位资金")]
    return _rows(of, "revenue", of.receipts, columns, _receipt_columns)


def _receipt_columns(money):
    part = "上年结转结余" if money["carried_over"] else "本年收入"
    found = ["总计", f"{part}/小计"]
    name = FISCAL.get(money["fund"][:2]) or ("财政专户管理资金" if money["fund"] == "2" else None)
    if money["carried_over"]:
        return [*found, f"{part}/{name or '单位资金'}"]
    if money["fund"][:2] == "11":
        found.append(f"{part}/一般公共预算/小计")
        if money["fund"] == "11111":
            found.append(f"{part}/一般公共预算/其中：财政拨款")
        return found
    return [*found, f"{part}/{name or OWN_FUNDS[money['fund']]}"]


def table_3(of):
    columns = ["总计", "基本支出/合计"]
    columns += [f"基本支出/人员经费/{name}" for name in ("小计", "工资福利支出", "对个人和家庭的补助")]
    columns += [f"基本支出/公用经费/{name}" for name in ("小计", "商品和服务支出", "资本性支出")]
    columns += [f"项目支出/{name}" for name in ("合计", "其他运转类", "特定目标类")]
    if of.coarse:
        columns = ["总计", "基本支出", "项目支出"]
    return _rows(of, "expenditure", of.plain.lines, columns, lambda line: _spending(of, line, "总计", "合计", "小计"))


def table_5(of, key, fund):
    columns = ["合计", "基本支出/小计"]
    columns += [f"基本支出/人员经费/{name}" for name in ("工资福利支出", "对个人和家庭的补助")]
    columns += [f"基本支出/公用经费/{name}" for name in ("商品和服务支出", "资本性支出")]
    columns += [f"项目支出/{name}" for name in ("小计", "其他运转类", "特定目标类")]
    if of.coarse:
        columns = ["合计", "基本支出", "项目支出"]
    lines = [line for line in of.plain.lines if line["fund"][:2] == fund]
    return _rows(of, key, lines, columns, lambda line: _spending(of, line, "合计", "小计", None))


def _spending(of, line, total, subtotal, small):
    """The columns a line falls in by basic and project spending; None where there is none for it."""
    if of.coarse:
        return [total, "基本支出" if line["category"] in BASIC else "项目支出"]
    if line["category"] == "22":
        return [total, f"项目支出/{subtotal}", "项目支出/其他运转类"]
    if line["category"] == "3":
        return [total, f"项目支出/{subtotal}", "项目支出/特定目标类"]
    group, name = {
        "301": ("人员经费", "工资福利支出"),
        "303": ("人员经费", "对个人和家庭的补助"),
        "302": ("公用经费", "商品和服务支出"),
        "310": ("公用经费", "资本性支出"),
    }.get(line["economic"][:3], (None, None))
    if group is None:
        return None
    found = [total, f"基本支出/{subtotal}", f"基本支出/{group}/{name}"]
    return [*found, f"基本支出/{group}/{small}"] if small else found


def _rows(of, key, lines, columns, columns_of):
    sums = defaultdict(lambda: defaultdict(int))
    for line in lines:
        found = columns_of(line)
        if found is None:
            of.lost[key] += line["fen"]
            continue
        rows = [(), *of.nodes(line["unit"])]
        above = rows[-1]
        for length in of.levels if line["function"] else (7,):
            above = (*above, line["function"][:length])
            rows.append(above)
        for row in rows:
            for column in found:
                sums[row][column] += line["fen"]
    sums[()]  # 合计 is printed in any case

    def place(code):
        """By code, what is not coded after what is, what is carried out of the year last of all."""
        return (code == "", of.names["function"].get(code) == NOT_CODED, code)

    nodes = len(of.nodes(next(iter(of.plain.units))))
    printed = []
    for row in sorted(sums, key=lambda row: [place(code) for code in row]):
        code, unit_code, name = "", "", "合计"
        if row and len(row) <= nodes:
            unit_code, name = row[-1], of.node_name(row[-1])
        elif row:
            code, name = row[-1], of.names["function"].get(row[-1], "年终结转结余")
        if name == NOT_CODED:
            code = ""
        words = {
            "科目编码/类": code[:3],
            "科目编码/款": code[3:5],
            "科目编码/项": code[5:7],
            "单位代码": unit_code,
            "单位（科目名称）": name,
        }
        printed.append({**words, **{column: sums[row][column] or None for column in columns}})
    return printed
