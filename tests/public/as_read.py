"""Public pages and files as a stranger reads them, and what plain lines say should stand there.

Nothing here comes from the product but the bytes of its pages: HTML is read with Python's own parser, figures are
worked out of the lines with dictionaries and loops.
"""

import csv
import io
import json
import zipfile
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser

from tests.budget.reporting.test_oracle import jiaozuo
from tests.oracle import all_tables
from tests.oracle.ledger import BASIC, CATEGORIES
from tests.plain_books import NAMES


class Tables(HTMLParser):
    """Every table of a page: by its id (or caption) the rows of its head and body, cells with their spans."""

    def __init__(self, content: bytes):
        super().__init__()
        self.found: dict[str, dict] = {}
        self.name = self.part = self.text = None
        self.feed(content.decode())

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "table":
            self.name, self.part = told.get("id", ""), None
            self.found[self.name] = {"thead": [], "tbody": []}
        elif self.name is not None and tag == "caption":
            self.text = ""
        elif self.name is not None and tag in ("thead", "tbody"):
            self.part = self.found[self.name][tag]
        elif self.part is not None and tag == "tr":
            self.part.append([])
        elif self.part is not None and tag in ("th", "td"):
            self.text = ""
            self.spans = int(told.get("rowspan", 1)), int(told.get("colspan", 1))

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "table":
            self.name = self.part = None
        elif tag == "caption" and self.text is not None:
            if not self.name:
                self.found[self.text] = self.found.pop(self.name)
                self.name = self.text
            self.text = None
        elif tag in ("th", "td") and self.part is not None:
            self.part[-1].append((self.text.strip(), *self.spans))
            self.text = None


def spread(rows) -> list[list[tuple[str, int]]]:
    """The cells in every place they cover, each with its own number."""
    places: dict[tuple[int, int], tuple[str, int]] = {}
    number = 0
    for at, row in enumerate(rows):
        column = 0
        for text, down, across in row:
            while (at, column) in places:
                column += 1
            number += 1
            places |= {(at + y, column + x): (text, number) for y in range(down) for x in range(across)}
    width = max((column for _, column in places), default=-1) + 1
    return [[places[at, column] for column in range(width)] for at in range(len(rows))]


def as_rows(table: dict) -> list[dict[str, str]]:
    """Header path → what is printed; a cell over several rows is said in each."""
    head = spread(table["thead"])
    paths = []
    for column in zip(*head, strict=True):
        paths.append(
            "/".join(text for at, (text, number) in enumerate(column) if at == 0 or column[at - 1][1] != number)
        )
    return [dict(zip(paths, (text for text, _ in row), strict=True)) for row in spread(table["tbody"])]


def printed(fen, unit: int, thousands: bool = True) -> str:
    amount = (Decimal(fen) / unit).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{amount:,}" if thousands else f"{amount}"


def table_differences(where: str, read: list[dict], expected: list[dict], unit: int, thousands: bool) -> list[str]:
    """Rows and cells that are not what the oracle says. A merged word may stand again in the rows it covers."""
    if len(read) != len(expected):
        return [f"{where}: {len(read)} rows, not {len(expected)}"]
    found = []
    above: dict[str, str] = {}
    for at, (row, wanted) in enumerate(zip(read, expected, strict=True)):
        if row.keys() != wanted.keys():
            return [f"{where}: columns {sorted(set(row) ^ set(wanted))}"]
        for path, value in wanted.items():
            text = "" if value is None else printed(value, unit, thousands) if isinstance(value, int) else value
            if row[path] != text and not (text == "" and row[path] == above.get(path)):
                found.append(f"{where} row {at} {path}: {row[path]!r}, not {text!r}")
        above = row
    return found


def in_yuan(rows: list[dict]) -> list[dict]:
    return [{path.replace("（元）", "（万元）"): value for path, value in row.items()} for row in rows]


# ---- everything of an edition


def differences(plain, pages: dict[str, bytes], archive: bytes, data: bytes) -> list[str]:
    """What differs between plain lines and the pages, the CSV files and the JSON of their publication."""
    expected = all_tables(jiaozuo(plain))
    found = []
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    tables = {table["key"]: table for table in json.loads(data)["tables"]}
    for key, rows in expected.items():
        name, _, section = key.partition(".")
        shown = Tables(pages[f"tables/{name}/"]).found[f"table-{section or name}"]
        found += table_differences(f"html {key}", as_rows(shown), rows, 1_000_000, True)
        path = next(path for path in files if path.startswith("tables/") and path[10:] == f"{key}.csv")
        found += table_differences(f"csv {key}", in_yuan(csv_rows(files[path])), rows, 100, False)
        body = tables[name]
        if section:
            body = next(one for one in body["sections"] if one["key"] == section)
        said = [dict(zip(body["columns"], row, strict=True)) for row in body["rows"]]
        found += table_differences(f"json {key}", in_yuan(said), rows, 100, False)
    found += data_differences(plain, files, json.loads(data))
    return found + summary_differences(plain, pages[""])


