"""The reference book: every printed figure of the published tables comes out of the forty lines.

Compared by row (its words) and by column (its header path), as printed; more rows or columns are refused like fewer.
"""

import csv
import json
from decimal import Decimal
from io import StringIO
from unicodedata import normalize

import pytest
from django.core.management import call_command

from budget.reporting.json_form import book_json
from publication.sets.henan_jiaozuo_2024 import HENAN_JIAOZUO_2024
from tests.plain_books import GOLDEN, book_of, reference, rows_of

# key → golden copy, and how many of its columns are words (side by side: those of both halves)
TABLES = {
    "revenue_and_expenditure": ("01_revenue_and_expenditure", ("收入/项目", "支出/项目")),
    "expenditure": ("03_expenditure", 5),
    "general_expenditure": ("05_general_public_expenditure", 5),
    "general_basic_by_economic": ("06_general_public_basic_by_economic", 4),
    "basic_items": ("07_general_public_basic_items", 3),
    "three_public": ("09_three_public", 0),
    "projects": ("12_projects", 3),
    "agency_operating": ("13_agency_operating", 2),
    "project_performance": ("15_project_performance", 2),
}
IN_ORDER = set(TABLES) - {"general_basic_by_economic", "project_performance"}  # these two the city sorts otherwise


def plain_tables(lines=None) -> dict[str, dict]:
    """Key → the table as JSON of the book made of the golden lines (or of these)."""
    return {table["key"]: table for table in book_json(book_of(reference(lines), HENAN_JIAOZUO_2024).grids())["tables"]}


@pytest.fixture(scope="module")
def plain():
    return plain_tables()


def golden(key: str) -> tuple[list[str], list[list[str]]]:
    with (GOLDEN / "tables" / f"{TABLES[key][0]}.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    return header, rows


def by_row(key: str, columns: list[str], rows: list[list[str]]) -> dict[tuple, dict[str, str]]:
    """Words of the row → header path → what is printed; a row that goes on with another counts on from it."""
    words = TABLES[key][1]
    names = list(words) if isinstance(words, tuple) else columns[:words]
    found, last = {}, ()
    for row in rows:
        cells = {path: normalize("NFKC", value) for path, value in zip(columns, row, strict=True)}
        named = tuple(cells[name] for name in names)
        if key == "project_performance":
            named = named if any(named) else (*last[:2], (last[2] if len(last) > 2 else 1) + 1)
        assert named not in found, f"{key}: two rows are called {named}"
        found[named] = cells
        last = named
    return found


def assert_printed(tables: dict[str, dict], key: str) -> None:
    header, rows = golden(key)
    table = tables[key]
    assert table["columns"] == header
    expected, printed = by_row(key, header, rows), by_row(key, header, table["rows"])
    assert printed.keys() == expected.keys()
    for row, cells in expected.items():
        for path in header:
            if path not in ("单位编码（项目编号）", "项目单位（项目名称）"):
                assert printed[row][path] == cells[path], (row, path)
    if key in IN_ORDER:
        assert list(printed) == list(expected)


def assert_form(form: dict) -> None:
    """Table 14: its indicators, goals, tasks and amounts."""
    indicators = rows_of(GOLDEN / "department_indicators.csv")
    assert form["columns"] == ["一级指标", "二级指标", "三级指标", "指标值", "指标值说明"]
    assert form["rows"] == [
        [row[name] for name in ("level_1", "level_2", "name", "published", "explanation")] for row in indicators
    ]
    assert len(form["rows"]) == 27
    sections = {section["key"]: section for section in form["sections"]}
    goals = json.loads((GOLDEN / "department_goals.json").read_text(encoding="utf-8"))
    assert sections["organisation"]["rows"] == [["焦作市解放区科技和工业信息化局"]]
    assert sections["goals"]["rows"] == [[text] for text in goals["annual_goals"]]
    assert sections["tasks"]["rows"] == [[task["name"], task["content"]] for task in goals["tasks"]]
    assert dict(zip(sections["money"]["columns"], *sections["money"]["rows"], strict=True)) == {
        "部门预算总额": "393.52",
        "1、资金来源/（1）政府预算资金": "393.52",
        "1、资金来源/（2）财政专户管理资金": "",
        "1、资金来源/（3）单位资金": "",
        "2、资金结构/（1）基本支出": "200.52",
        "2、资金结构/（2）项目支出": "193.00",
    }


@pytest.mark.parametrize("key", TABLES)
def test_the_reference_is_printed_as_it_was_published(plain, key):
    assert_printed(plain, key)


def test_the_goals_of_the_department_are_printed_as_they_were_published(plain):
    assert_form(plain["department_performance"])


def test_the_book_has_fifteen_tables_and_no_misfit(plain):
    assert [table["number"] for table in plain.values()] == list(range(1, 16))
    assert [table["key"] for table in plain.values() if table["misfits"]] == []
    assert {table["unit"] for table in plain.values()} == {"万元"}


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("revenue_and_expenditure", "2024年部门收支预算表"),
        ("three_public", "2024年一般公共预算“三公”经费预算表"),
        ("department_performance", "本级部门整体绩效目标表"),
    ],
)
def test_titles_bear_the_year(plain, key, title):
    assert plain[key]["title"] == title


