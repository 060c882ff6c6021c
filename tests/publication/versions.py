"""Published versions as rows, without what has to be done before publishing."""

import uuid
from datetime import UTC, datetime

from budget.books import select
from organisation.models import Unit
from publication import files
from publication.document import document_of
from publication.frozen import MORE, fingerprint, frozen_from
from publication.models import Publication, PublishedFile
from publication.publishing import digest_of
from tests.factories import make_user

PUBLISHED = datetime(2024, 3, 20, 1, tzinfo=UTC)


def put(
    code: str = "566", year: int = 2024, *, explanation: str = "", by=None, with_files: bool = False
) -> Publication:
    """The next version of what is there now, published without a list, a review or an approval."""
    selection = select(Unit.objects.get(code=code), year)
    document = document_of(selection, more=MORE)
    frozen = frozen_from(document, selection)
    number = Publication.objects.of(code, year).count() + 1
    made = list(files.made(frozen, document, number=number, created=PUBLISHED)) if with_files else []
    uid, digest = uuid.uuid4(), fingerprint(frozen)
    folder = files.put(uid, made) if made else ""
    row = Publication.objects.create(
        uid=uid,
        unit=selection.organisation,
        campaign=selection.campaign,
        number=number,
        title=frozen.title,
        unit_name=frozen.name,
        published=PUBLISHED,
        published_by=by or make_user("finance_admin"),
        published_by_name="测试",
        explanation=explanation,
        content=frozen.to_json(),
        content_digest=digest,
        digest=digest_of(digest, made),
    )
    row.budgets.set(selection.budgets)
    for one in made:
        PublishedFile.objects.create(
            publication=row,
            form=one.form,
            name=one.name,
            file=f"{folder}/{one.stored}",
            size=len(one.content),
            digest=one.digest,
            pages=one.pages,
        )
    return row
