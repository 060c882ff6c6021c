"""The small files of an edition that are made when they are asked for: the data of the package, each table as CSV."""

from collections.abc import Iterator

from budget.reporting import csv_text, money
from publication import open_data
from publication.frozen import Frozen
from publication.open_rows import resources_of

CSV = "text/csv; charset=utf-8"
# the addresses of the kept files, below `files/`
NAMES = {
    "xlsx": "tables.xlsx",
    "docx": "book.docx",
    "pdf": "book.pdf",
    "csv": "data.zip",
    "json": "data.json",
    "datapackage": "datapackage.json",
}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "application/zip",
    "json": "application/json",
    "datapackage": "application/json",
}


def data_files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    """Address below `files/`, and content; the same bytes as in the archive of all of them."""
    for resource in resources_of(frozen):
        yield resource.path, open_data.csv_bytes(resource, frozen)
    for name, content in csv_text.csv_files(grid.in_unit(money.YUAN) for grid in frozen.grids):
        yield f"tables/{name}", content


def data_file(frozen: Frozen, address: str) -> bytes | None:
    return dict(data_files(frozen)).get(address)
