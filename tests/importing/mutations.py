"""Workbooks damaged on purpose, the same at every run: bytes flipped, XML changed about, parts taken away (T-01)."""

import random
import re
from pathlib import Path

from tests.budget.importing.workbooks import parts, saved, shared, workbook, zipped

GOLDEN = Path(__file__).parents[1] / "golden" / "lines.csv"


def originals() -> list[bytes]:
    """The reference's lines by two producers, one of them with fourteen more sheets."""
    import openpyxl

    rows = [line.split(",") for line in GOLDEN.read_text("utf-8").splitlines()]
    rows = [
        rows[0],
        *([*row[:7], *([row[7]] if number % 2 else [_number(row[7])])] for number, row in enumerate(rows[1:])),
    ]
    book = openpyxl.Workbook()
    book.active.title = "明细"
    for row in rows:
        book.active.append(row)
    for number in range(1, 15):
        sheet = book.create_sheet(f"表{number}")
        for at in range(20):
            sheet.append([f"第{at}行", at * 1.5, None, "说明"])
    return [workbook(rows), shared(rows), saved(book)]


def _number(text: str):
    whole, _, decimals = text.partition(".")
    return int(whole) + int(decimals or 0) / 10 ** len(decimals or "0")


def mutated(seed: int, found: list[bytes]) -> bytes:
    """The damaged workbook of that seed: 40 % bytes, 55 % XML, 5 % parts."""
    pick = random.Random(seed)
    content = pick.choice(found)
    share = pick.random()
    if share < 0.40:
        damaged = bytearray(content)
        for _ in range(pick.randint(1, 12)):
            damaged[pick.randrange(len(damaged))] = pick.randrange(256)
        return bytes(damaged[: pick.randrange(len(damaged))] if pick.random() < 0.1 else damaged)
    entries = parts(content)
    if share > 0.95:
        for name in pick.sample(sorted(entries), pick.randint(1, 3)):
            del entries[name]
        return zipped(entries)
    for _ in range(pick.randint(1, 3)):
        name = pick.choice(sorted(entries))
        entries[name] = _changed_xml(entries[name].decode("utf-8", "replace"), pick).encode("utf-8", "replace")
    return zipped(entries)


def _changed_xml(text: str, pick: random.Random) -> str:
    tokens = re.findall(r"<[^>]*>|[^<]+", text) or [text]
    for _ in range(pick.randint(1, 6)):
        at, other = pick.randrange(len(tokens)), pick.randrange(len(tokens))
        match pick.randrange(6):
            case 0:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 1:
                tokens[at] = ""
            case 2:
                tokens[at] += tokens[other]
            case 3:
                tokens[at] = re.sub(r"\d+", lambda _: str(pick.choice([0, -1, 7, 10**6, 10**20])), tokens[at], count=1)
            case 4:
                tokens[at] = re.sub(
                    r'"[^"]*"', pick.choice(['""', '"x"', '"NaN"', '"1e999"', '"�"']), tokens[at], count=1
                )
            case 5:
                tokens[at] = tokens[at][: pick.randrange(len(tokens[at]) + 1)]
    return "".join(tokens)