# ---- the comparison itself


def changed(tables, key, change) -> dict:
    table = json.loads(json.dumps(tables[key]))
    change(table)
    return {key: table}


WRONG = {
    "a figure": ("expenditure", lambda table: table["rows"][2].__setitem__(5, "81.38")),
    "a blank": ("three_public", lambda table: table["rows"][0].__setitem__(1, "0.00")),
    "a word": ("basic_items", lambda table: table["rows"][3].__setitem__(2, "奖金")),
    "a row more": ("projects", lambda table: table["rows"].append(["其他运转类", "又一个", "局", *[""] * 9])),
    "a row less": ("agency_operating", lambda table: table["rows"].pop()),
    "a column less": ("expenditure", lambda table: [part.pop() for part in (table["columns"], *table["rows"])]),
    "a heading": ("expenditure", lambda table: table["columns"].__setitem__(5, "合计")),
    "another order": ("expenditure", lambda table: table["rows"].reverse()),
    "an indicator": ("project_performance", lambda table: table["rows"][3].__setitem__(9, "≥96%")),
    "a row twice": ("projects", lambda table: table["rows"].append(table["rows"][-1])),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_comparison_sees(plain, what):
    key, change = WRONG[what]
    with pytest.raises(AssertionError):
        assert_printed(changed(plain, key, change), key)


# ---- one figure typed, every place follows


def test_a_changed_salary_shows_wherever_it_is_part_of(plain):
    """35.76 → 36.76: a wage of basic spending is in tables 1 to 8 and 14; not in 9 to 13 and 15."""
    lines = rows_of(GOLDEN / "lines.csv")
    assert lines[0]["amount"] == "35.76"
    after = plain_tables([{**lines[0], "amount": "36.76"}, *lines[1:]])
    moved = {}
    for key, table in plain.items():
        moved[table["number"]] = differences(table, after[key])
    assert {number for number, places in moved.items() if places} == {1, 2, 3, 4, 5, 6, 7, 8, 14}
    for places in moved.values():
        assert all(Decimal(new) - Decimal(old) == 1 for old, new in places)
    assert len(moved[3]) == 12  # three rows by 总计, 基本支出, 人员经费, 工资福利支出
    assert ("393.52", "394.52") in moved[1]
    assert ("200.52", "201.52") in moved[14]


def differences(before: dict, after: dict) -> list[tuple[str, str]]:
    pairs = [(before, after), *zip(before["sections"], after["sections"], strict=True)]
    return [
        (old, new)
        for one, other in pairs
        for row, again in zip(one["rows"], other["rows"], strict=True)
        for old, new in zip(row, again, strict=True)
        if old != new
    ]


# ---- through the database and the commands


@pytest.fixture
def demo(db):
    call_command("load_demo", stdout=StringIO())


def exported(tmp_path, form: str, **options):
    out = tmp_path / f"book.{form}"
    call_command("export_book", department="566", year=2024, form=form, out=out, stdout=StringIO(), **options)
    return out


def test_the_exported_book_is_as_it_was_published(demo, plain, tmp_path):
    book = json.loads(exported(tmp_path, "json").read_text(encoding="utf-8"))
    tables = {table["key"]: table for table in book["tables"]}
    assert book["schema"] == 1
    for key in TABLES:
        assert_printed(tables, key)
    assert_form(tables["department_performance"])
    for key, table in plain.items():  # 2, 4, 8, 10 and 11 too
        assert table["columns"] == tables[key]["columns"]
        assert table["rows"] == tables[key]["rows"], key


def test_the_unit_s_own_book_has_the_same_figures(demo, plain, tmp_path):
    book = json.loads(exported(tmp_path, "json", unit="566001").read_text(encoding="utf-8"))
    for table in book["tables"]:
        expected = [["566001" if cell == "566" else cell for cell in row] for row in plain[table["key"]]["rows"]]
        if table["key"] == "project_performance":
            expected = expected[1:]  # without the department's row
        assert table["rows"] == expected, table["key"]


def test_the_exported_csv_is_as_it_was_published(demo, tmp_path):
    folder = exported(tmp_path, "csv")
    for key, (name, _) in TABLES.items():
        (path,) = folder.glob(f"{name[:2]}_{key}.csv")
        header, *rows = csv.reader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        assert_printed({key: {"columns": header, "rows": rows}}, key)
