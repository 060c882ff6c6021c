"""The document as it was published, defects and all, as a workbook: a sheet a table, its title and unit above it."""

import csv
import io
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).parents[1] / "golden" / "as_published"
TITLES = {
    1: "2024年部门收支预算表",
    3: "2024年部门支出预算表",
    5: "2024年一般公共预算支出预算表",
    6: "2024年一般公共预算基本支出预算表",
    7: "2024年一般公共预算基本支出明细表",
    9: "2024年一般公共预算“三公”经费预算表",
    12: "2024年项目支出预算表",
    13: "2024年机关（机构）运行经费",
    15: "2024年部门预算项目绩效目标表",
}


def sheets() -> dict[int, list[list[str]]]:
    """Rows of each table by its number, the header first."""
    found = {}
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            found[int(path.name[:2])] = list(csv.reader(file))
    return found


def workbook(tables: dict[int, list[list[str]]] | None = None) -> bytes:
    """The workbook of the tables: headings of several levels merged as they print, figures as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, (header, *rows) in (tables or sheets()).items():
        sheet = book.create_sheet(f"{number} {TITLES[number]}"[:31])
        sheet.append([TITLES[number]])
        sheet.append(["部门名称：焦作市解放区科技和工业信息化局", *[None] * (len(header) - 2), "单位：万元"])
        depth = _header(sheet, header)
        for at, row in enumerate(rows, start=3 + depth):
            for column, value in enumerate(row, start=1):
                if value:
                    sheet.cell(at, column, _typed(value, header[column - 1]))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _header(sheet, header: list[str]) -> int:
    paths = [path.split("/") for path in header]
    depth = max(map(len, paths))
    for column, path in enumerate(paths, start=1):
        for level, label in enumerate(path):
            if column == 1 or paths[column - 2][: level + 1] != path[: level + 1]:
                sheet.cell(3 + level, column, label)
                end = column
                while end < len(paths) and paths[end][: level + 1] == path[: level + 1] and level < len(path) - 1:
                    end += 1
                last = 3 + (depth - 1 if level == len(path) - 1 else level)
                if end > column or last > 3 + level:
                    sheet.merge_cells(start_row=3 + level, start_column=column, end_row=last, end_column=end)
    return depth


def _typed(value: str, heading: str):
    is_code = any(word in heading for word in ("编码", "代码", "名称", "指标", "类型", "项目单位"))
    try:
        return value if is_code else float(value)
    except ValueError:
        return value
