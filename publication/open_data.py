"""Open data: what is published as CSV, JSON and a Fiscal Data Package. Amounts are in 元, to the 分.

CSV is for people who open it in a spreadsheet: a byte order mark, Chinese headings, words that cannot be taken for
formulas. The same contents give the same bytes.
"""

import csv
import io
import json
import zipfile
from datetime import date

from budget.reporting import csv_text, json_form, money

from .frozen import Frozen
from .open_rows import AMOUNT, LEVELS, PARTS, Column, Resource, phase_of, resources_of

SCHEMA = 1
DESCRIPTOR = "datapackage.json"
DESCRIPTION = "{name}{year}年{kind}预算，金额单位为元。不单独公开的项目不列名称，其金额在支出明细和各表合计中。"


# ---- files


def csv_bytes(resource: Resource, frozen: Frozen) -> bytes:
    """A resource as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.heading for column in resource.columns])
    for row in resource.rows(frozen):
        writer.writerow([_said(column, row[column.key]) for column in resource.columns])
    return csv_text.BOM + text.getvalue().encode()


def _said(column: Column, value) -> str:
    if column is AMOUNT:
        return f"{money.yuan(value):.2f}"
    if column.kind == "boolean":
        return "是" if value else "否"
    return csv_text.safe(str(value))


def csv_zip(frozen: Frozen) -> bytes:
    """The package: its descriptor, its resources, and every table as it is printed, in 元."""
    files = [(DESCRIPTOR, datapackage_bytes(frozen))]
    files += [(resource.path, csv_bytes(resource, frozen)) for resource in resources_of(frozen)]
    tables = csv_text.csv_files(grid.in_unit(money.YUAN) for grid in frozen.grids)
    files += [(f"tables/{name}", content) for name, content in tables]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (frozen.year, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def json_bytes(frozen: Frozen) -> bytes:
    """Everything that is published as JSON: tables as printed (in 元), the data of the package, years, text, terms."""
    data = {
        "schema": SCHEMA,
        "code": frozen.code,
        "name": frozen.name,
        "kind": "department" if frozen.is_department else "unit",
        "year": frozen.year,
        "phase": phase_of(frozen),
        "title": frozen.title,
        "unit": money.YUAN,
        "approvals": [approval._asdict() for approval in frozen.approvals],
        **{
            resource.name: [
                {key: _plain(value) if key == "amount" else value for key, value in row.items()}
                for row in resource.rows(frozen)
            ]
            for resource in resources_of(frozen)
        },
        "series": [
            {
                "label": one.label,
                "years": [{"year": year, "amount": None if fen is None else _plain(fen)} for year, fen in one.values],
            }
            for one in frozen.series
        ],
        "tables": json_form.book_json(grid.in_unit(money.YUAN) for grid in frozen.grids)["tables"],
        "text": [
            {
                "label": part.label,
                "title": part.title,
                "blocks": [{"level": block.level, "text": block.text} for block in part.blocks],
            }
            for part in frozen.parts
        ],
        "terms": [{"term": term, "means": means} for term, means in frozen.terms],
    }
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _plain(fen: int) -> str:
    """As a string: a JSON number would be read as a binary fraction."""
    return f"{money.yuan(fen):.2f}"


# ---- the descriptor


def datapackage_bytes(frozen: Frozen) -> bytes:
    """`datapackage.json`: a Fiscal Data Package of the files in `csv_zip`."""
    resources = resources_of(frozen)
    data = {
        "profile": "fiscal-data-package",
        "name": f"budget-{frozen.code}-{frozen.year}",
        "title": frozen.title,
        "description": DESCRIPTION.format(name=frozen.name, year=frozen.year, kind=frozen.kind),
        "countryCode": "CN",
        "granularity": "aggregated",
        "fiscalPeriod": {
            "start": date(frozen.year, 1, 1).isoformat(),
            "end": date(frozen.year, 12, 31).isoformat(),
        },
        "resources": [_resource(one, frozen) for one in resources],
        "model": {"measures": _measures(frozen), "dimensions": _dimensions()},
    }
    return (json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _resource(resource: Resource, frozen: Frozen) -> dict:
    content = csv_bytes(resource, frozen)
    schema: dict = {
        "fields": [column.descriptor() for column in resource.columns],
        "primaryKey": [resource.heading(key) for key in resource.primary_key],
        "missingValues": [""],
    }
    if resource.foreign:
        schema["foreignKeys"] = [
            {
                "fields": [resource.heading(key)],
                "reference": {"resource": other, "fields": [resource.heading(key)]},
            }
            for key, other in resource.foreign
        ]
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "title": resource.title,
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "bytes": len(content),
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _measures(frozen: Frozen) -> dict:
    said = {"source": AMOUNT.heading, "currency": "CNY", "phase": phase_of(frozen), "factor": 1}
    return {
        "expenditure": {**said, "resource": "spending", "direction": "expenditure"},
        "revenue": {**said, "resource": "income", "direction": "revenue"},
    }


def _dimensions() -> dict:
    """The roles of the columns of the spending."""
    found = {
        "date": _dimension("datetime", {"year": "年度"}, ["year"]),
        "administrator": _dimension(
            "entity", {"code": "单位编码", "name": "单位名称"}, ["code"], labels=("name", "code")
        ),
        "fund": _dimension("other", {"code": "资金性质编码", "name": "资金性质"}, ["code"], labels=("name", "code")),
        "carried-over": _dimension("other", {"carried": "是否结转"}, ["carried"]),
        "part": _dimension("activity", {key: heading for key, heading in PARTS}, [key for key, _ in PARTS]),
    }
    for dimension, kind in (("function", "functional"), ("economic", "economic"), ("government", "economic")):
        _, label, levels = LEVELS[dimension]
        attributes: dict = {}
        above = ""
        for at, (level, _) in enumerate(levels, start=1):
            code = f"level{at}"
            attributes[code] = {"source": f"{label}{level}编码", "resource": "spending"}
            if above:
                attributes[code]["parent"] = above
            attributes[f"{code}-label"] = {"source": f"{label}{level}名称", "resource": "spending", "labelfor": code}
            above = code
        found[dimension] = {
            "dimensionType": "classification",
            "classificationType": kind,
            "attributes": attributes,
            "primaryKey": [above],
        }
    return found


def _dimension(kind: str, sources: dict[str, str], key: list[str], labels: tuple[str, str] | None = None) -> dict:
    attributes: dict = {name: {"source": source, "resource": "spending"} for name, source in sources.items()}
    if labels:
        attributes[labels[0]]["labelfor"] = labels[1]
    return {"dimensionType": kind, "attributes": attributes, "primaryKey": key}