def csv_rows(content: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def data_differences(plain, files: dict[str, bytes], data: dict) -> list[str]:
    """The data of the package against the lines."""
    found = []
    spent: Counter = Counter()
    for line in plain.lines:
        names = ("unit", "category", "function", "economic", "government", "fund", "carried_over")
        spent[tuple(line[name] for name in names)] += line["fen"]
    codes = {name: code for code, name in CATEGORIES.items()}
    read = Counter()
    for row in csv_rows(files["data/spending.csv"]):
        key = (
            *(row["单位编码"], codes[row["支出类别"]], row["功能分类项编码"], row["部门经济分类款编码"]),
            *(row["政府经济分类款编码"], row["资金性质编码"], row["是否结转"] == "是"),
        )
        if key in read:
            found.append(f"spending.csv: {key} twice")
        read[key] += int(Decimal(row["金额（元）"]) * 100)
        if row["功能分类项名称"] != NAMES["function"][row["功能分类项编码"]]:
            found.append(f"spending.csv: {row['功能分类项编码']} is called {row['功能分类项名称']}")
        if (row["支出性质"] == "基本支出") != (key[1] in BASIC):
            found.append(f"spending.csv: {key} is {row['支出性质']}")
    if read != spent:
        found.append(f"spending.csv: {(read - spent) or (spent - read)}")
    if [row["amount"] for row in data["spending"]] != [
        row["金额（元）"] for row in csv_rows(files["data/spending.csv"])
    ]:
        found.append("json spending")
    received = sum(money["fen"] for money in jiaozuo(plain).receipts)
    if sum(Decimal(row["金额（元）"]) for row in csv_rows(files["data/income.csv"])) * 100 != received:
        found.append("income.csv")
    items = Counter()
    for line in plain.lines:
        if line["category"] not in BASIC:
            items[plain.items[line["item"]]["name"], line["unit"]] += line["fen"]
    projects = Counter()
    units = {name: code for code, name in plain.units.items()}
    for row in csv_rows(files["data/projects.csv"]):
        projects[row["项目名称"], units[row["项目单位"]]] += int(Decimal(row["金额（元）"]) * 100)
    if projects != items:
        found.append(f"projects.csv: {projects} not {items}")
    return found


def summary_differences(plain, page: bytes) -> list[str]:
    """The first page: what every 100 元 goes for, in two ways, in 分 that add up to all of them."""
    found = []
    tables = Tables(page).found
    by_class: dict[str, int] = defaultdict(int)
    by_nature: dict[str, int] = defaultdict(int)
    for line in plain.lines:
        by_class[NAMES["function"][line["function"][:3]]] += line["fen"]
        basic, begin = line["category"] in BASIC, line["economic"][:3]
        people, running = basic and begin in ("301", "303"), basic and begin in ("302", "310")
        kind = "人员经费" if people else "日常公用经费" if running else "其他基本支出" if basic else "项目支出"
        by_nature[kind] += line["fen"]
    whole = sum(by_class.values())
    for caption, sums in (("办什么事", by_class), ("怎么花", by_nature)):
        if not whole:
            continue
        rows = [[text for text, *_ in row] for row in tables[caption]["tbody"]]
        named = {label: (share, amount) for label, _, share, amount in rows}
        if len(sums) > 9:
            continue
        for label, fen in sums.items():
            share, amount = named.pop(label)
            exact = Decimal(fen) * 100 / whole
            if amount != printed(fen, 1_000_000) or abs(Decimal(share.removesuffix("元")) - exact) > Decimal("0.01"):
                found.append(f"summary {caption} {label}: {share} {amount}")
        if named or sum(Decimal(row[2].removesuffix("元")) for row in rows) != 100:
            found.append(f"summary {caption}: {rows}")
    text = page.decode()
    if f"年预算安排支出{printed(whole, 1_000_000)}万元" not in text:
        found.append("summary: the first sentence")
    return found
