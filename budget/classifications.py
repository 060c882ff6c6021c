"""The year's edition of the classifications, loaded from files: bulk, idempotent, all or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import models, transaction

from .importing import codes
from .importing.codes import CodeRow, Codes, PairRow
from .models import (
    Budget,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    FundSource,
    GovernmentEconomicClass,
)

DATA = Path(__file__).parent / "data"
MODELS = {
    "functional": FunctionalClass,
    "department_economic": DepartmentEconomicClass,
    "government_economic": GovernmentEconomicClass,
    "fund_sources": FundSource,
}
FIELDS = ("name", "parent_id", "is_leaf", "is_unspecified", "status")


class Refused(ValueError):
    """The files were refused as a whole; `errors` says why, one sentence each."""

    def __init__(self, errors: Iterable[str]):
        self.errors = list(errors)
        super().__init__("\n".join(self.errors))


@dataclass
class Difference:
    """What one classification has that another state of it has not, as text: `30101 基本工资`."""

    added: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def __bool__(self):
        return bool(self.added or self.renamed or self.dropped)


@dataclass
class Report:
    """What a load did. `stored`: against what was there; `previous`: against the edition of the year before it."""

    edition: Edition
    is_new: bool
    stored: dict[str, Difference]
    previous_year: int | None
    previous: dict[str, Difference]
    notices: list[str]

    def __bool__(self):
        return self.is_new or any(self.stored.values())


def load_edition(year: int, source: Path | str | None = None) -> Report:
    """Load the edition of a year from a folder, a CSV file or a workbook (without one: the files that come with 明账).

    A table that the source lacks stays as it is stored; a new edition needs them all. Raises Refused, then nothing is
    written. A code in use cannot be dropped, nor one renamed that a submitted budget may print.
    """
    path = Path(source) if source else DATA / str(year)
    if not path.exists():
        raise Refused([f"没有找到{year}年的科目文件：{path}。"])
    read = codes.read(path)
    if read.errors:
        raise Refused(read.errors)
    with transaction.atomic():
        return _store(year, read, path)


def _store(year: int, read: Codes, path: Path) -> Report:
    edition, is_new = Edition.objects.get_or_create(year=year, defaults={"name": f"{year}年政府收支分类科目"})
    lacking = [key for key in (*MODELS, "pairs") if key not in read.tables and (key != "pairs" or read.pairs is None)]
    if is_new and lacking:
        raise Refused([f"{year}年的科目尚未装载，文件中缺少：{'、'.join(codes.NAMES[key][0] for key in lacking)}。"])
    stores = [_Store(edition, key, rows) for key, rows in read.tables.items()]
    for store in stores:
        store.write()
    stored = {store.name: store.difference for store in stores}
    if read.pairs is not None:
        stored[EconomicPair._meta.verbose_name] = _write_pairs(edition, read.pairs)
    errors = [error for store in stores for error in store.drop()]
    if errors:
        raise Refused(errors)
    edition.source = _named(path)
    edition.save(update_fields=["source", "loaded"])
    before = Edition.objects.filter(year__lt=year).first()
    previous = {model._meta.verbose_name: _between(model, before, edition) for model in MODELS.values() if before}
    return Report(edition, is_new, stored, before.year if before else None, previous, read.notices)


class _Store:
    """One classification of the edition: as it is stored, as the file has it."""

    def __init__(self, edition: Edition, key: str, rows: list[CodeRow]):
        self.edition, self.model, self.rows = edition, MODELS[key], rows
        self.name = self.model._meta.verbose_name
        self.there = {row.code: row for row in self.model.objects.of(edition)}
        wanted = {row.code for row in rows}
        self.gone = [row for code, row in sorted(self.there.items()) if code not in wanted]
        self.difference = Difference(
            added=[_named_code(row) for row in rows if row.code not in self.there and not row.is_unspecified],
            renamed=[
                f"{row.code} {self.there[row.code].name} → {row.name}"
                for row in rows
                if row.code in self.there and self.there[row.code].name != row.name
            ],
            dropped=[_named_code(row) for row in self.gone],
        )

    def write(self) -> None:
        """Add and change, parents first."""
        if self.difference.renamed and _is_printed(self.edition):
            reason = f"已有送审的预算使用{self.edition.year}年科目，不能改名"
            raise Refused(f"{self.name} {renamed}：{reason}。" for renamed in self.difference.renamed)
        self._refuse_refining()
        names = (*FIELDS, "label") if self.model is FundSource else FIELDS
        for length in sorted({len(row.code) for row in self.rows}):
            new, changed = [], []
            for row in self.rows:
                if len(row.code) != length:
                    continue
                parent = self.there[row.parent].pk if row.parent else None
                values = {name: parent if name == "parent_id" else getattr(row, name) for name in names}
                stored = self.there.get(row.code)
                if stored is None:
                    stored = self.there[row.code] = self.model(edition=self.edition, code=row.code, **values)
                    new.append(stored)
                elif any(getattr(stored, name) != value for name, value in values.items()):
                    for name, value in values.items():
                        setattr(stored, name, value)
                    changed.append(stored)
            self.model.objects.bulk_create(new, batch_size=1000)
            self.model.objects.bulk_update(changed, [name.removesuffix("_id") for name in names], batch_size=500)

    def _refuse_refining(self) -> None:
        parents = {row.code for row in self.rows if not row.is_leaf}
        refined = [row for row in self.there.values() if row.is_leaf and row.code in parents]
        errors = [f"{_named_code(row)}：{used}，不能再设下级科目。" for row, used in _uses(self.model, refined)]
        if errors:
            raise Refused(f"{self.name} {error}" for error in errors)

    def drop(self) -> list[str]:
        """Delete what the file no longer has; the errors where something uses it."""
        used = _uses(self.model, self.gone)
        if not used:
            self.model.objects.filter(pk__in=[row.pk for row in self.gone]).delete()
        return [f"{self.name} {_named_code(row)}：文件中没有，但{use}，不能删除。" for row, use in used]


def _uses(model: type[models.Model], rows: list) -> list[tuple]:
    """(row, who uses it) for each of the rows that something stands on."""
    by_pk = {row.pk: row for row in rows}
    found: dict[int, list[str]] = {}
    if not by_pk:
        return []
    for relation in model._meta.related_objects:
        if relation.on_delete is not models.PROTECT:
            continue
        name = relation.field.attname
        users = relation.related_model._default_manager.filter(**{f"{name}__in": list(by_pk)}).order_by()
        for pk, count in users.values_list(name).annotate(count=models.Count("pk")):
            found.setdefault(pk, []).append(f"{count}条{relation.related_model._meta.verbose_name}")
    return [(by_pk[pk], f"有{'、'.join(users)}使用") for pk, users in sorted(found.items())]


def _is_printed(edition: Edition) -> bool:
    """Whether a budget that is no draft prints the edition's names."""
    return Budget.objects.filter(campaign__edition=edition).exclude(state=Budget.State.DRAFT).exists()


