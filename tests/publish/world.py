"""An approved budget that could be published, and who prepares, reviews and publishes it."""

from dataclasses import dataclass, field
from datetime import date

from budget.books import Selection, select
from budget.models import Budget
from organisation.models import Unit, User
from organisation.roles import Role
from publication import files, publishing
from publication.models import Publication, PublishedFile, TextOverride
from publication.prepublication import Preparation, prepare
from tests import beginnings
from tests.factories import make_user

WORDS = "已向业务处室核实，按文件执行"
EXPLANATION = "更正情况说明中收入总计的表述"
NUMBER, DAY = "焦解财预〔2024〕1号", date(2024, 2, 1)


def approve(budget: Budget, *, day: date = DAY, **fields) -> Budget:
    """The draft as an approved budget of the same content."""
    approved = {"stage": "approved", "state": "approved", "document_number": NUMBER, "document_date": day}
    Budget.objects.filter(pk=budget.pk).update(**{"is_demo": False, **approved, **fields})
    return Budget.objects.select_related("unit", "campaign").get(pk=budget.pk)


def make_published_year() -> Budget:
    """The reference budget as a real, approved one, with the people of the demonstration."""
    return approve(beginnings.demonstration())


@dataclass
class Office:
    """Everything that publishing a unit's year needs; a request has its own people."""

    code: str = "566001"
    stage: str = "approved"
    made: dict = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        return Unit.objects.get(code=self.code)

    @property
    def selection(self) -> Selection:
        return select(self.unit, 2024, self.stage)

    def person(self, role: str) -> User:
        if role not in self.made:
            self.made[role] = make_user(role, self.unit).pk
        return User.objects.get(pk=self.made[role])

    @property
    def publisher(self) -> User:
        return self.person(Role.FINANCE_ADMIN)

    @property
    def reviewer(self) -> User:
        return self.person(Role.REVIEWER)

    def prepared(self) -> Preparation:
        return prepare(self.selection, publisher=self.publisher)

    def review(self, by: User | None = None) -> None:
        seen = prepare(self.selection).fingerprint
        publishing.review_secrecy(self.selection, by=by or self.reviewer, seen=seen)

    def asked(self, number: int = 1) -> dict:
        """What the page would post of everything that is now seen on it."""
        prepared = self.prepared()
        return {
            "seen": prepared.fingerprint,
            "number": number,
            "explanation": EXPLANATION if number > 1 else "",
            "overruled": {one.key: WORDS for one in prepared.to_overrule},
        }

    def publish(self, number: int = 1, **changed) -> Publication:
        return publishing.publish(self.selection, by=self.publisher, **{**self.asked(number), **changed})


def content_of(file: PublishedFile) -> bytes:
    with file.file.open("rb") as content:
        return content.read()


def reword(campaign, text: str = "收入{income}，") -> None:
    """Another sentence, so that something else would be published."""
    TextOverride.objects.create(campaign=campaign, sentence="totals", case="always", text=text)


def quick(monkeypatch) -> None:
    """Only the file that is made at once: for tests of what happens around the files."""
    monkeypatch.setattr(files, "MAKERS", {"json": files.MAKERS["json"]})
