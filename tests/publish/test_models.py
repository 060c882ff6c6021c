"""What was published stays: no ORM, no SQL changes or removes it, on either database; and what its rows must say."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budget import locks
from publication.models import Publication, PublishedFile, SecrecyReview
from tests.factories import make_budget, make_user

pytestmark = pytest.mark.django_db

TABLES = (
    "publication_publication",
    "publication_publication_budgets",
    "publication_publishedfile",
    "publication_secrecyreview",
)


@pytest.fixture
def budget():
    return make_budget()


def publication_of(budget, number=1, **fields) -> Publication:
    by = make_user()
    told = {"explanation": "" if number == 1 else "数字有误", **fields}
    return Publication.objects.create(
        unit=budget.unit,
        campaign=budget.campaign,
        number=number,
        title="公开",
        published=timezone.now(),
        published_by=by,
        content="{}",
        content_digest="x",
        digest="x",
        **told,
    )


@pytest.fixture
def published(budget):
    row = publication_of(budget)
    row.budgets.add(budget)
    PublishedFile.objects.create(publication=row, form="pdf", name="a.pdf", file="published/a", size=1, digest="x")
    by = row.published_by
    SecrecyReview.objects.create(
        unit=budget.unit, campaign=budget.campaign, fingerprint="x", reviewed_by=by, reviewed=timezone.now()
    )
    return row


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_published_is_neither_changed_nor_removed(published, table, statement):
    with (
        pytest.raises(IntegrityError, match="只增不改"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        Publication.objects.update(title="别的")


@pytest.mark.parametrize("table", TABLES)
def test_without_its_locks_it_could_be(published, table):
    """The negative control: it is the triggers that hold it."""
    locks.uninstall()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET id = id")
            assert cursor.rowcount == 1
    finally:
        locks.install()


@pytest.mark.parametrize(("number", "explanation"), [(1, "有说明"), (2, ""), (0, "")])
def test_a_correction_is_explained_and_nothing_else_is(budget, number, explanation):
    with pytest.raises(IntegrityError), transaction.atomic():
        publication_of(budget, number, explanation=explanation)


def test_a_number_is_given_once_and_the_newest_is_current(published, budget):
    with pytest.raises(IntegrityError), transaction.atomic():
        publication_of(budget)
    second = publication_of(budget, 2)
    assert list(Publication.objects.current()) == [second]
    assert Publication.objects.of("566001", 2024).count() == 2
