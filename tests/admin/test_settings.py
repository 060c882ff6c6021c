"""Editions, codes, pairs and campaigns: kept by the finance administrator, fixed where budgets print them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from budget.models import (
    Budget,
    Campaign,
    ControlNumber,
    DepartmentEconomicClass,
    EconomicPair,
    Edition,
    FunctionalClass,
    GovernmentEconomicClass,
    Line,
)
from records.models import ChangeRecord
from tests.factories import TABLE_SET, fingerprint, make_edition

pytestmark = pytest.mark.django_db


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def errors(response) -> dict:
    return dict(response.context["adminform"].form.errors)


def code_form(row, **values) -> dict:
    form = {"code": row.code, "name": row.name, "parent": row.parent_id or "", "status": row.status}
    return {**form, **({"is_leaf": "on"} if row.is_leaf else {}), **values}


def test_a_name_that_a_submitted_budget_prints_is_locked_with_a_word(finance, own):
    row = own[Line].function
    page = address(FunctionalClass, "change", row.pk)
    assert finance.post(page, code_form(row, name="改名一")).status_code == 302
    assert ChangeRecord.objects.filter(chain="settings").last().after == {"name": "改名一"}
    Budget.objects.filter(pk=own[Budget].pk).update(state="submitted", submitted=timezone.now())
    before = fingerprint()
    response = finance.post(page, code_form(row, name="改名二"))
    assert response.status_code == 200
    assert "已有送审的预算使用本版本，科目不能改名" in response.content.decode()
    assert 'value="改名二"' in response.content.decode()
    assert fingerprint() == before


def test_a_code_in_use_is_neither_removed_nor_refined(finance, own):
    row = own[Line].function
    page = finance.get(address(FunctionalClass, "delete", row.pk)).content.decode()
    assert "条预算明细" in page
    assert finance.post(address(FunctionalClass, "delete", row.pk), {"post": "yes"}).status_code == 200
    posted = code_form(row)
    del posted["is_leaf"]
    assert "须保持末级" in str(errors(finance.post(address(FunctionalClass, "change", row.pk), posted)))
    below = {"edition": row.edition_id, "code": f"{row.code}01", "name": "下级", "parent": row.pk, "is_leaf": "on"}
    assert "是末级科目" in str(errors(finance.post(address(FunctionalClass, "add"), below)))
    assert FunctionalClass.objects.filter(pk=row.pk).exists()


def test_a_new_code_stands_below_the_code_it_begins_with(finance, own):
    parent = FunctionalClass.objects.get(edition=own[Line].function.edition, code="20601")
    new = {"edition": parent.edition_id, "code": "2060177", "name": "新项", "parent": parent.pk, "is_leaf": "on"}
    assert "不是 20601 的下级" in str(errors(finance.post(address(FunctionalClass, "add"), {**new, "code": "2050177"})))
    assert "已有此编码" in str(errors(finance.post(address(FunctionalClass, "add"), {**new, "code": "2060101"})))
    assert finance.post(address(FunctionalClass, "add"), new).status_code == 302
    row = FunctionalClass.objects.get(code="2060177")
    assert finance.post(address(FunctionalClass, "delete", row.pk), {"post": "yes"}).status_code == 302
    actions = ChangeRecord.objects.filter(chain="settings").values_list("action", flat=True)
    assert sorted(actions) == ["add", "remove"]


def test_a_pair_joins_codes_of_one_edition(finance, own):
    edition = own[Budget].campaign.edition
    later = make_edition(2025)
    one = DepartmentEconomicClass.objects.get(edition=edition, code="30201")
    two = GovernmentEconomicClass.objects.get(edition=later, code="50201")
    new = {"edition": edition.pk, "economic": one.pk, "government": two.pk, "nature": ""}
    assert "government" in errors(finance.post(address(EconomicPair, "add"), new))
    coarse = GovernmentEconomicClass.objects.get(edition=edition, code="502")
    assert "government" in errors(finance.post(address(EconomicPair, "add"), {**new, "government": coarse.pk}))


def test_a_campaign_is_begun_with_its_stages(finance, own):
    edition = Edition.objects.create(year=2030, name="2030年科目")
    new = {
        "year": "2030",
        "edition": edition.pk,
        "table_set": TABLE_SET,
        "entry_step": "10000",
        "pair_severity": "warning",
        "control_mode": "stop",
        "reason_percent": "10",
        "reason_amount": "50000",
        "stages-TOTAL_FORMS": "1",
        "stages-INITIAL_FORMS": "0",
        "stages-0-code": "second",
        "stages-0-due": "2030-01-15",
    }
    page = address(Campaign, "add")
    assert "table_set" in errors(finance.post(page, {**new, "table_set": "none"}))
    assert finance.post(page, new).status_code == 302
    campaign = Campaign.objects.get(year=2030)
    assert [stage.code for stage in campaign.stages.all()] == ["second"]
    told = ChangeRecord.objects.filter(chain="settings").values_list("subject", flat=True)
    assert sorted(told) == ["budget.campaign", "budget.campaignstage"]


def test_what_budgets_stand_on_stays(finance, own):
    campaign = own[Budget].campaign
    ControlNumber.objects.filter(stage__campaign=campaign).delete()  # which keep their stage by themselves
    stages = list(campaign.stages.order_by("pk"))
    form = {
        "year": "1999",
        "edition": "77",
        "table_set": TABLE_SET,
        "entry_step": "1",
        "pair_severity": "error",
        "control_mode": "warn",
        "reason_percent": "0",
        "reason_amount": "0",
        "stages-TOTAL_FORMS": str(len(stages)),
        "stages-INITIAL_FORMS": str(len(stages)),
    }
    for number, stage in enumerate(stages):
        form |= {f"stages-{number}-id": stage.pk, f"stages-{number}-code": stage.code}
        form |= {f"stages-{number}-campaign": campaign.pk}
    used = next(number for number, stage in enumerate(stages) if stage.code == "second")
    page = address(Campaign, "change", campaign.pk)
    response = finance.post(page, {**form, f"stages-{used}-DELETE": "on"})
    assert "阶段已有预算" in response.content.decode()
    assert finance.post(page, form).status_code == 302
    stored = Campaign.objects.get(pk=campaign.pk)
    assert (stored.year, stored.edition_id, stored.entry_step) == (campaign.year, campaign.edition_id, 1)


def test_an_edition_keeps_its_year(finance, own):
    edition = own[Budget].campaign.edition
    finance.post(address(Edition, "change", edition.pk), {"year": "1999", "name": "新名称"})
    stored = Edition.objects.get(pk=edition.pk)
    assert (stored.year, stored.name) == (edition.year, "新名称")


def test_the_table_sets_are_listed(finance):
    assert TABLE_SET in finance.get("/admin/table-sets/").content.decode()
