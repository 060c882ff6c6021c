"""T-04: one grammar of cells. The same text gets the same verdict typed in the form, in the grid, pasted, in a file, in
the admin's sheet."""

from django.core.exceptions import ValidationError

from budget import cells as grammar
from budget.entry.draft import Draft
from budget.entry.lines import LineForm
from budget.grids.columns import Reader
from budget.importing import lines
from budget.importing.dimensions import Dimensions
from budget.line_sheet import Sheet, label_of
from tests.budget.importing.line_files import HEAD, csv
from tests.budget.test_cells import ACCEPTED, DASHES, NOT_FILLED, REFUSED
from tests.factories import make_item
from tests.grids.speaking import cells, new_id

TEXTS = [
    written
    for written, *_ in [*ACCEPTED, *REFUSED, *((one, None) for one in (*DASHES, *NOT_FILLED))]
    if isinstance(written, str)
]
EMPTY, REFUSAL = "not filled in", "refused"


def verdict_of(fen: int | None, messages: list[str]) -> tuple[str, object]:
    """(what became of a text, 分 or the reason): zero and less are read, and then refused as amounts of a line."""
    if messages and "金额须大于0" in messages[0]:
        return "not positive", None
    if messages and "请填写金额" in messages[0]:
        return EMPTY, None
    return (REFUSAL, messages[0]) if messages else ("read", fen)


def expected_of(text: str) -> tuple[str, object]:
    try:
        fen = grammar.parse_amount(text, "万元").fen
    except grammar.Refusal as refusal:
        return REFUSAL, str(refusal)
    if fen is None:
        return EMPTY, None
    return ("read", fen) if fen > 0 else ("not positive", None)


def test_the_table_holds_the_strings():
    assert len(TEXTS) >= 100


def test_every_path_gives_every_text_the_same_verdict(grid, budget, clerk):
    draft = Draft(budget, clerk, "万元")
    field = LineForm.base_fields["amount"]
    field.learn(draft)
    reader = Reader(draft)
    by_grid = in_the_grid(grid)
    by_paste = pasted(grid)
    by_file = in_a_file(budget)
    wrong = []
    for text in TEXTS:
        wanted = expected_of(text)
        found = {
            "form": typed(lambda text=text: field.clean(text)),
            "reader": typed(lambda text=text: reader.read("amount", text)),
            "grid": by_grid[text],
            "paste": by_paste.get(text, wanted),
            "file": by_file.get(text, wanted),
        }
        wrong += [(text, path, verdict, wanted) for path, verdict in found.items() if not same(text, verdict, wanted)]
    assert wrong == []
    assert len(by_paste) > 90 and len(by_file) > 90


def same(text: str, verdict: tuple, wanted: tuple) -> bool:
    """Whether two verdicts agree, in the reason too; what no database keeps is quoted by its stand-in."""
    return verdict[0] == wanted[0] if "\0" in text else verdict == wanted


def test_the_sheet_of_the_admin_gives_the_same_verdicts_in_yuan(budget):
    item = make_item(budget)
    sheet = Sheet(budget)
    columns = {"item": label_of(item), "function": "2060101", "economic": "30201", "fund": "一般公共预算"}
    texts = dict(enumerate(TEXTS))
    sheet.read(
        {f"row-{at}-{key}": one for at, text in texts.items() for key, one in (columns | {"amount": text}).items()}
    )
    sheet.changes()
    told = {row.number: row.errors.get("amount", []) for row in sheet.rows}
    for at, text in texts.items():
        try:
            fen, reason = grammar.parse_amount(text.strip(), "元").fen, None
        except grammar.Refusal as refusal:
            fen, reason = None, str(refusal)
        wanted = [reason] if reason else ["请填写金额。"] if fen is None else []
        assert told[at] == wanted, text


# What a cell of the economic class may say → the class; where it is none, what the refusal says.
CODES = {
    "30201": "30201",
    "３０２０１": "30201",
    " 30201\u3000": "30201",
    "30201.0": "30201",
    "办公费": "30201",
    "\u3000办公费 ": "30201",
    "办 公 费": "30201",
    "30201 办公费": "30201",
    "30201办公费": "30201",
    "30201-办公费": "30201",
    "３０２０１\u3000办公费": "30201",
    "30239 其他交通费用": "30239",
    "其他交通费用": "30239",
    "30201 水费": "编码和名称不一致：30201是“办公费”",
    "办公用品费": "不在2024年部门预算支出经济分类中",
    "39901x": "编码只能是数字",
    "3O201": "编码只能是数字",
    "302": "不是末级科目",
    "302 商品和服务支出": "不是末级科目",
    "39998": "不在2024年部门预算支出经济分类中",
    "3020": "是4位，编码应为3、5位",
    "商品和服务支出": "不是末级科目",
    "房屋建筑物购建": "有2个科目叫“房屋建筑物购建”，请改填编码（30901、31001）",
}


def test_every_path_reads_every_code_the_same_way(grid, budget, clerk):
    draft = Draft(budget, clerk, "万元")
    field = LineForm.base_fields["economic"]
    field.learn(draft)
    reader, dimensions = Reader(draft), Dimensions(budget.campaign)
    by_grid, by_paste = codes_in_the_grid(grid), codes_pasted(grid)
    wrong = []
    for text, wanted in CODES.items():
        found = {
            "form": code_of(lambda text=text: field.clean(text)),
            "reader": code_of(lambda text=text: reader.read("economic", text)),
            "admin": code_of(lambda text=text: dimensions.class_of("dept_economic", text)),
            "file": code_of(lambda text=text: in_a_line(budget, text)),
            "grid": by_grid[text],
            "paste": by_paste[text],
        }
        is_code = wanted.isdigit()
        wrong += [
            (text, path, told, wanted)
            for path, told in found.items()
            if (told != wanted if is_code else wanted not in told)
        ]
    assert wrong == []


