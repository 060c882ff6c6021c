"""Tables 1 and 4: income beside spending."""

from collections import defaultdict
from itertools import zip_longest

from .ledger import FISCAL, OWN_FUNDS


def table_1(of):
    left, right = defaultdict(int), defaultdict(int)
    for money in of.receipts:
        left["收入总计"] += money["fen"]
        for row in _income_rows(money):
            left[row] += money["fen"]
        if not money["function"]:
            right["年终结转结余"] += money["fen"]
        elif money["function"][:3] in of.labels:
            right[of.labels[money["function"][:3]]] += money["fen"]
            right["本年支出合计"] += money["fen"]
        else:
            of.lost["revenue_and_expenditure"] += money["fen"]
            continue
        right["支出总计"] += money["fen"]
    head = [
        "一、一般公共预算",
        "其中：财政拨款",
        "二、政府性基金预算拨款收入",
        "三、国有资本经营预算拨款收入",
        "四、财政专户管理资金收入",
        *(f"{number}、{label}" for number, label in zip("五六七八九", OWN_FUNDS.values(), strict=True)),
    ]
    carried_out = "年终结转结余" if right["年终结转结余"] else ""
    rows = [
        *zip_longest(head, of.labels.values(), fillvalue=""),
        ("本年收入合计", "本年支出合计"),
        ("上年结转结余", carried_out),
        ("收入总计", "支出总计"),
    ]
    return [
        {
            "收入/项目": one,
            "收入/金额": left[one] or None,
            "支出/项目": other,
            "支出/金额": right[other] or None,
        }
        for one, other in rows
    ]


def _income_rows(money):
    if money["carried_over"]:
        return ["上年结转结余"]
    fund, rows = money["fund"], ["本年收入合计"]
    if fund[:2] == "11":
        rows.append("一、一般公共预算")
        if fund == "11111":
            rows.append("其中：财政拨款")
    elif fund[:2] == "12":
        rows.append("二、政府性基金预算拨款收入")
    elif fund[:2] == "13":
        rows.append("三、国有资本经营预算拨款收入")
    elif fund == "2":
        rows.append("四、财政专户管理资金收入")
    elif fund == "31":
        rows.append("五、事业收入")
    elif fund == "34":
        rows.append("六、事业单位经营收入")
    elif fund == "32":
        rows.append("七、上级补助收入")
    elif fund == "33":
        rows.append("八、附属单位上缴收入")
    else:
        rows.append("九、其他收入")
    return rows


def table_4(of):
    left, right = defaultdict(int), defaultdict(lambda: defaultdict(int))
    for money in of.receipts:
        fund = FISCAL.get(money["fund"][:2])
        if not fund:
            continue
        part = "二、上年结转" if money["carried_over"] else "一、本年收入"
        keys = [part, (part, fund), "收入合计"]
        columns = ["合计", f"{fund}/小计" if fund == "一般公共预算" else fund]
        if money["fund"] == "11111":
            keys.append((part, "其中：财政拨款"))
            columns.append("一般公共预算/其中：财政拨款")
        for key in keys:
            left[key] += money["fen"]
        if not money["function"]:
            rows = ["二、年终结转结余", "支出合计"]
        elif money["function"][:3] in of.labels:
            rows = ["一、本年支出", of.labels[money["function"][:3]], "支出合计"]
        else:
            of.lost["fiscal_appropriation"] += money["fen"]
            continue
        for row in rows:
            for column in columns:
                right[row][column] += money["fen"]
    nothing = ("", None)
    head = []
    for part in ("一、本年收入", "二、上年结转"):
        head += [
            (part, part),
            ("（一）一般公共预算", (part, "一般公共预算")),
            ("其中：财政拨款", (part, "其中：财政拨款")),
            ("（二）政府性基金预算", (part, "政府性基金预算")),
            ("（三）国有资本经营预算", (part, "国有资本经营预算")),
        ]
    rows = [
        *((one or nothing, other or "") for one, other in zip_longest(head, ["一、本年支出", *of.labels.values()])),
        (nothing, "二、年终结转结余"),
        (("收入合计", "收入合计"), "支出合计"),
    ]
    columns = ("合计", "一般公共预算/小计", "一般公共预算/其中：财政拨款", "政府性基金预算", "国有资本经营预算")
    return [
        {
            "收入/项目": label,
            "收入/金额": left[key] or None,
            "支出/项目": other,
            **{f"支出/{column}": right[other][column] or None for column in columns},
        }
        for (label, key), other in rows
    ]
