"""The site as a whole: its first page, the page of an organisation, and which paths there are."""

from collections.abc import Iterator

from django.utils.html import escape

from budget.entry.search import Index, named
from budget.reporting import money
from publication.frozen import Frozen

from .edition import Edition, Published, every_version, frozen_years, published

MOST = 50
LISTED = ("", "tables/", "text/", "terms/", "files/")


def index(words: str = "") -> dict:
    """Departments with their units and years; with words, those that are called so (code, name, pinyin, initials)."""
    every = published()
    found = search(every, words) if words.strip() else every
    groups: list[dict] = []
    for one in found:
        if one.is_department or not groups or groups[-1]["department"] != _department(one):
            groups.append({"department": _department(one), "head": one if one.is_department else None, "units": []})
        if not one.is_department:
            groups[-1]["units"].append(one)
    return {"groups": groups, "words": words.strip(), "number": len(found), "years": _years(every)}


def _department(one: Published) -> str:
    return one.code[:3]


def _years(every: list[Published]) -> list[int]:
    return sorted({year for one in every for year in one.years}, reverse=True)


def search(every: list[Published], words: str) -> list[Published]:
    by_code = {one.code: one for one in every}
    entries = [named(one.code, one.name, one.short_name) for one in every]
    hits = Index(entries).search(words, most=MOST)
    return [by_code[entry.code] for entry in hits]


def organisation(code: str) -> dict | None:
    """The years of an organisation, and its figures beside each other; None where it has published nothing."""
    frozen = frozen_years(code)
    if not frozen:
        return None
    newest = frozen[0]
    years = sorted({one.year for one in frozen}, reverse=True)
    return {"newest": newest, "years": years, "comparison": _comparison(frozen), "beside": _beside(code)}


def _comparison(frozen: list[Frozen]) -> dict:
    """Figures by year: what each year published of itself, and what the newest said of the years before."""
    labels: dict[str, str] = {}
    known: dict[str, dict[int, int]] = {}
    for one in reversed(frozen):
        for series in one.series:
            labels.setdefault(series.key, series.label)
            for year, fen in series.values:
                if fen is not None and (year == one.year or year not in {other.year for other in frozen}):
                    known.setdefault(series.key, {})[year] = fen
    years = sorted({year for values in known.values() for year in values})
    unit = frozen[0].unit
    rows = [
        (label, [_said(known.get(key, {}).get(year), unit) for year in years])
        for key, label in labels.items()
        if any(known.get(key, {}).values())
    ]
    return {"years": years, "rows": rows, "unit": unit}


def _said(fen: int | None, unit: str) -> str:
    return "不详" if fen is None else money.printed(fen, unit, thousands=True) or "0.00"


def _beside(code: str) -> list[Published]:
    """The other organisations of the same department."""
    return [one for one in published() if one.code != code and one.code[:3] == code[:3]]


def editions() -> Iterator[tuple[str, str, int, int | None]]:
    """(path, code, year, number or None for the newest) of every edition in the site."""
    for code, year, number, is_newest in every_version():
        if is_newest:
            yield f"{code}/{year}/", code, year, None
        yield f"{code}/{year}/v{number}/", code, year, number


def path_of(edition: Edition, number: int | None) -> str:
    frozen = edition.frozen
    return f"{frozen.code}/{frozen.year}/" + (f"v{number}/" if number else "")


def sitemap(site: str) -> bytes:
    """The pages that stay current, for search engines; `site`: the absolute address of the first page."""
    paths = ["", *(f"{one.code}/" for one in published())]
    paths += [f"{path}{address}" for path, code, year, number in editions() if number is None for address in LISTED]
    entries = "".join(f"<url><loc>{escape(site + path)}</loc></url>\n" for path in paths)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{entries}</urlset>\n".encode()
