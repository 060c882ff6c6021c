"""An Edition: one version of what an organisation publishes of a year, with what is said of it on every page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils import timezone

from publication.frozen import Frozen
from publication.models import Publication
from publication.models.publications import FORMS


class File(NamedTuple):
    """A file of a version. `path`: where it is kept; in a draft there is none yet."""

    form: str
    label: str
    name: str = ""
    size: int = 0
    digest: str = ""
    path: str = ""

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2]


class Version(NamedTuple):
    number: int
    published: date
    explanation: str
    digest: str


@dataclass(frozen=True)
class Edition:
    """`versions`: all there are of that organisation and year, the newest first; of a draft `number` is 0."""

    frozen: Frozen
    number: int = 0
    versions: tuple[Version, ...] = ()
    files: tuple[File, ...] = ()

    @property
    def is_draft(self) -> bool:
        return not self.number

    @property
    def version(self) -> Version | None:
        return next((one for one in self.versions if one.number == self.number), None)

    @property
    def is_newest(self) -> bool:
        return bool(self.versions) and self.versions[0].number == self.number

    @property
    def is_superseded(self) -> bool:
        """Whether a later version corrects it."""
        return bool(self.versions) and not self.is_newest

    @property
    def corrections(self) -> tuple[Version, ...]:
        """The later versions."""
        return tuple(one for one in self.versions if one.number > self.number) if self.number else ()

    def file(self, form: str) -> File | None:
        return next((one for one in self.files if one.form == form), None)


def edition_of(code: str, year: int, number: int | None = None) -> Edition | None:
    """The newest version, or that one; None where it is not published."""
    versions = list(Publication.objects.of(code, year).light().order_by("-number"))
    found = next((one for one in versions if number in (None, one.number)), None)
    if found is None:
        return None
    content = Publication.objects.values_list("content", flat=True).get(pk=found.pk)
    files = {
        one.form: File(one.form, FORMS[one.form], one.name, one.size, one.digest, one.file.name)
        for one in found.files.all()
    }
    return Edition(
        Frozen.from_json(content),
        found.number,
        tuple(_version(one) for one in versions),
        tuple(files[form] for form in FORMS if form in files),
    )


def draft_of(frozen: Frozen) -> Edition:
    """What would be published now."""
    return Edition(frozen, files=tuple(File(form, label) for form, label in FORMS.items()))


def _version(publication: Publication) -> Version:
    return Version(
        publication.number,
        timezone.localtime(publication.published).date(),
        publication.explanation,
        publication.digest,
    )


# ---- all that is published


class Published(NamedTuple):
    """An organisation, with the years that it has published, the newest first."""

    code: str
    name: str
    short_name: str
    is_department: bool
    years: tuple[int, ...]


def published() -> list[Published]:
    """Every organisation that has published anything, in the order of the units."""
    found: dict[str, Published] = {}
    rows = Publication.objects.current().order_by("unit__path", "-campaign__year")
    for code, parent, name, short_name, year in rows.values_list(
        "unit__code", "unit__parent", "unit_name", "unit__short_name", "campaign__year"
    ):
        if known := found.get(code):
            found[code] = known._replace(years=(*known.years, year))
        else:
            found[code] = Published(code, name, short_name, parent is None, (year,))
    return list(found.values())


def frozen_years(code: str) -> list[Frozen]:
    """The newest version of every year that the organisation has published, the newest first."""
    rows = Publication.objects.current().filter(unit__code=code).order_by("-campaign__year")
    return [Frozen.from_json(content) for content in rows.values_list("content", flat=True)]


def every_version() -> Iterable[tuple[str, int, int, bool]]:
    """(code, year, number, whether it is the newest) of every version."""
    rows = Publication.objects.order_by("unit__path", "-campaign__year", "-number")
    before = None
    for code, year, number in rows.values_list("unit__code", "campaign__year", "number"):
        yield code, year, number, before != (code, year)
        before = (code, year)