def _write_pairs(edition: Edition, rows: list[PairRow]) -> Difference:
    """Make the pairs those of the file, in its order: where a class has two, the first is the one proposed."""
    economic, government = (
        dict(model.objects.of(edition).filter(is_leaf=True).values_list("code", "pk"))
        for model in (DepartmentEconomicClass, GovernmentEconomicClass)
    )
    unknown = [row for row in rows if row.economic not in economic or row.government not in government]
    if unknown:
        raise Refused(
            f"{row.place} 对应关系 {row.economic} → {row.government}：科目表中没有这样的末级科目。" for row in unknown
        )
    stored = {
        (pair.economic.code, pair.nature, pair.government.code): pair
        for pair in EconomicPair.objects.filter(edition=edition).select_related("economic", "government").order_by("pk")
    }
    wanted = {(row.economic, row.nature, row.government): row for row in rows}
    same = list(stored) == list(wanted) and all(stored[key].status == row.status for key, row in wanted.items())
    if not same:
        EconomicPair.objects.filter(edition=edition).delete()
        EconomicPair.objects.bulk_create(
            EconomicPair(
                edition=edition,
                economic_id=economic[row.economic],
                nature=row.nature,
                government_id=government[row.government],
                status=row.status,
            )
            for row in rows
        )
    return Difference(
        added=[_named_pair(key) for key in wanted if key not in stored],
        dropped=[_named_pair(key) for key in stored if key not in wanted],
    )


def _between(model, before: Edition, after: Edition) -> Difference:
    """What the later edition adds, renames and drops."""
    old, new = (
        dict(model.objects.of(edition).values_list("code", "name").order_by("code")) for edition in (before, after)
    )
    return Difference(
        added=[f"{code} {name}" for code, name in new.items() if code not in old],
        renamed=[f"{code} {old[code]} → {name}" for code, name in new.items() if code in old and old[code] != name],
        dropped=[f"{code} {name}" for code, name in old.items() if code not in new],
    )


def _named_code(row) -> str:
    return f"{row.code} {row.name}"


def _named_pair(key: tuple[str, str, str]) -> str:
    economic, nature, government = key
    return f"{economic} {nature or '全部'} → {government}"


def _named(path: Path) -> str:
    """Where the files lay, as the edition keeps it: within the project as a path in it, else by name alone."""
    resolved = path.resolve()
    inside = resolved.is_relative_to(settings.BASE_DIR)
    return (resolved.relative_to(settings.BASE_DIR).as_posix() if inside else resolved.name)[:300]
