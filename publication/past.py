"""What has become of an organisation's year so far: approved, published, reviewed for secrets, being published.

It is asked for in one statement: the page before publication shows all of it beside a whole check.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    UUIDField,
    Value,
)

from budget.controls import above
from budget.models import Budget, Campaign
from organisation.models import Unit
from records.models import Job

from .models import Publication, SecrecyReview

APPROVED, PUBLISHED, REVIEWED, JOB = "approved", "published", "reviewed", "job"
PUBLISH = "publish"  # the kind of job that publishes


FIELDS = {
    "number": BigIntegerField(),
    "moment": DateTimeField(),
    "person": BigIntegerField(),
    "name": CharField(),
    "text": CharField(),
    "digest": CharField(),
    "uid": UUIDField(),
    "files": BigIntegerField(),
    "day": DateField(),
}


class Happened(NamedTuple):
    """A row of any of them; what is not said of it is None. `path`: of the unit."""

    kind: str
    path: str
    number: int | None
    moment: datetime | None
    person: int | None
    name: str | None
    text: str | None
    digest: str | None
    uid: UUID | None
    files: int | None
    day: date | None


class Version(NamedTuple):
    """A version that was published, as a list shows it."""

    number: int
    published: datetime
    published_by_name: str
    explanation: str
    content_digest: str
    files: int


class Reviewed(NamedTuple):
    """A review of secrecy: what somebody looked at and found nothing secret in."""

    fingerprint: str
    reviewed: datetime
    reviewed_by_id: int
    reviewed_by_name: str
    remark: str


@dataclass(frozen=True)
class Past:
    """An organisation's year, with the approvals and publications of the rest of its department in `rows`."""

    organisation: Unit
    rows: tuple[Happened, ...]

    def of(self, kind: str) -> list[Happened]:
        return [row for row in self.rows if row.kind == kind]

    @cached_property
    def versions(self) -> tuple[Version, ...]:
        """The organisation's own, newest first."""
        own = [row for row in self.of(PUBLISHED) if row.path == self.organisation.path]
        return tuple(
            Version(row.number, row.moment, row.name, row.text, row.digest, row.files)
            for row in sorted(own, key=lambda row: -row.number)
        )

    @cached_property
    def reviews(self) -> tuple[Reviewed, ...]:
        """Newest first."""
        found = sorted(self.of(REVIEWED), key=lambda row: (row.moment, row.number), reverse=True)
        return tuple(Reviewed(row.digest, row.moment, row.person, row.name, row.text) for row in found)

    @cached_property
    def job(self) -> Job | None:
        """The publication that is being made, or was interrupted: enough of it to be told."""
        return next(
            (Job(uid=row.uid, title=row.text, state=row.name, heartbeat=row.moment) for row in self.of(JOB)), None
        )


def past_of(organisation: Unit, campaign: Campaign) -> Past:
    """Everything that has become of the organisation's year, in one query."""
    department = {"campaign": campaign, "unit__path__startswith": above(organisation.path)[0]}
    approved = Budget.objects.filter(stage="approved", state=Budget.State.APPROVED, is_demo=False, **department)
    published = Publication.objects.filter(**department)
    reviewed = SecrecyReview.objects.filter(unit=organisation, campaign=campaign)
    jobs = Job.objects.filter(kind=PUBLISH, unit=organisation, parameters__year=campaign.year)
    going_on = jobs.filter(~Exists(jobs.filter(pk__gt=OuterRef("pk"))), finished=None)
    first = _part(
        published,
        PUBLISHED,
        number="number",
        moment="published",
        person="published_by_id",
        name="published_by_name",
        text="explanation",
        digest="content_digest",
        uid="uid",
        files=Count("files"),
    )
    others = (
        _part(approved, APPROVED, day="document_date"),
        _part(
            reviewed,
            REVIEWED,
            number="pk",
            moment="reviewed",
            person="reviewed_by_id",
            name="reviewed_by_name",
            text="remark",
            digest="fingerprint",
        ),
        _part(going_on, JOB, moment="heartbeat", name="state", text="title", uid="uid"),
    )
    return Past(organisation, tuple(Happened(*row) for row in first.union(*others, all=True)))


def _part(rows: QuerySet, kind: str, **columns: str | Count) -> QuerySet:
    """Rows of one kind under the columns of Happened, whose types the database takes from the first that fills them."""
    told = {}
    for name, field in FIELDS.items():
        column = columns.get(name, Value(None, field))
        told[f"as_{name}"] = F(column) if isinstance(column, str) else column
    values = rows.order_by().annotate(as_kind=Value(kind, CharField()), as_path=F("unit__path"), **told)
    return values.values_list(*(f"as_{name}" for name in Happened._fields))