def code_of(read) -> str:
    """The code that was read, else why none was."""
    try:
        return read().code
    except ValidationError as refused:
        return refused.messages[0]
    except grammar.Refusal as refusal:
        return str(refusal)


def in_a_line(budget, text: str):
    reading = lines.read(csv(f'公用经费,办公费,,2060101,"{text}",,一般公共预算,1', head=HEAD), "a.csv", budget)
    if reading.errors:
        raise grammar.Refusal(reading.errors[0].message)
    return reading.desired.lines[0].economic


def codes_in_the_grid(grid) -> dict[str, str]:
    ids = {text: new_id() for text in CODES}
    told = grid.save(
        *(
            {"id": ids[text], "seen": "", "cells": cells(name=f"科目{at}", economic=text)}
            for at, text in enumerate(CODES)
        )
    )
    rows = {row["id"]: row for row in told["rows"]}
    grid.save(*({"id": row["id"], "seen": row["version"], "remove": True} for row in rows.values()))
    return {text: code_shown(rows[ids[text]]) for text in CODES}


def code_shown(row: dict) -> str:
    return "".join(row["errors"].get("economic", [])) or row["cells"]["economic"].partition(" ")[0]


def codes_pasted(grid) -> dict[str, str]:
    head = "\t".join(("类别", "项目名称", "功能分类", "部门经济分类", "资金性质", "金额（万元）"))
    body = [f"公用经费\t项目{at}\t2060101\t{text}\t一般公共预算\t1" for at, text in enumerate(CODES)]
    told = grid.paste("\r\n".join([head, *body]))
    return {
        text: "".join(row["errors"].get("economic", [])) or row["cells"]["economic"]["shown"].partition(" ")[0]
        for text, row in zip(CODES, told["rows"], strict=True)
    }


def test_funds_and_functions_are_read_by_name_too(budget):
    row = "公用经费,办公费,,2060101 行政运行,办公费,{government},{fund},1"
    for government, fund in (("办公经费", "一般公共预算"), ("50201办公经费", "11111 一般公共预算"), ("", "11111")):
        reading = lines.read(csv(row.format(government=government, fund=fund), head=HEAD), "a.csv", budget)
        assert reading.errors == []
        assert (reading.desired.lines[0].government.code, reading.desired.lines[0].fund.code) == ("50201", "11111")
    reading = lines.read(
        csv(row.replace("2060101 行政运行", "行政运行").format(government="", fund="11111"), head=HEAD), "a.csv", budget
    )
    assert "个科目叫“行政运行”，请改填编码（2010101、" in reading.errors[0].message


def typed(read) -> tuple[str, object]:
    """The verdict of a reader of one cell, which leaves it to the row that an amount is needed and positive."""
    try:
        amount = read()
    except ValueError as refusal:
        return verdict_of(None, [refusal.messages[0] if hasattr(refusal, "messages") else str(refusal)])
    except Exception as refused:
        return verdict_of(None, refused.messages)
    if amount is None:
        return EMPTY, None
    return ("read", int(amount * 100)) if amount > 0 else ("not positive", None)


def in_the_grid(grid) -> dict[str, tuple]:
    ids = {text: new_id() for text in TEXTS}
    told = grid.save(
        *({"id": ids[text], "seen": "", "cells": cells(name=f"项目{at}", amount=text)} for at, text in enumerate(TEXTS))
    )
    rows = {row["id"]: row for row in told["rows"]}
    found = {}
    for text in TEXTS:
        row = rows[ids[text]]
        found[text] = verdict_of(int(row["fen"] or 0), row["errors"].get("amount", []))
    grid.save(*({"id": row["id"], "seen": row["version"], "remove": True} for row in rows.values()))
    return found


def pasted(grid) -> dict[str, tuple]:
    """Texts that a clipboard can carry: not those with a line end in them, which end the row."""
    texts = [text for text in TEXTS if not set(text) & set("\n\r\t") and text.strip(" ")]
    head = "\t".join(("类别", "项目名称", "功能分类", "部门经济分类", "资金性质", "金额（万元）"))
    body = [f"公用经费\t项目{at}\t2060101\t30201\t一般公共预算\t{text}" for at, text in enumerate(texts)]
    told = grid.paste("\r\n".join([head, *body]))
    found = {}
    for text, row in zip(texts, told["rows"], strict=True):
        errors = row["errors"].get("amount", [])
        shown = row["cells"]["amount"]["shown"] if "amount" in row["cells"] else ""
        found[text] = verdict_of(None if errors else grammar.parse_amount(shown, "万元").fen, errors)
    return found


def in_a_file(budget) -> dict[str, tuple]:
    texts = [text for text in TEXTS if not set(text) & set('\n\r\t"\0') and text.strip()]
    found = {}
    for at, text in enumerate(texts):
        row = f'公用经费,项目{at},,2060101,30201,50201,一般公共预算,"{text}"'
        reading = lines.read(csv(row, head=HEAD), "a.csv", budget)
        errors = [str(error.message) for error in reading.errors]
        if errors:
            is_empty = "请填写金额" in errors[0]
            is_small = "金额须大于0" in errors[0]
            found[text] = (EMPTY, None) if is_empty else ("not positive", None) if is_small else (REFUSAL, errors[0])
        else:
            found[text] = ("read", reading.desired.lines[0].fen)
    return found
