"""What keeps a budget from being published, each reason by itself; and the review of secrecy."""

import pytest

from budget.models import Budget, Campaign
from organisation.roles import Role
from publication import publishing
from publication.models import Publication, SecrecyReview
from publication.prepublication import SECRECY, prepare
from tests import beginnings
from tests.factories import make_item, make_line, make_user
from tests.publish.world import EXPLANATION, Office, approve, reword

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quickly")]


def refused(office, number=1, by=None, **changed) -> str:
    asked = {**office.asked(number), **changed}
    with pytest.raises(publishing.Refused) as found:
        publishing.publish(office.selection, by=by or office.publisher, **asked)
    assert not Publication.objects.filter(number=number).exists()
    return str(found.value)


def test_with_everything_in_order_it_is_published(office):
    office.review()
    row = office.publish()
    assert (row.number, row.explanation, row.is_correction) == (1, "", False)
    assert row.content_digest == office.prepared().fingerprint
    assert {one["words"] for one in row.overruled} == {"已向业务处室核实，按文件执行"}


@pytest.mark.parametrize("stage", ["second", "approved"])
def test_not_before_it_is_approved(db, stage):
    budget = beginnings.demonstration()
    Budget.objects.filter(pk=budget.pk).update(is_demo=False, stage=stage)
    office = Office(stage=stage)
    office.review()
    assert "预算已经批复" in refused(office)


def test_never_the_demonstration(db):
    approve(beginnings.demonstration(), is_demo=True)
    office = Office()
    office.review()
    assert "演示数据" in refused(office)


def test_never_with_an_error(db):
    budget = beginnings.demonstration()
    Campaign.objects.update(pair_severity="error")
    make_line(make_item(budget, "错配"), 10000, government="50601")
    approve(budget)
    office = Office()
    office.review()
    wrong = [one for one in office.prepared().final]
    assert [one.key for one in wrong] == ["L06"]
    assert "错误" in refused(office, overruled={"L06": "仍要公开的理由"} | office.asked()["overruled"])


def test_warnings_only_with_words_that_are_kept(office):
    office.review()
    reasons = refused(office, overruled={})
    for one in office.prepared().to_overrule:
        assert one.text in reasons
    assert "至少5个字" in refused(office, overruled={one.key: "同意" for one in office.prepared().to_overrule})


def test_only_administrators(office):
    office.review()
    for role in (Role.CLERK, Role.REVIEWER, Role.FINANCE_BUDGET, Role.DEPARTMENT):
        assert "预算管理员" in refused(office, by=office.person(role))


def test_not_what_has_changed_since_it_was_seen(office):
    office.review()
    asked = office.asked()
    reword(office.selection.campaign)
    office.review()
    assert "有变化" in refused(office, seen=asked["seen"])


def test_a_correction_is_explained_and_is_another_content(office):
    office.review()
    office.publish()
    assert "与已公开的相同" in refused(office, number=2)
    reword(office.selection.campaign)
    office.review()
    assert "更正须写明" in refused(office, number=2, explanation="更正")
    assert "刚刚有人公开过" in refused(office, number=3, explanation=EXPLANATION)
    assert office.publish(2).number == 2


def test_the_first_version_has_no_explanation(office):
    office.review()
    assert "首次公开没有更正说明" in refused(office, explanation=EXPLANATION)


# ---- 涉密审查


def test_without_a_review_nothing_is_published(office):
    assert "还没有审查" in refused(office)


def test_the_publisher_is_not_the_reviewer(office):
    both = office.publisher
    make_membership = {"user": both, "unit": office.unit, "role": Role.REVIEWER, "starts": "2020-01-01"}
    both.memberships.model.objects.create(**make_membership)
    office.review(office.publisher)
    assert prepare(office.selection).entry(SECRECY).mark == "well"  # for anybody else
    assert "须由另一人审查" in refused(office)
    office.review()
    assert office.publish().number == 1


def test_a_review_lapses_when_what_would_be_published_changes(office):
    office.review()
    assert office.prepared().entry(SECRECY).mark == "well"
    reword(office.selection.campaign)
    assert "须重新审查" in refused(office)
    assert office.prepared().entry(SECRECY).words == "审查之后内容有变化，须重新审查"


def test_a_review_is_of_what_was_seen_and_by_who_may_review(office):
    seen = office.prepared().fingerprint
    reword(office.selection.campaign)
    with pytest.raises(publishing.Refused, match="有变化"):
        publishing.review_secrecy(office.selection, by=office.reviewer, seen=seen)
    with pytest.raises(publishing.Refused, match="审核权限"):
        publishing.review_secrecy(office.selection, by=make_user(Role.CLERK, office.unit), seen=seen)
    assert not SecrecyReview.objects.exists()
